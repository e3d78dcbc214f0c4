"""Jobs for tests of who does them; at home in a module, so that another process finds them."""

import logging
import os
import signal
import time
from dataclasses import dataclass

from monitor.archive.executor import Progress, Report
from monitor.archive.manifest import Entry
from monitor.archive.task import Task


@dataclass(frozen=True)
class Square:
    """Says its number squared and who did it."""

    number: int

    @property
    def name(self) -> str:
        return f"job {self.number}"

    def run(self, report: Report) -> tuple[int, int]:
        report(Progress(frames=self.number))
        return self.number**2, os.getpid()


@dataclass(frozen=True)
class Dying(Square):
    """Takes its process with it, as a broken decoder does."""

    signal: int = signal.SIGSEGV

    def run(self, report: Report) -> tuple[int, int]:
        os.kill(os.getpid(), self.signal)
        return super().run(report)


@dataclass(frozen=True)
class Hanging(Square):
    """Reports once, then nothing."""

    def run(self, report: Report) -> tuple[int, int]:
        report(Progress())
        while True:
            time.sleep(60.0)


@dataclass(frozen=True)
class Endless(Square):
    """Goes on until it is asked to end early."""

    def run(self, report: Report) -> tuple[int, int]:
        while not report(Progress(frames=1)):
            time.sleep(0.01)
        return super().run(report)


@dataclass(frozen=True)
class Greedy(Square):
    """Takes half a gigabyte of memory and keeps it."""

    def run(self, report: Report) -> tuple[int, int]:
        taken = b"1" * 500_000_000
        while not report(Progress(frames=len(taken))):
            time.sleep(0.01)
        return super().run(report)


@dataclass(frozen=True)
class Wrong(Square):
    """Has a fault."""

    def run(self, report: Report) -> tuple[int, int]:
        logging.getLogger("monitor.test").warning("now it comes")
        raise ValueError("a fault of the program")


@dataclass(frozen=True)
class OpenedByOpenCV(Square):
    """Reads the first picture of a video with OpenCV."""

    path: str = ""

    def run(self, report: Report) -> tuple[int, int]:
        import cv2

        cv2.VideoCapture(self.path).read()
        return super().run(report)


@dataclass(frozen=True, slots=True)
class Fragile(Task):
    """A scan whose decoder crashes on recordings that are called bad."""

    def run(self, report: Report) -> Entry:
        if self.name.startswith("bad"):
            os.kill(os.getpid(), signal.SIGSEGV)
        return Task.run(self, report)
