"""The loop: frames in, observations out."""

from collections.abc import Callable, Iterable, Iterator
from time import perf_counter

from monitor.analysis.analyser import Analyser
from monitor.analysis.scores import Scores, State
from monitor.detectors import Detectors
from monitor.events.judge import Judge, Verdict
from monitor.events.refusal import NOTHING_SEEN
from monitor.frames import Frame, Gap
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.sink import Observation

_NOTHING_NEW = Verdict()

WAIT, DETECTORS, JUDGE, OUTPUTS = "wait", "detectors", "judge", "outputs"
"""The stages beside those of the analysis: until there is a frame, what is plugged in, judging, and all
outputs together."""


class Stages:
    """How long each stage takes; counted from the start or the last `reset`, in seconds.

    Always on: a lap costs a fifth of a microsecond, a dozen a frame.
    """

    def __init__(self) -> None:
        self._total_s: dict[str, float] = {}
        self._count: dict[str, int] = {}
        self._began_s = perf_counter()

    def begin(self) -> None:
        """Begin the first stage of a frame now."""
        self._began_s = perf_counter()

    def lap(self, stage: str) -> None:
        """End this stage now, and begin the next."""
        now_s = perf_counter()
        self._total_s[stage] = self._total_s.get(stage, 0.0) + now_s - self._began_s
        self._count[stage] = self._count.get(stage, 0) + 1
        self._began_s = now_s

    def total_s(self) -> dict[str, float]:
        """Return the whole time of each stage, in the order in which they first came."""
        return dict(self._total_s)

    def mean_s(self) -> dict[str, float]:
        """Return the mean time of each stage."""
        return {stage: total_s / self._count[stage] for stage, total_s in self._total_s.items()}

    def reset(self) -> None:
        """Count anew."""
        self._total_s.clear()
        self._count.clear()


_EARLY = 0.9
"""A frame that comes up to a tenth too early is still due: 30 frames a second are not exactly 30."""


_STILL_S = 0.11
"""Between two looks where there is nothing to follow, nine a second: who comes is seen a moment later."""

_PLAIN_S = 0.15
"""Between two looks at what is too plain to be missed, six of 25 a second: there is most to follow then."""


class Pace:
    """Picks the frames that are analysed: at most `max_rate_hz`, evenly, the first always; None takes all.

    Without `eases` it takes as many of what is obvious too.
    """

    def __init__(self, max_rate_hz: float | None, *, eases: bool = True) -> None:
        self._eases = eases
        self._usual_s = _EARLY / max_rate_hz if max_rate_hz else 0.0
        self._interval_s = self._usual_s
        self._last_s: float | None = None

    def ease(self, is_obvious: bool, follows: bool) -> None:
        """Take fewer frames while what they show is obvious: nothing to follow, or much that is plain."""
        spare_s = _PLAIN_S if follows else _STILL_S
        self._interval_s = max(self._usual_s, spare_s) if is_obvious and self._eases else self._usual_s

    def is_due(self, time_s: float) -> bool:
        """Return whether the frame at this time is to be analysed, and count it if so."""
        if self._last_s is not None and time_s - self._last_s < self._interval_s:
            return False
        self._last_s = time_s
        return True

    def thinned(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Yield the frames that are to be analysed."""
        return (frame for frame in frames if self.is_due(frame.time_s))


class Pipeline:
    """One source's way from frames to outputs; whoever made the parts closes them."""

    def __init__(
        self,
        analyser: Analyser,
        judge: Judge,
        outputs: Dispatcher,
        pace: Pace,
        detectors: Detectors | None = None,
    ) -> None:
        self._analyser = analyser
        self._judge = judge
        self._outputs = outputs
        self._pace = pace
        self._detectors = detectors
        self.stages = Stages()
        self.analysed = 0
        self._scores: Scores | None = None
        self._outlook = NOTHING_SEEN

    @property
    def state(self) -> State | None:
        """How far the model can be trusted; None before the first frame."""
        return None if self._scores is None else self._scores.state

    def set_pace(self, pace: Pace) -> None:
        """Pick other frames from now on."""
        self._pace = pace

    def run(
        self,
        frames: Iterable[Frame],
        should_stop: Callable[[Frame], bool],
        ended: str = "the source ended",
    ) -> None:
        """Take every frame until the end, or until `should_stop` says so of one, then close all events.

        They close because of what `ended`. May be called again with frames of the same source after them.
        """
        self.stages.begin()
        for frame in frames:
            self.stages.lap(WAIT)
            self.step(frame)
            if should_stop(frame):
                break
        self.finish(ended)

    def gap(self, gap: Gap) -> None:
        """Judge a span without a picture, once when it begins and once when it has ended."""
        if gap.end_s is None:
            self._analyser.interrupt()
        verdict = self._judge.gap(gap)
        self._outputs.gap(gap, verdict.changes, verdict.near_misses)

    def finish(self, why: str = "the source ended") -> None:
        """Close all events, for this reason: no frame comes any more."""
        last = self._judge.finish(why)
        self._outputs.finish(last.changes, last.near_misses)

    def step(self, frame: Frame) -> None:
        """Analyse the frame if it is due, judge it, and hand everything on."""
        self.stages.begin()
        verdict, scores = _NOTHING_NEW, self._scores
        fresh = self._pace.is_due(frame.time_s)
        if fresh or scores is None:
            scores = self._scores = self._measured(frame)
            verdict = self._judge.update(scores)
            self._outlook = verdict.outlook
            self._pace.ease(verdict.obvious, bool(scores.tracks))
            self.stages.lap(JUDGE)
            self.analysed += 1
        self._outputs.take(
            Observation(
                frame=frame,
                scores=scores,
                mask=self._analyser.mask,
                sigma=self._analyser.sigma_distance() if self._outputs.needs_sigma else None,
                changes=verdict.changes,
                near_misses=verdict.near_misses,
                fresh=fresh,
                outlook=self._outlook,
            )
        )
        self.stages.lap(OUTPUTS)

    def _measured(self, frame: Frame) -> Scores:
        scores = self._analyser.update(frame, self.stages.lap)
        if self._detectors is not None:
            scores = self._detectors.added(scores, frame)
            self.stages.lap(DETECTORS)
        return scores
