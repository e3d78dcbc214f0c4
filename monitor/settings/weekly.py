"""Spans of the week in local time, as `mon-fri 22:00-06:30`: what they say, and when they begin and end."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ALLOWED = 'a list of spans such as "22:00-06:30", "mon-fri 08:00-17:00" or "sat,sun 00:00-24:00"'

_SPAN = re.compile(r"(?:([a-z,\-]+)\s+)?(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)")
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class WeeklySpan:
    """From a minute of the day, on each of these days (0 is Monday), for up to 24 hours."""

    days: frozenset[int]
    start_minute: int
    minutes: int

    def on(self, day: date, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return start and end, in UTC, of the span that begins on `day`."""
        return self._instant(day, self.start_minute, zone), self._instant(
            day, self.start_minute + self.minutes, zone
        )

    @staticmethod
    def _instant(day: date, minute: int, zone: tzinfo) -> datetime:
        # Clocks of walls, not durations: 06:30 is 06:30 also in the night in which the clocks change.
        days, rest = divmod(minute, _DAY_MINUTES)
        wall = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), zone)
        return wall.astimezone(UTC)


def parse_span(text: str) -> WeeklySpan:
    """Return the span that a text names; raises ValueError with what is wrong.

    Days are names or ranges joined by commas, none is every day; an end at or before the start is on the
    next day.
    """
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is no span of the week; write {ALLOWED}")
    start = _minute(text, found[2], found[3])
    end = _minute(text, found[4], found[5])
    if start == _DAY_MINUTES:
        raise ValueError(f"{text!r} begins at 24:00; write 00:00")
    return WeeklySpan(_days(text, found[1]), start, (end - start - 1) % _DAY_MINUTES + 1)


def within(spans: Sequence[WeeklySpan], now: datetime, zone: tzinfo) -> bool:
    """Return whether `now` lies in one of the spans, in the local time of `zone`."""
    return end_of(spans, now, zone) is not None


def end_of(spans: Sequence[WeeklySpan], now: datetime, zone: tzinfo) -> datetime | None:
    """Return when the span around `now` ends, with those that follow without a pause; None outside.

    Spans that never pause end after a week.
    """
    end: datetime | None = None
    occurrences = sorted(_occurrences(spans, now, zone))
    for start, stop in occurrences:
        if start <= (end or now) < stop:
            end = stop
    return end


def next_change(spans: Sequence[WeeklySpan], now: datetime, zone: tzinfo) -> datetime | None:
    """Return when `within` next changes; None where there are no spans."""
    if end := end_of(spans, now, zone):
        return end
    return min((start for start, _ in _occurrences(spans, now, zone) if start > now), default=None)


def _occurrences(
    spans: Sequence[WeeklySpan], now: datetime, zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end of what begins from the day before `now` to a week after it."""
    today = now.astimezone(zone).date()
    for offset in range(-1, len(DAYS) + 1):
        day = today + timedelta(days=offset)
        yield from (span.on(day, zone) for span in spans if day.weekday() in span.days)


def _minute(text: str, hours: str, minutes: str) -> int:
    minute = int(hours) * 60 + int(minutes)
    if int(minutes) >= 60 or minute > _DAY_MINUTES:
        raise ValueError(f"{text!r}: {hours}:{minutes} is no time of day, 00:00 to 24:00")
    return minute


def _days(text: str, names: str | None) -> frozenset[int]:
    if names is None:
        return frozenset(range(len(DAYS)))
    days: set[int] = set()
    for part in names.split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"{text!r}: {part!r} is no day; write {', '.join(DAYS)} or a range as mon-fri")
        begin, length = DAYS.index(first), (DAYS.index(last or first) - DAYS.index(first)) % len(DAYS) + 1
        days |= {(begin + step) % len(DAYS) for step in range(length)}
    return frozenset(days)
