"""A process that does one job after the other for the one that started it.

Jobs come, and what is told goes back, as pickled values over a socket whose number is the only argument.
Where the other end is gone, also by a kill, the process ends at once.
"""

import importlib
import logging
import os
import sys
import threading
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle
from queue import SimpleQueue
from time import monotonic
from typing import Any, NoReturn

from monitor.archive.executor import Job, Progress

REPORT_EVERY_S = 0.2
"""Time between two reports of a job: often enough for a bar that moves, and nothing beside a frame's cost."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Told to a worker: end the present job early."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Told to a worker: an open file comes next, to be held open for as long as the process lives."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Told by a worker: it has loaded what jobs need, and waits for the first."""


@dataclass(frozen=True, slots=True)
class Done:
    """Told by a worker: a job is over, with its result or with the traceback of what was raised."""

    result: Any = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """Told by a worker: a line for the log, which belongs to whoever started it."""

    logger: str
    level: int
    message: str


class Worker:
    """Does jobs and tells of them."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._stop = threading.Event()
        self._due_s = 0.0

    def serve(self) -> None:
        """Do jobs until the process is ended."""
        threading.Thread(target=self._listen, name="orders", daemon=True).start()
        while True:
            job = self._jobs.get()
            try:
                done = Done(job.run(self._report))
            except Exception:  # told to whoever gave the job, who shows it and goes on with others
                done = Done(trace=traceback.format_exc())
            self.tell(done)

    def tell(self, message: object) -> None:
        """Send a message; from any thread."""
        try:
            with self._lock:
                self._connection.send(message)
        except OSError:
            _leave()

    def _report(self, progress: Progress) -> bool:
        now_s = monotonic()
        if now_s >= self._due_s:
            self._due_s = now_s + REPORT_EVERY_S
            self.tell(progress)
        return self._stop.is_set()

    def _listen(self) -> None:
        while True:
            try:
                message = self._connection.recv()
            except (EOFError, OSError):
                _leave()
            if isinstance(message, Stop):
                self._stop.set()
            elif isinstance(message, Hold):
                recv_handle(self._connection)
            else:
                self._jobs.put(message)


def _leave() -> NoReturn:
    # Nobody waits for anything any more; what is unfinished is marked so on disk.
    os._exit(0)


class _ToParent(logging.Handler):
    """Tells what is logged."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker

    def emit(self, record: logging.LogRecord) -> None:
        self._worker.tell(Logged(record.name, record.levelno, record.getMessage()))


def main() -> None:
    """Serve the socket whose number is the first argument; the second is the least level that is logged."""
    worker = Worker(Connection(int(sys.argv[1])))
    logging.basicConfig(handlers=[_ToParent(worker)])
    logging.getLogger("monitor").setLevel(int(sys.argv[2]))
    # What a job needs is loaded while the first is still looked for, and by no job again.
    importlib.import_module("monitor.archive.running")
    worker.tell(Ready())
    worker.serve()
