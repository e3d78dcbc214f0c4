"""Presentation timestamps made into seconds that strictly grow."""

from fractions import Fraction

from monitor.capture.source import Problems

DEFAULT_RATE_HZ = 25.0
"""Assumed where a container states no frame rate at all; FFmpeg assumes the same for raw streams."""

JUMP_BACK_S = 1.0
"""A timestamp this far behind means a clock that was set back; a smaller lag is disorder or a repeat."""


class Timeline:
    """Gives each frame its time in seconds since the first one.

    A missing timestamp is filled from the nominal rate. One that does not grow is moved half a frame
    behind the frame before, so that true times resume soon after; if it lies `JUMP_BACK_S` or more behind,
    the clock was set back and time goes on from here. Both are counted in `problems`.
    """

    def __init__(self, time_base: Fraction, rate_hz: float | None, problems: Problems) -> None:
        self.time_base_s = float(time_base)
        self.step_s = 1 / (rate_hz or DEFAULT_RATE_HZ)
        self._problems = problems
        self._origin_s: float | None = None
        self._last_s: float | None = None

    def begin(self, timestamp: int) -> None:
        """Make the given timestamp time zero, where reading does not start with the first frame."""
        self._origin_s = timestamp * self.time_base_s

    def place(self, timestamp: int | None) -> float:
        """Return the time of the next frame, given its timestamp in units of the time base or None."""
        time_s = self._expected_s() if timestamp is None else self._stated_s(timestamp)
        if timestamp is None:
            self._problems.missing_timestamps += 1
        self._last_s = time_s
        return time_s

    def _expected_s(self) -> float:
        return 0.0 if self._last_s is None else self._last_s + self.step_s

    def _stated_s(self, timestamp: int) -> float:
        stated_s = timestamp * self.time_base_s
        if self._origin_s is None:
            self._origin_s = stated_s - self._expected_s()
        time_s = stated_s - self._origin_s
        if self._last_s is None or time_s > self._last_s:
            return time_s
        self._problems.disordered_timestamps += 1
        if self._last_s - time_s < JUMP_BACK_S:
            return self._last_s + self.step_s / 2
        self._origin_s = stated_s - self._expected_s()
        return self._expected_s()
