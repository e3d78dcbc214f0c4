"""The judge over stored scores: what a scan would have told, thousands of settings a minute.

Nothing is judged here but by `monitor.events`; this only leaves out what cannot matter. The camera's own
judge reads none of the settings of motion, so its verdicts are made once. Where nobody follows anything and
nothing is in the picture, frames are passed over, but for those just before something is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.analysis.scores import Scores, State
from monitor.app import judge_parameters
from monitor.events.camera import CameraJudge
from monitor.events.draft import EventMaker
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.events.judge import Judge, Verdict
from monitor.events.parameters import JudgeParameters, PictureParameters
from monitor.settings import Settings
from monitor.tuning.scored import Scored

_LEAD_S = 1.5
"""The judge of the light looks back for a second; so much before anything happens every frame is judged."""

_STEADY_RATIO = 1.04
"""With less of a change within a second no light changes: `advanced.light.change_ratio` is at least 1.05."""

_LITTLE_FRACTION = 0.25
"""With less of the picture in motion than this nobody asks whether the place is still there (limit 0.3)."""


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
        self._cameras: dict[PictureParameters, _Camera] = {}

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

    def _camera(self, parameters: JudgeParameters) -> "_Camera":
        picture = parameters.picture
        if picture not in self._cameras:
            self._cameras[picture] = _watch_camera(self.scored, picture, self._eventful)
        return self._cameras[picture]

    @cached_property
    def _eventful(self) -> frozenset[int]:
        return frozenset(_eventful(self.scored.scores))


def _positions(lively: Sequence[int], count: int, judge: Judge) -> Iterator[int]:
    """Yield the positions that have to be judged: the lively ones, and all while something is followed."""
    at = 0
    while at < count:
        yield at
        at += 1
        if judge.is_waiting:
            following = bisect_left(lively, at)
            at = lively[following] if following < len(lively) else count


@dataclass(frozen=True, slots=True)
class _Look:
    """What the camera's judge said at one position."""

    hidden_s: float
    moved_s: float
    veto: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class _Camera:
    """What the camera's judge said of a recording, and the positions at which anything is to be judged."""

    looks: Sequence[_Look]
    changes: Mapping[int, list[EventChange]]
    last: list[EventChange]
    lively: Sequence[int]


class _CameraReplay:
    """Says again what the camera's judge said."""

    def __init__(self, camera: _Camera) -> None:
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


def _watch_camera(scored: Scored, picture: PictureParameters, eventful: frozenset[int]) -> _Camera:
    numbers = iter(range(1, 1 << 62))
    judge = CameraJudge(picture, EventMaker(scored.name, lambda: f"{scored.name}-camera-{next(numbers)}"))
    looks: list[_Look] = []
    changes: dict[int, list[EventChange]] = {}
    for at, one in enumerate(scored.scores):
        if told := judge.update(one):
            changes[at] = told
        look = _Look(judge.hidden_s, judge.moved_s, judge.veto())
        looks.append(looks[-1] if looks and look == looks[-1] else look)
    lively = list(_with_lead(scored.scores, {*eventful, *changes}))
    return _Camera(looks, changes, judge.finish("the source ended"), lively)


def _eventful(scores: Sequence[Scores]) -> Iterator[int]:
    """Yield the positions at which there is anything to be judged but the camera."""
    oldest = 0
    for at, one in enumerate(scores):
        while one.time_s - scores[oldest].time_s > _LEAD_S:
            oldest += 1
        gains = (scores[seen].gain for seen in range(oldest, at + 1))
        if (
            one.tracks
            or one.corrupt
            or one.accepted
            or one.detectors
            or one.state is not State.WATCHING
            or one.foreground_fraction > _LITTLE_FRACTION
            or not _is_steady(list(gains))
        ):
            yield at


def _is_steady(gains: list[float]) -> bool:
    return max(gains) <= _STEADY_RATIO * min(gains)


def _with_lead(scores: Sequence[Scores], eventful: set[int]) -> Iterator[int]:
    """Yield these positions, the one after each, and those of the time just before."""
    times_s = [one.time_s for one in scores]
    until = 0
    for at in sorted(eventful):
        first = max(until, bisect_left(times_s, times_s[at] - _LEAD_S))
        until = min(at + 2, len(scores))
        yield from range(first, until)
