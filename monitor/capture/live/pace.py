"""Holds back what comes before its time."""

from monitor.clock import Clock

LATE_S = 0.2
"""Later than this, the pictures after it are shifted as well, instead of being hurried to catch up."""

LONGEST_WAIT_S = 1.0
"""No single wait is longer, so that whoever reads stays stoppable."""


class Pace:
    """Lets each moment of a stream pass no earlier than as long after the first as it lies behind it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._start_s: float | None = None

    def wait(self, time_s: float) -> None:
        """Return when the moment `time_s` of the stream is due; at once where it is late."""
        now_s = self._clock.monotonic_s()
        if self._start_s is None or now_s - self._start_s > time_s + LATE_S:
            self._start_s = now_s - time_s
        self._clock.sleep(min(self._start_s + time_s - now_s, LONGEST_WAIT_S))
