"""What this process uses of the machine."""

import time
from collections import deque
from collections.abc import Callable

from monitor.clock import Clock

WINDOW_S = 10.0
"""The share is that of the last ten seconds: shorter, and every key frame would be a peak."""


class Usage:
    """The share of one processor that this process used of late; `used_s` gives all that it has used."""

    def __init__(self, clock: Clock, used_s: Callable[[], float] = time.process_time) -> None:
        self._clock = clock
        self._used_s = used_s
        self._looks: deque[tuple[float, float]] = deque()

    def look(self) -> None:
        """Take note of the present; to be called about once a second."""
        now_s = self._clock.monotonic_s()
        self._looks.append((now_s, self._used_s()))
        while now_s - self._looks[0][0] > WINDOW_S:
            self._looks.popleft()

    def forget(self) -> None:
        """Count anew: what was used before says nothing of what comes."""
        self._looks.clear()

    @property
    def span_s(self) -> float:
        """The time over which the share is known."""
        return self._looks[-1][0] - self._looks[0][0] if self._looks else 0.0

    @property
    def fraction(self) -> float | None:
        """The share, 1 for one whole processor; None where it is not known yet."""
        if self.span_s <= 0:
            return None
        return (self._looks[-1][1] - self._looks[0][1]) / self.span_s
