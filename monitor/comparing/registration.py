"""Where one picture lies on another of the same place, and the picture brought there."""

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.keypoints import from_keypoints
from monitor.comparing.options import Align
from monitor.comparing.shifting import best_shift
from monitor.comparing.warping import Matrix, corners_of, warped
from monitor.frames import Plane, Size

_NEGLIGIBLE_PX = 0.25
"""What moves no corner by more is left as it is, for the same reason."""

_BETTER = 0.95
"""A shift must leave less than this share of the edges' difference, or nothing was shifted."""

_PLAIN = 0.6
_NOTICED_PX = 2.0
"""A camera is said to have been pushed where its shift is as long and leaves no more than this share."""


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """How B had to be moved to lie on A.

    B's middle lies `x_px` right of A's and `y_px` below it, turned clockwise by `rotation_deg` and `scale`
    times as large. `farthest_px` is the way of the corner that moved most. Pixels are A's. `matrix` leads
    from places in A to those in B.
    """

    method: Align
    x_px: float
    y_px: float
    rotation_deg: float
    scale: float
    farthest_px: float
    matrix: Matrix

    @property
    def is_none(self) -> bool:
        """Whether B lies on A as it is."""
        return self.farthest_px == 0


def find_move(a: Plane, b: Plane, method: Align) -> Move:
    """Return where B's luma lies on A's, both uint8 (H, W) of one shape.

    Raises `UsageError` where too few keypoints agree.
    """
    height, width = a.shape
    if method == "shift":
        x, y = _shift(a, b)
        matrix = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)
    else:
        matrix = from_keypoints(a, b, method)
    return _described(matrix, method, Size(width, height))


def moved(picture: NDArray[np.uint8], move: Move) -> NDArray[np.uint8]:
    """Return B, uint8 (H, W) or (H, W, 3), as it lies on A; black where it shows nothing of A."""
    return cast(NDArray[np.uint8], warped(picture, move.matrix))


def seen_by(move: Move, shape: tuple[int, ...]) -> Plane:
    """Return which pixels of A the moved B shows wholly; uint8 (H, W), 0 or 255."""
    all_of_it = np.full(shape[:2], 255, np.uint8)
    return np.where(warped(all_of_it, move.matrix) == 255, np.uint8(255), np.uint8(0))


def noticed_shift(a: Plane, b: Plane) -> Move | None:
    """Return the shift of B's luma against A's, uint8 (H, W), where it is plain to see; else None."""
    if np.array_equal(a, b):
        return None
    x, y, left = best_shift(a, b)
    if left > _PLAIN or math.hypot(x, y) < _NOTICED_PX:
        return None
    matrix = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)
    return _described(matrix, "shift", Size(a.shape[1], a.shape[0]))


def _shift(a: Plane, b: Plane) -> tuple[float, float]:
    x, y, left = best_shift(a, b)
    return (x, y) if left <= _BETTER else (0.0, 0.0)


def _described(matrix: Matrix, method: Align, size: Size) -> Move:
    corners = corners_of(size)
    ways = cv2.perspectiveTransform(corners[None], matrix)[0] - corners
    farthest_px = float(np.hypot(ways[:, 0], ways[:, 1]).max())
    if farthest_px < _NEGLIGIBLE_PX:
        return Move(method, 0.0, 0.0, 0.0, 1.0, 0.0, np.eye(3))
    x, y = size.width / 2, size.height / 2
    # Rotation and scale are those of a step of one pixel right at the middle.
    ends = cv2.perspectiveTransform(np.array([[[x, y], [x + 1, y]]]), matrix)[0]
    right = ends[1] - ends[0]
    way = ends[0] - (x, y)
    return Move(
        method,
        x_px=float(way[0]),
        y_px=float(way[1]),
        rotation_deg=math.degrees(math.atan2(right[1], right[0])),
        scale=float(np.hypot(*right)),
        farthest_px=farthest_px,
        matrix=matrix,
    )
