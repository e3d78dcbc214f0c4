"""Decodes the packets of a live stream as they come, or, while nothing happens, not before it must."""

from collections.abc import Generator

from av import FFmpegError, Packet, VideoFrame
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from monitor.capture.live.packets import TICKS_PER_S
from monitor.capture.live.resting import Attention, Held, PacketFacts, Resting
from monitor.capture.source import Problems


class PatientDecoder:
    """Decodes one connection's packets, whose timestamps are in `TICK`s; damage is counted in `problems`.

    `is_catching_up` is true while `caught_up` gives pictures.
    """

    def __init__(self, context: VideoCodecContext, attention: Attention | None, problems: Problems) -> None:
        self._context = context
        self._attention = attention
        self._problems = problems
        self._resting = Resting()
        self._is_prompt = self._has_skipped = False
        self.is_catching_up = False
        if attention is not None:
            attention.begin()

    def rests(self, packet: "Packet[VideoStream]") -> bool:
        """Say whether the packet need not be decoded now; only where pictures come out as they go in."""
        if self._attention is None:
            return False
        assert packet.pts is not None
        facts = PacketFacts(packet.size, packet.pts / TICKS_PER_S, packet.is_keyframe, packet.is_disposable)
        return not self._attention.read(facts) and self._is_prompt

    def hold(self, packet: "Packet[VideoStream]", time_s: float, *, wanted: bool) -> list[VideoFrame]:
        """Keep a packet undecoded; return the key picture of a group that is let go for it, if any."""
        gone = self._resting.hold(Held(packet, time_s, packet.is_keyframe, wanted))
        if not gone:
            return []
        # The first group lacks what was decoded before the rest began, and with it its key picture.
        pictures = self.decode(gone[0].packet) if gone[0].is_key else []
        self._has_skipped = True
        return pictures

    def caught_up(self) -> Generator[tuple[VideoFrame, bool]]:
        """Decode what is held; yield each picture, and whether its frame is wanted."""
        self.is_catching_up = True
        for held in self._resting.release():
            yield from ((picture, held.wanted) for picture in self.decode(held.packet))
        self.is_catching_up = False

    def decode(self, packet: "Packet[VideoStream]") -> list[VideoFrame]:
        """Return the pictures of a packet; none where it is damaged."""
        if self._has_skipped and packet.is_keyframe:
            # Not every key picture says that nothing before it is needed; what lacks would be made up.
            self._context.flush_buffers()
            self._has_skipped = False
        shown = packet.pts
        try:
            pictures = packet.decode()
        except FFmpegError as error:
            self._problems.damaged_packets += 1
            self._problems.note(f"a picture cannot be decoded: {error.strerror}")
            pictures = []
        self._is_prompt = len(pictures) == 1 and pictures[0].pts == shown
        return pictures
