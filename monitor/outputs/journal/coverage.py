"""What was really watched: of each source and day how much, and where and why it was not."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import Connection, func, select, text

from monitor.events.event import Kind
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us, to_us
from monitor.outputs.journal.schema import BLINDING as BLINDING_EVENTS
from monitor.outputs.journal.schema import coverage, events, gaps
from monitor.outputs.journal.spans import Rank, Span, by_day, laid_out

NOT_RUNNING = "the program did not run"

BLINDING = {
    Kind.COVERED: "the camera was covered",
    Kind.BLINDED: "the camera was blinded",
    Kind.FROZEN: "the picture stood still",
    Kind.SIGNAL_LOST: "the signal was lost",
}
"""Events in which nothing else could be seen. A moved or unsharp camera still shows something."""

_RANKS = {"watching": Rank.WATCHING, "warming_up": Rank.WARMING_UP, "blind": Rank.BLIND}


@dataclass(frozen=True, slots=True)
class DayCoverage:
    """One day of one source, in seconds; `day` is its midnight. `blind_s` are the reasons with their times.

    A day counts from when the source was first heard of, and up to now.
    """

    source: str
    day: datetime
    watching_s: float
    warming_up_s: float
    blind_s: Mapping[str, float]

    @property
    def whole_s(self) -> float:
        """What of the day is counted."""
        return self.watching_s + self.warming_up_s + sum(self.blind_s.values())

    @property
    def fraction(self) -> float | None:
        """The share in which the scene was really watched."""
        return self.watching_s / self.whole_s if self.whole_s else None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of several sources: their days, and the blind spans of each, in order."""

    days: tuple[DayCoverage, ...]
    blind: Mapping[str, tuple[Span, ...]]


def coverage_of(
    journal: Journal,
    since: datetime,
    until: datetime,
    *,
    sources: frozenset[str] = frozenset(),
    zone: tzinfo | None = None,
) -> Coverage:
    """Return what was watched between two moments; days are those of `zone`, None is the machine's own.

    Without `sources` all that the journal ever heard of are in.
    """
    with journal.reading() as connection:
        first = _first_heard(connection, sources)
        told = _told(connection, since, until)
    days: list[DayCoverage] = []
    blind: dict[str, tuple[Span, ...]] = {}
    for source, heard in sorted(first.items()):
        start = max(since, heard)
        spans = laid_out(told[source], start, until, otherwise=NOT_RUNNING) if start < until else []
        days += [_day(source, day, parts) for day, parts in by_day(spans, zone)]
        blind[source] = tuple(s for s in spans if s.rank in (Rank.BLIND, Rank.NOT_RUNNING))
    return Coverage(tuple(days), blind)


def _day(source: str, day: datetime, spans: Iterable[Span]) -> DayCoverage:
    length_s: dict[Rank, float] = defaultdict(float)
    why_s: dict[str, float] = defaultdict(float)
    for span in spans:
        length_s[span.rank] += span.lasts_s
        if span.rank in (Rank.BLIND, Rank.NOT_RUNNING):
            why_s[span.why or "no reason told"] += span.lasts_s
    ordered = dict(sorted(why_s.items(), key=lambda pair: -pair[1]))
    return DayCoverage(source, day, length_s[Rank.WATCHING], length_s[Rank.WARMING_UP], ordered)


def _first_heard(connection: Connection, sources: frozenset[str]) -> dict[str, datetime]:
    query = select(coverage.c.source, func.min(coverage.c.start_us)).group_by(coverage.c.source)
    if sources:
        query = query.where(coverage.c.source.in_(sorted(sources)))
    return {source: from_us(first_us) for source, first_us in connection.execute(query)}


def _told(connection: Connection, since: datetime, until: datetime) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    rows = (*_states(connection, since, until), *_gaps(connection, since, until))
    for source, span in (*rows, *_blinding_events(connection, since, until)):
        found[source].append(span)
    return found


def _states(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Span]]:
    c = coverage.c
    query = select(coverage).where(c.end_us >= to_us(since), c.start_us < to_us(until))
    for row in connection.execute(query):
        yield row.source, Span(from_us(row.start_us), from_us(row.end_us), _RANKS[row.state], row.why)


def _gaps(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Span]]:
    # One without an end goes on in the states that the live loop told meanwhile, or ended with a crash.
    query = select(gaps).where(gaps.c.end_us >= to_us(since), gaps.c.start_us < to_us(until))
    for row in connection.execute(query):
        yield row.source, Span(from_us(row.start_us), from_us(row.end_us), Rank.BLIND, row.why)


def _blinding_events(connection: Connection, since: datetime, until: datetime) -> Iterator[tuple[str, Span]]:
    for row in blinding_events(connection, to_us(since), to_us(until)):
        why = BLINDING[Kind(row.kind)]
        yield row.source, Span(from_us(row.at_us), from_us(row.until_us), Rank.BLIND, why)


class BlindingEvent(NamedTuple):
    """From when to when an event kept a source from being seen."""

    node: str
    source: str
    kind: str
    at_us: int
    until_us: int


def blinding_events(
    connection: Connection, since_us: int, until_us: int, least_us: int = 0
) -> Iterator[BlindingEvent]:
    """Yield what blinded a source between two moments for `least_us` or longer."""
    c = events.c
    columns = (c.node, c.source, c.kind, c.at_us)
    closed = select(*columns, c.end_us).where(
        text(BLINDING_EVENTS),
        c.end_us >= since_us,
        c.at_us < until_us,
        c.end_us - c.at_us >= least_us,
    )
    yield from (BlindingEvent(*row) for row in connection.execute(closed))
    # Few are open: to ask more of them would only lead SQLite to a worse index.
    going_on = select(*columns, func.coalesce(c.seen_us, c.at_us)).where(text("is_open"))
    for event in (BlindingEvent(*row) for row in connection.execute(going_on)):
        is_within = event.at_us < until_us and event.until_us >= since_us
        if event.kind in BLINDING and is_within and event.until_us - event.at_us >= least_us:
            yield event
