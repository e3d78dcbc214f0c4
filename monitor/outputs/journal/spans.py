"""Spans of time in which one thing after another was the case, and how long each was, day by day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import IntEnum
from itertools import pairwise


class Rank(IntEnum):
    """Which of two statements about the same moment holds: the greater."""

    NOT_RUNNING = 0
    WATCHING = 1
    WARMING_UP = 2
    BLIND = 3


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end` this was the case; `why` is a clause where it was not watched."""

    start: datetime
    end: datetime
    rank: Rank
    why: str | None = None

    @property
    def lasts_s(self) -> float:
        """Its length in seconds."""
        return (self.end - self.start).total_seconds()


def laid_out(told: Iterable[Span], start: datetime, end: datetime, *, otherwise: str) -> list[Span]:
    """Return what was the case from `start` to `end`, without overlap or hole, in order.

    Where several spans speak of a moment the greater rank holds, and of equals the one that began first;
    where none does, nothing ran, for the reason `otherwise`.
    """
    inside = [replace(s, start=max(s.start, start), end=min(s.end, end)) for s in told]
    inside = sorted((s for s in inside if s.start < s.end), key=lambda s: s.start)
    cuts = sorted({start, end, *(s.start for s in inside), *(s.end for s in inside)})
    found: list[Span] = []
    active: list[Span] = []
    coming = iter(inside)
    following = next(coming, None)
    for begin, finish in pairwise(cuts):
        active = [s for s in active if s.end > begin]
        while following is not None and following.start <= begin:
            active.append(following)
            following = next(coming, None)
        top = max(active, key=lambda s: s.rank, default=Span(begin, finish, Rank.NOT_RUNNING, otherwise))
        _append(found, replace(top, start=begin, end=finish))
    return found


def _append(found: list[Span], span: Span) -> None:
    if found and (found[-1].rank, found[-1].why) == (span.rank, span.why):
        found[-1] = replace(found[-1], end=span.end)
    else:
        found.append(span)


def by_day(spans: Sequence[Span], zone: tzinfo | None) -> Iterator[tuple[datetime, list[Span]]]:
    """Yield each day's midnight in `zone` (None is the machine's own) with its parts of the spans."""
    if not spans:
        return
    day = _midnight(spans[0].start, zone)
    while day < spans[-1].end:
        following = _midnight(day + timedelta(hours=36), zone)  # a day has 23 to 25 hours
        # Lengths are taken in UTC: within one zone Python leaves the change of its clocks out.
        start, end = day.astimezone(UTC), following.astimezone(UTC)
        parts = [replace(s, start=max(s.start, start), end=min(s.end, end)) for s in spans]
        yield day, [part for part in parts if part.start < part.end]
        day = following


def _midnight(moment: datetime, zone: tzinfo | None) -> datetime:
    date = moment.astimezone(zone).date()
    return datetime.combine(date, time(), zone) if zone else datetime.combine(date, time()).astimezone()
