"""Time as an argument: the real clock, and one that a test moves by hand."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


def shown_span(time_s: float) -> str:
    """Return a length of time, or a time of a recording, for people: 1:05.3 or 2:01:05.3."""
    minutes, seconds = divmod(round(abs(time_s), 1), 60.0)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{hours}:{minutes:02d}:{seconds:04.1f}" if hours else f"{minutes}:{seconds:04.1f}"
    return f"-{text}" if time_s < 0 else text


class Clock(Protocol):
    """Wall time, steady time and waiting; safe to use from several threads."""

    def wall(self) -> datetime:
        """Return the present time in UTC, with its time zone; may jump when the machine's clock is set."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds since some fixed moment; never goes back, so durations are taken from it."""
        ...

    def sleep(self, duration_s: float, wake: threading.Event | None = None) -> bool:
        """Wait until `duration_s` seconds have passed or `wake` is set; return whether it is set.

        A duration of 0 or less does not wait.
        """
        ...


class SystemClock:
    """The clock of the machine."""

    def wall(self) -> datetime:
        """Return the machine's time in UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return the machine's steady time in seconds."""
        return time.monotonic()

    def sleep(self, duration_s: float, wake: threading.Event | None = None) -> bool:
        """Wait on the machine's clock; see `Clock.sleep`."""
        # Without an event to wait for, one that nobody can set is the same wait.
        return (wake or threading.Event()).wait(max(duration_s, 0.0))


class SimulatedClock:
    """A clock that stands still until something sleeps on it or advances it.

    Sleeping takes no real time: it advances the clock. `slept_s` keeps each duration that was slept.
    """

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_s = 0.0
        self._lock = threading.Lock()
        self.slept_s: list[float] = []

    def wall(self) -> datetime:
        """Return the start time plus all that has passed."""
        return self._start + timedelta(seconds=self._elapsed_s)

    def monotonic_s(self) -> float:
        """Return the seconds that have passed since the start."""
        return self._elapsed_s

    def advance(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass; ValueError below 0, for time never goes back."""
        if duration_s < 0:
            raise ValueError(f"a clock cannot be advanced by {duration_s} s; it goes forward only")
        with self._lock:
            self._elapsed_s += duration_s

    def sleep(self, duration_s: float, wake: threading.Event | None = None) -> bool:
        """Let the time pass at once, unless `wake` is set already; see `Clock.sleep`."""
        if wake is not None and wake.is_set():
            return True
        self.slept_s.append(duration_s)
        self.advance(max(duration_s, 0.0))
        return wake is not None and wake.is_set()
