"""A sign of life: while it comes, somebody else knows that the monitor watches; when it stays away, too."""

import logging
from collections.abc import Callable, Sequence
from typing import Literal

from monitor.alerts.channel import Channel, DeliveryError
from monitor.alerts.http import Http
from monitor.alerts.outbox import StoredAlert
from monitor.clock import Clock
from monitor.settings.secrets import Secret

log = logging.getLogger(__name__)

RETRY_S = 30.0
"""A call that failed is tried again this soon: one lost packet must raise no alarm."""


class Beat:
    """Says when a sign of life is due: every `interval_s` while `healthy` says so; the first one at once."""

    def __init__(self, interval_s: float, healthy: Callable[[], bool], clock: Clock) -> None:
        self._interval_s = interval_s
        self._healthy = healthy
        self._clock = clock
        self._due_s = clock.monotonic_s()
        self._was_healthy = True

    @property
    def wait_s(self) -> float:
        """Seconds until the next is due, 0 or less now."""
        return self._due_s - self._clock.monotonic_s()

    def is_wanted(self) -> bool:
        """Return whether one is due and the monitor healthy; where it is not, ask again after a while."""
        if self.wait_s > 0:
            return False
        is_healthy = self._healthy()
        if is_healthy != self._was_healthy:
            log.warning(
                "the monitor is %shealthy: signs of life %s",
                *(("", "go on") if is_healthy else ("not ", "stop")),
            )
        self._was_healthy = is_healthy
        if not is_healthy:
            self.again()
        return is_healthy

    def done(self) -> None:
        """Note that one was given."""
        self._due_s = self._clock.monotonic_s() + self._interval_s

    def again(self) -> None:
        """Note that one could not be given."""
        self._due_s = self._clock.monotonic_s() + min(RETRY_S, self._interval_s)


class Heartbeat(Channel):
    """Calls an address while the monitor is healthy."""

    takes_alerts = False

    def __init__(
        self,
        name: str,
        url: Secret,
        clock: Clock,
        healthy: Callable[[], bool],
        *,
        method: Literal["GET", "POST"],
        interval_s: float,
        timeout_s: float,
    ) -> None:
        super().__init__(name)
        self._url = url
        self._method = method
        self._http = Http(timeout_s, clock.wall)
        self._beat = Beat(interval_s, healthy, clock)
        self._is_failing = False

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Give a sign of life now; the alerts themselves are none of its business."""
        self._http.send(self._method, self._url.reveal(), {"User-Agent": "motion-change-monitor"})

    def tick(self) -> float | None:
        """Give a sign of life if one is due."""
        if self._beat.is_wanted():
            try:
                self.deliver(())
            except DeliveryError as error:
                if not self._is_failing:
                    log.warning("sign of life %s: %s", self.name, error)
                self._is_failing = True
                self._beat.again()
            else:
                self._is_failing = False
                self._beat.done()
        return max(self._beat.wait_s, 0.0)

    def interrupt(self) -> None:
        """End a call that is under way."""
        self._http.interrupt()
