"""A pin of gpiozero's mock."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts import channel as channels
from monitor.alerts.channel import DeliveryError, OpenEvent
from monitor.alerts.gpio import Gpio
from monitor.clock import SimulatedClock
from monitor.errors import MissingPackageError
from tests.alerts.given import NOW, stored

PIN = 17


@pytest.fixture
def factory() -> Iterator[Any]:
    mock = pytest.importorskip("gpiozero.pins.mock", reason="gpiozero is not installed")
    factory = mock.MockFactory()
    yield factory
    factory.reset()


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


def lamp(factory: Any, clock: SimulatedClock, **options: Any) -> Gpio:
    gpio = Gpio("lamp", PIN, clock, pin_factory=factory, **options)
    gpio.start(lambda: None)
    return gpio


def is_high(factory: Any) -> bool:
    return bool(factory.pin(PIN).state)


def event(number: int, alerted: bool = True) -> OpenEvent:
    return OpenEvent(f"e{number}", "driveway", "motion", alerted)


def test_it_is_on_for_its_time_after_an_alert(factory: Any, clock: SimulatedClock) -> None:
    gpio = lamp(factory, clock, hold_s=30.0)
    assert not is_high(factory)
    gpio.deliver([stored(1)])
    assert is_high(factory)
    assert gpio.tick() == 30.0
    clock.advance(29.9)
    gpio.tick()
    assert is_high(factory)
    clock.advance(0.1)
    assert gpio.tick() is None
    assert not is_high(factory)


def test_another_alert_keeps_it_on(factory: Any, clock: SimulatedClock) -> None:
    gpio = lamp(factory, clock, hold_s=30.0)
    gpio.deliver([stored(1)])
    clock.advance(20)
    gpio.deliver([stored(2, at=NOW + timedelta(seconds=20))])
    clock.advance(20)
    assert gpio.tick() == 10.0
    assert is_high(factory)


def test_an_old_alert_switches_nothing(factory: Any, clock: SimulatedClock) -> None:
    gpio = lamp(factory, clock, hold_s=30.0)
    clock.advance(10)
    gpio.deliver([stored(1)])
    assert gpio.tick() == 20.0
    clock.advance(30)
    gpio.tick()
    with pytest.raises(DeliveryError, match="40 s old") as caught:
        gpio.deliver([stored(1)])
    assert caught.value.refused
    assert not is_high(factory)


def test_it_is_on_while_an_event_is_open(factory: Any, clock: SimulatedClock) -> None:
    gpio = lamp(factory, clock)
    gpio.deliver([stored(1)])
    states = []
    for open_now in ((), (event(1),), (event(1), event(2)), (event(2),), (event(3, alerted=False),), ()):
        gpio.follow(open_now)
        states.append(is_high(factory))
    assert states == [False, True, True, True, False, False]


def test_a_board_that_closes_on_low_is_high_while_off(factory: Any, clock: SimulatedClock) -> None:
    gpio = lamp(factory, clock, active_high=False)
    assert is_high(factory)
    gpio.follow([event(1)])
    assert not is_high(factory)


def test_it_is_off_at_the_end(factory: Any, clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    gpio = lamp(factory, clock)
    gpio.follow([event(1)])
    pin = factory.pin(PIN)
    seen: list[bool] = []
    monkeypatch.setattr(type(pin), "_set_state", lambda self, value: seen.append(bool(value)))
    gpio.close()
    gpio.close()
    assert seen[-1:] == [False]


def test_a_trial_shows_it_for_a_second(factory: Any, clock: SimulatedClock) -> None:
    lamp(factory, clock).trial(stored(1))
    assert clock.slept_s == [1.0]
    assert not is_high(factory)


def test_a_pin_that_cannot_be_used_is_told(clock: SimulatedClock) -> None:
    pytest.importorskip("gpiozero", reason="gpiozero is not installed")

    class Broken:
        def __getattr__(self, name: str) -> Any:
            raise OSError("no such chip")

    with pytest.raises(DeliveryError, match="GPIO 17 cannot be used: no such chip"):
        Gpio("lamp", PIN, clock, pin_factory=Broken()).deliver([stored(1)])


def test_without_the_package_its_command_is_told(
    clock: SimulatedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=r"lamp needs .* gpiozero: pip install '.*\[gpio\]'"):
        Gpio("lamp", PIN, clock)
