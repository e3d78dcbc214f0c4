"""Does the camera itself move? Background corners against the frame before and against the model."""

from dataclasses import dataclass

import numpy as np

from monitor.analysis.background import Map
from monitor.analysis.flow import Points, common_shift, corners, follow
from monitor.frames import Plane

_MOST_CORNERS = 40
"""The median of 40 vectors, half of them on something that moves, is still good to a quarter of a pixel."""

_RENEW_S = 30.0
"""The model's picture changes with the light; its corners are sought anew this often, not on every frame."""


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """Shifts in pixels (dx, dy); None where the background corners share none.

    `move_px` is against the frame before, `shift_px` against the model.
    """

    move_px: tuple[float, float] | None
    shift_px: tuple[float, float] | None


AT_REST = CameraMotion((0.0, 0.0), (0.0, 0.0))


class CameraWatch:
    """Keeps the corners of the model's picture and follows them."""

    def __init__(self) -> None:
        self._renewed_s: float | None = None
        self._points: Points | None = None
        self._model: Plane = np.zeros((1, 1), dtype=np.uint8)

    def measure(self, before: Plane, now: Plane, mean: Map, foreground: Plane, time_s: float) -> CameraMotion:
        """Return the camera's motion; `mean` is μ and `foreground` the mask, both (h, w)."""
        if self._points is None or self._renewed_s is None or time_s - self._renewed_s > _RENEW_S:
            picture = np.clip(mean, 0, 255).astype(np.uint8)
            self._points = corners(picture, None, _MOST_CORNERS)
            self._model = picture
            self._renewed_s = time_s
        points = _outside(self._points, foreground)
        moved, good = follow(before, now, points)
        shifted, found = follow(self._model, now, points)
        return CameraMotion(
            move_px=common_shift(points[good], moved[good]),
            shift_px=common_shift(points[found], shifted[found]),
        )


def _outside(points: Points, foreground: Plane) -> Points:
    """Return the points on the background; all of them where that leaves too few to tell."""
    columns, rows = points.astype(int).T
    free = points[foreground[rows, columns] == 0]
    return free if len(free) >= _MOST_CORNERS // 4 else points
