"""Cast shadows: darker, by a smooth ratio, in the same colour."""

import cv2
import numpy as np

from monitor.analysis.background import Map
from monitor.frames import Plane

DARKEST_RATIO = 0.35
"""A cast shadow keeps at least about a third of the light (the sky's share of daylight)."""

LIGHTEST_RATIO = 0.97
"""Above this there is no shadow to speak of."""

TEXTURE_DEVIATION = 0.08
"""In a shadow the ratio to μ is smooth: its deviation over the window stays below this. On an object the
texture of the object divided by that of the ground varies far more."""

_WINDOW_PX = (5, 5)


def shadow_mask(luma: Plane, predicted: Map, candidates: Plane) -> Plane:
    """Return where `candidates` are cast shadow; uint8 (h, w), 0 or 255.

    `luma` is uint8 (h, w), `predicted` is μ under the present light, float32 (h, w); `candidates` is the mask
    of pixels that left μ ± kσ in luma but not in colour.
    """
    ratio = (luma / np.maximum(predicted, 1.0)).astype(np.float32)
    dark = cv2.inRange(ratio, np.array(DARKEST_RATIO), np.array(LIGHTEST_RATIO))
    mean = cv2.blur(ratio, _WINDOW_PX)
    square = cv2.blur(cv2.multiply(ratio, ratio), _WINDOW_PX)
    rough = square - mean * mean > TEXTURE_DEVIATION**2
    dark[rough] = 0
    return np.asarray(cv2.bitwise_and(dark, candidates), dtype=np.uint8)
