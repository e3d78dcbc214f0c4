"""A look at key frames: has something come or gone between two of them?"""

import math
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from monitor.analysis.analyser import Analyser
from monitor.analysis.scores import Scores
from monitor.archive.triage.marks import Change, Mark
from monitor.frames import Frame, Plane

_LONGEST_S = 60.0
_SHORTEST_S = 10.0
"""Packets show what passes; a look finds what they do not, and a key frame costs as much as twenty quiet
pictures between. In a short recording looks are nearer, so that there are enough for a median."""

TOGETHER = 12
_STEP = 8
"""So many key frames give the median with which each of them is compared: enough to drop what stands in fewer
than half of them, and few enough that shadows stay nearly where they are. The last four are looked at again
among the next eight."""

_SETTLED_S = 0.5
"""What stands out ends with the last packets that show it; a look so much later shows what stays."""

_STRUCTURE = 0.6
_SHARPNESS = 0.75
"""Below this share of the learnt edges, or of their strength, the camera itself may be covered, turned or out
of focus: the limits above which the judge asks for nothing."""

_LIGHT_SHARE = 0.5
"""A change of the light of half of what would be an event, in its logarithm: what it was like in between two
looks is not known."""

ROWS = 135
"""Height at which looks are compared: half of what is usual for the analysis, at a quarter of the cost."""

_APART_S = 1.0
"""Looks are shown to the engine as if they followed on one another: nothing is to be learnt from them."""

_SLACK = np.ones((7, 7), np.uint8)
"""What stays has its limits a few pixels elsewhere in the next look, at the analysis size."""


def look_times(keys_s: Sequence[float], runs: Sequence[Mark], end_s: float) -> list[float]:
    """Return which key frames to look at, in order: some at regular distances, and one after each run.

    `keys_s` are the times of all, in order, and `runs` where packets stand out, in order and apart: within
    these there is no look, for what is seen there is known to pass.
    """
    interval_s = min(max(end_s / TOGETHER, _SHORTEST_S), _LONGEST_S)
    wanted = [interval_s * number for number in range(math.ceil(end_s / interval_s))]
    wanted += [run.end_s + _SETTLED_S for run in runs]
    found = {bisect_left(keys_s, time_s) for time_s in wanted} - {len(keys_s)}
    starts_s = [run.start_s for run in runs]

    def is_within(time_s: float) -> bool:
        at = bisect_right(starts_s, time_s) - 1
        return at >= 0 and time_s <= runs[at].end_s

    return [keys_s[at] for at in sorted(found) if not is_within(keys_s[at])]


@dataclass(frozen=True, slots=True)
class _Look:
    time_s: float
    mask: Plane
    is_another_view: bool
    log_gain: float


class KeyLooks:
    """Compares key frames with their neighbours in time.

    `take` them in order and then `finish`; both return what has changed from one to the next, some looks
    later and perhaps twice. `new_analyser` gives the engine that analyses spans as well; here it sees
    less.
    """

    def __init__(self, new_analyser: Callable[[], Analyser], light_ratio: float) -> None:
        self._new_analyser = new_analyser
        self._light_limit = _LIGHT_SHARE * math.log(light_ratio)
        self._frames: deque[Frame] = deque(maxlen=TOGETHER)
        self._fresh = 0
        self._has_begun = False

    def take(self, frame: Frame) -> list[Change]:
        """Take the next key frame."""
        self._frames.append(frame)
        self._fresh += 1
        if self._fresh < _STEP or len(self._frames) < TOGETHER:
            return []
        return self.finish()

    def finish(self) -> list[Change]:
        """Look at the last ones, together with some before them, so that there are enough for a median."""
        if not self._fresh:
            return []
        looks = list(self._looked())
        # Before the first of all it is taken to have been as it mostly is.
        before = looks[0]
        if not self._has_begun:
            before = _Look(0.0, np.zeros_like(before.mask), is_another_view=False, log_gain=before.log_gain)
            looks.insert(0, before)
        self._has_begun, self._fresh = True, 0
        return [
            Change(one.time_s, other.time_s) for one, other in pairwise(looks) if self._differ(one, other)
        ]

    def _looked(self) -> Iterator[_Look]:
        analyser = self._new_analyser()
        analyser.set_height(ROWS)
        analyser.prime(self._frames)
        for number, frame in enumerate(self._frames):
            scores = analyser.update(replace(frame, time_s=number * _APART_S))
            yield _Look(frame.time_s, analyser.mask.copy(), _is_another_view(scores), math.log(scores.gain))
            analyser.interrupt()

    def _differ(self, one: _Look, other: _Look) -> bool:
        if one.is_another_view != other.is_another_view:
            return True
        if abs(one.log_gain - other.log_gain) > self._light_limit:
            return True
        return _has_more(one.mask, other.mask) or _has_more(other.mask, one.mask)


def _has_more(one: Plane, other: Plane) -> bool:
    return bool(cv2.subtract(one, cv2.dilate(other, _SLACK)).any())


def _is_another_view(scores: Scores) -> bool:
    if scores.corrupt or scores.accepted:
        return True
    if scores.structure is not None and scores.structure < _STRUCTURE:
        return True
    return scores.sharpness is not None and scores.sharpness < _SHARPNESS
