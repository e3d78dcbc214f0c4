"""Cast shadows: darker, by a smooth ratio, in the same colour."""

from typing import cast

import cv2
import numpy as np

from monitor.analysis.background import Map
from monitor.frames import Plane

DARKEST_RATIO = 0.35
"""A cast shadow keeps at least about a third of the light (the sky's share of daylight)."""

LIGHTEST_RATIO = 0.97
"""Above this there is no shadow to speak of."""

TEXTURE_DEVIATION = 0.042
"""In a shadow the ratio to μ is smooth: its deviation over the window stays below this. On an object the
texture of the object divided by that of the ground varies far more. Mean F of the masks is flat from 0.035 to
0.045; with 0.07 dark cars and coats are eaten."""

_WINDOW_PX = (3, 3)
_NEIGHBOURS = np.ones((3, 3), dtype=np.uint8)


def shadow_mask(luma: Plane, predicted: Map) -> Plane:
    """Return where a picture looks like cast shadow on the model; uint8 (h, w), 0 or 255.

    `luma` is uint8 (h, w), `predicted` is μ under the present light, float32 (h, w); both at half the
    analysis size, where noise is less and a shadow no smaller than it matters.
    """
    ratio = cv2.divide(luma, predicted, dtype=cv2.CV_32F)
    dark = cast(Plane, cv2.inRange(ratio, np.array(DARKEST_RATIO), np.array(LIGHTEST_RATIO)))
    mean = cv2.blur(ratio, _WINDOW_PX)
    square = cv2.sqrBoxFilter(ratio, cv2.CV_32F, _WINDOW_PX)
    limit = cv2.multiply(mean, mean) + np.float32(TEXTURE_DEVIATION**2)
    rough = cast(Plane, cv2.compare(square, limit, cv2.CMP_GT))
    smooth = dark & ~rough
    # At its rim the window reaches over the edge, and the ratio is not smooth. Growing the whole patches by
    # that one pixel, and asking for more smoothness instead, keeps dark cars and drops outlines of shadows.
    whole = cv2.morphologyEx(smooth, cv2.MORPH_OPEN, _NEIGHBOURS)
    return smooth | (cast(Plane, cv2.dilate(whole, _NEIGHBOURS)) & dark)
