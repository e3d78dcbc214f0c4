"""Jobs in processes of their own, so that several run at a time, and a file that ends one ends no more."""

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Self

from monitor.errors import SourceError
from monitor.tuning.work import Done, Job, do

Heard = Callable[[int, float], None]
"""Told the place of a job and what share of it is over."""

_LOOK_S = 0.2
"""Between two looks at how far the jobs are."""

_TELL_SHARE = 0.005
"""A job tells how far it is in steps of half a per cent: each is a message between processes."""


class Workers:
    """Runs jobs in so many processes; to be entered as a context, which ends them."""

    def __init__(self, processes: int) -> None:
        # Started afresh: a copy of a process that has decoded has its locks, and not its threads.
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._told: Queue[tuple[int, float]] = context.Queue()
        self._pool = ProcessPoolExecutor(
            processes, mp_context=context, initializer=_begin, initargs=(self._stop, self._told)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._told.close()

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def stop(self) -> None:
        """End all jobs as soon as may be; those that are over stay so. May be called by a signal."""
        self._stop.set()

    def run(self, jobs: Sequence[Job], heard: Heard) -> Iterator[Done]:
        """Yield what comes of the jobs as they end; fewer than all where they are stopped.

        Raises `SourceError` where a process is gone that had nothing to end it.
        """
        pending: dict[Future[Done | None], int] = {
            self._pool.submit(_run, number, job): number for number, job in enumerate(jobs)
        }
        while pending:
            over, _ = wait(pending, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
            self._hear(heard)
            for future in over:
                number = pending.pop(future)
                if future.cancelled():
                    continue
                try:
                    done = future.result()
                except BrokenProcessPool:
                    raise SourceError(
                        f"The process that read {jobs[number].item.shown}, or another one beside it, was "
                        "ended by the file or by the system; scan the recordings to see which of them."
                    ) from None
                if done is not None:
                    heard(number, 1.0)
                    yield done
            if self.is_stopped:
                for future in pending:
                    future.cancel()

    def _hear(self, heard: Heard) -> None:
        while True:
            try:
                number, share = self._told.get_nowait()
            except queue.Empty:
                return
            heard(number, share)


_stop: Event | None = None
_told: "Queue[tuple[int, float]] | None" = None


def _begin(stop: Event, told: "Queue[tuple[int, float]]") -> None:
    """Take what a worker process shares with the one that started it."""
    global _stop, _told
    _stop, _told = stop, told
    # Ctrl-C goes to all processes of a terminal: the first of them says what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told.cancel_join_thread()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, by whatever: else it would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(number: int, job: Job) -> Done | None:
    assert _stop is not None
    assert _told is not None
    stop, told, last = _stop, _told, -1.0

    def tell(share: float) -> bool:
        nonlocal last
        if share - last >= _TELL_SHARE:
            last = share
            told.put((number, share))
        return stop.is_set()

    return None if stop.is_set() else do(job, tell)
