"""Whole processes run and measured from outside: time, processor time and peak memory."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.paths import ROOT

_LOOK_S = 0.02
"""How often memory is looked at: the high-water mark only grows, so the last look is nearly exact."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished process; `peak_mb` is the largest resident memory in 10⁶ bytes."""

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
    """Wait for a child; return its peak memory in KiB, its status and its use of resources.

    Memory is read from /proc: `ru_maxrss` would count what the parent had when it forked.
    """
    peak_kb = 0
    while True:
        peak_kb = max(peak_kb, _high_water_kb(pid))
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return peak_kb, status, usage
        time.sleep(_LOOK_S)


def _high_water_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
