"""Pictures of a source that gives none coded, as H.264: by the machine's own encoder where it has one."""

import logging
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
from av.codec.codec import UnknownCodecError
from av.codec.hwaccel import HWAccel
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from monitor.capture.coded import CodedFormat, CodedPicture
from monitor.frames import Size
from monitor.outputs.recording.still import Still
from monitor.outputs.video import TIME_BASE

log = logging.getLogger(__name__)

SOFTWARE = "libx264"

_BT601 = 6
"""The colours of `Still`: ITU-T H.273 table 4."""

_HARDWARE = {"h264_v4l2m2m": None, "h264_vaapi": "vaapi"}
"""Encoders of small ARM boards and of graphics in PCs, in the order of trial, with the device they need."""

KEY_INTERVAL_S = 2.0
"""A segment can begin, and a clip go on after a hole, every so often; it costs a tenth of the bytes."""

_OPTIONS = {"preset": "veryfast", "crf": "23", "tune": "zerolatency", "forced-idr": "1"}
"""Of libx264. Nothing is held back: what a picture shows is on the disk within the second."""

_BITS_PER_PIXEL = 0.08
"""Hardware encoders want a rate: this gives 4 Mbit/s at 1080p and 25 pictures a second, as cameras send."""

_NOMINAL_RATE_HZ = Fraction(25)

REFUSALS = (av.FFmpegError, UnknownCodecError, NotImplementedError)
"""The device is missing or takes no such pictures; this FFmpeg lacks the encoder; PyAV knows no way to it."""

_TRIAL_SIZE = Size(640, 480)
"""Any smaller size may be below what a hardware encoder takes."""


class Encoder:
    """Encodes pictures of one size; every picture given comes back coded, from hardware maybe later.

    Raises one of `REFUSALS` where it cannot be used here.
    """

    def __init__(self, size: Size, name: str) -> None:
        self.size = size
        device = _HARDWARE.get(name)
        context = av.CodecContext.create(name, "w", HWAccel(device) if device else None)
        assert isinstance(context, VideoCodecContext)
        self._context = context
        context.width, context.height = size
        context.pix_fmt = "yuv420p"
        context.time_base = TIME_BASE
        context.colorspace = _BT601
        self._context.framerate = _NOMINAL_RATE_HZ
        if name == SOFTWARE:
            self._context.options = _OPTIONS
            self._context.flags |= av.codec.context.Flags.global_header.value
        else:
            self._context.bit_rate = round(size.width * size.height * _NOMINAL_RATE_HZ * _BITS_PER_PIXEL)
        self._context.open()
        self._format = CodedFormat("h264", size, self._context.extradata or b"")
        self._origin_s: float | None = None
        self._key_s: float | None = None
        self._last_ticks = -1

    def encode(self, still: Still) -> list[CodedPicture]:
        """Return what is coded by now; the first picture and one every `KEY_INTERVAL_S` are key pictures."""
        if self._origin_s is None:
            self._origin_s = still.time_s
        frame = av.VideoFrame.from_ndarray(still.planes, format="yuv420p")
        # Two pictures within one tick still need an order.
        ticks = round((still.time_s - self._origin_s) / TIME_BASE)
        self._last_ticks = max(ticks, self._last_ticks + 1)
        frame.pts, frame.time_base = self._last_ticks, TIME_BASE
        if self._key_s is None or still.time_s - self._key_s >= KEY_INTERVAL_S:
            frame.pict_type = PictureType.I
            self._key_s = still.time_s
        return self._coded(self._context.encode(frame))

    def demand_key(self) -> None:
        """Make the next picture a key picture."""
        self._key_s = None

    def finish(self) -> list[CodedPicture]:
        """Return what the encoder still holds back; nothing can be encoded after it."""
        return self._coded(self._context.encode(None)) if self._origin_s is not None else []

    def _coded(self, packets: list[Any]) -> list[CodedPicture]:
        origin_s = self._origin_s or 0.0
        return [
            CodedPicture(
                bytes(packet),
                origin_s + float(packet.pts * TIME_BASE),
                origin_s + float((packet.pts if packet.dts is None else packet.dts) * TIME_BASE),
                packet.is_keyframe,
                self._format,
            )
            for packet in packets
        ]


@cache
def best_encoder() -> str:
    """Return the first hardware encoder that encodes a picture here, else `SOFTWARE`; tried once."""
    return next((name for name in _HARDWARE if _works(name)), SOFTWARE)


def _works(name: str) -> bool:
    try:
        encoder = Encoder(_TRIAL_SIZE, name)
        grey = np.full((_TRIAL_SIZE.height * 3 // 2, _TRIAL_SIZE.width), 128, np.uint8)
        coded = [*encoder.encode(Still(0.0, grey)), *encoder.finish()]
    except REFUSALS as error:
        log.debug("%s is not used: %s", name, error)
        return False
    return bool(coded) and coded[0].is_key
