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
    it near 1, another place does not. `offset` is by how much the place is out of its learnt position,
    (dx, dy) as fractions of the picture; (0, 0) while it is not in doubt, None where it is not to be found.
    """

    sharpness: float
    structure: float | None
    layout: float
    offset: tuple[float, float] | None = (0.0, 0.0)


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

_DOUBTFUL_STRUCTURE = 0.6
"""With less of the edges than this where they were learnt, the place is looked for elsewhere."""

_FOUND_STRUCTURE = 0.55
_FOUND_GAIN = 1.3
"""The place is there where this share of the edges is, and that many times what is where they were learnt."""

_FLAT_LEVELS = 1.5
"""A coarse brightness that deviates by less is the noise of a black or a white picture, not a layout."""


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
        self._strengths = strength
        self._window = cv2.createHanningWindow(mean.shape[::-1], cv2.CV_32F) if min(mean.shape) > 1 else None
        self._where = np.flatnonzero(on)
        self._x, self._y = learnt.x.ravel()[self._where], learnt.y.ravel()[self._where]
        self._strength = strength.ravel()[self._where]
        self._energy = max(learnt.energy, _NOISE_ENERGY)
        self._cells = _coarse(mean)

    def likeness(self, picture: Plane, gain: float) -> Likeness:
        """Compare a picture, uint8 (h, w) as the model, whose light is `gain` times the learnt."""
        seen = gradient(picture)
        contrast = math.sqrt(seen.energy / self._energy)
        sharpness = contrast / gain
        layout = _correlation(_coarse(picture), self._cells)
        if len(self._where) < _FEWEST_EDGES * picture.size:
            return Likeness(sharpness, None, layout)
        structure = self._share(seen, gain, (0, 0))
        offset: tuple[float, float] | None = (0.0, 0.0)
        if structure < _DOUBTFUL_STRUCTURE:
            offset = self._offset(seen, gain, structure)
        # A cloth over the lens is no dim light: the gain says something only of a place that is in view.
        return Likeness(contrast if offset is None else sharpness, structure, layout, offset)

    def _offset(self, seen: Gradient, gain: float, structure: float) -> tuple[float, float] | None:
        """Return where the place is, by the phase of the edges' strengths (Kuglin and Hines 1975)."""
        height, width = self._strengths.shape
        if self._window is None:
            return None
        strength = np.asarray(cv2.magnitude(seen.x, seen.y), np.float32)
        (dx, dy), _ = cv2.phaseCorrelate(self._strengths, strength, self._window)
        shift = (round(dx), round(dy))
        if abs(shift[0]) > width // 2 or abs(shift[1]) > height // 2:
            return None
        there = self._share(seen, gain, shift)
        if there < max(_FOUND_STRUCTURE, _FOUND_GAIN * structure):
            return None
        return dx / width, dy / height

    def _share(self, seen: Gradient, gain: float, shift: tuple[int, int]) -> float:
        """Return the share of the edges that is to be seen when all are shifted by whole pixels (dx, dy)."""
        where, learnt_x, learnt_y, learnt = self._where, self._x, self._y, self._strength
        if any(shift):
            where, inside = self._shifted(shift)
            learnt_x, learnt_y, learnt = learnt_x[inside], learnt_y[inside], learnt[inside]
        if not len(where):
            return 0.0
        x, y = seen.x.ravel()[where], seen.y.ravel()[where]
        strength = np.hypot(x, y)
        along = x * learnt_x + y * learnt_y > _SAME_DIRECTION * strength * learnt
        strong = strength > _KEPT_STRENGTH * gain * learnt
        return float((along & strong).mean())

    def _shifted(self, shift: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return where the edges are after a shift, flat, and which of them are still in the picture."""
        height, width = self._strengths.shape
        rows, columns = np.divmod(self._where, width)
        rows, columns = rows + shift[1], columns + shift[0]
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        return (rows * width + columns)[inside], inside


def _coarse(image: Plane | Map) -> Map:
    return np.asarray(cv2.resize(image, _COARSE, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _correlation(seen: Map, learnt: Map) -> float:
    """Return Pearson's correlation of what is seen with what was learnt.

    1 where nothing was learnt to be compared with, 0 where there was and nothing is to be seen of it.
    """
    a, b = seen - seen.mean(), learnt - learnt.mean()
    if float(learnt.std()) < _FLAT_LEVELS:
        return 1.0
    if float(seen.std()) < _FLAT_LEVELS:
        return 0.0
    return float(np.vdot(a, b)) / math.sqrt(float(np.vdot(a, a)) * float(np.vdot(b, b)))


def mean_and_deviation(luma: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of the luma in grey levels."""
    mean, deviation = cv2.meanStdDev(luma)
    return float(mean[0, 0]), float(deviation[0, 0])


def mean_change(luma: Plane, before: Plane) -> float:
    """Return the mean absolute difference in grey levels; exactly 0 only for equal pictures."""
    return float(cv2.norm(luma, before, cv2.NORM_L1)) / luma.size
