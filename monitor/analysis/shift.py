"""The shift of a picture against the learnt place, and what follows from it for planes, masks and maps."""

import math
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.preprocess import Planes
from monitor.frames import Plane

_NEGLIGIBLE_PX = 0.3
"""Below this the test of the neighbours explains all, and resampling would only blur."""


class Shift(NamedTuple):
    """By how many pixels of the analysis size a picture lies right of and below the learnt place."""

    x: float
    y: float

    @property
    def is_negligible(self) -> bool:
        """Whether it can be left alone."""
        return abs(self.x) < _NEGLIGIBLE_PX and abs(self.y) < _NEGLIGIBLE_PX

    def reversed(self) -> "Shift":
        """Return the shift of the learnt place on the picture."""
        return Shift(-self.x, -self.y)


NO_SHIFT = Shift(0.0, 0.0)


def brought_back(planes: Planes, shift: Shift) -> Planes:
    """Return the picture as it would be without the shift; what it does not show repeats its edge."""
    half = Shift(shift.x / 2, shift.y / 2)
    return Planes(
        brought_back_plane(planes.luma, shift),
        brought_back_plane(planes.small, half),
        None if planes.u is None else brought_back_plane(planes.u, half),
        None if planes.v is None else brought_back_plane(planes.v, half),
    )


def brought_back_plane(plane: Plane, shift: Shift) -> Plane:
    """Return one plane without the shift, bilinear."""
    return cast(Plane, _warped(plane, shift, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE))


def brought_back_mask(mask: Plane, shift: Shift) -> Plane:
    """Return a mask of 0 and 255 without the shift; what is not known is 0."""
    return cast(Plane, _warped(mask, shift, cv2.INTER_NEAREST, cv2.BORDER_CONSTANT))


def moved_map(values: NDArray[np.float32], shift: Shift) -> NDArray[np.float32]:
    """Return a map of the learnt place, float32 (h, w), moved to where the picture lies."""
    return cast(
        NDArray[np.float32], _warped(values, shift.reversed(), cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    )


def _warped(image: np.ndarray, shift: Shift, interpolation: int, border: int) -> np.ndarray:
    if shift == NO_SHIFT:
        return image
    height, width = image.shape[:2]
    matrix = np.array([[1, 0, shift.x], [0, 1, shift.y]], dtype=np.float64)
    flags = interpolation | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, (width, height), flags=flags, borderMode=border)


def seen(shape: tuple[int, ...], shift: Shift) -> Plane:
    """Return which part of the learnt place the picture shows; uint8 (h, w), 0 or 255."""
    # All but the picture's outermost pixel, which resampling mixes with what is not there, to the nearest.
    height, width = shape[:2]
    left, top = math.ceil(0.5 - shift.x), math.ceil(0.5 - shift.y)
    right, bottom = math.ceil(width - 1.5 - shift.x), math.ceil(height - 1.5 - shift.y)
    mask = np.zeros((height, width), dtype=np.uint8)
    mask[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 255
    return mask
