"""What this process uses of the machine."""

import ctypes
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from monitor.clock import Clock

WINDOW_S = 10.0
"""The share is that of the last ten seconds: shorter, and every key frame would be a peak."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_STATM = Path("/proc/self/statm")


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


def memory_bytes() -> int | None:
    """Return the memory that this process holds; None where the system does not tell."""
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except (OSError, ValueError, IndexError):
        return None


def give_back_memory() -> None:
    """Return to the system what is free inside the allocator's heaps; nothing where it cannot be asked to.

    Beside pictures that live for seconds lie small things that live for hours, so that glibc does not do it
    by itself: about 9 MB a camera, in 3 ms.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
