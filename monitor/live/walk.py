"""A walk test: what a camera sees while somebody walks, and whether it would be an event."""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from monitor.analysis.scores import State
from monitor.clock import Clock
from monitor.events.event import EventChange, NearMiss, Phase
from monitor.outputs.seen import Seen, nearness, seen_in
from monitor.outputs.sink import Observation

TELL_S = 0.2
"""Time between two sights that are told: five a second can be shown, and no step is missed."""

MOST_SEEN = 4
"""So many regions are told, the nearest to being an event first."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a camera saw at one moment.

    `veto` is the sentence that says why nothing may be judged now; `seen` are the regions, the nearest to
    being an event first; `event` is the kind of the event that is open, None without one.
    """

    camera: str
    time_s: float
    wall_time: datetime | None
    state: State
    veto: str | None = None
    seen: tuple[Seen, ...] = ()
    event: str | None = None

    def nearness(self) -> tuple[float, ...]:
        """Return how near to an event it is, to be compared."""
        return nearness(self.seen[0]) if self.seen else (-math.inf,)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        wall = None if self.wall_time is None else self.wall_time.isoformat()
        return {**asdict(self), "wall_time": wall, "state": self.state.value}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_json` gave; raises `ValueError`, `TypeError` or `KeyError` for anything else."""
        wall = values["wall_time"]
        read = {
            "wall_time": None if wall is None else datetime.fromisoformat(wall),
            "state": State(values["state"]),
            "seen": tuple(Seen.from_json(one) for one in values["seen"]),
        }
        return cls(**{**values, **read})


class WalkSink:
    """Tells what one camera sees, of every `TELL_S` the sight that was nearest to an event."""

    def __init__(self, camera: str, tell: Callable[[Sight], None], clock: Clock) -> None:
        self._camera = camera
        self._tell = tell
        self._clock = clock
        self._told_s = -math.inf
        self._best: Sight | None = None
        self._open: dict[str, str] = {}

    def take(self, observation: Observation) -> None:
        """Look at this frame, and tell when it is time."""
        self.finish(observation.changes, ())
        if observation.fresh:
            sight = self._sight(observation)
            if self._best is None or sight.nearness() >= self._best.nearness():
                self._best = sight
        now_s = self._clock.monotonic_s()
        if self._best is not None and now_s - self._told_s >= TELL_S:
            best, self._best, self._told_s = self._best, None, now_s
            self._tell(best)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Note which events are open."""
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._open.pop(change.event.id, None)
            else:
                self._open[change.event.id] = change.event.kind.value

    def close(self) -> None:
        """Nothing is held."""

    def _sight(self, observation: Observation) -> Sight:
        scores, veto = observation.scores, observation.outlook.veto
        return Sight(
            camera=self._camera,
            time_s=scores.time_s,
            wall_time=scores.wall_time,
            state=scores.state,
            veto=None if veto is None else veto.reason,
            seen=seen_in(scores, observation.outlook)[:MOST_SEEN],
            event=next(iter(self._open.values()), None),
        )
