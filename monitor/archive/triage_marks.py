"""From what stands out to the spans that are decoded, with margins; pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.capture.spans import Span

_EXPLAINS_S = 1.0
"""Packets that stand out as near as this to a key frame are of what it shows: their windows reach back."""


@dataclass(frozen=True, slots=True)
class Margins:
    """What is decoded around what stands out, in seconds.

    `before_s` and `after_s` go with every mark, `stays_s` comes after what only a key frame shows: it may
    be something that stays. Spans that are less than `join_s` apart are one: to start anew costs more.
    """

    before_s: float
    after_s: float
    stays_s: float
    join_s: float = 6.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A span in which something stands out, in seconds."""

    start_s: float
    end_s: float


def spans_of(
    by_size: Sequence[Mark], looks_s: Sequence[float], seen_s: Iterable[float], end_s: float, margins: Margins
) -> list[Mark]:
    """Return what is to be decoded, in order and apart, within 0 to `end_s`.

    `by_size` are the marks of packets, `looks_s` the times of the key frames that were looked at, in order,
    and `seen_s` those that showed something. Where packets stand out at such a look they say from when to
    when it is to be seen. Where they do not, it came after the look before and goes before the look after.
    """
    runs = joined(by_size, end_s, margins.join_s)
    found = [Mark(run.start_s - margins.before_s, run.end_s + margins.after_s) for run in runs]
    for time_s in seen_s:
        if any(run.start_s - _EXPLAINS_S <= time_s <= run.end_s + _EXPLAINS_S for run in runs):
            continue
        at = bisect_left(looks_s, time_s)
        before_s = looks_s[at - 1] if at > 0 else 0.0
        after_s = looks_s[at + 1] if at + 1 < len(looks_s) else end_s
        found.append(Mark(before_s - margins.before_s, after_s + margins.stays_s))
    return joined(found, end_s, margins.join_s)


def joined(marks: Iterable[Mark], end_s: float, join_s: float) -> list[Mark]:
    """Return the marks cut to 0 to `end_s`, those that overlap or nearly touch as one."""
    merged: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start_s):
        start, end = max(mark.start_s, 0.0), min(mark.end_s, end_s)
        if merged and start - merged[-1].end_s < join_s:
            merged[-1] = Mark(merged[-1].start_s, max(merged[-1].end_s, end))
        elif start < end:
            merged.append(Mark(start, end))
    return merged


def placed(marks: Iterable[Mark], times_s: Sequence[float], warm_up_s: float = 0.0) -> tuple[Span, ...]:
    """Return the marks as spans of a recording whose frames are shown at these times, in order."""

    def span_of(mark: Mark) -> Span:
        warm_s = max(mark.start_s - warm_up_s, 0.0)
        return Span(warm_s, mark.start_s, mark.end_s, bisect_left(times_s, warm_s))

    return tuple(span_of(mark) for mark in marks)


def decoded_count(spans: Iterable[Span], times_s: Sequence[float], keys_s: Sequence[float]) -> int:
    """Return how many frames must be decoded for these spans: each begins at a key frame before it."""
    count, done_s = 0, -math.inf
    for span in spans:
        key = bisect_right(keys_s, span.warm_s) - 1
        from_s = max(keys_s[key] if key >= 0 else 0.0, done_s)
        count += bisect_right(times_s, span.end_s) - bisect_left(times_s, from_s)
        done_s = span.end_s
    return count
