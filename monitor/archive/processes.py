"""Jobs done by processes of this machine: each takes one after the other, and one that dies is replaced."""

import logging
import math
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import send_handle
from pathlib import Path
from time import monotonic
from typing import Any

from monitor.archive.executor import Ended, J, Progress
from monitor.archive.starting import Started, exit_code, start_worker
from monitor.archive.worker import Done, Hold, Logged, Ready, Stop

LOOK_S = 0.1
"""Longest time until an early end that was asked for is heard."""

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(slots=True)
class _Slot:
    """A process with what it does; `quiet_s` is how long its job has not been heard of."""

    process: "subprocess.Popen[bytes]"
    connection: "Connection[Any, Any]"
    job: Any | None = None
    is_ready: bool = False
    quiet_s: float = 0.0


class LocalProcesses:
    """Runs jobs in up to `count` processes of this machine; see `Executor`.

    Processes are started when there is something for them to do; `first` is one that already was, and belongs
    to whoever started it. They hold the open files `keep` too, so that a lock is not free before the last of
    them is gone. They end with the process that started them, also if that is killed. A job that reports
    nothing for `hang_s` is given up, and so is one whose process takes more than `memory_mb` of memory, where
    the system tells (Linux).
    """

    def __init__(
        self,
        count: int,
        *,
        keep: Iterable[int] = (),
        hang_s: float,
        memory_mb: float = math.inf,
        first: Started | None = None,
    ) -> None:
        self._count = count
        self._keep = tuple(keep)
        self._hang_s = hang_s
        self._memory_mb = memory_mb
        self._first = first
        self._slots: list[_Slot] = []
        self._stop = False
        self._told_stop = False

    @property
    def size(self) -> int:
        """See `Executor`."""
        return self._count

    def start(self) -> None:
        """Start a first process already, so that it loads what it needs in the meantime."""
        if not self._slots:
            self._begin()

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        """See `Executor`."""
        looked_s = monotonic()
        while True:
            self._feed(jobs)
            busy = [slot for slot in self._slots if slot.job is not None]
            if not busy:
                return
            ready = wait([slot.connection for slot in busy], LOOK_S)
            now_s = monotonic()
            # While this process itself was halted (Ctrl-Z), nobody was heard.
            passed_s, looked_s = min(now_s - looked_s, 10 * LOOK_S), now_s
            for slot in busy:
                slot.quiet_s += passed_s if slot.is_ready else 0.0
                ended: Ended[J] | None = self._look_after(slot)
                if ended is None and slot.connection in ready:
                    ended = self._hear(slot, heard)
                if ended is not None:
                    yield ended

    def stop(self) -> None:
        """See `Executor`."""
        self._stop = True

    def close(self) -> None:
        """See `Executor`."""
        for slot in self._slots:
            slot.process.kill()
            slot.connection.close()
        for slot in self._slots:
            exit_code(slot.process)
        self._slots.clear()

    def _feed(self, jobs: Iterator[J]) -> None:
        """Give every free process a job, and tell those that work of an early end."""
        if self._stop:
            for working in self._slots if not self._told_stop else ():
                _send(working, Stop())
            self._told_stop = True
            return
        while self._has_room() and (job := next(jobs, None)) is not None:
            slot = self._free() or self._begin()
            slot.job, slot.quiet_s = job, 0.0
            _send(slot, job)

    def _has_room(self) -> bool:
        return not self._stop and (self._free() is not None or len(self._slots) < self._count)

    def _free(self) -> _Slot | None:
        return next((slot for slot in self._slots if slot.job is None), None)

    def _hear(self, slot: _Slot, heard: Callable[[J, Progress], None]) -> Ended[J] | None:
        slot.quiet_s = 0.0
        assert slot.job is not None
        try:
            message = slot.connection.recv()
        except (EOFError, OSError):
            return self._lost(slot, _cause_of(exit_code(slot.process)))
        if isinstance(message, Ready):
            slot.is_ready = True
        elif isinstance(message, Progress):
            heard(slot.job, message)
        elif isinstance(message, Logged):
            logging.getLogger(message.logger).log(message.level, "%s", message.message)
        elif isinstance(message, Done):
            job, slot.job = slot.job, None
            fault = (
                message.trace and f"{job.name}: {_last_line(message.trace)}; this is a fault of the program"
            )
            return Ended(job, message.result, fault, message.trace)
        return None

    def _look_after(self, slot: _Slot) -> Ended[J] | None:
        if slot.quiet_s >= self._hang_s and not slot.connection.poll():
            slot.process.kill()
            return self._lost(slot, f"gave no picture for {self._hang_s:g} s")
        if _memory_mb(slot.process.pid) > self._memory_mb:
            slot.process.kill()
            return self._lost(slot, f"took more than {self._memory_mb:g} MB of memory (archive.memory_mb)")
        return None

    def _lost(self, slot: _Slot, cause: str) -> Ended[Any]:
        """Leave a process that is gone, and what it did."""
        self._slots.remove(slot)
        slot.connection.close()
        exit_code(slot.process)
        assert slot.job is not None
        return Ended(
            slot.job, fault=f"{slot.job.name} {cause}; check that it plays elsewhere, or leave it out."
        )

    def _begin(self) -> _Slot:
        started, self._first = self._first or start_worker(), None
        slot = _Slot(started.process, started.connection)
        self._slots.append(slot)
        for number in self._keep:
            _send(slot, Hold())
            with suppress(OSError):
                send_handle(slot.connection, number, slot.process.pid)
        return slot


def _memory_mb(pid: int) -> float:
    """Return the memory that a process holds, 0 where that is not told."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * _PAGE_BYTES / 1e6


def _send(slot: _Slot, message: object) -> None:
    with suppress(OSError):  # it is gone: the end of its connection is heard next
        slot.connection.send(message)


def _cause_of(code: int | None) -> str:
    if code is None or code >= 0:
        return f"ended the process that read it (exit code {code})"
    if code == -signal.SIGKILL:
        return "made the process that read it be killed (SIGKILL), as the system does when memory runs out"
    return f"crashed its decoder ({signal.Signals(-code).name})"


def _last_line(trace: str) -> str:
    return trace.strip().rpartition("\n")[2]
