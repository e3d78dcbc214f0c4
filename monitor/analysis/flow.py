"""Sparse pyramidal Lucas-Kanade flow, checked forward and backward.

Lucas and Kanade (1981) on the pyramids of Bouguet (2001), at corners after Shi and Tomasi (1994), kept only
where following the corner back returns to where it started (Kalal, Mikolajczyk and Matas, 2010).
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

Points = NDArray[np.float32]
"""Positions in pixels of the analysis size, float32 (n, 2), x then y."""

NO_POINTS: Points = np.empty((0, 2), dtype=np.float32)


class Reach(NamedTuple):
    """The window that is compared, in pixels, and how often the picture is halved above its full size."""

    window_px: int
    levels: int


NEAR = Reach(11, 2)
"""Steps of up to 11 · 2² / 2 = 22 pixels are followed, a twentieth of a picture 480 pixels wide between two
frames."""

FAR = Reach(21, 3)
"""For what the first does not find, at four times the cost."""

_RETURN_PX = 1.0
"""A corner that comes back further than this from its start was lost on the way."""

_QUALITY = 0.02
_DISTANCE_PX = 5


def corners(luma: Plane, mask: Plane | None, most: int) -> Points:
    """Return up to `most` corners of a picture, best first, where `mask` is not 0."""
    if most < 1 or min(luma.shape) < 3:
        return NO_POINTS
    found = cv2.goodFeaturesToTrack(luma, most, _QUALITY, _DISTANCE_PX, mask=mask)
    return NO_POINTS if found is None else np.asarray(found, dtype=np.float32).reshape(-1, 2)


def follow(
    before: Plane, now: Plane, points: Points, reach: Reach = NEAR
) -> tuple[Points, NDArray[np.bool_]]:
    """Return where the points are now, and which of them were followed there and back."""
    if not len(points):
        return points, np.zeros(0, dtype=bool)
    there, seen = _lucas_kanade(before, now, points, reach)
    back, again = _lucas_kanade(now, before, there, reach)
    missed = points - back
    returned = np.einsum("ij,ij->i", missed, missed) < _RETURN_PX**2
    return there, returned & seen & again


def common_shift(start: Points, end: Points, least: int = 8) -> tuple[float, float] | None:
    """Return the shift (dx, dy) in pixels that most points share; None where they share none.

    The median of the vectors, believed only where at least half of at least `least` points lie within a
    pixel and a half of it.
    """
    if len(start) < least:
        return None
    steps = end - start
    middle = np.median(steps, axis=0)
    near = np.linalg.norm(steps - middle, axis=1) < 1.5
    if near.mean() < 0.5:
        return None
    dx, dy = steps[near].mean(axis=0)
    return float(dx), float(dy)


def _lucas_kanade(
    before: Plane, now: Plane, points: Points, reach: Reach
) -> tuple[Points, NDArray[np.bool_]]:
    # OpenCV's stubs do not know that the output argument may be None.
    moved, found, _ = cv2.calcOpticalFlowPyrLK(  # type: ignore[call-overload]
        before, now, points, None, winSize=(reach.window_px, reach.window_px), maxLevel=reach.levels
    )
    return np.asarray(moved, dtype=np.float32), found.ravel() == 1
