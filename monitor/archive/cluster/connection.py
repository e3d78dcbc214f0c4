"""To the scheduler and its workers: found, or started on this machine, and checked before work begins."""

import logging
import math
import os
import signal
import warnings
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import dask
from distributed import Client, LocalCluster, Security
from distributed.versions import VersionMismatchWarning

import monitor
from monitor.archive.cluster.executor import DEATHS
from monitor.errors import ClusterError, UsageError

LOCAL = "local"
"""Instead of an address: workers on this machine, started for this scan."""

_CONNECT_S = 10
"""A scheduler in reach answers within milliseconds; behind a VPN that is just waking up within seconds."""

_WORKERS_S = 60
"""So long workers may take to come: those of a batch system start when the first is asked for."""

_CONFIG = {
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.worker.profile.enabled": False,  # looks at the stack a hundred times a second
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.worker.memory.target": False,  # results are small: there is nothing to be moved to a disk
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
}


class Connection:
    """A connection to a scheduler, or to workers of its own; a context manager.

    `address` is "tcp://host:8786", "tls://host:8786" or `LOCAL`, for which `workers` processes are started;
    one of these that takes more than `memory_mb`, or than its share of the machine, is replaced.
    Entering raises `ClusterError` where nothing answers or no worker comes, `UsageError` for another address.
    """

    def __init__(self, address: str, workers: int | None = None, memory_mb: float = math.inf) -> None:
        if address != LOCAL and not address.startswith(("tcp://", "tls://")):
            raise UsageError(
                f"--scheduler {address}: is no address of a scheduler; give tcp://host:8786, "
                "tls://host:8786, or local."
            )
        self._address = address
        self._workers = workers or len(os.sched_getaffinity(0))
        self._memory_mb = memory_mb
        self._stack = ExitStack()

    @property
    def client(self) -> Client:
        """Dask's client; there once this is entered."""
        return self._client

    @property
    def is_local(self) -> bool:
        """Whether the workers are processes of this machine that see what this one sees."""
        return self._address == LOCAL

    def __enter__(self) -> Self:
        _silence_dask()
        with ExitStack() as stack:
            stack.enter_context(dask.config.set(_CONFIG))
            self._client = self._started(stack) if self.is_local else self._found(stack)
            self._await_workers()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def refuse_other_versions(self) -> None:
        """Raise `ClusterError` where a worker has not got this version of the program."""

        def version_there() -> str:
            from monitor import __version__

            return __version__

        found = self._ask(version_there)
        others = {worker: answer for worker, answer in found.items() if answer != monitor.__version__}
        if others:
            worker, answer = next(iter(others.items()))
            raise ClusterError(
                f"{len(others)} of {len(found)} workers have another version of motion-change-monitor than "
                f"{monitor.__version__} here (on {worker}: {answer}); install the same everywhere."
            )

    def refuse_blind_workers(self, paths: Sequence[Path]) -> None:
        """Raise `ClusterError` where a worker does not see one of these paths, which are there here."""
        names = [str(path) for path in paths]

        def lacking() -> str:
            import os

            return next((name for name in names if not os.path.exists(name)), "")  # noqa: PTH110

        for worker, name in self._ask(lacking).items():
            if name:
                raise ClusterError(
                    f"The worker {worker} does not see {name}; put it on storage that all machines mount at "
                    "the same place, or give an address (s3://…, sftp://…)."
                )

    def _ask(self, question: Callable[[], str]) -> dict[str, str]:
        """Return each worker's answer; what it raises is its answer too."""
        answers: dict[str, Any] = self._client.run(question, on_error="return")
        return {worker: str(answer) for worker, answer in answers.items()}

    def _started(self, stack: ExitStack) -> Client:
        total_bytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        # Ctrl-C is for the program as a whole, which asks the workers for an orderly end itself: blocked in
        # the thread that starts them, and in all that it starts.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            cluster = LocalCluster(
                n_workers=self._workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # its default port may be in use by another scan
                scheduler_kwargs={"dashboard": False},
                worker_dashboard_address=None,
                memory_limit=int(min(total_bytes / self._workers, self._memory_mb * 1e6)),
                security=Security.temporary(),  # the machine's other users may reach a port on it
                silence_logs=logging.CRITICAL,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        stack.enter_context(cluster)
        return self._entered(stack, Client(cluster, set_as_default=False))

    def _found(self, stack: ExitStack) -> Client:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", VersionMismatchWarning)  # versions are compared by us
                client = Client(self._address, timeout=_CONNECT_S, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ClusterError(
                f"No scheduler answers at {self._address} within {_CONNECT_S} s; start one with "
                "`dask scheduler` on that machine, and check the address and the firewall."
            ) from error
        return self._entered(stack, client)

    @staticmethod
    def _entered(stack: ExitStack, client: Client) -> Client:
        stack.enter_context(client)
        return client

    def _await_workers(self) -> None:
        with suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=_WORKERS_S)
            return
        raise ClusterError(
            f"The scheduler {self._address} has had no worker for {_WORKERS_S} s; start some: "
            f"dask worker {self._address} --nworkers auto --nthreads 1"
        )


def _silence_dask() -> None:
    """Keep Dask from logging on its own what is told here; each of its loggers has a level of its own."""
    for name in ["distributed", *logging.root.manager.loggerDict]:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
