"""The thread that writes: a slow disk delays it alone, never the source or the judge."""

import logging
import threading
from collections import deque
from collections.abc import Callable

from monitor.clock import Clock
from monitor.outputs.notice import Notice, NoticeKind, Notify

log = logging.getLogger(__name__)

QUEUE_BYTES = 256_000_000
"""What may wait to be written: eight minutes at 4 Mbit/s; half of it holds 4 s of 720p as pictures."""

TELL_AGAIN_S = 60.0
"""A disk that stays too slow is told once a minute, with the count."""

CLOSE_S = 10.0
"""A disk that answers nothing for so long when the program ends is left to itself."""

GATHER_S = 0.2
"""Pictures wait so long for each other before the thread is woken: to wake it for each of 25 a second costs
more than to write them, and a power cut takes no more than the second it may."""

Job = Callable[[], object]


class Worker:
    """Does jobs one after the other in a thread; those with pictures wait within `max_bytes`.

    All methods but `drain` and `close` return at once, from any thread. Pictures are gathered: they are done
    with what comes `GATHER_S` later, or with the next job that has none. A picture that finds the queue full
    is refused, counted in `refused` and told, at most once a minute. A job that raises is a bug: it is
    logged in full and the next goes on.
    """

    def __init__(self, name: str, clock: Clock, notify: Notify, *, max_bytes: int = QUEUE_BYTES) -> None:
        self._name = name
        self._clock = clock
        self._notify = notify
        self.max_bytes = max_bytes
        self._jobs: deque[tuple[Job, int]] = deque()
        self._bytes = 0
        self._busy = False
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"recording {name}", daemon=True)
        self._waiting_since_s = 0.0
        self._told_s: float | None = None
        self._is_given_up = False
        self.refused = 0

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def offer(self, job: Job, size_bytes: int) -> bool:
        """Queue the job for a picture of this size; False where there is no room."""
        with self._changed:
            if not self._closing and self._bytes + size_bytes <= self.max_bytes:
                self._gather(job, size_bytes)
                return True
            self.refused += 1
            told = self._tells()
        if told:
            self._tell()
        return False

    def add(self, job: Job) -> None:
        """Queue a job whatever waits before it: what begins and ends a recording is never refused."""
        with self._changed:
            self._jobs.append((job, 0))
            self._changed.notify_all()

    def drain(self, timeout_s: float = CLOSE_S) -> bool:
        """Wait until nothing is left to do; False where `timeout_s` seconds were not enough.

        A disk that let `CLOSE_S` seconds pass without an answer is not waited for again.
        """
        with self._changed:
            if not self._thread.is_alive():
                return not self._jobs
            self._changed.notify_all()
            limit_s = 0.0 if self._is_given_up else timeout_s
            done = self._changed.wait_for(lambda: not self._jobs and not self._busy, limit_s)
            self._is_given_up = not done and timeout_s >= CLOSE_S
            return done

    def close(self) -> None:
        """Do what is queued, refuse what still comes, and end the thread; safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is None:
            return
        self._thread.join(0.0 if self._is_given_up else CLOSE_S)
        if self._thread.is_alive():
            log.warning("%s: the disk does not answer; what waits to be written is lost", self._name)

    def _gather(self, job: Job, size_bytes: int) -> None:
        now_s = self._clock.monotonic_s()
        if not self._jobs:
            self._waiting_since_s = now_s
        self._jobs.append((job, size_bytes))
        self._bytes += size_bytes
        if now_s - self._waiting_since_s >= GATHER_S:
            self._changed.notify_all()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            job, size_bytes = taken
            try:
                job()
            except Exception:
                log.exception("%s: a recording failed", self._name)
            with self._changed:
                self._bytes -= size_bytes
                self._busy = False
                self._changed.notify_all()

    def _take(self) -> tuple[Job, int] | None:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._jobs) or self._closing)
            self._busy = bool(self._jobs)
            return self._jobs.popleft() if self._jobs else None

    def _tells(self) -> bool:
        now_s = self._clock.monotonic_s()
        due = self._told_s is None or now_s - self._told_s >= TELL_AGAIN_S
        self._told_s = now_s if due else self._told_s
        return due

    def _tell(self) -> None:
        message = (
            f"{self._name}: the disk is too slow, {self.refused} pictures were not recorded so far; "
            "clips with such a hole are named incomplete. Use a faster disk or a lower bit rate."
        )
        log.warning("%s", message)
        self._notify(Notice(NoticeKind.PICTURES_LOST, message))
