"""How the recordings of one camera lie in time: gaps, overlaps, and what of each day was really watched."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

TOLERANCE = timedelta(seconds=3)
"""What lies between two recordings that follow each other: names tell whole seconds, which is up to one
second for the two, and a recorder that begins a new file waits for a key frame, commonly two seconds."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end`, both with their zone."""

    start: datetime
    end: datetime

    @property
    def length_s(self) -> float:
        """Its length in seconds."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of a camera: what it holds, what of it was scanned, and where nothing could be seen.

    `is_sure` is unset where the start was taken from the time of the last write, which copying changes.
    """

    name: str
    recorded: Span
    scanned: Span
    blind: tuple[Span, ...] = ()
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Seam:
    """Where two recordings do not join: a gap between `before` and `after`, or what both of them show."""

    span: Span
    before: str
    after: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of one camera, in the zone of the report; times in seconds.

    `whole_s` is how long the day was (23 to 25 hours), `expected_s` what of it lies between the camera's
    first and last picture, `recorded_s` what there are files of, `watched_s` what of that was scanned while
    something could be seen.
    """

    day: date
    whole_s: float
    expected_s: float
    recorded_s: float
    watched_s: float
    recorded: tuple[Span, ...]
    gaps: tuple[Span, ...]
    overlaps: tuple[Span, ...]

    @property
    def watched_fraction(self) -> float:
        """The share of the whole day that was watched."""
        return self.watched_s / self.whole_s


@dataclass(frozen=True, slots=True)
class Coverage:
    """All days of one camera; gaps and overlaps in order."""

    whole: Span
    recorded_s: float
    watched_s: float
    gaps: tuple[Seam, ...]
    overlaps: tuple[Seam, ...]
    days: tuple[Day, ...]

    @property
    def watched_fraction(self) -> float:
        """The share from the first to the last picture that was watched; 1 for a single picture."""
        return self.watched_s / self.whole.length_s if self.whole.length_s else 1.0


def coverage_of(recordings: Iterable[Recording], zone: tzinfo | None) -> Coverage | None:
    """Return how a camera's recordings lie in time, days by `zone` (None is the machine's); None without any.

    What two recordings both show counts once. A seam of up to `TOLERANCE` is neither gap nor overlap, and
    counts as recorded.
    """
    ordered = sorted(recordings, key=lambda r: (r.recorded.start, r.recorded.end))
    if not ordered:
        return None
    gaps, overlaps = _seams(ordered)
    recorded = merged((r.recorded for r in ordered), TOLERANCE)
    seen = merged((r.scanned for r in ordered), TOLERANCE)
    watched = without(seen, merged(span for r in ordered for span in r.blind))
    whole = Span(recorded[0].start, recorded[-1].end)
    return Coverage(
        whole=whole,
        recorded_s=_sum(recorded),
        watched_s=_sum(watched),
        gaps=gaps,
        overlaps=overlaps,
        days=tuple(_days(whole, recorded, watched, gaps, overlaps, zone)),
    )


def merged(spans: Iterable[Span], bridge: timedelta = timedelta(0)) -> list[Span]:
    """Return what the spans cover in order, those joined that overlap or are not more than `bridge` apart."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if found and span.start - found[-1].end <= bridge:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def without(spans: Iterable[Span], holes: Sequence[Span]) -> list[Span]:
    """Return the spans less the holes; both are in order and without overlap."""
    left: list[Span] = []
    for span in spans:
        start = span.start
        for hole in holes:
            if hole.end > start and hole.start < span.end:
                if hole.start > start:
                    left.append(Span(start, hole.start))
                start = hole.end
        if start < span.end:
            left.append(Span(start, span.end))
    return left


def _seams(ordered: Sequence[Recording]) -> tuple[tuple[Seam, ...], tuple[Seam, ...]]:
    gaps: list[Seam] = []
    overlaps: list[Seam] = []
    last = ordered[0]
    for following in ordered[1:]:
        begins, ends = following.recorded.start, following.recorded.end
        is_sure = last.is_sure and following.is_sure
        if begins - last.recorded.end > TOLERANCE:
            gaps.append(Seam(Span(last.recorded.end, begins), last.name, following.name, is_sure))
        elif min(last.recorded.end, ends) - begins > TOLERANCE:
            both = Span(begins, min(last.recorded.end, ends))
            overlaps.append(Seam(both, last.name, following.name, is_sure))
        if ends > last.recorded.end:
            last = following
    return tuple(gaps), tuple(overlaps)


def _days(
    whole: Span,
    recorded: Sequence[Span],
    watched: Sequence[Span],
    gaps: Sequence[Seam],
    overlaps: Sequence[Seam],
    zone: tzinfo | None,
) -> Iterator[Day]:
    parts = [
        by_day(spans, zone)
        for spans in (recorded, watched, [gap.span for gap in gaps], [both.span for both in overlaps])
    ]
    for day, (expected,) in by_day([whole], zone).items():
        own, seen, missing, twice = (part.get(day, []) for part in parts)
        yield Day(
            day=day,
            whole_s=(midnight(day + timedelta(days=1), zone) - midnight(day, zone)).total_seconds(),
            expected_s=expected.length_s,
            recorded_s=_sum(own),
            watched_s=_sum(seen),
            recorded=tuple(own),
            gaps=tuple(missing),
            overlaps=tuple(twice),
        )


def by_day(spans: Iterable[Span], zone: tzinfo | None) -> dict[date, list[Span]]:
    """Return the parts of the spans by the days of `zone` on which they lie; none is 24 hours by force."""
    found: defaultdict[date, list[Span]] = defaultdict(list)
    for span in spans:
        start = span.start
        day = start.astimezone(zone).date()
        while (following := midnight(day + timedelta(days=1), zone)) < span.end:
            found[day].append(Span(start, following))
            start, day = following, day + timedelta(days=1)
        found[day].append(Span(start, span.end))
    return dict(found)


def midnight(day: date, zone: tzinfo | None) -> datetime:
    """Return the moment at which a day begins in `zone` (None is the machine's), in UTC."""
    start = datetime.combine(day, time())
    return (start.replace(tzinfo=zone) if zone else start.astimezone()).astimezone(UTC)


def _sum(spans: Iterable[Span]) -> float:
    return sum(span.length_s for span in spans)
