"""By how much a camera was pushed, from the phase of the spectra (Kuglin and Hines 1975).

Of the levels and of the edges' strengths, which exposure leaves alone: what lays the edges better counts.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.integrity import gradient
from monitor.comparing.warping import shrunk_pair
from monitor.frames import Plane

_SHIFT_ROWS = 540
"""Pictures are halved to no more rows than this before they are laid on each other."""

_WHOLE_PX = 0.15
"""A shift this near to whole pixels is one: resampling would only blur."""

_LEAST_EDGE = 16.0
"""A picture without an edge of so many levels shows nothing by which to lay it on another."""

_HIDDEN = 0.5
"""Share of the edges out of the other's sight that would have fitted no better than before."""


def best_shift(a: Plane, b: Plane) -> tuple[float, float, float]:
    """Return the likeliest shift in pixels, and which share of the edges' difference it leaves."""
    small_a, small_b, scale = shrunk_pair(a, b, _SHIFT_ROWS)
    if min(small_a.shape) < 2:
        return 0.0, 0.0, 1.0
    edges_a, edges_b = _strength(small_a), _strength(small_b)
    if min(edges_a.max(), edges_b.max()) < _LEAST_EDGE:
        return 0.0, 0.0, 1.0
    window = cv2.createHanningWindow((small_a.shape[1], small_a.shape[0]), cv2.CV_32F)
    # Levels have the clearer phase as a rule; edges where what came into the picture is bright and large.
    levels = small_a.astype(np.float32), small_b.astype(np.float32)
    tried = [cv2.phaseCorrelate(*pair, window)[0] for pair in (levels, (edges_a, edges_b))]
    x, y, left = min(((x, y, _apart(edges_a, edges_b, x, y)) for x, y in tried), key=lambda way: way[2])
    return _whole(x * scale), _whole(y * scale), left


def _strength(plane: Plane) -> NDArray[np.float32]:
    slope = gradient(plane)
    return np.asarray(cv2.magnitude(slope.x, slope.y), np.float32)


def _whole(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) < _WHOLE_PX else value


def _apart(a: NDArray[np.float32], b: NDArray[np.float32], x: float, y: float) -> float:
    """Return how far edges are apart when B is brought back by whole pixels, as a share of how far they were.

    Half a pixel of the size looked at is no shift: differences are looked for with as much tolerance.
    """
    dx, dy = round(x), round(y)
    height, width = a.shape
    if dx == dy == 0:
        return 1.0
    if abs(dx) >= width or abs(dy) >= height:
        return math.inf
    on_a = np.s_[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
    on_b = np.s_[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
    before = float(np.abs(a - b).sum())
    # What is pushed out of sight is no evidence that it fits.
    hidden = float(a.sum() - a[on_a].sum() + b.sum() - b[on_b].sum())
    seen = float(np.abs(a[on_a] - b[on_b]).sum())
    return (seen + _HIDDEN * hidden) / before if before else math.inf
