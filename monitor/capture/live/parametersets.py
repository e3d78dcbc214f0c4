"""How coded pictures are coded, also where a camera changes it within its stream."""

import re

from av import CodecContext, FFmpegError, Packet
from av.codec.codec import UnknownCodecError
from av.video.codeccontext import VideoCodecContext

from monitor.capture.coded import CodedFormat
from monitor.frames import Size

_START_CODE = re.compile(rb"\x00\x00\x01")
_LONG_START = b"\x00\x00\x00\x01"

_MASK_AND_SHIFT = {"h264": (0x1F, 0), "hevc": (0x3F, 1)}
"""Where the type of a NAL unit lies in its first byte: ITU-T H.264 7.3.1, H.265 7.3.1.2."""

_TYPES = {"h264": (7, 8), "hevc": (32, 33, 34)}
"""SPS and PPS; VPS, SPS and PPS: H.264 table 7-1, H.265 table 7-1."""

_FIRST_BYTES = 4096
"""Parameter sets come first in a key frame, and hold some hundred bytes."""

Units = dict[int, tuple[bytes, ...]]
"""Parameter sets by type."""


class FormatWatch:
    """Tells the format of each coded picture of a connection."""

    def __init__(self, context: VideoCodecContext) -> None:
        self._context = context
        self._codec = context.codec.canonical_name
        header = bytes(context.extradata or b"")
        self._format = CodedFormat(self._codec, Size(context.width, context.height), header)
        self._sets = _parameter_sets(header, self._codec) if self._codec in _TYPES else {}

    def of(self, data: bytes, is_key: bool) -> CodedFormat:
        """Return how this picture is coded; `context` must have decoded it, where the source decodes."""
        if self._codec not in _TYPES:
            self._renew(Size(self._context.width, self._context.height), self._format.extradata)
        elif is_key:
            self._look_for_sets(data)
        return self._format

    def _look_for_sets(self, data: bytes) -> None:
        sets = self._sets | _parameter_sets(data[:_FIRST_BYTES], self._codec)
        if sets != self._sets or not self._format.size.width:
            self._sets = sets
            header = b"".join(_LONG_START + unit for kind in sorted(sets) for unit in sets[kind])
            self._renew(_size_of(self._codec, data) or self._format.size, header)

    def _renew(self, size: Size, extradata: bytes) -> None:
        if size != self._format.size or extradata != self._format.extradata:
            self._format = CodedFormat(self._codec, size, extradata)


def _parameter_sets(data: bytes, codec: str) -> Units:
    """Return the parameter sets in Annex B data, each once; empty where it is in another form."""
    if not data.startswith((_LONG_START, _LONG_START[1:])):
        return {}
    mask, shift = _MASK_AND_SHIFT[codec]
    found: dict[int, dict[bytes, None]] = {}
    for unit in _START_CODE.split(data)[1:]:
        kind = (unit[0] >> shift) & mask if unit else -1
        if kind in _TYPES[codec]:
            # Zeros before the next start code belong to neither unit (H.264 B.1).
            found.setdefault(kind, {})[unit.rstrip(b"\0")] = None
    return {kind: tuple(units) for kind, units in found.items()}


def _size_of(codec: str, data: bytes) -> Size | None:
    """Return the size of a key frame by decoding it alone, once for each change; None if damaged."""
    try:
        context = CodecContext.create(codec, "r")
        assert isinstance(context, VideoCodecContext)
        context.thread_count = 1
        pictures = [*context.decode(Packet(data)), *context.decode(None)]
    except (FFmpegError, UnknownCodecError):
        return None
    return Size(pictures[0].width, pictures[0].height) if pictures else None
