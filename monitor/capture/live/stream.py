"""Network cameras and FFmpeg's input devices as live sources."""

from collections.abc import Generator, Iterator
from functools import partial
from typing import Any, Self

from av import FFmpegError, Packet, VideoFrame
from av.container import InputContainer
from av.stream import Discard
from av.video.stream import VideoStream

from monitor.capture.coded import CodedPicture, CodedTap
from monitor.capture.decoding import DAMAGE, MAX_FAILED_READS
from monitor.capture.live.opened import Connection, connect
from monitor.capture.live.pace import Pace
from monitor.capture.live.packets import TICK, TICKS_PER_S, PacketClock
from monitor.capture.live.parametersets import FormatWatch
from monitor.capture.live.patient import PatientDecoder
from monitor.capture.live.redaction import redacted
from monitor.capture.live.resting import Attention
from monitor.capture.live.source import Wanted, always
from monitor.capture.live.spoilt import LONGEST_S, Spoilt
from monitor.capture.planes import bgr_of, planes_of
from monitor.capture.source import Problems, SourceInfo
from monitor.capture.timestamps import Timeline
from monitor.clock import Clock
from monitor.errors import SourceError, SourceFormatError
from monitor.frames import Frame, Size

MANY_ROWS_PX = 1080
"""Up to here one thread is enough for a camera (3 ms for 720p); each further delays by a frame."""

MORE_THREADS = 4

_RAW = frozenset({"rawvideo", "wrapped_avframe"})
"""Pictures that were never coded: nothing to record unchanged."""

_Decoded = tuple[VideoFrame | None, bool | None]
"""A picture, and whether its frame is wanted, where that was asked as its packet came."""


