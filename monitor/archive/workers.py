"""Who does the work of a scan: processes of this machine, or the workers of a Dask scheduler."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from monitor.archive.executor import Executor
from monitor.archive.processes import LocalProcesses
from monitor.archive.starting import Started
from monitor.errors import MissingPackageError


@contextmanager
def executor_of(
    scheduler: str | None,
    count: int,
    *,
    hang_s: float,
    memory_mb: float = math.inf,
    keep: Iterable[int] = (),
    sees: Sequence[Path] = (),
    first: Started | None = None,
) -> Iterator[Executor]:
    """Give who does the work: without a scheduler, and for "local", `count` processes of this machine.

    Without a scheduler these hold the open files `keep`, and a job that reports nothing for `hang_s` is
    given up; `first` is one of them, already started. A process of either that takes more than `memory_mb`
    is ended. The workers of another scheduler must see the paths `sees`: raises `ClusterError` where they
    do not, `MissingPackageError` where Dask is not installed.
    """
    if scheduler is None:
        local = LocalProcesses(count, keep=keep, hang_s=hang_s, memory_mb=memory_mb, first=first)
        with closing(local) as processes:
            processes.start()
            yield processes
        return
    try:
        from monitor.archive.cluster.connection import Connection
        from monitor.archive.cluster.executor import DaskWorkers
    except ImportError as error:
        raise MissingPackageError(
            "--scheduler needs Dask, which is not installed; "
            "install it with: pip install 'motion-change-monitor[cluster]'"
        ) from error
    with Connection(scheduler, count, memory_mb) as connection:
        if not connection.is_local:
            connection.refuse_other_versions()
            connection.refuse_blind_workers(sees)
        with closing(DaskWorkers(connection.client)) as workers:
            yield workers
