"""A picture's perceptual hash: 64 bits that stay the same for what looks the same."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

HASH_BITS = 64

_SIDE_PX = 32
_LOWEST = 8
"""The hash is of the 8 x 8 lowest frequencies of the picture at 32 x 32 pixels (Zauner 2010, 3.2.1)."""


def perceptual_hash(luma: Plane) -> NDArray[np.bool_]:
    """Return which low frequencies of a plane, uint8 (H, W), are above their median; bool (64,)."""
    small = cv2.resize(luma, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    lowest = cast(NDArray[np.float32], cv2.dct(small))[:_LOWEST, :_LOWEST].ravel()
    # Rounding must not decide what a flat picture has instead of frequencies.
    lowest = np.where(np.abs(lowest) < 1.0, 0.0, lowest)
    return np.asarray(lowest > np.median(lowest))


def hash_distance_bits(a: Plane, b: Plane) -> int:
    """Return in how many bits the hashes of two planes differ, 0 to 64; planes may differ in size."""
    return int(np.count_nonzero(perceptual_hash(a) != perceptual_hash(b)))
