"""Where the machine cannot keep up with a camera, fewer pictures are looked at; each step says so."""

from collections.abc import Callable
from itertools import pairwise

from monitor.live.relief import LONGEST_S, PATIENCE_S, WINDOW_S, Relief, told


def shown(relief: Relief, drops_a_s: Callable[[float], float], seconds: int) -> list[tuple[int, float]]:
    """Look once a second; return when the rate changed, and to what."""
    dropped, changes = 0.0, []
    for second in range(1, seconds + 1):
        dropped += drops_a_s(relief.rate_hz)
        if relief.look(int(dropped), float(second)):
            changes.append((second, relief.rate_hz))
    return changes


def test_where_nothing_is_dropped_nothing_changes() -> None:
    assert shown(Relief(15.0, 0.0), lambda rate_hz: 0.0, 600) == []


def test_a_few_drops_are_no_overload() -> None:
    assert shown(Relief(15.0, 0.0), lambda rate_hz: 0.3, 600) == []


def test_the_rate_falls_until_nothing_is_dropped() -> None:
    changes = shown(Relief(15.0, 0.0), lambda rate_hz: max(0.0, rate_hz - 8.0), 100)
    assert changes == [(WINDOW_S, 10.0), (2 * WINDOW_S, 7.5)]


def test_it_does_not_fall_below_what_can_be_followed() -> None:
    assert shown(Relief(15.0, 0.0), lambda rate_hz: 5.0, 600)[-1][1] == 5.0


def test_what_is_set_lower_is_never_raised() -> None:
    assert shown(Relief(4.0, 0.0), lambda rate_hz: 5.0, 600) == []


def test_when_the_machine_is_free_again_all_is_looked_at() -> None:
    relief = Relief(10.0, 0.0)
    assert shown(relief, lambda rate_hz: 5.0, 15) == [(WINDOW_S, 7.5)]
    rates = [relief.rate_hz for second in range(16, 400) if relief.look(50, float(second))]
    assert rates == [10.0]
    assert relief.is_full


def test_more_is_tried_ever_less_often_where_it_is_in_vain() -> None:
    changes = shown(Relief(10.0, 0.0), lambda rate_hz: max(0.0, rate_hz - 8.0), 20_000)
    raised = [second for second, rate_hz in changes if rate_hz == 10.0]
    waits = [later - before for before, later in pairwise(raised)]
    assert waits == sorted(waits)
    assert waits[0] >= 2 * PATIENCE_S
    assert LONGEST_S <= waits[-1] <= LONGEST_S + 3 * WINDOW_S


def test_a_step_says_what_is_found_and_what_helps() -> None:
    relief = Relief(15.0, 0.0)
    shown(relief, lambda rate_hz: 9.0, 10)
    title, text = told(relief, "10 pictures a second")
    assert title == "the machine does not keep up"
    assert "10 pictures a second" in text
    assert "second_address" in text
