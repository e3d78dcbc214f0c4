"""Keeps the connection to one address alive: connects, reads, waits after a failure, leaves a hung driver."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Protocol

from monitor.capture.coded import CodedPicture, CodedTap
from monitor.capture.live.backoff import Backoff
from monitor.capture.live.redaction import redacted
from monitor.capture.live.source import LiveSource, OpenSource
from monitor.capture.live.timing import STEP_S, ConnectionTimes, ReaderTime
from monitor.capture.source import SourceInfo
from monitor.errors import MissingPackageError, MonitorError, UsageError
from monitor.frames import Frame

log = logging.getLogger(__name__)

MOST_STUCK = 4
"""So many hung threads may be left behind; with more, the next try waits until one comes back."""


class _LeftError(Exception):
    """The attempt was left behind; unwinds its thread out of the source."""


class Attempt:
    """One thread's life on the line, until it is left behind or the line is closed."""

    def __init__(self, now_s: float) -> None:
        self.left = threading.Event()
        self.thread: threading.Thread
        self.source: LiveSource | None = None
        self.first_picture_s: float | None = None
        self._alive_s = now_s
        self._reads = 0

    def begin(self, source: LiveSource, now_s: float) -> None:
        """Take note that the source is about to be opened."""
        self._alive_s, self._reads = now_s, 0
        self.source = source

    def is_hung(self, now_s: float, hang_s: float) -> bool:
        """Tell whether nothing was read for `hang_s`; between two connections nothing is expected."""
        if self.source is None or self.source.reads != self._reads:
            self._reads = 0 if self.source is None else self.source.reads
            self._alive_s = now_s
        return now_s - self._alive_s > hang_s


class Taker(Protocol):
    """What a line tells and gives; called with the line's lock held, mostly from the line's thread."""

    def opened(self, info: SourceInfo) -> None:
        """Take note of a new connection."""

    def wants(self, time_s: float) -> bool:
        """Take note of a picture at this time of the reader; return whether its frame is wanted."""

    def make_room(self) -> None:
        """Return when there is room for a frame, or after some time; the lock is let go meanwhile."""

    def frame(self, frame: Frame) -> None:
        """Take a frame, with times of the reader."""

    def lost(self, why: str) -> None:
        """Take note that there is no connection any more."""

    def failed(self, error: MonitorError) -> None:
        """Take note that it makes no sense to go on: something is set or installed wrongly."""


