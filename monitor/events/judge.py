"""Scores in, events and near misses out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from monitor.analysis.scores import Scores
from monitor.events.attention import is_calm, is_still
from monitor.events.camera import CameraJudge
from monitor.events.detector import DetectorJudge
from monitor.events.draft import EventMaker, Moment
from monitor.events.event import EventChange, NearMiss
from monitor.events.light import LightJudge
from monitor.events.motion import MotionJudge
from monitor.events.parameters import JudgeParameters
from monitor.events.refusal import NOTHING_SEEN, Outlook, Refusal
from monitor.events.signal import SignalJudge
from monitor.events.stationary import StationaryJudge
from monitor.frames import Gap


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one frame brought about, in the order in which it happened.

    `obvious` says that what moves is so plain, and the picture otherwise so calm, that fewer looks suffice.
    `outlook` is what the frame could have led to.
    """

    changes: tuple[EventChange, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    obvious: bool = False
    outlook: Outlook = NOTHING_SEEN


AFTERMATH_S = 3.0
"""Auto-exposure answers to something large that passes, and takes this long to come back."""


class CameraVerdicts(Protocol):
    """What the judge asks of whoever judges the camera itself; `CameraJudge` says what is what."""

    @property
    def hidden_s(self) -> float:
        """When the place was last out of sight."""
        ...

    @property
    def moved_s(self) -> float:
        """When the camera was last being moved."""
        ...

    def update(self, scores: Scores) -> list[EventChange]:
        """Judge one frame."""
        ...

    def veto(self) -> tuple[str, str] | None:
        """Return the rule and the reason why no motion may be judged in this frame."""
        ...

    def finish(self, why: str) -> list[EventChange]:
        """Close what is open."""
        ...


class Judge:
    """Judges the scores of one source in order; the same scores always give the same events.

    What concerns the whole picture is judged first: where the lens is covered or the light has just changed,
    motion is not judged, and what it would have been is a near miss that says so. `camera` may stand in for
    the judge of the camera, where its verdicts on the same scores are known already.
    """

    def __init__(
        self,
        parameters: JudgeParameters,
        source: str,
        new_id: Callable[[], str],
        camera: CameraVerdicts | None = None,
    ) -> None:
        maker = EventMaker(source, new_id)
        self._light = LightJudge(parameters.picture, maker)
        self._camera = camera or CameraJudge(parameters.picture, maker)
        self._motion = MotionJudge(parameters.motion, maker)
        self._stationary = StationaryJudge(parameters.motion, parameters.picture, maker)
        self._signal = SignalJudge(maker)
        self._detectors = [DetectorJudge(limits, maker) for limits in parameters.detectors]
        self._last: Moment | None = None

    def update(self, scores: Scores) -> Verdict:
        """Judge the next frame."""
        self._last = Moment.of(scores)
        if (unsettled := self._signal.veto(scores)) is not None:
            moved, misses = self._motion.update(scores, unsettled)
            return Verdict(tuple(moved), tuple(misses), outlook=self._outlook(scores, unsettled))
        changes = self._camera.update(scores)
        explained = scores.time_s - max(self._motion.last_s, self._camera.hidden_s) < AFTERMATH_S
        changes += self._light.update(scores, explained, self._camera.moved_s)
        veto = self._light.veto(scores) or self._camera.veto()
        moved, misses = self._motion.update(scores, veto)
        changes += moved
        changes += self._stationary.update(scores, veto is not None)
        for detector in self._detectors:
            detected, unlasting = detector.update(scores)
            changes += detected
            misses += unlasting
        obvious = veto is None and is_calm(scores) and (is_still(scores) or self._motion.is_obvious(scores))
        return Verdict(tuple(changes), tuple(misses), obvious, self._outlook(scores, veto))

    @property
    def is_waiting(self) -> bool:
        """Whether nothing is followed and no motion is open: frames in which nothing is change nothing."""
        return self._motion.is_waiting and all(detector.is_waiting for detector in self._detectors)

    def gap(self, gap: Gap) -> Verdict:
        """Judge a gap, once when it begins and once when it has ended.

        What is open ends with the last picture. After it nothing is believed until the picture has settled.
        """
        verdict = self._closed("the signal was lost") if gap.end_s is None else Verdict()
        self._light.forget()
        lost = self._signal.take(gap, self._last)
        return Verdict((*verdict.changes, *lost), verdict.near_misses)

    def finish(self, why: str = "the source ended") -> Verdict:
        """Close what is open, for this reason; what comes after it, if anything, is compared with nothing."""
        verdict = self._closed(why)
        self._light.forget()
        return Verdict((*verdict.changes, *self._signal.finish(self._last)), verdict.near_misses)

    def _outlook(self, scores: Scores, veto: tuple[str, str] | None) -> Outlook:
        return Outlook(None if veto is None else Refusal(*veto), self._motion.standings(scores))

    def _closed(self, why: str) -> Verdict:
        if self._last is None:
            return Verdict()
        moved, misses = self._motion.finish(why)
        changes = self._camera.finish(why) + moved
        for detector in self._detectors:
            detected, unlasting = detector.finish(why)
            changes += detected
            misses += unlasting
        return Verdict(tuple(changes), tuple(misses))
