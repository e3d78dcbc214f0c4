"""The real clock keeps its contract, and the simulated one moves only when told to."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from monitor.clock import Clock, SimulatedClock, SystemClock, shown_span

START = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


@pytest.fixture(params=[SystemClock, SimulatedClock], ids=["system", "simulated"])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def test_wall_time_is_utc_and_says_so(clock: Clock) -> None:
    assert clock.wall().utcoffset() == timedelta(0)


def test_steady_time_never_goes_back(clock: Clock) -> None:
    earlier = clock.monotonic_s()
    clock.sleep(0.0)
    assert clock.monotonic_s() >= earlier


def test_a_sleep_without_an_event_ends_unwoken(clock: Clock) -> None:
    assert clock.sleep(0.0) is False


def test_a_negative_sleep_ends_at_once(clock: Clock) -> None:
    assert clock.sleep(-1.0) is False


def test_a_set_event_ends_a_sleep_of_an_hour_at_once(clock: Clock) -> None:
    wake = threading.Event()
    wake.set()
    assert clock.sleep(3600.0, wake) is True


def test_sleeping_on_the_simulated_clock_lets_exactly_that_time_pass() -> None:
    clock = SimulatedClock(START)
    clock.sleep(90.0)
    assert (clock.monotonic_s(), clock.wall()) == (90.0, START + timedelta(seconds=90))


def test_the_simulated_clock_tells_how_long_each_sleep_was() -> None:
    clock = SimulatedClock()
    for duration_s in (1.0, 2.0, 5.0):
        clock.sleep(duration_s)
    assert clock.slept_s == [1.0, 2.0, 5.0]


def test_a_woken_simulated_sleep_takes_no_time() -> None:
    clock, wake = SimulatedClock(), threading.Event()
    wake.set()
    clock.sleep(30.0, wake)
    assert (clock.monotonic_s(), clock.slept_s) == (0.0, [])


def test_the_simulated_clock_stands_still_by_itself() -> None:
    clock = SimulatedClock(START)
    assert clock.wall() == clock.wall() == START


def test_the_simulated_clock_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match="forward only"):
        SimulatedClock().advance(-0.5)


@pytest.mark.parametrize(
    ("time_s", "text"),
    [(0.0, "0:00.0"), (65.3, "1:05.3"), (179.96, "3:00.0"), (3599.97, "1:00:00.0"), (-1.25, "-0:01.2")],
)
def test_a_span_carries_over_when_it_is_rounded(time_s: float, text: str) -> None:
    assert shown_span(time_s) == text
