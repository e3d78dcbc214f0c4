"""Signs of life."""

from typing import Literal

import pytest

from monitor.alerts.heartbeat import Heartbeat
from monitor.clock import SimulatedClock
from monitor.events.event import Phase
from monitor.settings.secrets import Secret
from tests.alerts.given import alerts_with, record
from tests.alerts.receiver import Receiver


class State:
    healthy = True


def heartbeat(
    receiver: Receiver,
    clock: SimulatedClock,
    state: State | None = None,
    method: Literal["GET", "POST"] = "GET",
) -> Heartbeat:
    url, asked = Secret(f"{receiver.url}/ping/t0ken"), state or State()
    return Heartbeat(
        "watchdog", url, clock, lambda: asked.healthy, method=method, interval_s=300.0, timeout_s=5.0
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_sign_of_life_comes_at_once_and_then_at_its_times(
    method: Literal["GET", "POST"], receiver: Receiver
) -> None:
    clock = SimulatedClock()
    beat = heartbeat(receiver, clock, method=method)
    assert beat.tick() == 300.0
    clock.advance(299)
    assert beat.tick() == 1.0
    assert len(receiver.requests) == 1
    clock.advance(1)
    beat.tick()
    assert [(request.method, request.path) for request in receiver.requests] == [(method, "/ping/t0ken")] * 2


def test_what_is_not_healthy_gives_no_sign_of_life(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    clock, state = SimulatedClock(), State()
    state.healthy = False
    beat = heartbeat(receiver, clock, state)
    for _ in range(10):
        clock.advance(beat.tick() or 0.0)
    assert receiver.requests == []
    assert caplog.text.count("not healthy: signs of life stop") == 1
    state.healthy = True
    beat.tick()
    assert len(receiver.requests) == 1


def test_one_that_failed_comes_again_soon_and_is_logged_once(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SimulatedClock()
    beat = heartbeat(receiver, clock)
    receiver.answers = [(500, {}), (500, {})]
    waits = []
    for _ in range(3):
        waits.append(beat.tick() or 0.0)
        clock.advance(waits[-1])
    assert waits == [30.0, 30.0, 300.0]
    assert caplog.text.count("answered 500") == 1
    assert "t0ken" not in caplog.text


def test_no_alert_goes_through_it(receiver: Receiver) -> None:
    clock = SimulatedClock()
    state = State()
    alerts, _ = alerts_with(heartbeat(receiver, clock, state), clock=clock)
    alerts.start()
    alerts.take(Phase.OPENED, record(1))
    assert receiver.wait_for(1)
    alerts.close()
    assert {request.body for request in receiver.requests} == {b""}
