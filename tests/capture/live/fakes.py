"""Sources that do what a script says, for the reader's tests."""

import threading
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

import numpy as np

from monitor.capture.coded import CodedFormat, CodedPicture, CodedTap
from monitor.capture.live.reader import LiveReader
from monitor.capture.live.source import Wanted, always
from monitor.capture.source import Problems, SourceInfo
from monitor.clock import SimulatedClock
from monitor.errors import SourceError
from monitor.frames import Frame, Gap, Size

SIZE = Size(4, 2)
LUMA = np.zeros((SIZE.height, SIZE.width), np.uint8)
FORMAT = CodedFormat("h264", SIZE)

Step = float | Exception | threading.Event | Callable[[], None]
"""A frame at this time of the source (coded first), an error, something to wait for, or to do."""


def frame(index: int, time_s: float, size: Size = SIZE) -> Frame:
    luma = np.zeros((size.height, size.width), np.uint8)
    return Frame(index, time_s, luma, None, lambda: np.zeros((*luma.shape, 3), np.uint8))


class ScriptedSource:
    """Opens, and then does one step after the other; an error as the first step is one in opening."""

    decode = True

    def __init__(self, steps: Iterable[Step], tap: CodedTap | None = None) -> None:
        self._steps = list(steps)
        self._tap = tap
        self.reads = 0
        self.is_wanted: Wanted = always
        self.is_catching_up = False
        self.problems = Problems()
        self.info = SourceInfo("scripted", SIZE, 25.0, codec="h264")
        self.closed = threading.Event()

    def __enter__(self) -> Self:
        if self._steps and isinstance(self._steps[0], Exception):
            raise self._steps[0]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closed.set()

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        for step in self._steps:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, threading.Event):
                assert step.wait(10.0)
            elif callable(step):
                step()
            else:
                self.reads += 1
                if self._tap is not None:
                    self._tap(CodedPicture(b"coded", step, step, index == 0, FORMAT))
                if self.decode and self.is_wanted(step):
                    yield frame(index, step)
                index += 1


class Camera:
    """Opens one script after the other; after the last it stays down."""

    def __init__(self, *scripts: Iterable[Step], decode: bool = True) -> None:
        self._scripts = list(scripts)
        self._decode = decode
        self.sources: list[ScriptedSource] = []

    def open(self, tap: CodedTap | None) -> ScriptedSource:
        opened = len(self.sources)
        steps = self._scripts[opened] if opened < len(self._scripts) else [SourceError("gone for good")]
        source = ScriptedSource(steps, tap)
        source.decode = self._decode
        self.sources.append(source)
        return source


class PatientClock(SimulatedClock):
    """A simulated clock on which the retries stop after `most_sleeps`, so that no test spins."""

    def __init__(self, most_sleeps: int = 20) -> None:
        super().__init__()
        self._most_sleeps = most_sleeps

    def sleep(self, duration_s: float, wake: threading.Event | None = None) -> bool:
        if duration_s > 0 and len(self.waits_s) >= self._most_sleeps and wake is not None:
            return wake.wait(10.0)
        return super().sleep(duration_s, wake)

    @property
    def waits_s(self) -> list[float]:
        """The waits between two connections."""
        return [duration_s for duration_s in self.slept_s if duration_s > 0]


def take(reader: LiveReader, count: int) -> list[Frame | Gap]:
    """Return the next items of a reader that is open."""
    items = iter(reader)
    return [next(items) for _ in range(count)]
