"""What is told of a recording with some settings, as soon as may be: tuning asks thousands of times."""

from bisect import bisect_left
from dataclasses import dataclass

from monitor.events.detector import DetectorJudge
from monitor.events.draft import EventMaker
from monitor.events.event import EventChange, Phase
from monitor.events.judge import AFTERMATH_S
from monitor.events.light import LightJudge
from monitor.events.parameters import JudgeParameters
from monitor.events.stationary import StationaryJudge
from monitor.tuning.camera import Camera
from monitor.tuning.labels import Happening
from monitor.tuning.motion import KnownMotion
from monitor.tuning.scored import Scored


@dataclass(frozen=True, slots=True)
class Told:
    """What a recording comes to under some settings: of `Rejudged` what tuning asks for."""

    events: tuple[Happening, ...]
    is_exact: bool


def tell(scored: Scored, camera: Camera, parameters: JudgeParameters) -> Told:
    """Return what is told of a recording; `camera` is what its judge said of it with the same limits."""
    return _Telling(scored, camera, parameters).told()


class _Telling:
    """One pass over a recording: what `Judge.update` does, but only where it can make a difference."""

    def __init__(self, scored: Scored, camera: Camera, parameters: JudgeParameters) -> None:
        maker = EventMaker(scored.name, lambda: "")
        self._scored = scored
        self._camera = camera
        self._light = LightJudge(parameters.picture, maker)
        self._motion = KnownMotion(camera.sights, parameters.motion)
        self._stationary = StationaryJudge(parameters.motion, parameters.picture, maker)
        self._detectors = [DetectorJudge(limits, maker) for limits in parameters.detectors]
        self._found: list[Happening] = []

    def told(self) -> Told:
        lively, count = self._camera.lively, len(self._scored.scores)
        at, is_exact = 0, True
        while at < count:
            is_exact &= self._step(at) == (at in self._scored.obvious)
            at += 1
            if self._motion.is_waiting and all(one.is_waiting for one in self._detectors):
                following = bisect_left(lively, at)
                at = lively[following] if following < len(lively) else count
        if count:
            self._note(list(self._camera.last))
            self._take(self._motion.finish())
        for detector in self._detectors:
            self._note(detector.finish("the source ended")[0])
        return Told(tuple(self._found), is_exact)

    def _step(self, at: int) -> bool:
        """Judge the frame at a position; return whether what moves in it is obvious."""
        if at not in self._camera.special and not self._detectors:
            now = self._camera.sights.moment_of(at)
            self._take(self._motion.step(at, now, None))
            return self._camera.is_still[at] or (
                self._camera.is_calm[at] and self._motion.is_obvious(at, now)
            )
        scores, look = self._scored.scores[at], self._camera.looks[at]
        if at in self._camera.changes:
            self._note(self._camera.changes[at])
        veto = look.veto
        if at in self._camera.light:
            explained = scores.time_s - max(self._motion.last_s(at), look.hidden_s) < AFTERMATH_S
            self._note(self._light.update(scores, explained, look.moved_s))
            veto = self._light.veto(scores) or veto
        now = self._camera.sights.moment_of(at)
        self._take(self._motion.step(at, now, veto))
        if at in self._camera.still:
            self._note(self._stationary.update(scores, veto is not None))
        for detector in self._detectors:
            self._note(detector.update(scores)[0])
        if veto is not None or not self._camera.is_calm[at]:
            return False
        return self._camera.is_still[at] or self._motion.is_obvious(at, now)

    def _note(self, changes: list[EventChange]) -> None:
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._found.append(Happening.of(change.event))

    def _take(self, happening: Happening | None) -> None:
        if happening is not None:
            self._found.append(happening)
