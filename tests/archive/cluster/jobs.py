"""Jobs for workers in other processes, which import them by name."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from monitor.archive.executor import Progress, Report


@dataclass(frozen=True)
class Count:
    """Reports once and returns its number."""

    number: int
    name: str = "count"

    def run(self, report: Report) -> int:
        report(Progress(frames=self.number))
        return self.number


@dataclass(frozen=True)
class Crash:
    """Takes its process with it, as a decoder does that writes where it must not."""

    name: str = "crash.mp4"

    def run(self, report: Report) -> int:
        os.kill(os.getpid(), signal.SIGSEGV)
        return 0


@dataclass(frozen=True)
class Fail:
    """Raises what no job should."""

    name: str = "fail.mp4"

    def run(self, report: Report) -> int:
        raise ZeroDivisionError("no such luck")


@dataclass(frozen=True)
class Wait:
    """Tells its process, then goes on reporting until `gate` exists or an early end is asked for."""

    gate: Path
    name: str = "wait.mp4"

    def run(self, report: Report) -> str:
        frames = 0
        while not self.gate.exists():
            frames += 1
            if report(Progress(frames, folder=str(os.getpid()))):
                return "ended early"
            time.sleep(0.01)
        return "through the gate"
