"""What must not be seen is made black in every picture before anything else is done with it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Bgr, Size

Polygon = Sequence[tuple[float, float]]
"""Corners x, y as fractions of the frame, 0 to 1, origin top left; it closes by itself."""


def corners_px(polygon: Polygon, size: Size) -> NDArray[np.int32]:
    """Return a polygon's corners in whole pixels, int32 (N, 2), x and y."""
    return np.rint(np.asarray(polygon, np.float64) * (size.width, size.height)).astype(np.int32)


def blacken(picture: Bgr, polygons: Sequence[Polygon]) -> Bgr:
    """Return the picture with the polygons black; a copy, or the picture itself without polygons."""
    if not polygons:
        return picture
    height, width = picture.shape[:2]
    result = picture.copy()
    for polygon in polygons:
        # One by one: where polygons overlap, fillPoly with all of them would leave holes (even-odd rule).
        cv2.fillPoly(result, [corners_px(polygon, Size(width, height))], (0, 0, 0))
    return result
