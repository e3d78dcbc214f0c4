"""What happened in a span of time, in parts: so many of each kind, and where nothing was seen."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, Table, func, select

from monitor.events.event import Kind
from monitor.outputs.journal.coverage import BLINDING, blinding_events
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us, to_us
from monitor.outputs.journal.schema import coverage, event_counts, events, gaps, near_misses

HOUR_US: Final = 3_600_000_000

COUNTED_US: Final = (HOUR_US, 6 * HOUR_US, 24 * HOUR_US)
"""Spans of UTC of which the journal keeps the counts: of a million events in a year any timeline of 400 parts
is then made of some ten thousand numbers."""

_MOST_COUNTS: Final = 750
"""So many counts of a lane are added up for one timeline: a month of hours, half a year of six hours."""

NOT_SEEN: Final = ("not_running", "blind")
"""Why nothing was seen: nothing ran, or what ran saw nothing."""


class Lane(NamedTuple):
    """What is shown in one row of a timeline."""

    node: str
    source: str
    kind: str


class Part(NamedTuple):
    """How many events began in one part of a timeline, counted from 0.

    `first_s` is when the first began and `last_s` when the last ended, in seconds from the start of the
    timeline; both None where only counts are asked.
    """

    number: int
    events: int
    first_s: float | None
    last_s: float | None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A span in which a source saw nothing; `state` is one of `NOT_SEEN`."""

    node: str
    source: str
    start: datetime
    end: datetime
    state: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A span of time cut into equal parts; the last may end behind `until`.

    Long parts are whole hours or days of UTC, so that counts which were made before can be used.
    """

    start_us: int
    part_us: int
    parts: int

    @property
    def counted_us(self) -> int | None:
        """The longest span of counts that makes up its parts; None where events themselves are counted."""
        return max((span_us for span_us in COUNTED_US if self.part_us % span_us == 0), default=None)

    @property
    def end_us(self) -> int:
        """Where the last part ends."""
        return self.start_us + self.parts * self.part_us


def grid_of(since: datetime, until: datetime, most_parts: int) -> Grid:
    """Return a grid of about `most_parts` parts; of fewer where they become whole hours or days."""
    start_us, end_us = to_us(since), to_us(until)
    part_us = max(1, -(-(end_us - start_us) // most_parts))
    if part_us >= HOUR_US:
        # Rather fewer parts than many counts for each, or for all.
        most_us = max(part_us // 3, (end_us - start_us) // _MOST_COUNTS)
        span_us = next((span_us for span_us in COUNTED_US if span_us >= most_us), COUNTED_US[-1])
        part_us = -(-part_us // span_us) * span_us
        start_us -= start_us % span_us
    return Grid(start_us, part_us, -(-(end_us - start_us) // part_us))


def counts(
    journal: Journal, grid: Grid, sources: frozenset[str] = frozenset(), *, missed: bool = False
) -> dict[Lane, list[Part]]:
    """Return what began in each part of the grid, events or with `missed` near misses.

    Empty parts are left out. Without `sources` all are in.
    """
    query = _counted(grid, missed) if grid.counted_us else _direct(grid, near_misses if missed else events)
    if sources:
        query = query.where(query.selected_columns.source.in_(sorted(sources)))
    with journal.reading() as connection:
        rows = connection.execute(query).all()  # far faster than one by one
        return _summed(rows, grid) if grid.counted_us else _grouped(rows)


def _grouped(rows: Iterable[Any]) -> dict[Lane, list[Part]]:
    found: dict[Lane, list[Part]] = defaultdict(list)
    for node, source, kind, *part in rows:
        found[Lane(node, source, kind)].append(Part(*part))
    return dict(found)


def _summed(rows: Iterable[Any], grid: Grid) -> dict[Lane, list[Part]]:
    # Added up here: in their order of time the database would have to sort them all anew to group them.
    sums: dict[tuple[str, str, str], dict[int, int]] = {}
    for node, source, kind, start_us, count in rows:
        parts = sums.setdefault((node, source, kind), {})
        number = (start_us - grid.start_us) // grid.part_us
        parts[number] = parts.get(number, 0) + count
    return {
        Lane(*lane): [Part(number, count, None, None) for number, count in parts.items()]
        for lane, parts in sums.items()
    }


def _direct(grid: Grid, table: Table) -> Select[Any]:
    c = table.c
    part = ((c.at_us - grid.start_us) // grid.part_us).label("part")
    first_s = (func.min(c.at_us) - grid.start_us) / 1e6
    last_s = (func.max(c.end_us) - grid.start_us) / 1e6
    query = select(c.node, c.source, c.kind, part, func.count(), first_s, last_s)
    return query.where(c.at_us >= grid.start_us, c.at_us < grid.end_us).group_by(
        c.node, c.source, c.kind, part
    )


def _counted(grid: Grid, missed: bool) -> Select[Any]:
    c = event_counts.c
    query = select(c.node, c.source, c.kind, c.start_us, c["count"]).where(
        c.what == ("near_miss" if missed else "event"), c.span_us == grid.counted_us, c["count"] > 0
    )
    within = query.where(c.start_us >= grid.start_us, c.start_us < grid.end_us)
    return within.order_by(c.start_us)


def unseen(
    journal: Journal,
    since: datetime,
    until: datetime,
    *,
    least_s: float = 0.0,
    sources: frozenset[str] = frozenset(),
) -> list[Unseen]:
    """Return where nothing was seen between two moments, by source and start; spans may overlap.

    Spans shorter than `least_s` are left out. A source counts from when it was first heard of.
    """
    limits = _Limits(to_us(since), to_us(until), round(least_s * 1e6), sources)
    with journal.reading() as connection:
        found = [
            *_holes(connection, limits),
            *_told_blind(connection, limits),
            *_gaps(connection, limits),
            *_blinding(connection, limits),
        ]
    cut = (_cut(each, since, until) for each in found)
    return sorted((each for each in cut if each.start < each.end), key=lambda each: (each.source, each.start))


@dataclass(frozen=True, slots=True)
class _Limits:
    since_us: int
    until_us: int
    least_us: int
    sources: frozenset[str]

    def of(self, query: Select[Any]) -> Select[Any]:
        named = query.selected_columns.source
        return query.where(named.in_(sorted(self.sources))) if self.sources else query


def _holes(connection: Connection, limits: _Limits) -> Iterator[Unseen]:
    """Yield the spans before, between and behind the states that were told: nothing ran."""
    c = coverage.c
    whole = limits.of(select(c.source, c.node, func.min(c.start_us).label("first_us")))
    heard = {
        (row.node, row.source): row.first_us
        for row in connection.execute(whole.group_by(c.source, c.node))
        if row.first_us < limits.until_us
    }
    before = func.lag(c.end_us, 1, limits.since_us).over(partition_by=[c.source, c.node], order_by=c.start_us)
    told = limits.of(
        select(c.source, c.node, c.start_us, before.label("before_us")).where(
            c.end_us >= limits.since_us, c.start_us < limits.until_us
        )
    ).subquery()
    least_us = max(limits.least_us, _BREATH_US)
    query = select(told).where(told.c.start_us - told.c.before_us > least_us)
    spans = [
        (row.node, row.source, max(row.before_us, heard[row.node, row.source]), row.start_us)
        for row in connection.execute(query)
    ]
    newest = limits.of(select(c.source, c.node, func.max(c.end_us).label("last_us")))
    last = newest.where(c.end_us >= limits.since_us, c.start_us < limits.until_us).group_by(c.source, c.node)
    ends = {(row.node, row.source): row.last_us for row in connection.execute(last)}
    spans += [
        (*key, ends.get(key, max(first_us, limits.since_us)), limits.until_us)
        for key, first_us in heard.items()
    ]
    for node, source, start_us, end_us in spans:
        if end_us - start_us > least_us:
            yield Unseen(node, source, from_us(start_us), from_us(end_us), "not_running", None)


_BREATH_US: Final = 15_000_000
"""Between two states that follow each other at once lies less: a heartbeat of 5 s, and some delay."""


def _told_blind(connection: Connection, limits: _Limits) -> Iterator[Unseen]:
    c = coverage.c
    query = limits.of(select(c.node, c.source, c.start_us, c.end_us, c.why)).where(
        c.state == "blind",
        c.end_us >= limits.since_us,
        c.start_us < limits.until_us,
        c.end_us - c.start_us >= limits.least_us,
    )
    for row in connection.execute(query):
        yield Unseen(row.node, row.source, from_us(row.start_us), from_us(row.end_us), "blind", row.why)


def _gaps(connection: Connection, limits: _Limits) -> Iterator[Unseen]:
    c = gaps.c
    query = limits.of(select(c.node, c.source, c.start_us, c.end_us, c.why)).where(
        c.end_us >= limits.since_us,
        c.start_us < limits.until_us,
        c.end_us - c.start_us >= limits.least_us,
    )
    for row in connection.execute(query):
        yield Unseen(row.node, row.source, from_us(row.start_us), from_us(row.end_us), "blind", row.why)


def _blinding(connection: Connection, limits: _Limits) -> Iterator[Unseen]:
    for row in blinding_events(connection, limits.since_us, limits.until_us, limits.least_us):
        if not limits.sources or row.source in limits.sources:
            why = BLINDING[Kind(row.kind)]
            yield Unseen(row.node, row.source, from_us(row.at_us), from_us(row.until_us), "blind", why)


def _cut(each: Unseen, since: datetime, until: datetime) -> Unseen:
    start, end = max(each.start, since), min(each.end, until)
    return Unseen(each.node, each.source, start, end, each.state, each.why)
