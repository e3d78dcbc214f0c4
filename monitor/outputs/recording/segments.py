"""Continuous recording: one file after the other, cut at round times of the day."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Generic

from monitor.capture.coded import CodedPicture
from monitor.clock import Clock
from monitor.events.event import EventChange, NearMiss
from monitor.frames import Gap
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.clips import Recording, T
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.rawclips import EncodedParts
from monitor.outputs.recording.still import Still, bytes_of, still_of
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation


class Segments:
    """Writes coded pictures into a new file each `length_s` of wall time, on the first key picture after.

    The time is that of the present pictures, `wall`, which is set before each `write`; where `length_s`
    divides a day, a day begins with a file of its own. For one thread at a time; nothing raises.
    """

    def __init__(self, name_of: Callable[[datetime], Path], guard: DiskGuard, length_s: float) -> None:
        self._name_of = name_of
        self._guard = guard
        self._length_s = length_s
        self._parts: Parts | None = None
        self._turn: int | None = None
        self.wall: datetime | None = None

    def write(self, pictures: Sequence[CodedPicture]) -> None:
        """Add pictures."""
        assert self.wall is not None
        turn = int(self.wall.timestamp() // self._length_s)
        for picture in pictures:
            if picture.is_key and turn != self._turn:
                self.complete()
                self._turn, self._parts = turn, Parts(self._name_of(self.wall), self._guard)
            if self._parts is not None:
                self._parts.write([picture])

    def lost(self) -> None:
        """Note that pictures are missing here."""
        if self._parts is not None:
            self._parts.lost()

    def complete(self) -> tuple[Path, ...]:
        """Finish the present file; return it."""
        parts, self._parts, self._turn = self._parts, None, None
        return parts.complete() if parts is not None else ()


class _SegmentSink(Generic[T]):
    """Hands every picture to the worker for the segments; what finds no room there leaves a hole."""

    def __init__(
        self,
        segments: Segments,
        recording: Recording[T],
        size_of: Callable[[T], int],
        worker: Worker,
        clock: Clock,
    ) -> None:
        self._segments = segments
        self._recording = recording
        self._size_of = size_of
        self._worker = worker
        self._clock = clock
        self._losing = False

    def push(self, picture: T) -> None:
        """Record a picture that came just now; returns at once."""
        wall = self._clock.wall()

        def write() -> None:
            self._segments.wall = wall
            self._recording.write((picture,))

        fits = self._worker.offer(write, self._size_of(picture))
        if not fits and not self._losing:
            self._worker.add(self._recording.lost)
        self._losing = not fits

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """The file goes on after the gap."""

    def tick(self) -> None:
        """Nothing waits: no record names a segment."""

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Finish the present file: no picture comes any more."""
        self.close()

    def close(self) -> None:
        """Finish the present file and wait until it is written; safe to call twice."""
        self._worker.add(self._recording.complete)
        self._worker.drain()


class CodedSegmentSink(_SegmentSink[CodedPicture]):
    """Records all that a camera sends by copying its packets; `push` is the source's `CodedTap`."""

    def __init__(self, segments: Segments, worker: Worker, clock: Clock) -> None:
        super().__init__(segments, segments, lambda picture: len(picture.data), worker, clock)

    def take(self, observation: Observation) -> None:
        """All is recorded, whatever happens in it."""


class RawSegmentSink(_SegmentSink[Still]):
    """Records all frames, encoded by the encoder of this name, no higher than `max_height_px`."""

    def __init__(
        self,
        segments: Segments,
        worker: Worker,
        clock: Clock,
        *,
        encoder: str,
        max_height_px: int,
        privacy: Sequence[Polygon] = (),
    ) -> None:
        super().__init__(segments, EncodedParts(segments, encoder), bytes_of, worker, clock)
        self._max_height_px = max_height_px
        self._privacy = privacy

    def take(self, observation: Observation) -> None:
        """Record this frame."""
        self.push(still_of(observation.frame, self._max_height_px, self._privacy))
