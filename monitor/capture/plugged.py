"""Sources that other packages plug in, by the scheme of an address."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self

from monitor.capture.live.source import Wanted, always
from monitor.capture.source import Problems, Source, SourceInfo
from monitor.errors import SourceError
from monitor.frames import Frame, Size
from monitor.plugins import Group, naming, required


class PluggedSource:
    """A source of another package, as a recording or as a camera; its errors are `SourceError`s that name it.

    Raises `UsageError` where no package brings one for the address.
    """

    is_catching_up = False
    """It hands pictures on as they come."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._plugin = required(Group.SOURCES, address.partition("://")[0])
        self._begins: datetime | None = None
        self._info: SourceInfo
        self.problems = Problems()
        self.reads = 0
        self.is_wanted: Wanted = always

    @property
    def info(self) -> SourceInfo:
        """What the source says of itself."""
        return self._info

    def __enter__(self) -> Self:
        with naming(self._plugin, SourceError):
            self._source: Source = self._plugin.load()(self._address)
            self._source.__enter__()
            info, self.problems = self._source.info, self._source.problems
            self._info = replace(info, size=Size(*info.size))
        return self

    def __exit__(self, *raised: Any) -> None:
        with naming(self._plugin, SourceError):
            self._source.__exit__(*raised)

    def begin_at(self, start: datetime | None) -> None:
        """Take this for the time of the first frame; frames that state their own keep it."""
        self._begins = start

    def __iter__(self) -> Iterator[Frame]:
        with naming(self._plugin, SourceError):
            frames = iter(self._source)
        while (frame := self._next(frames)) is not None:
            self.reads += 1
            if self.is_wanted(frame.time_s):
                yield self._timed(frame)

    def _next(self, frames: Iterator[Frame]) -> Frame | None:
        with naming(self._plugin, SourceError):
            frame = next(frames, None)
            if frame is not None and not isinstance(frame, Frame):
                raise TypeError(f"it gave {type(frame).__name__}, and not a Frame")
        return frame

    def _timed(self, frame: Frame) -> Frame:
        if self._begins is None or frame.wall_time is not None:
            return frame
        return replace(frame, wall_time=self._begins + timedelta(seconds=frame.time_s))
