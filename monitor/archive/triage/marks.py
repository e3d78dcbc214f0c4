"""From what stands out to the spans that are decoded, with margins; pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.capture.spans import Span

_EXPLAINS_S = 1.0
"""Packets that stand out as near as this to a key frame are of what it shows: their windows reach back."""

PRIMED_WITH = 5
PRIMED_APART_S = 10.0
"""Key frames, and their least distance, from whose median a background is learnt: what passes unnoticed is in
fewer than half of them."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """Two looks, one after the other, that do not show the same; times in seconds."""

    before_s: float
    time_s: float


def spans_of(runs: Sequence[Mark], changes: Iterable[Change], end_s: float, margins: Margins) -> list[Mark]:
    """Return what is to be decoded, in order and apart, within 0 to `end_s`.

    `runs` are where packets stand out, in order and apart. Where they do so at the later of two looks that
    differ they say all; where they did so between the two, something stays; and where they did not, what
    happened in between is looked for.
    """
    found = [Mark(run.start_s - margins.before_s, run.end_s + margins.after_s) for run in runs]
    for change in changes:
        between = [
            run
            for run in runs
            if run.start_s - _EXPLAINS_S <= change.time_s and run.end_s + _EXPLAINS_S >= change.before_s
        ]
        if not between:
            found.append(Mark(change.before_s - margins.before_s, change.time_s + margins.stays_s))
        elif between[-1].end_s < change.time_s:
            found.append(Mark(between[-1].end_s, change.time_s + margins.stays_s))
    return joined(found, end_s, margins.join_s)


def joined(marks: Iterable[Mark], end_s: float, join_s: float) -> list[Mark]:
    """Return the marks cut to 0 to `end_s`, those that overlap or nearly touch as one."""
    merged: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start_s):
        start, end = max(mark.start_s, 0.0), min(mark.end_s, end_s)
        if merged and start - merged[-1].end_s < join_s:
            merged[-1] = Mark(merged[-1].start_s, max(merged[-1].end_s, end))
        elif start <= end:
            merged.append(Mark(start, end))
    return merged


def quiet_keys(keys_s: Iterable[float], marks: Sequence[Mark]) -> list[float]:
    """Return times of key frames to learn from, in order: outside of what is marked, none too near."""
    found: list[float] = []
    starts_s = [mark.start_s for mark in marks]
    for key_s in keys_s:
        at = bisect_right(starts_s, key_s) - 1
        if at >= 0 and key_s <= marks[at].end_s:
            continue
        if not found or key_s - found[-1] >= PRIMED_APART_S:
            found.append(key_s)
    return found


def placed(
    marks: Iterable[Mark], shown_s: Sequence[float], quiet_s: Sequence[float], warm_up_s: float = 0.0
) -> tuple[Span, ...]:
    """Return the marks as spans of a recording whose frames are shown at these times, in order.

    Each is learnt from the `quiet_s` before it, as in a scan of the whole, and from those after it where
    there are not enough.
    """

    def span_of(mark: Mark) -> Span:
        warm_s = max(mark.start_s - warm_up_s, 0.0)
        at = max(bisect_right(quiet_s, mark.start_s) - PRIMED_WITH, 0)
        primed_s = tuple(quiet_s[at : at + PRIMED_WITH])
        return Span(warm_s, mark.start_s, mark.end_s, bisect_left(shown_s, warm_s), primed_s)

    return tuple(span_of(mark) for mark in marks)


def decoded_count(spans: Iterable[Span], shown_s: Sequence[float], keys_s: Sequence[float]) -> int:
    """Return how many frames must be decoded for these spans: each begins at a key frame before it."""
    count, done_s = 0, -math.inf
    for span in spans:
        key = bisect_right(keys_s, span.warm_s) - 1
        from_s = max(keys_s[key] if key >= 0 else 0.0, done_s)
        count += bisect_right(shown_s, span.end_s) - bisect_left(shown_s, from_s)
        done_s = span.end_s
    return count
