"""Decoded pictures as luma and chroma planes, without colour conversion wherever the format allows it."""

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Self

import cv2
import numpy as np
from av import VideoFormat, VideoFrame
from av.sidedata.sidedata import Type
from av.video.plane import VideoPlane
from av.video.reformatter import Colorspace, VideoReformatter
from numpy.typing import NDArray

from monitor.frames import Bgr, Chroma, Plane

_UNSPECIFIED = 2
"""AVCOL_SPC_UNSPECIFIED, ITU-T H.273 table 4: the stream does not say how colour was coded."""

_HD_HEIGHT_PX = 720
"""An untagged picture is taken as BT.709 from this height on, below as BT.601, as players do."""

_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Orientation:
    """What makes a coded picture upright: first transposed, then mirrored left-right, then top-bottom."""

    transposed: bool = False
    mirrored: bool = False
    flipped: bool = False

    @classmethod
    def of(cls, picture: VideoFrame) -> Self:
        """Return what the picture's display matrix asks for; angles other than right ones are left alone.

        The matrix maps (x, y) to (a·x + c·y, b·x + d·y) in 16.16 fixed point, ISO/IEC 14496-12 (8.2.2).
        """
        side_data: dict[Any, Any] = picture.side_data  # type: ignore[assignment]
        if Type.DISPLAYMATRIX not in side_data:
            return cls()
        matrix = np.frombuffer(side_data[Type.DISPLAYMATRIX], np.int32) / 65536
        a, b, c, d = np.rint(matrix[[0, 1, 3, 4]])
        if a == d == 0 and b and c:
            return cls(transposed=True, mirrored=bool(c < 0), flipped=bool(b < 0))
        return cls(mirrored=bool(a < 0), flipped=bool(d < 0)) if b == c == 0 else cls()

    def upright(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the plane (H, W) or colour picture (H, W, 3) upright: itself if it is so already."""
        if self.transposed:
            picture = cv2.transpose(picture)  # type: ignore[assignment]
        if self.mirrored or self.flipped:
            axes = -1 if self.mirrored and self.flipped else int(self.mirrored)
            picture = cv2.flip(picture, axes)  # type: ignore[assignment]
        return picture


AS_CODED = Orientation()
"""The picture is upright as it is."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How planes hold their samples; `chroma_order` gives U's and V's place where they share a plane."""

    sample: np.dtype[Any]
    dropped_bits: int
    has_chroma: bool
    chroma_order: tuple[int, int] | None


@lru_cache
def _layout(format_name: str) -> _Layout | None:
    """Return how a format lies in memory, or None if its luma has no plane of its own."""
    pixel_format = VideoFormat(format_name)
    luma, *others = pixel_format.components
    if _is_coloured_otherwise(pixel_format) or not 8 <= luma.bits <= 16 or any(c.plane == 0 for c in others):
        return None
    order = ">" if pixel_format.is_big_endian else "<"
    chroma_planes = {component.plane for component in others if not component.is_alpha}
    at_the_top = format_name.startswith(("p0", "p2", "p4")) or "msb" in format_name
    return _Layout(
        sample=np.dtype(np.uint8 if luma.bits == 8 else f"{order}u2"),
        dropped_bits=8 if at_the_top else luma.bits - 8,
        has_chroma=bool(chroma_planes),
        chroma_order=_chroma_order(format_name) if len(chroma_planes) == 1 else None,
    )


def _chroma_order(format_name: str) -> tuple[int, int]:
    return (1, 0) if format_name in {"nv21", "nv42"} else (0, 1)


def _is_coloured_otherwise(pixel_format: VideoFormat) -> bool:
    """Tell formats that have no luma at all: RGB, palette, Bayer, XYZ."""
    return pixel_format.is_rgb or pixel_format.has_palette or pixel_format.name.startswith("xyz")


def planes_of(picture: VideoFrame, orientation: Orientation = AS_CODED) -> tuple[Plane, Chroma | None]:
    """Return luma and chroma, read-only and upright.

    Where luma has a plane of 8 bits of its own it is a view of the decoder's memory and keeps it alive.
    Deeper samples lose their low bits. Formats without luma (RGB, palette) become full-range BT.601 in
    4:4:4; packed YUV is unpacked to 4:2:2.
    """
    layout = _layout(picture.format.name)
    if layout is None:
        return _planes_after_conversion(picture, orientation)
    planes = picture.planes
    luma = _samples(planes[0], layout)
    chroma = _chroma(planes, layout) if layout.has_chroma else None
    if orientation != AS_CODED:
        luma = _read_only(orientation.upright(luma))
        chroma = chroma and Chroma(*(_read_only(orientation.upright(plane)) for plane in chroma))
    return luma, chroma


def _chroma(planes: tuple[VideoPlane, ...], layout: _Layout) -> Chroma:
    if layout.chroma_order is None:
        return Chroma(_samples(planes[1], layout), _samples(planes[2], layout))
    both = cv2.split(_samples(planes[1], layout, channels=2))
    u, v = layout.chroma_order
    return Chroma(_read_only(both[u]), _read_only(both[v]))


def _samples(plane: VideoPlane, layout: _Layout, channels: int = 1) -> NDArray[np.uint8]:
    """Return a plane's samples in 8 bits, a view where they have 8, without the padding of its lines."""
    size = layout.sample.itemsize
    shape: tuple[int, ...] = (plane.height, plane.width)
    line_bytes = plane.line_size
    strides: tuple[int, ...] = (line_bytes, size)
    if channels > 1:
        shape, strides = (*shape, channels), (line_bytes, channels * size, size)
    # A picture stored bottom-up has negative line steps, and its first line lies last in the buffer.
    first_line = 0 if line_bytes > 0 else -line_bytes * (plane.height - 1)
    samples = np.ndarray(shape, layout.sample, memoryview(plane), first_line, strides)
    if layout.dropped_bits:
        eight_bits = np.empty(shape, np.uint8)
        samples = np.right_shift(samples, layout.dropped_bits, out=eight_bits, casting="unsafe")
    return _read_only(samples)


def _planes_after_conversion(picture: VideoFrame, orientation: Orientation) -> tuple[Plane, Chroma | None]:
    if _is_coloured_otherwise(picture.format):
        return planes_of_bgr(bgr_of(picture, orientation))
    colours = [component for component in picture.format.components if not component.is_alpha]
    return planes_of(picture.reformat(format="yuv422p" if len(colours) == 3 else "gray"), orientation)


def planes_of_bgr(bgr: Bgr) -> tuple[Plane, Chroma]:
    """Return a colour picture's luma and chroma, read-only, 4:4:4, full range, BT.601 as in JFIF.

    Luma is 0.299 R + 0.587 G + 0.114 B, chroma (B - Y) / 1.772 + 128 and (R - Y) / 1.402 + 128.
    """
    luma, v, u = cv2.split(cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb))
    return _read_only(luma), Chroma(_read_only(u), _read_only(v))


def bgr_of(picture: VideoFrame, orientation: Orientation = AS_CODED) -> Bgr:
    """Return the picture in colour, upright, in new memory; colour space and range are the stream's.

    Where the stream does not say, range is limited and the colour space goes by the picture's height.
    """
    untagged = picture.colorspace == _UNSPECIFIED
    guess = Colorspace.ITU709 if picture.height >= _HD_HEIGHT_PX else Colorspace.ITU601
    # One thread: starting more for each picture costs more than they save.
    converted = _own_reformatter().reformat(
        picture, format="bgr24", src_colorspace=guess if untagged else None, threads=1
    )
    bgr = converted.to_ndarray()
    upright = orientation.upright(bgr)  # type: ignore[arg-type]
    return upright.copy() if picture.format.name == "bgr24" else upright


def _own_reformatter() -> VideoReformatter:
    """Return this thread's converter: the one that a picture brings along must not be used by two at once."""
    if not hasattr(_of_thread, "reformatter"):
        _of_thread.reformatter = VideoReformatter()
    return _of_thread.reformatter  # type: ignore[no-any-return]


def _read_only(plane: NDArray[Any]) -> NDArray[Any]:
    plane.flags.writeable = False
    return plane
