"""The judge over stored scores: what a scan would have told, thousands of settings a minute.

Nothing is judged here but by `monitor.events`; this only leaves out what cannot matter. The camera's own
judge reads none of the settings of motion, so its verdicts are made once. Where nobody follows anything and
nothing is in the picture, frames are passed over, but for those just before something is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.analysis.scores import Scores
from monitor.app import judge_parameters
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.events.judge import Judge, Verdict
from monitor.events.parameters import JudgeParameters, PictureParameters
from monitor.settings import Settings
from monitor.tuning.camera import Camera, watch_camera
from monitor.tuning.scored import Scored
from monitor.tuning.telling import Told, tell


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What a recording comes to under some settings, in the order in which it ended.

    `is_exact` says that a scan with these settings would have looked at the very frames that were measured,
    so that it tells the same events. Where it is false, the scan would have taken more or fewer looks at
    times when several things moved plainly.
    """

    events: tuple[Event, ...]
    near_misses: tuple[NearMiss, ...]
    is_exact: bool


def rejudge(scored: Scored, settings: Settings) -> Rejudged:
    """Return what a scan of the recording with these settings tells.

    The settings must measure as those did under which it was scored: `measuring_key` tells them apart.
    Where many settings are to be judged, keep a `Replay`.
    """
    return Replay(scored).judge(settings)


class Replay:
    """One recording, ready to be judged again and again; not for more than one thread."""

    def __init__(self, scored: Scored) -> None:
        self.scored = scored
        self._cameras: dict[PictureParameters, Camera] = {}

    def judge(self, settings: Settings) -> Rejudged:
        """Return what `rejudge` does."""
        parameters = judge_parameters(settings)
        camera = self._camera(parameters)
        numbers = iter(range(1, 1 << 62))
        name = self.scored.name
        looks = _CameraReplay(camera)
        judge = Judge(parameters, name, lambda: f"{name}-{next(numbers)}", looks)
        events: list[Event] = []
        misses: list[NearMiss] = []
        is_exact = True

        def note(verdict: Verdict) -> None:
            events.extend(change.event for change in verdict.changes if change.phase is Phase.CLOSED)
            misses.extend(verdict.near_misses)

        for at in _positions(camera.lively, len(self.scored.scores), judge):
            looks.at = at
            verdict = judge.update(self.scored.scores[at])
            is_exact &= verdict.obvious == (at in self.scored.obvious)
            if verdict.changes or verdict.near_misses:
                note(verdict)
        note(judge.finish())
        return Rejudged(tuple(events), tuple(misses), is_exact)

    def told(self, settings: Settings) -> Told:
        """Return what of it matters for tuning, ten times sooner.

        What is followed is known from sight to sight, and judged where its limits can make a difference.
        """
        parameters = judge_parameters(settings)
        return tell(self.scored, self._camera(parameters), parameters)

    def _camera(self, parameters: JudgeParameters) -> Camera:
        picture = parameters.picture
        if picture not in self._cameras:
            self._cameras[picture] = watch_camera(self.scored, parameters)
        return self._cameras[picture]


def _positions(lively: Sequence[int], count: int, judge: Judge) -> Iterator[int]:
    """Yield the positions that have to be judged: the lively ones, and all while something is followed."""
    at = 0
    while at < count:
        yield at
        at += 1
        if judge.is_waiting:
            following = bisect_left(lively, at)
            at = lively[following] if following < len(lively) else count


class _CameraReplay:
    """Says again what the camera's judge said."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self.at = 0

    @property
    def hidden_s(self) -> float:
        """When the place was last out of sight."""
        return self._camera.looks[self.at].hidden_s

    @property
    def moved_s(self) -> float:
        """When the camera was last being moved."""
        return self._camera.looks[self.at].moved_s

    def update(self, scores: Scores) -> list[EventChange]:
        """Return what was said of this frame."""
        return list(self._camera.changes.get(self.at, ()))

    def veto(self) -> tuple[str, str] | None:
        """Return why no motion may be judged in this frame."""
        return self._camera.looks[self.at].veto

    def finish(self, why: str) -> list[EventChange]:
        """Return what was closed at the end."""
        return list(self._camera.last)
