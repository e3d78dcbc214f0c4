"""Whole processes run and measured from outside: time, processor time and peak memory."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paths import ROOT

_LOOK_S = 0.2
"""How often memory is looked at, which takes some milliseconds; what is held for a shorter time is missed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process with all that it started.

    `peak_mb` is the most memory that they held together in 10⁶ bytes, pages that several share counted once.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str


class ProcessFailedError(Exception):
    """A measured process ended with an error; the message has its last lines."""


def run(command: Sequence[str | Path], folder: Path = ROOT) -> Run:
    """Run a command in `folder` to its end and measure it.

    `output` is what it printed, errors included. Raises `ProcessFailedError` unless it exits with 0.
    """
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=subprocess.STDOUT, cwd=folder
        )
        peak_kb, status, usage = _wait(process.pid)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode:
        raise ProcessFailedError(f"{Path(command[0]).name} ended with {process.returncode}: {text[-800:]}")
    return Run(wall_s, usage.ru_utime + usage.ru_stime, peak_kb * 1024 / 1e6, text)


def monitor(*arguments: str | Path) -> Run:
    """Run the `monitor` command as a user would, with the interpreter that runs the benchmark."""
    return run([sys.executable, "-m", "monitor", *arguments])


def _wait(pid: int) -> tuple[int, int, resource.struct_rusage]:
    """Wait for a child; return the peak memory of its tree in KiB, its status and its use of resources."""
    peak_kb, looked_s = 0, 0.0
    while True:
        if time.monotonic() - looked_s >= _LOOK_S:
            looked_s = time.monotonic()
            peak_kb = max(peak_kb, sum(map(_share_kb, _tree(pid))))
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return peak_kb, status, usage
        time.sleep(0.01)


def _tree(pid: int) -> Iterator[int]:
    """Yield a process and all that it has started, as far as they still run."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                yield from _tree(int(child))


def _share_kb(pid: int) -> int:
    """Return the proportional set size of a process (proc_pid_smaps(5)), 0 once it has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return 0
