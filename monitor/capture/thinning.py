"""Pictures that no other is built on are left undecoded while enough remain.

Encoders that look ahead put bidirectional pictures between those that others are predicted from (ITU-T H.264,
`nal_ref_idc` 0; H.265, sub-layer non-reference pictures). To leave them out changes nothing in the others,
unlike skipping the deblocking filter, and saves a third of the decoding in x264's default settings.
"""

import heapq
from collections import deque

from av import FFmpegError, Packet
from av.bitstream import BitStreamFilterContext
from av.video.stream import VideoStream

_LOOKS = 24
"""The rate is judged by so many intervals, once in as many pictures: two seconds of what is analysed. It is
their upper quartile that counts: a pause of the recorder is one long interval, and a few short ones between
pictures that all are referenced hide no long ones."""

_SPARE = 1.05
"""Timestamps are rounded, to milliseconds in Matroska: 25 a second come 40 ms apart, or 41."""

_SLICES = {"h264": "1-5", "hevc": "0-31"}
"""The NAL units that hold a picture (H.264 table 7-1, H.265 table 7-1), without parameters and remarks."""


class Thinning:
    """Decides whether unreferenced pictures are decoded, and counts those that are not.

    Begins by leaving them out; where fewer than `enough_hz` pictures a second come so, all are decoded from
    there on. Call `leaves_out` for each packet before it is decoded, `index_of` for each picture that comes.

    In H.264 and H.265 the packets never reach the decoder: there they would take a turn of its threads, and
    with every second one left out two threads would decode no faster than one. For other codecs the decoder
    leaves out what it can.
    """

    def __init__(self, stream: VideoStream, enough_hz: float) -> None:
        self._context = stream.codec_context
        self._longest_s = _SPARE / enough_hz
        self._waiting: list[int] = []
        self._passed = 0
        self._last_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=_LOOKS)
        self._since_look = 0
        self._spares = True
        slices = _SLICES.get(self._context.name)
        self._referenced = slices and BitStreamFilterContext(
            f"filter_units=discard=nonref:pass_types={slices}", stream
        )
        if not self._referenced:
            self._context.skip_frame = "NONREF"

    @property
    def spares(self) -> bool:
        """Whether there are pictures that are not decoded."""
        return self._spares

    def leaves_out(self, packet: "Packet[VideoStream]") -> bool:
        """Note the next packet that holds something, and tell whether it is to be kept from the decoder."""
        if not packet.is_discard:
            self._note(packet.pts)
        return self._spares and not self._is_referenced(packet)

    def index_of(self, timestamp: int | None, time_s: float) -> int:
        """Return how many pictures the stream has before this one, decoded or not."""
        self._judge_rate(time_s)
        while self._waiting and timestamp is not None and self._waiting[0] < timestamp:
            heapq.heappop(self._waiting)
            self._passed += 1
        if self._waiting and (timestamp is None or self._waiting[0] == timestamp):
            heapq.heappop(self._waiting)
        self._passed += 1
        return self._passed - 1

    def _note(self, timestamp: int | None) -> None:
        """Note a presentation timestamp; without one nothing can be counted, and all is decoded."""
        if timestamp is None:
            self._decode_all()
        else:
            heapq.heappush(self._waiting, timestamp)

    def _is_referenced(self, packet: "Packet[VideoStream]") -> bool:
        """Tell whether others may be built on a packet's picture; what cannot be read is for the decoder."""
        if not self._referenced:
            return True
        try:
            # A copy of the bytes, a twentieth of a millisecond: the filter takes what it is given.
            return bool(self._referenced.filter(Packet(bytes(packet))))
        except FFmpegError:
            return True

    def _judge_rate(self, time_s: float) -> None:
        if self._last_s is not None:
            self._intervals_s.append(time_s - self._last_s)
        self._last_s = time_s
        self._since_look += 1
        if self._since_look > _LOOKS and self._spares:
            self._since_look = 0
            if sorted(self._intervals_s)[_LOOKS * 3 // 4] > self._longest_s:
                self._decode_all()

    def _decode_all(self) -> None:
        self._spares = False
        self._context.skip_frame = "DEFAULT"
