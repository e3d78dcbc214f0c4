"""Jobs done by Dask's workers, on this machine or on many: see `monitor.archive.executor.Executor`."""

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from distributed import Client, Future, KilledWorker

from monitor.archive.cluster.work import end_early, work
from monitor.archive.executor import Ended, J, Job, Progress
from monitor.archive.worker import Done
from monitor.errors import ClusterError

DEATHS = 2
"""After a job has taken more than so many workers with it, it is given up: once or twice may be the machine's
fault."""

_LOOK_S = 0.2
"""Longest time until an early end that was asked for is heard."""

_COUNT_S = 2.0
"""Time between two looks at how many workers there are; they may come and go."""

_REPORT_S = 0.5
_REPORTS_PER_S = 200.0
"""A job tells how far it is every half second, and with more than a hundred workers less often: a scheduler
passes on some thousands of messages a second, and has more to do than that."""

_GATHER_S = 10.0
"""A result of some kilobytes comes within milliseconds, unless its worker has just died: then it is
done again."""


@dataclass(slots=True)
class _Running:
    """A job with what Dask knows of it, how often a worker has begun it, and how often Dask gave it up."""

    job: Any
    future: "Future[Any]"
    begun: int = 0
    given_up: int = 0


class DaskWorkers:
    """Runs as many jobs at a time as there are threads of workers; see `Executor`.

    A job whose worker dies is done again by another, until it has cost more than `DEATHS` of them, or more
    if the scheduler allows that: then it is a fault. What it returns counts once, however often it was begun.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._scan = f"monitor-{uuid.uuid4().hex}"
        self._told: SimpleQueue[list[Any]] = SimpleQueue()
        self._running: dict[str, _Running] = {}
        self._number = 0
        self._threads = 0
        self._counted_s: float | None = None
        self._stop = False
        self._has_told_stop = False
        self._is_closed = False
        client.subscribe_topic(self._scan, lambda event: self._told.put(list(event[1])))

    @property
    def size(self) -> int:
        """See `Executor`: the threads of all workers that there are now."""
        return self._free_threads()

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        """See `Executor`. Raises `ClusterError` where the scheduler is gone."""
        while True:
            self._feed(jobs)
            if not self._running:
                return
            if (ended := self._hear(heard)) is not None:
                yield ended

    def stop(self) -> None:
        """See `Executor`."""
        self._stop = True

    def close(self) -> None:
        """See `Executor`: takes back what is not done; its worker ends it early, and nobody counts it."""
        if self._client.status == "running" and not self._is_closed:
            self._client.cancel([running.future for running in self._running.values()])
            self._client.unsubscribe_topic(self._scan)
        self._is_closed = True
        self._running.clear()

    def _feed(self, jobs: Iterator[J]) -> None:
        """Give every free worker a job, or take back what none has begun and tell the others to end."""
        if self._stop:
            if not self._has_told_stop:
                self._has_told_stop = True
                self._tell_to_end()
            return
        while len(self._running) < self._free_threads() and (job := next(jobs, None)) is not None:
            self._submit(job)

    def _submit(self, job: Job) -> None:
        self._number += 1
        key = f"{self._scan}-{self._number}"
        every_s = max(_REPORT_S, self._threads / _REPORTS_PER_S)
        level = logging.getLogger("monitor").getEffectiveLevel()
        future = self._client.submit(work, job, self._scan, key, every_s, level, key=key, pure=False)
        self._running[key] = _Running(job, future)
        self._call_back(key, future)

    def _call_back(self, key: str, future: "Future[Any]") -> None:
        future.add_done_callback(lambda _: self._told.put(["ended", key]))

    def _free_threads(self) -> int:
        """Return how many jobs may run at a time; asks the scheduler now and then."""
        now_s = monotonic()
        if self._counted_s is None or now_s - self._counted_s > _COUNT_S:
            self._counted_s = now_s
            self._threads = sum(self._ask_threads().values())
        return max(self._threads, 1)

    def _ask_threads(self) -> dict[str, int]:
        try:
            found: dict[str, int] = self._client.nthreads()
        except (OSError, RuntimeError, AttributeError) as error:
            raise self._gone() from error
        return found

    def _hear(self, heard: Callable[[J, Progress], None]) -> Ended[Any] | None:
        try:
            kind, key, *what = self._told.get(timeout=_LOOK_S)
        except Empty:
            return None
        running = self._running.get(key)
        if running is None:
            return None  # was taken back
        if kind == "begun":
            running.begun += 1
            if self._has_told_stop:
                self._take_back(key)  # its worker died meanwhile, and this one has not heard of the end
        elif kind == "progress":
            heard(running.job, Progress(*what))
        elif kind == "logged":
            name, level, message = what
            logging.getLogger(name).log(level, "%s", message)
        else:
            return self._ended(key, running)
        return None

    def _ended(self, key: str, running: _Running) -> Ended[Any] | None:
        """Return the end of a job, None where its result has to be waited for."""
        job, future = running.job, running.future
        if future.status == "cancelled":
            raise self._gone()
        try:
            done: Done = future.result(timeout=_GATHER_S)
        except TimeoutError:
            self._call_back(key, future)
            return None
        except KilledWorker:
            running.given_up += 1
            if max(running.begun, running.given_up) <= DEATHS:
                future.retry()  # it was only waiting for workers that died of something else
                self._call_back(key, future)
                return None
            fault = (
                f"{job.name} ended {running.begun} workers that read it, one after the other; "
                "check that it plays elsewhere, or leave it out."
            )
            ended: Ended[Any] = Ended(job, fault=fault)
        except Exception as error:  # what a worker could not even begin: it lacks a package, for instance
            ended = Ended(job, fault=f"{job.name} could not be begun by a worker ({error}).")
        else:
            last = done.trace and done.trace.strip().rpartition("\n")[2]
            fault_of_ours = last and f"{job.name}: {last}; this is a fault of the program"
            ended = Ended(job, done.result, fault_of_ours, done.trace)
        future.release()
        del self._running[key]
        return ended

    def _tell_to_end(self) -> None:
        for key in [key for key, running in self._running.items() if not running.begun]:
            self._take_back(key)
        if self._running:
            self._client.run(end_early, self._scan, wait=False)

    def _take_back(self, key: str) -> None:
        running = self._running.pop(key)
        self._client.cancel([running.future])

    def _gone(self) -> ClusterError:
        return ClusterError(
            "The scheduler is gone. What was done until then is kept: "
            "start it again and give the same command."
        )