class StreamSource:
    """The pictures of a stream as they arrive, from its first key frame on.

    Damaged pictures at the start are left out; later ones are marked, with all up to the next whole key
    picture. With `decode` off there are no frames:
    all coded pictures go to the tap alone. `threads` decode; None is one, and more above `MANY_ROWS_PX` rows.
    While `attention` says so packets are held undecoded, but for a look at key pictures, and decoded later.
    A stream that is ahead of time by nature (HLS, which comes in segments) is held back to its own pace.
    Iterating and the tap belong to the thread that iterates; `wall_time` is that of arrival.
    """

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        tap: CodedTap | None = None,
        *,
        decode: bool = True,
        threads: int | None = None,
        attention: Attention | None = None,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._tap = tap
        self._decode = decode
        self._threads = threads
        self._attention = attention
        self._container: InputContainer | None = None
        self._spoilt = Spoilt(may_lose=connection.transport == "udp")
        self.problems = Problems()
        self.reads = 0
        self.is_wanted: Wanted = always

    @property
    def is_catching_up(self) -> bool:
        """Whether frames come whose pictures were held undecoded."""
        return self._decoder.is_catching_up

    @property
    def info(self) -> SourceInfo:
        """What is known once the first picture was there; the name holds no credentials."""
        return self._info

    def __enter__(self) -> Self:
        self._container = connect(self._connection)
        try:
            self._begin(self._container)
        except BaseException:
            self._container.close()
            raise
        return self

    def __exit__(self, *unused: object) -> None:
        if self._container is not None:
            self._items.close()
            self._container.close()
            self._container = None

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        for picture, known in self._items:
            if picture is None:
                continue
            time_s = self._timeline.place(picture.pts)
            self.problems.damaged_frames += picture.is_corrupt
            is_spoilt = self._is_spoilt(picture, time_s)
            if self.is_wanted(time_s) if known is None else known:
                yield self._frame(index, time_s, picture, is_spoilt)
            index += 1

    def _is_spoilt(self, picture: VideoFrame, time_s: float) -> bool:
        is_spoilt = self._spoilt.take(
            time_s,
            is_corrupt=picture.is_corrupt,
            is_key=picture.key_frame,
            damaged_packets=self.problems.damaged_packets,
        )
        if self._spoilt.lasted_s(time_s) > LONGEST_S:
            raise SourceError(f"{self._name}: no whole key picture for {LONGEST_S:g} s after damaged ones.")
        return is_spoilt

    def _begin(self, container: InputContainer) -> None:
        """Read until the first picture is there: it alone tells the true size."""
        stream = container.streams.best("video")
        if not isinstance(stream, VideoStream) or stream.codec_context is None:
            raise SourceFormatError(f"{self._name} sends no video that can be decoded; check its address.")
        self._configure(container, stream)
        rate_hz = stream.average_rate or stream.guessed_rate
        self._rate_hz = float(rate_hz) if rate_hz else None
        self._timeline = Timeline(TICK, self._rate_hz, self.problems)
        self._timeline.begin(0)
        self._formats = FormatWatch(stream.codec_context)
        self._is_raw = stream.codec_context.codec.canonical_name in _RAW
        self._decoder = PatientDecoder(stream.codec_context, self._attention, self.problems)
        pictures = self._pictures(container, stream)
        try:
            first, _ = next(pictures)
        except StopIteration:
            raise SourceError(f"{self._name} ended before a whole picture came.") from None
        self._items: Generator[_Decoded] = _both((first, None), pictures)
        context = stream.codec_context
        size = Size(first.width, first.height) if first else Size(context.width, context.height)
        self._shape = size
        self._info = SourceInfo(
            self._name,
            size,
            rate_hz=self._rate_hz,
            start_time=self._clock.wall(),
            codec=context.codec.canonical_name,
        )

    @property
    def _name(self) -> str:
        return redacted(self._connection.address)

    def _configure(self, container: InputContainer, stream: VideoStream) -> None:
        context = stream.codec_context
        threads = self._threads or (MORE_THREADS if context.height > MANY_ROWS_PX else 1)
        context.thread_count = threads
        context.thread_type = "AUTO" if threads > 1 else "SLICE"
        for other in container.streams:
            if other is not stream:
                other.discard = Discard.all

    def _pictures(self, container: InputContainer, stream: VideoStream) -> "Generator[_Decoded]":
        """Yield what is decoded; None for each packet that is handed on undecoded."""
        whole = False
        for packet in self._packets(container, stream):
            if not self._decode:
                self._hand_on(packet, packet.pts, packet.dts)
                yield None, None
            elif whole and self._decoder.rests(packet):
                yield from self._held(packet)
            else:
                yield from self._decoder.caught_up()
                shown, decoded = packet.pts, packet.dts
                pictures = self._decoder.decode(packet)
                self._hand_on(packet, shown, decoded)
                for picture in pictures:
                    # What a key frame brings from the group before it lacks what it was predicted from.
                    before = not whole and picture.pts is not None and picture.pts < 0
                    whole = whole or not (picture.is_corrupt or before)
                    if whole:
                        yield picture, None

    def _held(self, packet: "Packet[VideoStream]") -> "Generator[_Decoded]":
        assert packet.pts is not None
        self._hand_on(packet, packet.pts, packet.dts)
        time_s = packet.pts / TICKS_PER_S
        looked_at = self._decoder.hold(packet, time_s, wanted=self.is_wanted(time_s))
        yield from ((picture, True) for picture in looked_at)

    def _hand_on(self, packet: "Packet[VideoStream]", shown: int | None, decoded: int | None) -> None:
        if self._tap is None or self._is_raw:
            return
        assert shown is not None
        assert decoded is not None
        data = bytes(packet)
        is_key = packet.is_keyframe
        coded = self._formats.of(data, is_key)
        self._tap(CodedPicture(data, shown / TICKS_PER_S, decoded / TICKS_PER_S, is_key, coded))

    def _packets(self, container: InputContainer, stream: VideoStream) -> "Generator[Packet[VideoStream]]":
        """Yield packets from the first key frame on, with the timestamps of our own clock."""
        has_no_clock = self._connection.has_no_clock(container)
        clock = PacketClock(self._rate_hz, self.problems, by_arrival=has_no_clock)
        pace = Pace(self._clock) if self._connection.is_paced(container) else None
        begun = False
        for packet in self._read(container, stream):
            begun = begun or packet.is_keyframe or self._is_raw
            if begun:
                clock.place(packet, self._clock.monotonic_s())
                if pace is not None and packet.dts is not None:
                    pace.wait(packet.dts / TICKS_PER_S)
                yield packet

    def _read(self, container: InputContainer, stream: VideoStream) -> "Iterator[Packet[VideoStream]]":
        failures = 0
        seen_s = self._clock.monotonic_s()
        while True:
            try:
                for packet in self._arriving(container):
                    failures = 0
                    self.reads += 1
                    if packet.stream_index == stream.index and packet.size:
                        seen_s = self._clock.monotonic_s()
                        yield packet
                    elif self._clock.monotonic_s() - seen_s > self._connection.read_s:
                        break
                else:
                    return
                reason = f"no picture for {self._connection.read_s:g} s, though other data come"
            except DAMAGE as error:
                failures += 1
                self._count_damage(f"reading failed: {error.strerror}")
                if failures < MAX_FAILED_READS:
                    continue
                reason = f"nothing but damaged data ({error.strerror})"
            except IndexError:
                reason = "its streams changed"  # PyAV stumbles over streams that appear midway
            except FFmpegError as error:
                reason = self._connection.reason(error)
            break
        # Raised here, outside of the handlers: FFmpeg's own errors carry the address with its password.
        raise SourceError(f"{self._name}: {reason}.")

    def _arriving(self, container: InputContainer) -> "Iterator[Packet[Any]]":
        """Yield packets until one came only because the wait for it was over.

        FFmpeg then hands out what its parsers still held, without a word, and would wait as long once more.
        """
        limit_s = self._connection.longest_read_s
        asked_s = self._clock.monotonic_s()
        for packet in container.demux():
            is_last = self._clock.monotonic_s() - asked_s >= limit_s
            yield packet
            if is_last:
                raise SourceError(f"{self._name}: no answer within {limit_s:g} s.")
            asked_s = self._clock.monotonic_s()

    def _frame(self, index: int, time_s: float, picture: VideoFrame, is_spoilt: bool) -> Frame:
        luma, chroma = planes_of(picture)
        size = Size(luma.shape[1], luma.shape[0])
        if size != self._shape:
            self.problems.size_changes += 1
            self.problems.note(f"from {time_s:.1f} s on pictures are {size.width}x{size.height}")
            self._shape = size
        render, wall = partial(bgr_of, picture), self._clock.wall()
        return Frame(index, time_s, luma, chroma, render, wall, is_spoilt)

    def _count_damage(self, message: str) -> None:
        self.problems.damaged_packets += 1
        self.problems.note(message)


def _both(first: _Decoded, rest: Generator[_Decoded]) -> Generator[_Decoded]:
    yield first
    yield from rest
