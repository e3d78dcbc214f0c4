"""The light's local gain: what part of a change is only brighter or darker.

The ratio of the picture to μ on a coarse grid, median-filtered over its neighbours, says how the light
changed; objects smaller than half of the filter's support do not move a median. Three explanations compete
on every cell, from simple to complex: no change, one gain for the picture (exposure), a local gain (cloud,
lamp). A more complex one must explain the cell clearly better, in robust units of σ, or it is not used: where
the light did not change, compensation could only do harm. Where a camera moves its black level, the whole
picture is darker or brighter by the same grey levels, which no gain explains: a fourth explanation, for all
cells or for none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from monitor.analysis.background import SATURATED, Map, shifted
from monitor.analysis.resize import interpolated
from monitor.frames import Plane

CELL_HALVINGS = 3
"""A cell is 8 × 8 pixels of the half-size luma, 16 × 16 of the analysis size."""

_SUPPORT_CELLS = 7
"""Width of the median: a walker of 3 × 10 cells covers less than half of 7 × 7 wherever he stands."""

_BLACK = 4.0
"""Added to both levels of a ratio, in grey levels: the black level of a camera is never exactly 0."""

_CLIPPED = 225.0
"""Cells whose mean is above this are saturated and say nothing about the gain."""

_OUTLIER_SIGMA = 3.0
"""Residuals are cut here, so that an object in a cell does not decide about the light in it."""

_BETTER = 0.75
"""A more complex explanation must leave less than this share of the simpler one's residual."""

_UNEVEN = 0.03
_UNEVEN_SHARE = 0.1
"""Light that differs from place to place does so over a tenth of the picture; over less it is an object."""

_STEP = 0.01
_NO_STEP = 128.0
"""The gain's logarithm is filtered in steps of one percent, below what is noticeable."""

_NOTICEABLE = 0.015
"""Gain changes below 1.5 percent (3 grey levels at 200) lie within every σ floor and are left alone."""


@dataclass(frozen=True, slots=True)
class Light:
    """The gain of the light against the model.

    `grid` is the natural logarithm of the gain on the coarse grid, float32 (rows, columns), None where no
    gain is needed. `offset` is by how many grey levels of luma all is brighter, 0 where a gain explains it
    as well. `overall` is the picture's median gain, `spread` the difference of the highest and the
    lowest cell's logarithm.
    """

    grid: Map | None
    overall: float
    spread: float
    offset: float = 0.0

    @property
    def is_learnt(self) -> bool:
        """Whether the light is that of the model."""
        return self.grid is None and self.offset == 0.0

    def gain(self, shape: tuple[int, ...]) -> Map | None:
        """Return the gain for each pixel, float32 of the given shape, interpolated; None for no change."""
        if self.grid is None:
            return None
        return np.asarray(np.exp(interpolated(self.grid, shape)), dtype=np.float32)


NO_CHANGE = Light(grid=None, overall=1.0, spread=0.0)


class LightModel:
    """What the light is compared with: μ and σ of the luma at half the analysis size, float32 (h, w)."""

    def __init__(self, mean: Map, sigma: Map) -> None:
        self.mean = mean
        self.sigma = sigma
        self.cells = cells(mean)

    def lit(self, light: Light) -> Map:
        """Return μ under a light, float32 (h, w), clipped to `SATURATED`."""
        if light.offset:
            return shifted(self.mean, light.offset)
        gain = light.gain(self.mean.shape)
        return self.mean if gain is None else np.minimum(self.mean * gain, np.float32(SATURATED))


def cells(image: Plane | Map) -> Map:
    """Return the means of the cells of a half-size plane, float32, by halving; at least 1 × 1."""
    for _ in range(CELL_HALVINGS):
        height, width = image.shape
        size = (max(1, width // 2), max(1, height // 2))
        image = cast(Map, cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    return image.astype(np.float32, copy=False)


def estimate_light(luma: Plane, model: LightModel) -> Light:
    """Return how the light of a picture, uint8 (h, w) of the model's size, differs from the model's."""
    seen, learnt = cells(luma), model.cells
    ratio = np.log((seen + _BLACK) / (learnt + _BLACK))
    usable = (learnt < _CLIPPED) & (seen < _CLIPPED)
    if not usable.any():
        return NO_CHANGE
    overall = float(np.median(ratio[usable]))
    local = _smoothed(np.where(usable, ratio, overall))
    uneven = float((np.abs(local - overall) > _UNEVEN).mean()) > _UNEVEN_SHARE
    if abs(overall) < _NOTICEABLE and not uneven:
        return NO_CHANGE
    explanations = [np.zeros_like(local), np.full_like(local, overall)] + [local] * uneven
    picture = luma.astype(np.float32)
    grid, residual = _simplest_that_explains(explanations, picture, model)
    if not grid.any():
        return NO_CHANGE
    offset = float(np.median((seen - learnt)[usable]))
    if float(_left_by(shifted(model.mean, offset), picture, model).mean()) < _BETTER * float(residual.mean()):
        return Light(None, float(np.exp(overall)), 0.0, offset)
    return Light(grid, float(np.exp(np.median(grid))), float(grid.max() - grid.min()))


def _smoothed(ratio: Map) -> Map:
    """Return the median of each cell's neighbourhood, in steps of one percent.

    OpenCV's wide median takes 8 bits; at 128 ± 127 steps the gain may be from 0.28 to 3.6.
    """
    steps = np.clip(np.rint(ratio / _STEP) + _NO_STEP, 0, 255).astype(np.uint8)
    return cast(
        Map, (cv2.medianBlur(steps, _SUPPORT_CELLS).astype(np.float32) - _NO_STEP) * np.float32(_STEP)
    )


def _simplest_that_explains(explanations: Sequence[Map], picture: Map, model: LightModel) -> tuple[Map, Map]:
    """Return the gain of each cell, and what it leaves unexplained there."""
    best = explanations[0]
    least = _residual(best, picture, model)
    for grid in explanations[1:]:
        residual = _residual(grid, picture, model)
        better = residual < least * _BETTER
        best = np.where(better, grid, best)
        least = np.where(better, residual, least)
    return best.astype(np.float32), least


def _residual(grid: Map, picture: Map, model: LightModel) -> Map:
    gain = cv2.exp(interpolated(grid, picture.shape))
    lit = np.minimum(cv2.multiply(model.mean, gain), np.float32(SATURATED))
    return _left_by(lit, picture, model)


def _left_by(lit: Map, picture: Map, model: LightModel) -> Map:
    """Return the mean cut residual of each cell and its neighbours against μ under a light, in σ."""
    distance = cv2.divide(cv2.absdiff(np.minimum(picture, np.float32(SATURATED)), lit), model.sigma)
    cut = np.minimum(distance, np.float32(_OUTLIER_SIGMA))
    return cast(Map, cv2.blur(cells(cast(Map, cut)), (3, 3)))
