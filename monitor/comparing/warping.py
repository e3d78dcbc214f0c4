"""Pictures moved by a matrix, and what is needed to find one."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.preprocess import analysis_size, shrunk
from monitor.frames import Plane, Size

Matrix = NDArray[np.float64]
"""3 x 3: from places in A to places in B, in pixels."""


def warped(picture: NDArray[np.uint8], matrix: Matrix) -> NDArray[Any]:
    """Return a picture, (H, W) or (H, W, 3), as the matrix leads from its new places to its old ones."""
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def shrunk_pair(a: Plane, b: Plane, rows: int) -> tuple[Plane, Plane, float]:
    """Return two planes of one size halved to at most so many rows, and by what they were divided."""
    size = analysis_size(Size(a.shape[1], a.shape[0]), rows)
    return shrunk(a, size), shrunk(b, size), a.shape[0] / size.height


def corners_of(size: Size) -> NDArray[np.float64]:
    """Return the corners of a picture, float64 (4, 2), in pixels."""
    return np.array([[0, 0], [size.width, 0], [size.width, size.height], [0, size.height]], np.float64)
