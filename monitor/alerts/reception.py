"""Takes events from the deciding threads at once; another thread decides who is told, and stores it."""

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from monitor.alerts.service import FINISH_S, Alerts
from monitor.events.event import Phase

log = logging.getLogger(__name__)

MOST_WAITING = 1000
"""Calls that wait for a disk that hangs; a camera makes a few in a minute. More is lost, and logged."""


class Reception:
    """`Alerts` behind a bounded queue: `take` and `notice` return at once, whatever the disk does.

    A disk that waits for each write to be safe takes tens of milliseconds for an alert, longer under load;
    frames must not wait for that. May be used from any thread.
    """

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._calls: queue.Queue[Callable[[], None] | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="alerts", daemon=True)

    def start(self) -> None:
        """Start every channel, with what waits from before."""
        self._alerts.start()
        self._thread.start()

    def take(self, phase: Phase, record: Mapping[str, Any], snapshot: Path | None = None) -> None:
        """Tell of an event that opened, changed or closed; see `Alerts.take`."""
        self._hand_over(lambda: self._alerts.take(phase, record, snapshot))

    def notice(self, title: str, message: str, source: str = "") -> None:
        """Tell what the program has to say of itself; see `Alerts.notice`."""
        self._hand_over(lambda: self._alerts.notice(title, message, source))

    def counts(self, source: str) -> tuple[int, int]:
        """Return how many alerts of a source were delivered, and how many tries were not."""
        return self._alerts.counts(source)

    def close(self, finish_s: float = FINISH_S) -> None:
        """Take what was handed over, deliver what can be, and end every thread; safe to call twice."""
        if self._thread.is_alive():
            self._calls.put(None)
            self._thread.join(finish_s)
        self._alerts.close(finish_s)

    def _hand_over(self, call: Callable[[], None]) -> None:
        try:
            self._calls.put_nowait(call)
        except queue.Full:
            log.error("an alert is lost: %d wait for the disk already", MOST_WAITING)

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                call()
            except Exception:
                # One event with a fault must not silence those that follow.
                log.exception("an alert is lost to a fault of the program")
