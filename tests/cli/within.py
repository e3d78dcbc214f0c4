"""Scans done within the process of the test: to start another takes longer than a small scan."""

import math
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from monitor.archive.executor import Ended, J, Progress
from monitor.archive.starting import Started


@contextmanager
def started_never(*, wanted: bool) -> Iterator[None]:
    """In the place of `started_early`."""
    yield None


class Within:
    """An executor in the place of `LocalProcesses`, for tests of what is scanned and not of who does it."""

    def __init__(
        self,
        count: int,
        *,
        keep: Iterable[int] = (),
        hang_s: float,
        memory_mb: float = math.inf,
        first: Started | None = None,
    ) -> None:
        self._stopped = False
        self.size = count

    def start(self) -> None:
        pass

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        while not self._stopped and (job := next(jobs, None)) is not None:
            yield self._done(job, heard)

    def stop(self) -> None:
        self._stopped = True

    def close(self) -> None:
        pass

    def _done(self, job: J, heard: Callable[[J, Progress], None]) -> Ended[J]:
        def report(progress: Progress) -> bool:
            heard(job, progress)
            return self._stopped

        try:
            return Ended(job, job.run(report))
        except Exception:  # as the worker of another process does
            return Ended(job, fault=f"{job.name}: a fault of the program", trace=traceback.format_exc())
