"""Recording of sources that give decoded frames alone, or whose pictures must not be copied as they are."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import av
import cv2

from monitor.capture.coded import CodedPicture
from monitor.events.event import Event
from monitor.frames import Bgr, Frame, Size
from monitor.outputs.files import FileLedger
from monitor.outputs.frameclip import COLOUR_FACTOR, CONFIRM_S, FrameRing
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.recording.clips import ClipSpans, LiveClips, Recording
from monitor.outputs.recording.encoder import SOFTWARE, Encoder
from monitor.outputs.recording.worker import Worker
from monitor.outputs.sink import Observation

log = logging.getLogger(__name__)


def at_most(frame: Frame, height_px: int) -> Frame:
    """Return the frame itself if it is no higher, else in colour at that height, for keeping."""
    width, height = frame.size
    if height <= height_px:
        return frame
    size = Size(max(2, round(width * height_px / height)), height_px)
    picture = _shrunk(frame.bgr(), size)
    return replace(frame, luma=_shrunk(frame.luma, size), chroma=None, render=lambda: picture)


def _shrunk(picture: Bgr, size: Size) -> Bgr:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


class EncodedParts:
    """Encodes frames for what writes coded pictures; privacy polygons are black.

    Where the encoder of this name fails, it goes on in software. For one thread at a time.
    """

    def __init__(
        self, sink: Recording[CodedPicture], encoder: str = SOFTWARE, privacy: Sequence[Polygon] = ()
    ) -> None:
        self._sink = sink
        self._name = encoder
        self._privacy = privacy
        self._encoder: Encoder | None = None

    def write(self, frames: Sequence[Frame]) -> None:
        """Add frames, in the order of their times."""
        for frame in frames:
            picture = blacken(frame.bgr(), self._privacy)
            try:
                self._encode(picture, frame)
            except av.FFmpegError as error:
                if self._name == SOFTWARE:
                    raise
                log.warning("%s failed, recording goes on in software: %s", self._name, error)
                self._encoder, self._name = None, SOFTWARE
                self._encode(picture, frame)

    def lost(self) -> None:
        """Note that frames are missing here."""
        self._sink.lost()
        if self._encoder is not None:
            self._encoder.demand_key()

    def complete(self) -> tuple[Path, ...]:
        """Finish; return the files that there are."""
        if self._encoder is not None:
            self._sink.write(self._encoder.finish())
        self._encoder = None
        return self._sink.complete()

    def _encode(self, picture: Bgr, frame: Frame) -> None:
        if self._encoder is None:
            height, width = picture.shape[:2]
            self._encoder = Encoder(Size(width, height), self._name)
        self._sink.write(self._encoder.encode(picture, frame.time_s))


class RawClipSink(LiveClips[Frame]):
    """Encodes a clip of each event from the frames as they pass, no higher than `max_height_px`.

    The frames of the last seconds are kept as decoded within `max_bytes`; on a large picture the pre-roll is
    shorter than set. `record` gives the `EncodedParts` of an event.
    """

    def __init__(
        self,
        record: Callable[[Event], Recording[Frame]],
        worker: Worker,
        ledger: FileLedger,
        spans: ClipSpans,
        *,
        max_height_px: int,
        max_bytes: int,
    ) -> None:
        ring = FrameRing(spans.pre_roll_s + CONFIRM_S, max_bytes)
        super().__init__(ring, bytes_of, record, worker, ledger, spans)
        self._max_height_px = max_height_px

    def take(self, observation: Observation) -> None:
        """Keep this frame, add it to the clips that are open, and begin and end those of its changes."""
        self.push(at_most(observation.frame, self._max_height_px))
        self.follow(observation.changes)


def bytes_of(frame: Frame) -> int:
    """Return how much memory a kept frame takes at most."""
    return frame.luma.nbytes * COLOUR_FACTOR
