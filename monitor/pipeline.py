"""The loop: frames in, observations out."""

from collections.abc import Callable, Iterable

from monitor.analysis.analyser import Analyser
from monitor.analysis.scores import Scores
from monitor.events.judge import Judge, Verdict
from monitor.frames import Frame, Gap
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.sink import Observation

_NOTHING_NEW = Verdict()

_EARLY = 0.9
"""A frame that comes up to a tenth too early is still due: 30 frames a second are not exactly 30."""


class Pace:
    """Picks the frames that are analysed: at most `max_rate_hz`, evenly, the first always; None takes all."""

    def __init__(self, max_rate_hz: float | None) -> None:
        self._interval_s = _EARLY / max_rate_hz if max_rate_hz else 0.0
        self._last_s: float | None = None

    def is_due(self, time_s: float) -> bool:
        """Return whether the frame at this time is to be analysed, and count it if so."""
        if self._last_s is not None and time_s - self._last_s < self._interval_s:
            return False
        self._last_s = time_s
        return True


class Pipeline:
    """One source's way from frames to outputs; whoever made the parts closes them."""

    def __init__(self, analyser: Analyser, judge: Judge, outputs: Dispatcher, pace: Pace) -> None:
        self._analyser = analyser
        self._judge = judge
        self._outputs = outputs
        self._pace = pace
        self._scores: Scores | None = None

    def run(self, frames: Iterable[Frame], should_stop: Callable[[Frame], bool]) -> None:
        """Take every frame until the end, or until `should_stop` says so of one, then close all events."""
        for frame in frames:
            self.step(frame)
            if should_stop(frame):
                break
        self.finish()

    def gap(self, gap: Gap) -> None:
        """Judge a span without a picture, once when it begins and once when it has ended."""
        if gap.end_s is None:
            self._analyser.interrupt()
        verdict = self._judge.gap(gap)
        self._outputs.gap(gap, verdict.changes, verdict.near_misses)

    def finish(self) -> None:
        """Close all events: no frame comes any more."""
        last = self._judge.finish()
        self._outputs.finish(last.changes, last.near_misses)

    def step(self, frame: Frame) -> None:
        """Analyse the frame if it is due, judge it, and hand everything on."""
        verdict, scores = _NOTHING_NEW, self._scores
        fresh = self._pace.is_due(frame.time_s)
        if fresh or scores is None:
            scores = self._scores = self._analyser.update(frame)
            verdict = self._judge.update(scores)
        self._outputs.take(
            Observation(
                frame=frame,
                scores=scores,
                mask=self._analyser.mask,
                sigma=self._analyser.sigma_distance() if self._outputs.needs_sigma else None,
                changes=verdict.changes,
                near_misses=verdict.near_misses,
                fresh=fresh,
            )
        )
