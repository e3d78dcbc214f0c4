"""What of the pictures is compared: polygons and a mask made one plane."""

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.options import Options, Polygon
from monitor.errors import UsageError
from monitor.frames import Plane


def watched_part(options: Options, shape: tuple[int, ...]) -> Plane | None:
    """Return what of a picture of this shape is compared, uint8 (H, W), 0 or 255; None for all of it."""
    mask = options.mask
    if mask is not None and mask.shape != shape[:2]:
        raise UsageError(
            f"the mask is {mask.shape[1]}x{mask.shape[0]} pixels and A {shape[1]}x{shape[0]}; "
            "make it of A's size."
        )
    if mask is None and not options.include and not options.exclude:
        return None
    watched = np.full(shape[:2], 0 if options.include else 255, np.uint8)
    for polygons, level in ((options.include, 255), (options.exclude, 0)):
        for polygon in polygons:
            cv2.fillPoly(watched, [_corners_px(polygon, shape)], level)
    return watched if mask is None else np.where(mask != 0, watched, np.uint8(0))


def _corners_px(polygon: Polygon, shape: tuple[int, ...]) -> NDArray[np.int32]:
    # A corner at 1.0 is the far edge of the last pixel.
    return np.rint(np.asarray(polygon, np.float64) * (shape[1], shape[0])).astype(np.int32)
