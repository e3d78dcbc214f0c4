"""How long to wait before a camera is tried again."""

DELAYS_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""A camera that restarts is back within seconds; one without power must not be knocked at all day."""

GOOD_S = 60.0
"""A connection that held this long was good: its end is a new trouble, not more of the old."""


class Backoff:
    """Gives the time to wait after each failure on end, the last one for ever."""

    def __init__(self) -> None:
        self._failures = 0

    def after(self, good_s: float) -> float:
        """Return how long to wait after a connection that gave pictures for `good_s` seconds, 0 for none."""
        if good_s >= GOOD_S:
            self._failures = 0
        delay_s = DELAYS_S[min(self._failures, len(DELAYS_S) - 1)]
        self._failures += 1
        return delay_s
