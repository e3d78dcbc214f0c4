"""A scheduler and workers as people start them, each a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import monitor

QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2"}


@contextmanager
def dask_process(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    above = str(Path(monitor.__file__).parents[1])
    command = [sys.executable, "-m", "dask", *arguments]
    process = subprocess.Popen(
        command,
        env={**os.environ, **QUIET, "PYTHONPATH": above},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run a scheduler on a free port of the loopback; give its process and its address."""
    file = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with dask_process("scheduler", *options) as process:
        for _ in range(500):
            if file.exists() and file.stat().st_size:
                break
            time.sleep(0.02)
        yield process, json.loads(file.read_text())["address"]


@contextmanager
def worker(address: str, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a worker of one thread, with a nanny that replaces it when it dies."""
    quiet = ("--nthreads", "1", "--no-dashboard", "--death-timeout", "60")
    with dask_process("worker", address, *quiet, *options) as process:
        yield process


@contextmanager
def cluster(folder: Path, workers: Sequence[Sequence[str]] = ((),)) -> Iterator[str]:
    """Run a scheduler and workers with these options; give the address."""
    with ExitStack() as stack:
        _, address = stack.enter_context(scheduler(folder))
        for options in workers:
            stack.enter_context(worker(address, *options))
        yield address
