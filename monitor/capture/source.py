"""What every source of frames offers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from monitor.frames import Frame, Size

MAX_MESSAGES = 20
"""So many messages are kept with a source's problems; the counts go on."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known of a source once it is open; unknown is None.

    `rate_hz` is the nominal frame rate, `duration_s` and `frame_count` what the container states
    (not counted), `start_time` the wall time of the first frame, `codec` the decoder's name.
    """

    name: str
    size: Size
    rate_hz: float | None = None
    duration_s: float | None = None
    frame_count: int | None = None
    start_time: datetime | None = None
    codec: str | None = None


_COUNTS = (
    "damaged_packets",
    "damaged_frames",
    "missing_timestamps",
    "disordered_timestamps",
    "size_changes",
)


@dataclass(slots=True)
class Problems:
    """What went wrong while reading and was mended or skipped, counted so that it can be told."""

    damaged_packets: int = 0
    damaged_frames: int = 0
    missing_timestamps: int = 0
    disordered_timestamps: int = 0
    size_changes: int = 0
    truncated: bool = False
    messages: list[str] = field(default_factory=list)

    def note(self, message: str) -> None:
        """Keep the message unless there are `MAX_MESSAGES` already."""
        if len(self.messages) < MAX_MESSAGES:
            self.messages.append(message)

    def followed_by(self, later: "Problems") -> "Problems":
        """Return what went wrong in two spans, of which the other is the later one, as that of one."""
        counts = {name: getattr(self, name) + getattr(later, name) for name in _COUNTS}
        both = Problems(**counts, truncated=later.truncated)
        for message in (*self.messages, *later.messages):
            both.note(message)
        return both

    def since(self, earlier: "Problems") -> "Problems":
        """Return what went wrong after these were the problems of the same source."""
        counts = {name: getattr(self, name) - getattr(earlier, name) for name in _COUNTS}
        messages = self.messages[len(earlier.messages) :]
        return Problems(**counts, truncated=self.truncated, messages=messages)

    def sentences(self) -> list[str]:
        """Return what went wrong, a phrase for each kind of trouble."""
        counted = {
            "damaged packets skipped": self.damaged_packets,
            "damaged pictures": self.damaged_frames,
            "missing times filled in": self.missing_timestamps,
            "times out of order corrected": self.disordered_timestamps,
            "changes of the picture's size": self.size_changes,
        }
        told = [f"{what}: {number}" for what, number in counted.items() if number]
        if self.truncated:
            told.append("the file ends before the length that it states: it was cut off")
        return told


class Source(Protocol):
    """Opened by a context manager, iterated once for frames.

    Opening raises `SourceError`. The end of the pictures is the end of iteration; trouble is an
    exception or, where reading can go on, a count in `problems`. `info` is valid while open.
    """

    problems: Problems

    @property
    def info(self) -> SourceInfo:
        """What is known of the source; valid once it is open."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def __iter__(self) -> Iterator[Frame]: ...


class RecordedSource(Source, Protocol):
    """A source of what was recorded before, which may not know when that was."""

    def begin_at(self, start: datetime | None) -> None:
        """Take this for the time of the first frame, in place of what `info` states; None is unknown.

        To be called once it is open and before it is iterated: frames get their wall time from it.
        """
        ...
