"""A lamp, relay or buzzer at a pin of a Raspberry Pi."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from monitor.alerts.channel import Channel, DeliveryError, OpenEvent, require
from monitor.alerts.outbox import StoredAlert
from monitor.clock import Clock

TRIAL_S = 1.0
"""Long enough to see a lamp or to hear a relay."""


class Gpio(Channel):
    """Switches a pin on for `hold_s` after an alert, or while an event is open that this channel tells.

    Off at the end, whatever happens. `pin_factory` is gpiozero's; None takes the machine's own.
    """

    def __init__(
        self,
        name: str,
        pin: int,
        clock: Clock,
        *,
        active_high: bool = True,
        hold_s: float | None = None,
        pin_factory: Any = None,
    ) -> None:
        super().__init__(name)
        require("gpiozero", "gpio", name)
        self._pin = pin
        self._clock = clock
        self._active_high = active_high
        self._hold_s = hold_s
        self._factory = pin_factory
        self._device: Any = None
        self._off_at_s: float | None = None

    def start(self, ready: Callable[[], None]) -> None:
        """Take the pin, so that it is off from the beginning; one that is not there fails at each alert."""
        try:
            self._output()
        except DeliveryError:
            return

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Switch on for what is left of the time, as counted from the newest alert."""
        output = self._output()
        if self._hold_s is None:
            return
        age_s = (self._clock.wall() - alerts[-1].created).total_seconds()
        if age_s >= self._hold_s:
            raise DeliveryError(
                f"too late for a light of {self._hold_s:g} s: {age_s:.0f} s old", refused=True
            )
        self._off_at_s = self._clock.monotonic_s() + self._hold_s - max(age_s, 0.0)
        output.on()

    def follow(self, events: Sequence[OpenEvent]) -> None:
        """Be on while an event is open, where no time is set."""
        if self._hold_s is not None:
            return
        try:
            output = self._output()
        except DeliveryError:
            return  # `deliver` tells it
        if any(event.alerted for event in events):
            output.on()
        else:
            output.off()

    def tick(self) -> float | None:
        """Switch off when the time is over."""
        if self._off_at_s is None:
            return None
        left_s = self._off_at_s - self._clock.monotonic_s()
        if left_s > 0:
            return left_s
        self._off_at_s = None
        self._output().off()
        return None

    def trial(self, alert: StoredAlert) -> None:
        """Switch on for a second."""
        output = self._output()
        output.on()
        self._clock.sleep(TRIAL_S)
        output.off()

    def close(self) -> None:
        """Switch off and let go of the pin."""
        device, self._device = self._device, None
        if device is not None:
            device.off()
            device.close()

    def _output(self) -> Any:
        if self._device is None:
            gpiozero = import_module("gpiozero")  # has no types
            try:
                self._device = gpiozero.OutputDevice(
                    self._pin, active_high=self._active_high, pin_factory=self._factory
                )
            except Exception as error:  # each pin library has errors of its own
                raise DeliveryError(
                    f"GPIO {self._pin} cannot be used: {error}; it needs a Raspberry Pi with lgpio"
                ) from None
        return self._device
