"""The queue of one channel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.lane import LONGEST_RETRY_S, MOST_IN_MEMORY, Lane, retry_delay_s
from monitor.alerts.memory import MemoryStore
from monitor.alerts.outbox import Outbox, StoredAlert
from monitor.clock import SimulatedClock
from tests.alerts.given import NOW, Fake, down, stored


class Bench:
    """A lane with everything around it."""

    def __init__(self, chance: Callable[[], float] = lambda: 0.5, give_up_s: float = 172800.0) -> None:
        self.clock = SimulatedClock(NOW)
        self.store = MemoryStore()
        self.channel = Fake()
        self.told: list[str] = []
        self.lane = Lane(
            self.channel,
            Outbox(self.store),
            self.clock,
            chance=chance,
            give_up_s=give_up_s,
            tell=self.told.append,
        )

    def put(self, number: int, **values: Any) -> None:
        alert = stored(number, at=self.clock.wall() + timedelta(microseconds=number), **values)
        assert self.store.add(alert)
        self.lane.put(alert)

    def run(self) -> float | None:
        """Step until nothing can be done at once; return the wait."""
        while (wait_s := self.lane.step()) == 0:
            pass
        return wait_s

    def alert(self, number: int) -> StoredAlert:
        return next(a for a in self.store.recent("phone", NOW) if a.id == f"a{number}")


def test_alerts_go_out_in_order_and_are_noted_as_sent() -> None:
    bench = Bench()
    for number in (1, 2, 3):
        bench.put(number)
    assert bench.run() is None
    assert bench.channel.told == ["e1:opened", "e2:opened", "e3:opened"]
    assert (bench.store.waiting(), bench.alert(1).attempts) == (0, 1)


def test_the_wait_doubles_from_5_s_to_10_minutes() -> None:
    assert [retry_delay_s(failures, 0.5) for failures in (1, 2, 3, 7, 8, 5000)] == [5, 10, 20, 320, 600, 600]


def test_chance_moves_the_wait_by_a_fifth_at_most() -> None:
    assert (retry_delay_s(1, 0.0), retry_delay_s(1, 1.0)) == (4.0, 6.0)


def test_what_failed_is_tried_again_and_nothing_overtakes_it() -> None:
    bench = Bench()
    bench.channel.failures = [down(), down()]
    bench.put(1)
    bench.put(2)
    assert bench.run() == 5.0
    assert (bench.alert(1).last_error, bench.alert(1).next_try) == (
        "the server is down",
        NOW + timedelta(seconds=5),
    )
    bench.clock.advance(4.9)
    assert bench.run() == pytest.approx(0.1)
    bench.clock.advance(0.1)
    assert bench.run() == 10.0
    bench.clock.advance(10)
    assert bench.run() is None
    assert bench.channel.told == ["e1:opened", "e2:opened"]
    assert bench.alert(1).attempts == 3


def test_success_forgets_the_failures_before() -> None:
    bench = Bench()
    bench.channel.failures = [down()]
    bench.put(1)
    bench.run()
    bench.clock.advance(5)
    bench.run()
    bench.channel.failures = [down()]
    bench.put(2)
    assert bench.run() == 5.0


def test_a_server_that_asks_for_time_gets_it() -> None:
    bench = Bench()
    bench.channel.failures = [down(retry_after_s=90.0)]
    bench.put(1)
    assert bench.run() == 90.0


def test_a_channel_that_works_again_is_tried_at_once() -> None:
    bench = Bench()
    bench.channel.failures = [down()]
    bench.put(1)
    bench.run()
    bench.lane.hurry()
    assert bench.run() is None
    assert bench.channel.told == ["e1:opened"]


@pytest.mark.logs_errors
def test_what_is_too_old_is_given_up_and_that_is_told() -> None:
    bench = Bench(give_up_s=3600.0)
    bench.put(1)
    bench.clock.advance(1)
    bench.put(2)
    bench.channel.failures = [down() for _ in range(100)]
    while bench.clock.wall() < NOW + timedelta(seconds=3600):
        bench.clock.advance(bench.run() or 0.0)
    bench.clock.advance(LONGEST_RETRY_S)
    bench.run()
    assert (bench.alert(1).state, bench.alert(2).state) == ("given_up", "given_up")
    assert " ".join(bench.told).count("given up: the server is down") == len(bench.told) > 0
    bench.channel.failures.clear()
    bench.put(3)
    bench.lane.hurry()
    bench.run()
    assert bench.channel.told == ["e3:opened"]


def test_what_is_old_at_a_restart_is_tried_once_more() -> None:
    bench = Bench(give_up_s=3600.0)
    bench.put(1)
    bench.clock.advance(7200)
    bench.run()
    assert bench.channel.told == ["e1:opened"]


@pytest.mark.logs_errors
def test_what_the_other_side_will_never_take_does_not_hold_up_the_rest() -> None:
    bench = Bench()
    bench.channel.failures = [down(refused=True)]
    bench.put(1)
    bench.put(2)
    assert bench.run() is None
    assert (bench.alert(1).state, bench.channel.told) == ("given_up", ["e2:opened"])
    assert bench.told == ["1 alert given up: the server is down"]


@pytest.mark.logs_errors
def test_a_lost_notice_is_not_told_by_notices() -> None:
    bench = Bench()
    bench.channel.failures = [down(refused=True)]
    bench.put(1, kind="notice")
    bench.run()
    assert bench.told == []


@pytest.mark.logs_errors
def test_a_fault_in_a_channel_costs_no_alert(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench()
    bench.channel.failures = [KeyError("token")]
    bench.put(1)
    assert bench.run() == 5.0
    assert "Traceback" in caplog.text
    bench.clock.advance(5)
    bench.run()
    assert bench.channel.told == ["e1:opened"]


def test_failures_are_logged_once_and_then_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(chance=lambda: 0.0)
    bench.channel.failures = [down() for _ in range(6)]
    bench.put(1)
    for _ in range(6):
        bench.clock.advance(bench.run() or 0.0)
    bench.run()
    tries = [r.getMessage().split()[4] for r in caplog.records if "try %d failed" in r.msg]
    assert tries == ["1", "5", "6"]  # at 0 s, then not before 60 s have passed: 4, 12, 28, 60, 124 s


def test_what_is_collected_goes_together_when_its_time_has_come() -> None:
    bench = Bench()
    later = NOW + timedelta(seconds=600)
    for number in (1, 2):
        bench.put(number, next_try=later, body={"collected": True})
    assert bench.run() == pytest.approx(600)
    bench.put(3)
    bench.run()
    bench.clock.advance(600)
    assert bench.run() is None
    assert bench.channel.told == ["e3:opened", "e1:opened", "e2:opened"]
    assert bench.channel.batches == [1, 2]
    assert bench.store.waiting() == 0


def test_more_than_goes_into_memory_waits_in_the_store_in_order() -> None:
    bench = Bench()
    count = MOST_IN_MEMORY + 5
    bench.channel.failures = [down()]
    for number in range(count):
        bench.put(number)
    bench.run()
    bench.put(count)
    bench.lane.hurry()
    assert bench.run() is None
    assert bench.channel.told == [f"e{number}:opened" for number in range(count + 1)]


def test_an_alert_that_is_queued_twice_goes_out_once() -> None:
    bench = Bench()
    bench.put(1)
    bench.lane.put(bench.alert(1))
    bench.run()
    assert bench.channel.told == ["e1:opened"]
