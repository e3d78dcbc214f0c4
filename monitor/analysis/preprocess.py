"""From a frame to the small planes on which the scene is modelled."""

from typing import NamedTuple

import cv2
import numpy as np

from monitor.frames import Frame, Plane, Size


class Planes(NamedTuple):
    """A frame at analysis size.

    `luma` is uint8 (h, w); `small`, the luma again, and `u` and `v`, neutral at 128, are half that size,
    rounded up; `u` and `v` are None where the source is grey.
    """

    luma: Plane
    small: Plane
    u: Plane | None
    v: Plane | None


def analysis_size(source: Size, max_height_px: int) -> Size:
    """Return the source size halved until it is no higher than `max_height_px`; never below 1 × 1.

    Halving is what INTER_AREA does ten times faster than any other factor, and each halving averages four
    pixels, which halves the noise.
    """
    width, height = source
    while height > max_height_px and width > 1:
        width, height = width // 2, height // 2
    return Size(width, height)


def halved(plane: Plane) -> Plane:
    """Return the mean of each 2 × 2 block; an odd last row or column is left out."""
    height, width = plane.shape
    even = plane[: height & ~1, : width & ~1]
    return _plane(cv2.resize(even, (width // 2, height // 2), interpolation=cv2.INTER_AREA))


def shrunk(plane: Plane, size: Size) -> Plane:
    """Return the plane at `size`, by halving as long as that leaves no less, then by area."""
    while plane.shape[0] // 2 >= size.height and plane.shape[1] // 2 >= size.width:
        plane = halved(plane)
    if plane.shape == (size.height, size.width):
        return plane
    return _plane(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))


def half_size(size: Size) -> Size:
    """Return half the size, rounded up: that of the chroma planes in 4:2:0 video."""
    return Size((size.width + 1) // 2, (size.height + 1) // 2)


def planes_of(frame: Frame, max_height_px: int) -> Planes:
    """Return the frame's planes at analysis size."""
    size = analysis_size(frame.size, max_height_px)
    luma = shrunk(frame.luma, size)
    half = half_size(size)
    small = shrunk(luma, half)
    if frame.chroma is None:
        return Planes(luma, small, None, None)
    return Planes(luma, small, shrunk(frame.chroma.u, half), shrunk(frame.chroma.v, half))


_FLAT_LEVELS = 6.0
"""A picture that deviates by less from its mean shows nothing: a covered lens, a black or grey picture. The
least of any recording that was measured is 10, a road under a grey sky."""


def is_flat(planes: Planes) -> bool:
    """Return whether a picture shows nothing at all."""
    return float(cv2.meanStdDev(planes.small)[1][0, 0]) < _FLAT_LEVELS


def _plane(image: np.ndarray) -> Plane:
    return np.asarray(image, dtype=np.uint8)
