"""What the camera's own judge says of a recording: once, for it reads none of the settings of motion."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.analysis.scores import Scores, State
from monitor.events.attention import is_calm, is_still
from monitor.events.camera import CameraJudge
from monitor.events.draft import EventMaker
from monitor.events.event import EventChange
from monitor.events.parameters import JudgeParameters
from monitor.events.stationary import StationaryJudge
from monitor.tuning.scored import Scored
from monitor.tuning.sights import Sights

_LEAD_S = 1.5
"""The judge of the light looks back for a second; so much before anything happens every frame is judged."""

_TRAIL_S = 1.1
"""For a second after the light has changed nothing new is believed; so long every frame is judged."""

_STEADY_RATIO = 1.04
"""With less of a change within a second no light changes: `advanced.light.change_ratio` is at least 1.05."""

_LITTLE_FRACTION = 0.25
"""With less of the picture in motion than this nobody asks whether the place is still there (limit 0.3)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the camera's judge said at one position."""

    hidden_s: float
    moved_s: float
    veto: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Camera:
    """What the camera's judge said of a recording, and at which positions anything else is to be judged.

    `changes` are its events by position and `last` those it closed at the end. `lively` are the positions
    with anything to be judged, `light` those with anything that the light may do, and `still` those with a
    track that may be an object left or removed; `special` are all these and those with a veto. `is_calm` says
    so of each frame, `is_still` that besides there is nothing to follow.
    """

    looks: Sequence[Look]
    changes: Mapping[int, list[EventChange]]
    last: Sequence[EventChange]
    lively: Sequence[int]
    light: frozenset[int]
    still: frozenset[int]
    special: frozenset[int]
    is_calm: Sequence[bool]
    is_still: Sequence[bool]
    sights: Sights


def watch_camera(scored: Scored, parameters: JudgeParameters) -> Camera:
    """Return what the camera's judge says of a recording with these limits."""
    numbers = iter(range(1, 1 << 62))
    maker = EventMaker(scored.name, lambda: f"{scored.name}-camera-{next(numbers)}")
    judge = CameraJudge(parameters.picture, maker)
    looks: list[Look] = []
    changes: dict[int, list[EventChange]] = {}
    for at, one in enumerate(scored.scores):
        if told := judge.update(one):
            changes[at] = told
        look = Look(judge.hidden_s, judge.moved_s, judge.veto())
        looks.append(looks[-1] if looks and look == looks[-1] else look)
    scores = scored.scores
    restless = frozenset(_restless(scores))
    eventful = {at for at, one in enumerate(scores) if one.tracks or one.detectors}
    hidden = (at for at, look in enumerate(looks) if look.veto is not None and look.veto[0] == "integrity")
    light = frozenset(_with_trail(scores, _with_lead(scores, set(restless))))
    still = frozenset(_still(scores, StationaryJudge(parameters.motion, parameters.picture, maker)))
    vetoed = (at for at, look in enumerate(looks) if look.veto is not None)
    calm = [is_calm(one) for one in scores]
    return Camera(
        looks,
        changes,
        judge.finish("the source ended"),
        list(_with_lead(scores, {*eventful, *restless, *changes})),
        light,
        still,
        frozenset({*light, *still, *changes, *vetoed}),
        calm,
        [so and is_still(one) for so, one in zip(calm, scores, strict=True)],
        Sights(scores, frozenset(hidden)),
    )


def _restless(scores: Sequence[Scores]) -> Iterator[int]:
    """Yield the positions at which the light may do anything."""
    oldest = 0
    for at, one in enumerate(scores):
        while one.time_s - scores[oldest].time_s > _LEAD_S:
            oldest += 1
        if (
            one.corrupt
            or one.accepted
            or one.state is not State.WATCHING
            or one.foreground_fraction > _LITTLE_FRACTION
            or not _is_steady([scores[seen].gain for seen in range(oldest, at + 1)])
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


def _with_trail(scores: Sequence[Scores], positions: Iterator[int]) -> Iterator[int]:
    """Yield these positions, in order, and those of the time just after."""
    at = 0
    for position in positions:
        at = max(at, position)
        yield position
        while at < len(scores) and scores[at].time_s - scores[position].time_s <= _TRAIL_S:
            yield at
            at += 1


def _still(scores: Sequence[Scores], judge: StationaryJudge) -> Iterator[int]:
    """Yield the positions at which a track is seen that at some time may be an object left or removed."""
    ids = {track.id for one in scores for track in one.tracks if judge.kind_of(track) is not None}
    for at, one in enumerate(scores):
        if any(track.id in ids for track in one.tracks):
            yield at
