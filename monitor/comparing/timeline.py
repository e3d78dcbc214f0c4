"""The pictures of two videos paired in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.frames import Frame

_SAME_RATE = 0.1
"""Rates that differ by less than this share are one: a picture without a partner is missing, not unneeded."""

_HALF = 0.501
"""Two pictures belong together up to half an interval apart; times are rounded to the container's ticks."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Two pictures of one moment, or one that has no partner; `time_s` counts as A's does."""

    a: Frame | None
    b: Frame | None
    time_s: float


def matched_by_time(
    a: Iterable[Frame], b: Iterable[Frame], rates_hz: tuple[float, float], offset_s: float
) -> Iterator[Match]:
    """Yield the pictures in order, each with the one nearest in time; `offset_s` is added to B's times.

    At one rate each picture has one partner or none. At two rates each picture of the slower video gets the
    nearest of the faster, of which the others are left out.
    """
    if is_one_rate(rates_hz):
        return _one_to_one(iter(a), iter(b), _HALF / max(rates_hz), offset_s)
    reach_s = 1 / min(rates_hz)
    if rates_hz[0] < rates_hz[1]:
        return _nearest(iter(a), iter(b), reach_s, offset_s)
    turned = _nearest(iter(b), iter(a), reach_s, -offset_s)
    return (Match(match.b, match.a, match.time_s + offset_s) for match in turned)


def is_one_rate(rates_hz: tuple[float, float]) -> bool:
    """Return whether two rates are so near that each picture has a partner."""
    return min(rates_hz) > (1 - _SAME_RATE) * max(rates_hz)


def _one_to_one(a: Iterator[Frame], b: Iterator[Frame], reach_s: float, offset_s: float) -> Iterator[Match]:
    x, y = next(a, None), next(b, None)
    while x is not None or y is not None:
        ahead_s = _ahead_s(x, y, offset_s)
        has_a, has_b = x is not None and ahead_s <= reach_s, y is not None and ahead_s >= -reach_s
        yield _match(x if has_a else None, y if has_b else None, offset_s)
        x = next(a, None) if has_a else x
        y = next(b, None) if has_b else y


def _ahead_s(x: Frame | None, y: Frame | None, offset_s: float) -> float:
    """Return by how much A's next picture is later than B's; without end where there is none."""
    if x is None:
        return float("inf")
    return x.time_s - (y.time_s + offset_s) if y is not None else float("-inf")


def _match(a: Frame | None, b: Frame | None, offset_s: float) -> Match:
    if a is not None:
        return Match(a, b, a.time_s)
    assert b is not None
    return Match(None, b, b.time_s + offset_s)


def _nearest(
    slow: Iterator[Frame], fast: Iterator[Frame], reach_s: float, offset_s: float
) -> Iterator[Match]:
    near, later = next(fast, None), next(fast, None)
    for frame in slow:
        while later is not None and near is not None and _is_nearer(later, near, frame.time_s - offset_s):
            near, later = later, next(fast, None)
        is_near = near is not None and abs(near.time_s + offset_s - frame.time_s) <= reach_s
        yield Match(frame, near if is_near else None, frame.time_s)


def _is_nearer(one: Frame, other: Frame, time_s: float) -> bool:
    return abs(one.time_s - time_s) < abs(other.time_s - time_s)


Plan = Sequence[tuple[int | None, int | None]]
"""Which pictures belong together, by their numbers in A and B, in order; None where there is no partner."""


def matched_by_plan(a: Iterable[Frame], b: Iterable[Frame], plan: Plan, offset_s: float) -> Iterator[Match]:
    """Yield the pictures as a plan pairs them; it names every picture from the first to the last."""
    first, second = iter(a), iter(b)
    for has_a, has_b in plan:
        x = next(first, None) if has_a is not None else None
        y = next(second, None) if has_b is not None else None
        if x is not None or y is not None:
            yield _match(x, y, offset_s)
