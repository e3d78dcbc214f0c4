"""Hysteresis in seconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.events.gate import Gate, Turn

repeatable = settings(derandomize=True, deadline=None)

LOOKS = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.04, 0.1, 0.5, 3.0])), max_size=60)
"""Whether the condition holds, and the time since the look before."""

LIMITS_S = st.sampled_from([0.0, 0.3, 1.0])


def turns(gate: Gate, holds_from_s: float, holds_to_s: float, until_s: float, rate_hz: float) -> list[float]:
    """Return the times at which the gate turned while a condition held for one span."""
    times = [index / rate_hz for index in range(round(until_s * rate_hz))]
    return [t for t in times if gate.look(holds_from_s <= t < holds_to_s, t) is not Turn.NONE]


@repeatable
@given(LOOKS, LIMITS_S, LIMITS_S)
def test_it_opens_and_closes_in_turn(looks: list[tuple[bool, float]], after_s: float, close_s: float) -> None:
    gate, now_s, seen = Gate(open_after_s=after_s, close_after_s=close_s), 0.0, []
    for holds, elapsed_s in looks:
        now_s += elapsed_s
        was_open, turn = gate.is_open, gate.look(holds, now_s)
        assert gate.is_open == {Turn.OPENED: True, Turn.CLOSED: False, Turn.NONE: was_open}[turn]
        seen += [turn] if turn is not Turn.NONE else []
    assert seen == [Turn.OPENED, Turn.CLOSED] * (len(seen) // 2) + [Turn.OPENED] * (len(seen) % 2)


@repeatable
@given(LOOKS, LIMITS_S, LIMITS_S)
def test_it_opens_only_after_the_condition_has_held_long_enough(
    looks: list[tuple[bool, float]], after_s: float, close_s: float
) -> None:
    gate, now_s = Gate(open_after_s=after_s, close_after_s=close_s), 0.0
    held_since_s: float | None = None
    for holds, elapsed_s in looks:
        now_s += elapsed_s
        held_since_s = (now_s if held_since_s is None else held_since_s) if holds else None
        if gate.look(holds, now_s) is Turn.OPENED:
            assert held_since_s is not None
            assert gate.since_s == held_since_s
            assert now_s - held_since_s >= after_s


@repeatable
@given(LOOKS, LIMITS_S, LIMITS_S)
def test_it_closes_only_after_the_condition_was_gone_long_enough(
    looks: list[tuple[bool, float]], after_s: float, close_s: float
) -> None:
    gate, now_s, last_held_s = Gate(open_after_s=after_s, close_after_s=close_s), 0.0, 0.0
    for holds, elapsed_s in looks:
        now_s += elapsed_s
        last_held_s = now_s if holds else last_held_s
        if gate.look(holds, now_s) is Turn.CLOSED:
            assert not holds
            assert gate.until_s == last_held_s
            assert now_s - last_held_s >= close_s


@repeatable
@given(st.floats(0.0, 2.0), st.floats(0.8, 3.0), st.sampled_from([5.0, 12.5, 25.0, 60.0]))
def test_the_rate_of_looks_changes_the_times_by_a_look_or_two(
    start_s: float, length_s: float, rate_hz: float
) -> None:
    slow, fast = (
        turns(Gate(open_after_s=0.3, close_after_s=0.5), start_s, start_s + length_s, 7.0, rate)
        for rate in (rate_hz, 1000.0)
    )
    # Both the first sight and the limit are met up to one look late.
    assert slow == pytest.approx(fast, abs=2 / rate_hz + 0.002)
    assert len(slow) == 2


def test_a_short_condition_opens_nothing() -> None:
    assert turns(Gate(open_after_s=0.5, close_after_s=0.5), 1.0, 1.4, 5.0, 25.0) == []


def test_a_short_absence_closes_nothing() -> None:
    gate = Gate(open_after_s=0.0, close_after_s=1.0)
    assert [gate.look(holds, t) for holds, t in ((True, 0.0), (False, 0.5), (True, 0.9), (False, 1.8))] == [
        Turn.OPENED,
        Turn.NONE,
        Turn.NONE,
        Turn.NONE,
    ]


def test_a_new_condition_begins_anew() -> None:
    gate = Gate(open_after_s=0.5, close_after_s=0.5)
    for holds, time_s in ((True, 0.0), (False, 0.4), (True, 0.6)):
        gate.look(holds, time_s)
    assert gate.since_s == 0.6
