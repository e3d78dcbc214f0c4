"""The thread of one channel."""

import logging
import threading

from monitor.alerts.channel import OpenEvent
from monitor.alerts.lane import Lane
from monitor.alerts.outbox import StoredAlert
from monitor.clock import Clock

log = logging.getLogger(__name__)

LONGEST_SLEEP_S = 60.0
"""The machine's clock may be set while the thread sleeps; times of day are looked at again this often."""

RESTART_S = 30.0
"""A channel with a fault starts anew after this; sooner would flood the log."""

JOIN_S = 10.0
"""Longest wait for threads that were told to end; a library that hangs is left behind, and that is logged.

paho needs up to 5 s to see that a host does not answer.
"""


class Worker:
    """Runs a lane in a thread of its own, so that a slow channel delays no other.

    `put` and `show` hand over at once and may be called from any thread.
    """

    def __init__(self, lane: Lane, clock: Clock) -> None:
        self.lane = lane
        self._clock = clock
        self._wake = threading.Event()
        self._finishing = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"alert-{lane.channel.name}", daemon=True)

    def start(self) -> None:
        """Start the channel and its thread."""
        self._thread.start()

    def put(self, alert: StoredAlert) -> None:
        """Hand over a stored alert."""
        self.lane.put(alert)
        self._wake.set()

    def show(self, events: tuple[OpenEvent, ...]) -> None:
        """Hand over what is happening now."""
        self.lane.show(events)
        self._wake.set()

    def wake(self) -> None:
        """Have the channel look at the time and at what may have changed."""
        self._wake.set()

    def finish(self) -> None:
        """Have the thread end when nothing more can be delivered at once; returns without waiting."""
        self._finishing.set()
        self._wake.set()

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of the thread, after `finish`; return whether it came."""
        if self._thread.ident is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Have the thread end now, also in the middle of a delivery; what is left stays in the store."""
        self._stop.set()
        self._wake.set()
        self.lane.channel.interrupt()

    def _run(self) -> None:
        channel = self.lane.channel
        while not self._stop.is_set():
            try:
                channel.start(self._ready)
                self._loop()
                break
            except Exception:
                log.exception("alert channel %s failed unexpectedly and is started anew", channel.name)
                if self._finishing.is_set():
                    break
                self._clock.sleep(RESTART_S, self._stop)
        channel.close()

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            wait_s = self.lane.step()
            if wait_s is not None and wait_s <= 0:
                continue
            if self._finishing.is_set():
                return
            if wait_s is None:
                self._wake.wait()
            else:
                self._clock.sleep(min(wait_s, LONGEST_SLEEP_S), self._wake)

    def _ready(self) -> None:
        self.lane.hurry()
        self._wake.set()
