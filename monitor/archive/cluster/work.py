"""What a Dask worker does: one job at a time, telling of it through the scheduler."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from distributed import get_worker
from distributed.utils import sync

from monitor.archive.executor import Job, Progress
from monitor.archive.worker import Done

_ending: set[str] = set()
"""The scans that are to end early, in this process."""

_KEPT = 100
"""So many ended scans are remembered by a worker that serves many of them."""


def work(job: Job, scan: str, key: str, every_s: float, level: int) -> Done:
    """Do a job of a scan and return what came of it, also where it raised.

    It ends early where the scheduler wants it no longer, as when whoever gave it is gone. Told are, under the
    topic `scan`: that `key` has begun, how far it is (every `every_s`), and what is logged from `level` up.
    """
    worker = get_worker()
    due_s = 0.0
    is_over = False

    def tell(kind: str, *what: object) -> None:
        worker.log_event(scan, [kind, key, *what])

    def report(progress: Progress) -> bool:
        nonlocal due_s, is_over
        now_s = monotonic()
        if now_s >= due_s:
            due_s = now_s + every_s
            state = worker.state.tasks.get(key)
            is_over = state is None or state.state == "cancelled"
            tell("progress", progress.frames, progress.scanned_s, progress.duration_s, progress.folder)
        return is_over or scan in _ending

    # Waits until the scheduler has it, so that it is known also of a job that ends its process at once.
    sync(worker.loop, worker.scheduler.log_event, topic=scan, msg=["begun", key])
    with _logging_to(tell, level):
        try:
            return Done(job.run(report))
        except Exception:  # told to whoever gave the job, who shows it and goes on with others
            return Done(trace=traceback.format_exc())


async def end_early(scan: str) -> None:
    """Make the jobs of a scan in this process end early.

    A coroutine, for only of these does Dask not wait for the end.
    """
    if len(_ending) >= _KEPT:
        _ending.clear()
    _ending.add(scan)


class _Told(logging.Handler):
    def __init__(self, tell: Any) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        self._tell("logged", record.name, record.levelno, record.getMessage())


@contextmanager
def _logging_to(tell: Any, level: int) -> Iterator[None]:
    logger = logging.getLogger("monitor")
    handler = _Told(tell)
    before, logger.level = logger.level, level
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
