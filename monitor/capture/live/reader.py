"""The live reader: frames and gaps of a camera for one consumer, for as long as anybody wants them."""

import logging
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from monitor.capture.coded import CodedTap
from monitor.capture.live.line import Line
from monitor.capture.live.mailbox import MOST, Mailbox
from monitor.capture.live.recordedonly import RecordedOnly
from monitor.capture.live.source import OpenSource, Wanted, always
from monitor.capture.live.timing import ReaderTime
from monitor.capture.source import SourceInfo
from monitor.clock import Clock, SystemClock
from monitor.errors import MonitorError
from monitor.frames import Frame, Gap, Size

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""How often the waiting consumer looks whether the signal is gone, a driver hangs, or it is to stop."""

END_S = 0.5
"""So long closing waits for a thread; one that hangs in its driver longer ends by itself, unheard."""

LEFT_OVER_S = 0.5
"""What lay in buffers when the signal was lost comes at once, as the connection is given up."""

CATCH_UP_S = 2.0
"""So long a source that catches up waits for the consumer at most; then the oldest frames make room."""

RATE_OVER = 50
"""Arrivals from which the rate is told: two seconds at 25 a second."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """How reading goes; None is unknown.

    `frames` came, `dropped` of them were thrown away because the consumer was behind.
    `reconnects` counts connections after the first. `rate_hz` is that of the last two seconds or so, None
    while the signal is lost; `size` that of the last frame. `last_error` is why the signal was last lost.
    `stuck_threads` hang in a driver.
    """

    frames: int
    dropped: int
    reconnects: int
    rate_hz: float | None
    size: Size | None
    last_error: str | None
    info: SourceInfo | None
    is_lost: bool
    stuck_threads: int


class LiveReader:
    """Iterated once, by one consumer, for frames and gaps; ends when stopped, and by nothing else.

    `open_source` makes the source, anew for each connection. Coded pictures go to `tap`; with `recorded` it
    is that source's pictures, while `open_source`'s are analysed. `time_s` counts on the steady clock from
    the first picture, or from the start where a gap came first; it strictly grows across all connections.
    `wall_time` is the machine's clock at the time of the picture.

    Pictures that are not `is_due` are counted and left with the source. The queue is bounded: where the
    consumer is behind, the oldest frame is dropped and counted. After
    `silence_s` without a frame, or at once on an error, a `Gap` without end comes; when pictures are back it
    comes again with its end, before them. A failed connection is tried again after 1, 2, 5, 10, 30 s and
    then every 30 s. A wrong setting or a missing package is raised to the consumer.
    """

    def __init__(
        self,
        open_source: OpenSource,
        *,
        name: str,
        tap: CodedTap | None = None,
        recorded: OpenSource | None = None,
        clock: Clock | None = None,
        silence_s: float = 5.0,
        hang_s: float = 40.0,
    ) -> None:
        self._name = name
        self._clock = clock or SystemClock()
        self._silence_s = silence_s
        self._lock = threading.Condition()
        self._time = ReaderTime(self._clock)
        own_tap = None if recorded is not None else tap
        self._lines = [Line(open_source, self, own_tap, self._time, self._lock, hang_s=hang_s)]
        if recorded is not None:
            taker = RecordedOnly(self.failed, f"{name}, recorded stream")
            self._lines.append(Line(recorded, taker, tap, self._time, self._lock, hang_s=hang_s))
        self._mailbox = Mailbox()
        self._arrivals: deque[float] = deque(maxlen=RATE_OVER)
        self._frames = 0
        self._size: Size | None = None
        self._last_s = 0.0
        self._gap: Gap | None = None
        self._late_since_s: float | None = None
        self._info: SourceInfo | None = None
        self._last_error: str | None = None
        self._error: MonitorError | None = None
        self._stopped = False
        self._is_awaited = False
        self._base = self._next_index = 0
        self.is_due: Wanted = always
        """Which frames are handed on; may be replaced at any time, and is asked in the source's thread."""

    def __enter__(self) -> Self:
        with self._lock:
            self._last_arrival_s = self._started_s = self._clock.monotonic_s()
            for line in self._lines:
                line.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self.stop()
        with self._lock:
            threads = [thread for line in self._lines for thread in line.close()]
        for thread in threads:
            thread.join(END_S)

    def stop(self) -> None:
        """End the iteration within `LOOK_S`, whatever the driver does; may be called from any thread."""
        with self._lock:
            self._stopped = True
            for line in self._lines:
                line.close()
            self._lock.notify_all()

    def __iter__(self) -> Iterator[Frame | Gap]:
        while not self._stopped:
            if (item := self.take()) is not None:
                yield item

    def take(self) -> Frame | Gap | None:
        """Return what comes next; None where nothing came within `LOOK_S`, or it was stopped."""
        with self._lock:
            self._check()
            if not (self._mailbox or self._stopped or self._error):
                self._lock.wait(LOOK_S)
                self._check()
            if self._stopped:
                return None
            if self._mailbox:
                if self._is_awaited:
                    self._lock.notify_all()
                return self._mailbox.take()
            if self._error is not None:
                raise self._error
            return None

    @property
    def statistics(self) -> Statistics:
        """How reading goes at this moment; may be asked for from any thread."""
        with self._lock:
            return Statistics(
                frames=self._frames,
                dropped=self._mailbox.dropped,
                reconnects=max(self._lines[0].connections - 1, 0),
                rate_hz=self._rate_hz(),
                size=self._size,
                last_error=self._last_error,
                info=self._info,
                is_lost=self._gap is not None,
                stuck_threads=sum(line.stuck_threads for line in self._lines),
            )

    def opened(self, info: SourceInfo) -> None:
        """Take note of a new connection; for the line."""
        rate = "unknown rate" if info.rate_hz is None else f"{info.rate_hz:g} frames/s"
        given = f"{info.size.width}x{info.size.height} {info.codec or 'video'}, {rate}"
        log.info("%s: connected to %s: %s", self._name, info.name, given)
        self._info = info
        self._base = max(self._frames, self._next_index)

    def wants(self, time_s: float) -> bool:
        """Count a picture; return whether it is due; for the line."""
        if self._gap is not None:
            return True  # `frame` tells what it is worth
        self._count(time_s)
        return self.is_due(time_s)

    def make_room(self) -> None:
        """Let the consumer catch up with pictures that come all at once; for the line."""
        self._is_awaited = True
        self._lock.wait_for(lambda: len(self._mailbox) < MOST or self._stopped, CATCH_UP_S)
        self._is_awaited = False

    def frame(self, frame: Frame) -> None:
        """Queue a frame; for the line."""
        if self._gap is not None and self._is_left_over(frame):
            return
        if self._gap is not None:
            log.warning("%s: signal is back after %.1f s", self._name, frame.time_s - self._gap.start_s)
            self._mailbox.put(replace(self._gap, end_s=frame.time_s))
            self._gap = None
            self._count(frame.time_s)
        self._size = frame.size
        self._next_index = self._base + frame.index + 1
        self._mailbox.put(replace(frame, index=self._base + frame.index))

    def lost(self, why: str) -> None:
        """Queue a gap, unless there is one; for the line."""
        self._last_error = why
        self._arrivals.clear()
        if self._gap is not None:
            return
        log.warning("%s: signal lost: %s; trying again", self._name, why)
        self._time.begin(self._started_s)
        start_s = self._last_s
        since = timedelta(seconds=self._time.now_s() - start_s)
        self._late_since_s = None
        self._gap = Gap(start_s, None, why, self._clock.wall() - since)
        self._mailbox.put(self._gap)

    def failed(self, error: MonitorError) -> None:
        """Raise the error to the consumer; for the line."""
        self._error = error

    def _count(self, time_s: float) -> None:
        self._last_s = time_s
        self._last_arrival_s = self._clock.monotonic_s()
        self._arrivals.append(self._last_arrival_s)
        self._frames += 1

    def _is_left_over(self, frame: Frame) -> bool:
        """Say whether a picture is from before the gap and no sign that the signal is back.

        Where old pictures go on coming it is: a camera that stood still may stay late.
        """
        if self._time.now_s() - frame.time_s <= self._silence_s:
            return False
        now_s = self._clock.monotonic_s()
        self._late_since_s = now_s if self._late_since_s is None else self._late_since_s
        return now_s - self._late_since_s < LEFT_OVER_S

    def _check(self) -> None:
        if self._stopped or self._error is not None:
            return
        for line in self._lines:
            line.check()
        if self._gap is None and self._clock.monotonic_s() - self._last_arrival_s > self._silence_s:
            self.lost(f"no picture for {self._silence_s:g} s")

    def _rate_hz(self) -> float | None:
        if len(self._arrivals) < 2:
            return None
        span_s = self._arrivals[-1] - self._arrivals[0]
        return (len(self._arrivals) - 1) / span_s if span_s > 0 else None
