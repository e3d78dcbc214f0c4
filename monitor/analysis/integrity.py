"""Measures of the picture as a whole: is it sharp, is it still the same place, is it alive?"""

import math
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.background import Map
from monitor.frames import Plane


class Gradient(NamedTuple):
    """Horizontal and vertical luma gradient, float32 (h, w) each, grey levels per two pixels."""

    x: Map
    y: Map

    @property
    def energy(self) -> float:
        """Mean squared length."""
        return float(np.vdot(self.x, self.x) + np.vdot(self.y, self.y)) / self.x.size


class Likeness(NamedTuple):
    """A picture against the model.

    `sharpness` is the gradient's strength over the model's, 1 as learnt. `structure` is the share of the
    model's edges that the picture still has, in the same direction: near 1 for the same place in any light,
    less by what stands before it, near 0.1 by chance for another place; None where the model has no
    edges. `layout` is the correlation of the coarse brightness, 16 × 12 cells, with the model's: blur leaves
    it near 1, another place does not.
    """

    sharpness: float
    structure: float | None
    layout: float


_NOISE_ENERGY = 4.0
"""Gradient energy below this is sensor noise: a flat picture has neither sharpness nor structure."""

_COARSE = (16, 12)

_EDGE_SHARE = 0.15
"""The strongest 15 percent of the model's gradients are its edges."""

_EDGE_LEVELS = 6.0
"""A gradient weaker than this many grey levels is texture that compression wipes out when the light falls."""

_FEWEST_EDGES = 0.002
"""With a smaller share of edge pixels the place has no face to be recognised by."""

_SAME_DIRECTION = 0.85
"""Cosine of the largest angle between two gradients of one edge, 32 degrees: by chance one in six."""

_KEPT_STRENGTH = 0.3
"""An edge is still there with this share of its strength: dusk and haze take more than half."""


def gradient(image: NDArray[np.uint8] | Map) -> Gradient:
    """Return the gradient by Scharr's 3 × 3 filter, scaled to grey levels per two pixels."""
    x = cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 16)
    y = cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 16)
    return Gradient(np.asarray(x, dtype=np.float32), np.asarray(y, dtype=np.float32))


class LearntEdges:
    """The edges of the model, to which pictures are compared."""

    def __init__(self, mean: Map) -> None:
        learnt = gradient(mean)
        strength = np.hypot(learnt.x, learnt.y)
        on = strength >= max(float(np.quantile(strength, 1.0 - _EDGE_SHARE)), _EDGE_LEVELS)
        self._where = np.flatnonzero(on)
        self._x, self._y = learnt.x.ravel()[self._where], learnt.y.ravel()[self._where]
        self._strength = strength.ravel()[self._where]
        self._energy = max(learnt.energy, _NOISE_ENERGY)
        self._cells = _coarse(mean)

    def likeness(self, picture: Plane, gain: float) -> Likeness:
        """Compare a picture, uint8 (h, w) as the model, whose light is `gain` times the learnt."""
        seen = gradient(picture)
        sharpness = math.sqrt(seen.energy / self._energy) / gain
        layout = _correlation(_coarse(picture), self._cells)
        if len(self._where) < _FEWEST_EDGES * picture.size:
            return Likeness(sharpness, None, layout)
        x, y = seen.x.ravel()[self._where], seen.y.ravel()[self._where]
        strength = np.hypot(x, y)
        along = x * self._x + y * self._y > _SAME_DIRECTION * strength * self._strength
        strong = strength > _KEPT_STRENGTH * gain * self._strength
        return Likeness(sharpness, float((along & strong).mean()), layout)


def _coarse(image: Plane | Map) -> Map:
    return np.asarray(cv2.resize(image, _COARSE, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _correlation(one: Map, other: Map) -> float:
    """Return Pearson's correlation; 1 where one of them has no contrast to compare."""
    a, b = one - one.mean(), other - other.mean()
    norm = math.sqrt(float(np.vdot(a, a)) * float(np.vdot(b, b)))
    return float(np.vdot(a, b)) / norm if norm > 0 else 1.0


def mean_and_deviation(luma: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of the luma in grey levels."""
    mean, deviation = cv2.meanStdDev(luma)
    return float(mean[0, 0]), float(deviation[0, 0])


def mean_change(luma: Plane, before: Plane) -> float:
    """Return the mean absolute difference in grey levels; exactly 0 only for equal pictures."""
    return float(cv2.norm(luma, before, cv2.NORM_L1)) / luma.size