class Line:
    """A connection that is made anew whenever it breaks, until it is closed.

    A thread of its own reads. Where nothing is read for `hang_s`, not even an error, the thread is left
    behind: what it still reads is thrown away, it ends when its driver lets it, and another one takes over.
    `lock` guards all of it; `check` and `close` are called with it held, `check` a few times a second. Frames
    go to the taker, coded pictures to `tap`, both with the reader's times; the tap is called without the
    lock, and one that fails is told of once.
    """

    def __init__(
        self,
        open_source: OpenSource,
        taker: Taker,
        tap: CodedTap | None,
        time: ReaderTime,
        lock: threading.Condition,
        *,
        hang_s: float,
    ) -> None:
        self._open_source = open_source
        self._taker = taker
        self._tap = tap
        self._time = time
        self._lock = lock
        self._hang_s = hang_s
        self._backoff = Backoff()
        self._attempt: Attempt | None = None
        self._stuck: list[threading.Thread] = []
        self._last_s: float | None = None
        self._reached_s: float | None = None
        self._tap_failures = 0
        self.connections = 0

    @property
    def stuck_threads(self) -> int:
        """Threads that were left behind and have not come back."""
        return sum(thread.is_alive() for thread in self._stuck)

    def start(self) -> None:
        """Begin to connect."""
        self._begin(delay_s=0.0)

    def check(self) -> None:
        """Leave a hung thread behind and start another."""
        attempt, now_s = self._attempt, self._time.clock.monotonic_s()
        if attempt is None:
            self._begin_if_possible()
        elif attempt.is_hung(now_s, self._hang_s):
            self._leave(attempt)
            self._taker.lost(f"the driver hangs: nothing for {self._hang_s:g} s, not even an error")
            self._begin_if_possible(self._delay_s(attempt))

    def close(self) -> list[threading.Thread]:
        """End the line; return its threads, which end as soon as their drivers let them."""
        if self._attempt is not None:
            self._leave(self._attempt)
        return self._stuck

    def _leave(self, attempt: Attempt) -> None:
        attempt.left.set()
        self._attempt = None
        self._stuck = [thread for thread in (*self._stuck, attempt.thread) if thread.is_alive()]

    def _begin_if_possible(self, delay_s: float = 0.0) -> None:
        if self.stuck_threads < MOST_STUCK:
            self._begin(delay_s)

    def _begin(self, delay_s: float) -> None:
        attempt = Attempt(self._time.clock.monotonic_s())
        attempt.thread = threading.Thread(
            target=self._run, args=(attempt, delay_s), name="live reader", daemon=True
        )
        self._attempt = attempt
        attempt.thread.start()

    def _run(self, attempt: Attempt, delay_s: float) -> None:
        while not self._time.clock.sleep(delay_s, attempt.left):
            why = self._connect(attempt)
            with self._lock:
                attempt.source = None
                if attempt.left.is_set() or why is None:
                    return
                self._taker.lost(why)
                self._lock.notify_all()
                delay_s = self._delay_s(attempt)

    def _delay_s(self, attempt: Attempt) -> float:
        first_s, attempt.first_picture_s = attempt.first_picture_s, None
        return self._backoff.after(0.0 if first_s is None else self._time.clock.monotonic_s() - first_s)

    def _connect(self, attempt: Attempt) -> str | None:
        """Read one connection to its end; return why it ended, None where nobody wants another."""
        try:
            self._read(attempt)
        except _LeftError:
            return None
        except (UsageError, MissingPackageError) as error:
            with self._lock:
                if not attempt.left.is_set():
                    self._taker.failed(error)
                    self._lock.notify_all()
            return None
        except MonitorError as error:
            return redacted(str(error)).rstrip(".")
        except Exception as error:  # a bug must neither pass unseen nor end the watch
            log.error("%s", redacted("".join(traceback.format_exception(error))))
            return redacted(f"an error in the program ({error})")
        return "the stream ended"

    def _read(self, attempt: Attempt) -> None:
        times = ConnectionTimes(self._reached_s)
        source = self._open_source(self._coded_tap(attempt, times) if self._tap is not None else None)
        attempt.begin(source, self._time.clock.monotonic_s())
        with source:
            with self._wanted(attempt):
                self._taker.opened(source.info)
                self.connections += 1
            source.is_wanted = partial(self._wants, attempt, times)
            for frame in source:
                if source.is_catching_up:
                    with self._wanted(attempt, wakes=False):
                        self._taker.make_room()
                with self._wanted(attempt):
                    self._taker.frame(self._placed(frame, times))

    def _wants(self, attempt: Attempt, times: ConnectionTimes, source_s: float) -> bool:
        with self._wanted(attempt, wakes=False):
            times.arrived(source_s, self._time.now_s())
            return self._taker.wants(times.place(source_s))

    def _placed(self, frame: Frame, times: ConnectionTimes) -> Frame:
        now_s = self._time.now_s()
        times.arrived(frame.time_s, now_s)
        time_s = times.place(frame.time_s)
        if self._last_s is not None:
            time_s = max(time_s, self._last_s + STEP_S)
        self._last_s = time_s
        self._reached_s = max(time_s, self._reached_s or 0.0)
        # The machine's clock may be set while we run, so wall time goes by how old the picture is now.
        wall_time = self._time.clock.wall() - timedelta(seconds=max(now_s - time_s, 0.0))
        return replace(frame, time_s=time_s, wall_time=wall_time)

    def _coded_tap(self, attempt: Attempt, times: ConnectionTimes) -> CodedTap:
        def hand_on(picture: CodedPicture) -> None:
            # Nobody waits for coded pictures: the consumer is not woken for them.
            with self._wanted(attempt, wakes=False):
                times.arrived(picture.time_s, self._time.now_s())
                time_s, decode_s = times.place(picture.time_s), times.place(picture.decode_s)
                self._reached_s = max(time_s, self._reached_s or 0.0)
            try:
                assert self._tap is not None
                self._tap(CodedPicture(picture.data, time_s, decode_s, picture.is_key, picture.format))
            except Exception:
                self._tap_failures += 1
                if self._tap_failures == 1:
                    log.exception("recording fails; watching goes on")

        return hand_on

    @contextmanager
    def _wanted(self, attempt: Attempt, *, wakes: bool = True) -> Iterator[None]:
        """Hold the lock, then wake the consumer where it waits for that.

        Raises `_LeftError` in a thread that was left behind.
        """
        with self._lock:
            if attempt.left.is_set():
                raise _LeftError
            if attempt.first_picture_s is None:
                attempt.first_picture_s = self._time.clock.monotonic_s()
            yield
            if wakes:
                self._lock.notify_all()
