"""Hand-made scores: what is seen at each time, sampled at any rate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from monitor.analysis.scores import Box, Scores, State, TrackScore
from monitor.app import judge_parameters
from monitor.events.draft import EventMaker
from monitor.events.event import Event, EventChange, Kind, NearMiss, Phase
from monitor.events.judge import Judge
from monitor.events.parameters import JudgeParameters
from monitor.settings import Settings
from monitor.settings.motion import Zone

RATE_HZ = 25.0

Actor = Callable[[float], TrackScore | None]
"""What is seen of somebody at a time in seconds; None while there is nobody."""

NOBODY = TrackScore(
    id=0,
    box=Box(0.4, 0.4, 0.05, 0.2),
    centre=(0.425, 0.5),
    area_fraction=0.01,
    peak_sigma=20.0,
    contrast=50.0,
    age_s=0.0,
    displacement_fraction=0.0,
    path_fraction=0.0,
    speed_per_s=0.0,
    direction_deg=None,
    coherence=None,
    outline_ratio=0.8,
    still_s=0.0,
    touches_border=False,
)
"""A region of one percent of the frame, clear and with its own edges, that has just appeared."""

QUIET = Scores(
    index=0,
    time_s=0.0,
    wall_time=None,
    state=State.WATCHING,
    foreground_fraction=0.0,
    tracks=(),
    flow=(),
    kl_previous_nats=0.001,
    kl_reference_nats=0.001,
    gain=1.0,
    gain_spread=0.0,
    camera_move=(0.0, 0.0),
    sharpness=1.0,
    structure=0.98,
    mean_luma=100.0,
    luma_deviation=40.0,
    change_previous=0.5,
    layout=0.99,
)
"""A picture of the learnt place in which nothing happens."""


HIDDEN = {"structure": 0.03, "sharpness": 0.2, "layout": 0.1, "mean_luma": 30.0, "luma_deviation": 6.0}
"""What differs while a hand is over the lens."""


def usual_limits() -> JudgeParameters:
    """Return the limits that everybody has, with a zone in which things of half the size count."""
    left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    return judge_parameters(Settings(zones={"gate": Zone(points=left, sensitivity=2.0)}))


def traveller(
    start_s: float,
    end_s: float,
    *,
    number: int = 1,
    speed_per_s: float = 0.1,
    stops_s: float = float("inf"),
    leaves: bool = False,
    **fixed: Any,
) -> Actor:
    """Return somebody who is seen from `start_s` until before `end_s` and goes to the right.

    `stops_s` is when he stands still, `leaves` says that he is at the border in the end; `fixed` are other
    fields of the track.
    """

    def at(time_s: float) -> TrackScore | None:
        if not start_s - 1e-9 <= time_s < end_s - 1e-9:
            return None
        way = speed_per_s * (min(time_s, stops_s) - start_s)
        seen = replace(
            NOBODY,
            id=number,
            box=Box(min(0.1 + way, 0.9), 0.4, 0.05, 0.2),
            age_s=time_s - start_s,
            displacement_fraction=way,
            path_fraction=way,
            speed_per_s=speed_per_s if time_s < stops_s else 0.0,
            coherence=0.95,
            still_s=max(0.0, time_s - stops_s),
            touches_border=leaves and time_s > end_s - 0.3,
        )
        return replace(seen, **fixed)

    return at


def stream(
    duration_s: float,
    *actors: Actor,
    rate_hz: float = RATE_HZ,
    start_s: float = 0.0,
    picture: Callable[[float], Mapping[str, Any]] = lambda _: {},
) -> list[Scores]:
    """Return scores of a span; `picture` gives the fields of the whole picture that differ from `QUIET`."""
    made = []
    for index in range(round(start_s * rate_hz), round((start_s + duration_s) * rate_hz)):
        time_s = index / rate_hz
        seen = tuple(track for actor in actors if (track := actor(time_s)) is not None)
        made.append(replace(QUIET, index=index, time_s=time_s, tracks=seen, **picture(time_s)))
    return made


def during(start_s: float, end_s: float, **fields: Any) -> Callable[[float], Mapping[str, Any]]:
    """Return a picture that differs from `start_s` until before `end_s`."""
    return lambda time_s: fields if start_s - 1e-9 <= time_s < end_s - 1e-9 else {}


def maker() -> EventMaker:
    numbers = count(1)
    return EventMaker("yard", lambda: f"e{next(numbers)}")


@dataclass
class Outcome:
    """All that was judged of a stream."""

    changes: list[EventChange] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """The events as they ended, in that order."""
        return [change.event for change in self.changes if change.phase is Phase.CLOSED]

    @property
    def kinds(self) -> list[Kind]:
        return [event.kind for event in self.events]

    @property
    def event(self) -> Event:
        """The only event."""
        (only,) = self.events
        return only

    def check(self) -> None:
        """Check what is true of all events: opened once, then closed once, in order of time."""
        phases: dict[str, list[Phase]] = {}
        for change in self.changes:
            phases.setdefault(change.event.id, []).append(change.phase)
        for one in phases.values():
            assert (one[0], one[-1]) == (Phase.OPENED, Phase.CLOSED)
            assert set(one[1:-1]) <= {Phase.UPDATED}
        for event in self.events:
            assert event.end_s is not None
            assert event.end_frame is not None
            assert event.start_s <= event.end_s
            assert event.start_s <= event.peak_s
            assert event.start_frame <= event.end_frame
            assert event.evidence.opened_by
            assert event.evidence.closed_by


def judged(parameters: JudgeParameters, scores: Iterable[Scores]) -> Outcome:
    """Judge a whole source with all judges together."""
    numbers = count(1)
    judge = Judge(parameters, "yard", lambda: f"e{next(numbers)}")
    outcome = Outcome()
    for one in scores:
        verdict = judge.update(one)
        outcome.changes += verdict.changes
        outcome.near_misses += verdict.near_misses
    verdict = judge.finish()
    outcome.changes += verdict.changes
    outcome.near_misses += verdict.near_misses
    outcome.check()
    return outcome
