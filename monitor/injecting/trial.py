"""Whether one walker would be found: the engine of scans and live cameras over painted pictures."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import cv2

from monitor import app
from monitor.analysis.analyser import Analyser
from monitor.analysis.scores import Box, Scores
from monitor.capture.preview import MOST
from monitor.events.judge import Judge
from monitor.events.refusal import Outlook
from monitor.injecting.footage import Footage, still
from monitor.injecting.walker import Walker, painted
from monitor.outputs.seen import Seen, nearest, seen_in
from monitor.settings import Settings

_AROUND = 0.5
"""How far outside of the walker's box, as a share of its sides, the middle of what is found may lie."""

_LARGEST = 4.0
"""What is found is no more than so many times the walker's box: a car that passes by is not the walker."""

_AFTER_S = 0.5
"""What the walker brought about is known so long after it has gone."""


@dataclass(frozen=True, slots=True)
class Result:
    """Whether a walker was found; `nearest` is what came nearest to it where it was not, None for nothing."""

    found: bool
    nearest: Seen | None = None


class Trials:
    """Tries walkers in one footage; what lies before their start is analysed once.

    `starts_s` are the moments at which walkers may appear, in order.
    """

    def __init__(self, footage: Footage, settings: Settings, starts_s: Sequence[float], seed: int) -> None:
        self.footage = footage
        self._seed = seed
        self._before: dict[float, tuple[int, Analyser, Judge]] = {}
        analyser, judge = app.analyser_of(settings), app.judge_of(settings, footage.name)
        # One picture is small: OpenCV's threads would only wait for each other.
        cv2.setNumThreads(1)
        every = max(len(footage.frames) // MOST, 1)
        analyser.prime(footage.frames[::every])
        remaining = list(starts_s)
        for number, frame in enumerate(footage.frames):
            while remaining and frame.time_s >= remaining[0]:
                self._before[remaining.pop(0)] = number, *copy.deepcopy((analyser, judge))
            if not remaining:
                break
            judge.update(analyser.update(frame))

    @property
    def starts_s(self) -> list[float]:
        """The moments at which a walker may appear."""
        return list(self._before)

    def run(self, walker: Walker) -> Result:
        """Return whether a walker is found who appears at one of the starts."""
        number, analyser, judge = copy.deepcopy(self._before[walker.start_s])
        size, best = self.footage.size, None
        for frame in self.footage.frames[number:]:
            if frame.time_s > walker.end_s + _AFTER_S:
                break
            noise = self.footage.noise_levels
            luma = painted(frame.luma, walker, frame.time_s, noise, self._seed)
            scores = analyser.update(still(frame.index, frame.time_s, luma, frame.chroma))
            verdict = judge.update(scores)
            if frame.time_s > walker.end_s:
                continue
            box = walker.box_at(frame.time_s, size)
            seen = _on_walker(scores, verdict.outlook, box)
            if any(one.counts for one in seen):
                return Result(True)
            best = nearest([*seen, *([best] if best else [])])
        return Result(False, best)


def _on_walker(scores: Scores, outlook: Outlook, box: Box) -> list[Seen]:
    return [one for one in seen_in(scores, outlook) if _is_walker(one.box, box)]


def _is_walker(found: Box, box: Box) -> bool:
    x, y = found.x + found.width / 2, found.y + found.height / 2
    across = box.x - _AROUND * box.width < x < box.x + (1 + _AROUND) * box.width
    down = box.y - _AROUND * box.height < y < box.y + (1 + _AROUND) * box.height
    return across and down and found.width * found.height < _LARGEST * box.width * box.height
