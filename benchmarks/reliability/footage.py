"""A generated place as coded pictures: one loop in which somebody passes every few seconds."""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.figure import Clothes
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.frames import Size

RATE_HZ = 15
LOOP_S = 10.0
PASSES_S = ((2.5, 5.0), (6.5, 9.0))
"""When somebody passes, from the start of each loop."""

SIZE = Size(320, 240)
OTHER_SIZE = Size(416, 240)

_SLICE_KINDS = (1, 5)
"""NAL units that hold a picture (ITU-T H.264, table 7-1)."""


def scene(size: Size = SIZE) -> Scene:
    """Return the loop; its end goes over into its start without a trace."""
    (first, second) = PASSES_S
    walkers = (
        Walker(*first, ((-0.15, 0.86), (1.15, 0.88))),
        Walker(*second, ((1.15, 0.84), (-0.15, 0.86)), clothes=Clothes.BLUE),
    )
    return Scene((*walkers, Noise()), "yard", size, RATE_HZ, LOOP_S)


@cache
def access_units(codec: str = "libx264", size: Size = SIZE) -> tuple[bytes, ...]:
    """Return the loop coded, one picture each: H.264 in Annex B, a key picture a second, or JPEG."""
    context = av.CodecContext.create(codec, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height = size
    context.time_base = Fraction(1, RATE_HZ)
    context.framerate = Fraction(RATE_HZ)
    if codec == "mjpeg":
        context.pix_fmt, context.color_range = "yuvj420p", 2
        context.options = {"qscale": "4"}
    else:
        context.pix_fmt = "yuv420p"
        context.gop_size = RATE_HZ
        context.options = {"tune": "zerolatency", "preset": "veryfast", "x264-params": "threads=1:scenecut=0"}
    units: list[bytes] = []
    for picture in scene(size).pictures():
        planes = [plane.reshape(-1) for plane in (picture.luma, *picture.chroma)]
        frame = av.VideoFrame.from_ndarray(np.concatenate(planes).reshape(-1, size.width), format="yuv420p")
        frame = frame.reformat(format=context.pix_fmt)
        frame.pts, frame.time_base = picture.index, context.time_base
        units += [bytes(packet) for packet in context.encode(frame)]
    return (*units, *(bytes(packet) for packet in context.encode()))


def write_units(units: Sequence[bytes], path: Path) -> None:
    """Write coded pictures, each after its length in four bytes, as `rtsp_loop.py` reads them."""
    path.write_bytes(b"".join(struct.pack(">I", len(unit)) + unit for unit in units))


def slices_of(unit: bytes) -> bytes:
    """Return what is picture in a coded H.264 picture, be it Annex B or with lengths (ISO/IEC 14496-15)."""
    nals = _annex_b(unit) if unit.startswith((b"\0\0\1", b"\0\0\0\1")) else _with_lengths(unit)
    return b"".join(nal.rstrip(b"\0") for nal in nals if nal and nal[0] & 31 in _SLICE_KINDS)


def _annex_b(unit: bytes) -> Iterator[bytes]:
    yield from unit.split(b"\0\0\1")


def _with_lengths(unit: bytes) -> Iterator[bytes]:
    start = 0
    while start + 4 <= len(unit):
        (length,) = struct.unpack_from(">I", unit, start)
        yield unit[start + 4 : start + 4 + length]
        start += 4 + length


def last_recorded(file: Path) -> int | None:
    """Return the number within its loop of the last picture that decodes in a file that was copied from it;
    None where none does. Raises `av.FFmpegError` for a file that does not play to its end.
    """
    number_of = {slices_of(unit): number for number, unit in enumerate(access_units())}
    last = None
    with av.open(str(file)) as container:
        for packet in container.demux(video=0):
            if packet.decode() and packet.size:
                last = number_of.get(slices_of(bytes(packet)), last)
    return last
