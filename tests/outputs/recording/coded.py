"""Coded pictures of a known scene, encoded in memory; the number of a picture is written in its middle."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.capture.coded import CodedFormat, CodedPicture
from monitor.frames import Bgr, Size
from monitor.outputs.video import TIME_BASE

RATE_HZ = 25
GOP = 10
SIZE = Size(96, 64)
START_S = 100.0
"""The source has run for some time when its first picture here comes."""

_BITS = 8

X264 = {"g": str(GOP), "keyint_min": str(GOP), "sc_threshold": "0", "crf": "18"}
CODECS: dict[str, tuple[str, str, dict[str, str]]] = {
    "H.264": ("libx264", "h264", {**X264, "bf": "0"}),
    "H.264 with B-frames": ("libx264", "h264", {**X264, "bf": "2", "b_strategy": "0"}),
    "H.265": (
        "libx265",
        "hevc",
        {"x265-params": f"log-level=none:keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=2:crf=18"},
    ),
    "Motion JPEG": ("mjpeg", "mjpeg", {}),
}


def picture(number: int, size: Size = SIZE) -> Bgr:
    """A grey picture in which eight columns hold the number's bits, dark or light."""
    row = np.repeat([200 if number >> bit & 1 else 60 for bit in range(_BITS)], size.width // _BITS)
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (size.height, size.width, 3)), np.uint8)


def number_of(luma: NDArray[Any]) -> int:
    """Read the number out of a decoded picture."""
    width = luma.shape[1] // _BITS
    means = [float(luma[8:-8, bit * width + 2 : (bit + 1) * width - 2].mean()) for bit in range(_BITS)]
    return sum((mean > 130) << bit for bit, mean in enumerate(means))


def coded(
    name: str = "H.264",
    count: int = 100,
    *,
    in_band: bool = False,
    size: Size = SIZE,
    start_s: float = START_S,
) -> tuple[CodedPicture, ...]:
    """The pictures 0 to count - 1 as a camera sends them; `in_band`: with their header in them alone."""
    return _coded(name, count, in_band, size, start_s)


@cache
def _coded(name: str, count: int, in_band: bool, size: Size, start_s: float) -> tuple[CodedPicture, ...]:
    encoder, codec, options = CODECS[name]
    if encoder not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no encoder {encoder}")
    context: Any = av.CodecContext.create(encoder, "w")
    context.width, context.height = size
    context.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    context.time_base, context.framerate, context.options = TIME_BASE, RATE_HZ, options
    if not in_band:
        context.flags |= av.codec.context.Flags.global_header.value
    packets = []
    for number in range(count):
        frame = av.VideoFrame.from_ndarray(picture(number, size), format="bgr24")
        frame = frame.reformat(format=context.pix_fmt)
        frame.pts, frame.time_base = round(number / RATE_HZ / TIME_BASE), TIME_BASE
        packets += context.encode(frame)
    packets += context.encode(None)
    form = CodedFormat(codec, size, b"" if in_band else context.extradata or b"")
    return tuple(
        CodedPicture(
            bytes(packet),
            start_s + float(packet.pts * TIME_BASE),
            start_s + float(packet.dts * TIME_BASE),
            packet.is_keyframe,
            form,
        )
        for packet in packets
    )


def shown(path: Path) -> tuple[list[int], list[float]]:
    """The numbers and times of all pictures of a file; fails where one of them is damaged."""
    numbers, times_s = [], []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert not frame.is_corrupt
            numbers.append(number_of(frame.to_ndarray(format="gray")))
            assert frame.time is not None
            times_s.append(frame.time)
    return numbers, times_s


def pictures_of(numbers: Sequence[int]) -> list[float]:
    """The times at which these pictures are shown in a file that begins with the first of them."""
    return [(number - numbers[0]) / RATE_HZ for number in numbers]
