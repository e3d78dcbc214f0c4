"""The video file of each event of a source that is no file, from the frames as they pass."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Frame
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import refuse_existing, unfinished, writing
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.sink import Observation
from monitor.outputs.video import ROUNDING_S, VideoWriter

CONFIRM_S = 5.0
"""An event starts before it is known to be one; so much longer than the pre-roll are frames kept."""

MAX_BYTES = 256_000_000
"""The ring's limit: 4 s of 1080p or 30 s of 640x480 at 25 frames/s; beyond it the pre-roll gets shorter."""

_COLOUR_FACTOR = 3
"""A kept frame holds at most its luma and two chroma planes of that size."""


class FrameRing:
    """The last frames within `span_s` seconds and `max_bytes`, kept as decoded, not copied."""

    def __init__(self, span_s: float, max_bytes: int = MAX_BYTES) -> None:
        self._span_s = span_s
        self._max_bytes = max_bytes
        self._frames: deque[Frame] = deque()
        self._bytes = 0

    def add(self, frame: Frame) -> None:
        """Keep a frame; the oldest that are out of the limits go, the newest always stays."""
        self._frames.append(frame)
        self._bytes += frame.luma.nbytes * _COLOUR_FACTOR
        while len(self._frames) > 1 and self._is_over():
            self._bytes -= self._frames.popleft().luma.nbytes * _COLOUR_FACTOR

    def since(self, time_s: float) -> list[Frame]:
        """Return the kept frames from `time_s` on."""
        return [frame for frame in self._frames if frame.time_s >= time_s - ROUNDING_S]

    def _is_over(self) -> bool:
        age_s = self._frames[-1].time_s - self._frames[0].time_s
        return age_s > self._span_s or self._bytes > self._max_bytes


@dataclass(slots=True)
class _Open:
    """A clip that is being written; `until_s` is None while its event is open."""

    event_id: str
    start_s: float
    path: Path
    writer: VideoWriter
    until_s: float | None = None


class FrameClipSink:
    """Encodes a clip of each event from the frames of any source: image folders, generated scenes.

    A clip spans [start - pre_roll_s, end + post_roll_s], or to the frame on which the event closed if
    that is later. While it grows it has a hidden name; `close` completes those that are cut short.
    """

    def __init__(
        self,
        name_of: Callable[[Event], Path],
        ledger: FileLedger,
        *,
        pre_roll_s: float = 2.0,
        post_roll_s: float = 2.0,
        privacy: Sequence[Polygon] = (),
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._name_of = name_of
        self._ledger = ledger
        self._pre_roll_s = pre_roll_s
        self._post_roll_s = post_roll_s
        self._privacy = privacy
        self._ring = FrameRing(pre_roll_s + CONFIRM_S, max_bytes)
        self._open: dict[str, _Open] = {}

    def take(self, observation: Observation) -> None:
        """Add this frame to the clips that are open, and begin or end those of its changes."""
        frame = observation.frame
        self._ring.add(frame)
        for clip in list(self._open.values()):
            if clip.until_s is not None and frame.time_s > clip.until_s + ROUNDING_S:
                self._complete(clip)
            else:
                self._write(clip, frame)
        self._follow(observation.changes)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take the last changes and complete all clips: no frame comes any more."""
        self._follow(changes)
        self.close()

    def close(self) -> None:
        """Complete the clips that are open, each whatever happens to the others; safe to call twice."""
        with ExitStack() as stack:
            for clip in self._open.values():
                stack.callback(self._complete, clip)

    def _follow(self, changes: tuple[EventChange, ...]) -> None:
        for change in changes:
            event = change.event
            if change.phase is Phase.OPENED:
                self._begin(event)
            elif change.phase is Phase.CLOSED and event.id in self._open:
                end_s = event.start_s if event.end_s is None else event.end_s
                self._open[event.id].until_s = end_s + self._post_roll_s

    def _begin(self, event: Event) -> None:
        frames = self._ring.since(event.start_s - self._pre_roll_s)
        if not frames:
            return
        path = self._name_of(event)
        refuse_existing(path)
        writer = VideoWriter(unfinished(path), frames[0].size)
        clip = self._open[event.id] = _Open(event.id, frames[0].time_s, path, writer)
        self._ledger.hold(event.id)
        for frame in frames:
            self._write(clip, frame)

    def _write(self, clip: _Open, frame: Frame) -> None:
        clip.writer.write(blacken(frame.bgr(), self._privacy), frame.time_s - clip.start_s)

    def _complete(self, clip: _Open) -> None:
        part = unfinished(clip.path)
        try:
            clip.writer.close()
            with writing(clip.path):
                part.rename(clip.path)
            self._ledger.wrote_clip(clip.event_id, clip.path)
        finally:
            part.unlink(missing_ok=True)
            del self._open[clip.event_id]
            self._ledger.release(clip.event_id)
