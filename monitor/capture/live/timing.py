"""The times of a connection made into those of the reader, which go on across all connections."""

from dataclasses import dataclass

from monitor.clock import Clock

WINDOW_S = 10.0
"""Lags are judged by the least one in such a span: pictures come late in bunches, but never too early."""

DRIFT_S = 0.5
"""A lasting lag beyond this is drift of the camera's clock; below, the network's own delays are as large."""

MEND_S = 30.0
"""Drift is mended in this time, so that speeds are hardly wrong meanwhile (0.5 s: by 2 %)."""

MOST_MENDING = 0.5
"""Time never runs slower or faster than by this share, however wrong the camera's clock goes."""

JUMP_S = 5.0
"""A lasting lag beyond this is not mended but leapt over: it would take minutes."""

STEP_S = 0.001
"""The least step from the last picture of a connection to the first of the next."""


class ReaderTime:
    """Seconds since a zero on the steady clock, which nobody can set; zero is the first call unless given."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._zero_s: float | None = None

    def begin(self, zero_s: float) -> None:
        """Make the steady clock's `zero_s` the zero, unless there is one already."""
        if self._zero_s is None:
            self._zero_s = zero_s

    def now_s(self) -> float:
        """Return the seconds since zero."""
        now_s = self.clock.monotonic_s()
        self.begin(now_s)
        assert self._zero_s is not None
        return now_s - self._zero_s


@dataclass(frozen=True, slots=True)
class _Piece:
    """From `source_s` on, reader time is `reader_s` plus what has passed since, times `pace`."""

    source_s: float
    reader_s: float
    pace: float = 1.0

    def at(self, source_s: float) -> float:
        return self.reader_s + (source_s - self.source_s) * (self.pace if source_s > self.source_s else 1.0)


class ConnectionTimes:
    """Places the pictures of one connection on the reader's time, which is steady.

    The distances between pictures are those of the stream; the first picture is placed at its arrival,
    after `after_s`, the time of the last picture before. Where the stream's clock drifts from the machine's
    steady one, the pace is changed a little until both agree; where they are `JUMP_S` apart, time leaps.
    Times grow as the source's do.
    """

    def __init__(self, after_s: float | None) -> None:
        self._after_s = after_s
        self._pieces: list[_Piece] = []
        self._least_lag_s = float("inf")
        self._window_ends_s = 0.0

    def arrived(self, source_s: float, now_s: float) -> None:
        """Take note of when something arrived; `now_s` is the steady time since the reader's zero."""
        if not self._pieces:
            earliest_s = now_s if self._after_s is None else max(now_s, self._after_s + STEP_S)
            self._begin(_Piece(source_s, earliest_s), now_s)
            return
        self._least_lag_s = min(self._least_lag_s, now_s - self.place(source_s))
        if now_s >= self._window_ends_s:
            self._mend(source_s, now_s)

    def place(self, source_s: float) -> float:
        """Return the reader's time of what the source gave at `source_s`; something must have arrived."""
        older, newer = self._pieces[0], self._pieces[-1]
        return (newer if source_s >= newer.source_s else older).at(source_s)

    def _mend(self, source_s: float, now_s: float) -> None:
        lag_s, reader_s = self._least_lag_s, self.place(source_s)
        if lag_s > JUMP_S:
            self._begin(_Piece(source_s, reader_s + lag_s), now_s)
        elif abs(lag_s) > DRIFT_S:
            mending = max(-MOST_MENDING, min(MOST_MENDING, lag_s / MEND_S))
            self._begin(_Piece(source_s, reader_s, 1 + mending), now_s)
        else:
            self._begin(_Piece(source_s, reader_s), now_s)

    def _begin(self, piece: _Piece, now_s: float) -> None:
        # Pictures come out of the decoder after their packets, so the piece before is needed for a while.
        self._pieces = [*self._pieces[-1:], piece]
        self._least_lag_s = float("inf")
        self._window_ends_s = now_s + WINDOW_S
