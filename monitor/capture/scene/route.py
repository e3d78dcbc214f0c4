"""Where something that moves is at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

import numpy as np

from monitor.capture.scene.part import ramp

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """A place on a way: the point, the heading (dx, dy), the way behind, and how brisk the pace is, 0 to 1.

    Point and heading are fractions of the view; the way is in view heights.
    """

    x: float
    y: float
    dx: float
    dy: float
    way: float
    pace: float


def step_at(
    time_s: float,
    start_s: float,
    end_s: float,
    path: Sequence[Point],
    stand: tuple[float, float] | None,
    aspect: float,
) -> Step:
    """Return where on its path something is that moves evenly from start to end and stands in between.

    `stand` is the span in seconds in which it does not move; `aspect` is the view's width over its height.
    """
    legs = [hypot((b[0] - a[0]) * aspect, b[1] - a[1]) for a, b in pairwise(path)]
    marks = np.concatenate([[0.0], np.cumsum(legs)])
    moved = _moving_s(time_s, stand) - _moving_s(start_s, stand)
    share = moved / max(_moving_s(end_s, stand) - _moving_s(start_s, stand), 1e-6)
    way = min(max(share, 0.0), 1.0) * float(marks[-1])
    leg = min(int(np.searchsorted(marks, way, side="right")) - 1, len(legs) - 1)
    (x0, y0), (x1, y1) = path[leg], path[leg + 1]
    along = (way - float(marks[leg])) / max(legs[leg], 1e-6)
    return Step(x0 + along * (x1 - x0), y0 + along * (y1 - y0), x1 - x0, y1 - y0, way, _pace(time_s, stand))


def _moving_s(time_s: float, stand: tuple[float, float] | None) -> float:
    """Return how much of the time until now was not stood still."""
    if stand is None:
        return time_s
    return time_s - min(max(time_s - stand[0], 0.0), stand[1] - stand[0])


def _pace(time_s: float, stand: tuple[float, float] | None) -> float:
    """Return 1 in motion and 0 standing, with a third of a second to halt and to set off."""
    if stand is None:
        return 1.0
    return 1 - ramp(time_s, stand[0] - 0.3, stand[0]) + ramp(time_s, stand[1], stand[1] + 0.3)
