"""A recording of which only parts are decoded: its packets, single key frames, spans."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from av import FFmpegError, Packet, VideoFrame
from av.container import InputContainer
from av.video.stream import VideoStream

from monitor.capture.decoding import Decoder
from monitor.capture.file import FileSource, video_stream
from monitor.capture.thinning import Thinning
from monitor.errors import SourceError
from monitor.frames import Frame

_ROUNDING_S = 1e-6
"""Times are sums of floats; a frame this near to a limit is taken to be on it."""


class NotInOrderError(SourceError):
    """Packets without times, in disorder or damaged: parts of such a recording cannot be found again."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a recording, both ends included, in seconds.

    What is shown from `warm_s` to the start is decoded to learn from; `first_index` is how many frames are
    shown before `warm_s`. `primed_s` are times of key frames that show the background.
    """

    warm_s: float
    start_s: float
    end_s: float
    first_index: int = 0
    primed_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """What is decoded of a recording: its `spans`, apart and in order.

    `end_s` is the time of the recording's last frame, `frames` how many it has, decoded or not.
    """

    spans: tuple[Span, ...]
    end_s: float
    frames: int


@dataclass(frozen=True, slots=True)
class CodedPacket:
    """What a packet tells undecoded; `time_s` is that of presentation since the recording's first frame.

    `is_disposable` is set only by containers that say so, which few do.
    """

    time_s: float
    size_bytes: int
    is_key: bool
    is_disposable: bool


class PartialSource(FileSource):
    """A recording whose parts are read one after the other; each method may be called again and again.

    What one of them yields is to be read to its end, or left, before the next is called. All raise
    `SourceError` where reading fails or the file cannot be searched by time.
    """

    def packets(self) -> Iterator[CodedPacket]:
        """Yield all packets in the order of the file.

        Raises `NotInOrderError` at the first packet that cannot be placed in time.
        """
        container, stream = self._go_to(0.0)
        for packet in _read(container, stream, self._address):
            yield self._coded(packet)

    def key_frames_at(self, times_s: Iterable[float]) -> Iterator[Frame]:
        """Yield the key frame at each of these times, or the last one before it."""
        for time_s in times_s:
            container, stream = self._go_to(time_s)
            packet = next((p for p in _read(container, stream, self._address) if p.is_keyframe), None)
            frame = None if packet is None else self._single(stream, packet)
            if frame is not None:
                yield frame

    def frames_of(self, span: Span) -> Iterator[Frame]:
        """Yield the frames of a span from `warm_s` on, decoded from the key frame before that."""
        container, stream = self._go_to(span.warm_s)
        enough_hz = self._enough_hz_of(stream)
        thinning = Thinning(stream, enough_hz) if enough_hz else None
        self._pictures = Decoder(container, stream, self._address, self.problems, thinning).pictures()
        before: int | None = None
        for position, picture in enumerate(self._pictures):
            time_s = self._time_s(picture.pts)
            if thinning is not None:
                position = thinning.index_of(picture.pts, time_s)
            if time_s > span.end_s + _ROUNDING_S:
                return
            if time_s >= span.warm_s - _ROUNDING_S:
                before = position if before is None else before
                yield self._frame(span.first_index + position - before, time_s, picture)

    def _go_to(self, time_s: float) -> tuple[InputContainer, VideoStream]:
        """Go to the last key frame at or before a time."""
        assert self._container is not None
        stream = video_stream(self._container, self._address)
        self._pictures.close()
        pts = self._first_pts + round(time_s / self._timeline.time_base_s)
        try:
            self._container.seek(pts, stream=stream)
        except FFmpegError as error:
            raise SourceError(f"{self._address} cannot be searched by time ({error.strerror}).") from error
        return self._container, stream

    def _coded(self, packet: "Packet[VideoStream]") -> CodedPacket:
        timestamp = packet.pts if self._has_timestamps else packet.dts
        if timestamp is None or packet.is_corrupt:
            what = "has no time" if timestamp is None else "is damaged"
            raise NotInOrderError(f"a packet {what}")
        size, is_key, is_disposable = packet.size, packet.is_keyframe, packet.is_disposable
        return CodedPacket(self._time_s(timestamp), size, is_key, is_disposable)

    def _time_s(self, timestamp: int | None) -> float:
        if timestamp is None:
            raise NotInOrderError("a picture has no time")
        return (timestamp - self._first_pts) * self._timeline.time_base_s

    def _single(self, stream: VideoStream, packet: "Packet[VideoStream]") -> Frame | None:
        """Return the picture of a key packet alone; None where it cannot be decoded."""
        context = stream.codec_context
        try:
            pictures: list[VideoFrame] = [*context.decode(packet), *context.decode(None)]
        except FFmpegError:
            pictures = []
        context.flush_buffers()
        return self._frame(0, self._time_s(pictures[0].pts), pictures[0]) if pictures else None


def _read(container: InputContainer, stream: VideoStream, name: str) -> "Iterator[Packet[VideoStream]]":
    try:
        for packet in container.demux(stream):
            if packet.size:
                yield packet
    except (FFmpegError, IndexError) as error:
        raise SourceError(f"{name} cannot be read to its end ({error}).") from error
