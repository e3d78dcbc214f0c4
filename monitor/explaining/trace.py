"""Stored scores judged anew: what was seen, moment by moment, and what the judge made of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from monitor.analysis.scores import Scores, State
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.events.judge import Judge, Verdict
from monitor.events.parameters import JudgeParameters
from monitor.events.refusal import Refusal
from monitor.outputs.seen import Seen, seen_in

_HOLE_S = 5.0
"""Stored scores that lie farther apart have a gap between them, or are of two runs of the program."""


@dataclass(frozen=True, slots=True)
class Look:
    """One measured frame and what it could have led to; `in_event` says that an event was open."""

    time_s: float
    wall_time: datetime | None
    state: State
    foreground_fraction: float
    kl_nats: float | None
    veto: Refusal | None
    seen: tuple[Seen, ...]
    in_event: bool

    def at(self, time_s: float) -> "Look":
        """Return it at another time of another count."""
        return replace(self, time_s=time_s)

    @property
    def peak_sigma(self) -> float:
        """The strongest region's σ, 0 without any."""
        return max((one.peak_sigma for one in self.seen), default=0.0)

    @property
    def area_fraction(self) -> float:
        """The largest region's share of the frame, 0 without any."""
        return max((one.area_fraction for one in self.seen), default=0.0)


@dataclass(frozen=True, slots=True)
class Trace:
    """All that was judged of a span of scores, in order of time."""

    looks: Sequence[Look] = ()
    events: Sequence[Event] = ()
    near_misses: Sequence[NearMiss] = ()

    def within(self, start_s: float, end_s: float) -> "Trace":
        """Return the part between two times; events and near misses that overlap it are whole."""
        return Trace(
            [look for look in self.looks if start_s <= look.time_s <= end_s],
            [e for e in self.events if e.start_s <= end_s and (e.end_s or e.start_s) >= start_s],
            [miss for miss in self.near_misses if miss.start_s <= end_s and miss.end_s >= start_s],
        )


def judged(scores: Iterable[Scores], parameters: JudgeParameters, source: str) -> Trace:
    """Judge scores in order; times of later runs of a program go on where those before them ended.

    What is open at the end is closed there. Events are numbered.
    """
    numbers = count(1)

    def new_judge() -> Judge:
        return Judge(parameters, source, lambda: str(next(numbers)))

    judge, open_ids = new_judge(), set[str]()
    looks: list[Look] = []
    changes: list[EventChange] = []
    misses: list[NearMiss] = []
    last: Scores | None = None

    def take(verdict: Verdict) -> None:
        changes.extend(verdict.changes)
        misses.extend(verdict.near_misses)
        open_ids.update(c.event.id for c in verdict.changes)
        open_ids.difference_update(c.event.id for c in verdict.changes if c.phase is Phase.CLOSED)

    for one in _in_one_time(scores):
        if last is not None and one.time_s - last.time_s > _HOLE_S:
            take(judge.finish("nothing is known of what followed"))
            judge = new_judge()
        verdict = judge.update(one)
        take(verdict)
        looks.append(_look(one, verdict, bool(open_ids)))
        last = one
    take(judge.finish())
    closed = {change.event.id: change.event for change in changes}
    return Trace(looks, sorted(closed.values(), key=lambda event: event.start_s), misses)


def _in_one_time(scores: Iterable[Scores]) -> Iterator[Scores]:
    """Yield scores with times that only grow: by the wall clock where another run of a program begins."""
    shift_s, last = 0.0, None
    for one in scores:
        if last is not None and one.time_s + shift_s <= last.time_s:
            passed_s = _HOLE_S * 2
            if one.wall_time is not None and last.wall_time is not None:
                passed_s = max(passed_s, (one.wall_time - last.wall_time).total_seconds())
            shift_s = last.time_s + passed_s - one.time_s
        last = replace(one, time_s=one.time_s + shift_s) if shift_s else one
        yield last


def _look(scores: Scores, verdict: Verdict, in_event: bool) -> Look:
    return Look(
        time_s=scores.time_s,
        wall_time=scores.wall_time,
        state=scores.state,
        foreground_fraction=scores.foreground_fraction,
        kl_nats=scores.kl_previous_nats,
        veto=verdict.outlook.veto,
        seen=seen_in(scores, verdict.outlook),
        in_event=in_event,
    )
