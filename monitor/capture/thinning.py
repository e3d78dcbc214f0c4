"""Pictures that no other is built on are left undecoded while enough remain.

Encoders that look ahead put bidirectional pictures between those that others are predicted from (ITU-T H.264,
`nal_ref_idc` 0). To leave them out changes nothing in the others, unlike skipping the deblocking filter, and
saves a third of the decoding in x264's default settings.
"""

import heapq
from collections import deque

from av.video.codeccontext import VideoCodecContext

_LOOKS = 24
"""The rate is judged by so many intervals, once in as many pictures: two seconds of what is analysed. It is
their upper quartile that counts: a pause of the recorder is one long interval, and a few short ones between
pictures that all are referenced hide no long ones."""

_SPARE = 1.05
"""Timestamps are rounded, to milliseconds in Matroska: 25 a second come 40 ms apart, or 41."""


class Thinning:
    """Decides whether unreferenced pictures are decoded, and counts those that are not.

    Begins by leaving them out; where fewer than `enough_hz` pictures a second come so, all are decoded from
    there on. Call `read` for each packet before it is decoded, `index_of` for each picture that comes.
    """

    def __init__(self, context: VideoCodecContext, enough_hz: float) -> None:
        self._context = context
        self._longest_s = _SPARE / enough_hz
        self._waiting: list[int] = []
        self._passed = 0
        self._last_s: float | None = None
        self._intervals_s: deque[float] = deque(maxlen=_LOOKS)
        self._since_look = 0
        context.skip_frame = "NONREF"

    @property
    def leaves_out(self) -> bool:
        """Whether there are pictures that are not decoded."""
        return self._context.skip_frame != "DEFAULT"

    def read(self, timestamp: int | None) -> None:
        """Note the presentation timestamp of the next packet; without one nothing can be counted."""
        if timestamp is None:
            self._decode_all()
        else:
            heapq.heappush(self._waiting, timestamp)

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

    def _judge_rate(self, time_s: float) -> None:
        if self._last_s is not None:
            self._intervals_s.append(time_s - self._last_s)
        self._last_s = time_s
        self._since_look += 1
        if self._since_look > _LOOKS and self.leaves_out:
            self._since_look = 0
            if sorted(self._intervals_s)[_LOOKS * 3 // 4] > self._longest_s:
                self._decode_all()

    def _decode_all(self) -> None:
        self._context.skip_frame = "DEFAULT"
