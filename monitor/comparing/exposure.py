"""The exposure in which one picture was taken against the other's, whatever else differs between them.

B's level is fitted as a quadratic of A's with a tilt over the picture: that holds exposure, black level,
gamma and light from one side. The fit is robust: it begins with the ratio that most of the picture agrees on,
and weighs down what does not follow it (iteratively reweighted least squares, Tukey's biweight), so that
somebody who fills half of the picture does not take part.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

Map = NDArray[np.float32]

_CELL_PX = 8
"""The fit is made on means of cells of this side, in which noise and edges that do not quite meet average
out; cells are smaller where the picture has fewer than 1000 of them."""

_FEWEST_CELLS = 1000

_CLIPPED_LEVELS = 245.0
_BLACK_LEVELS = 4.0
"""Cells beyond these are clipped in part and say nothing about the exposure."""

_MODE_STEP = 0.01
_MODE_WIDTH = 7
"""The ratio that most agree on is that of the fullest 7 of bins of one percent."""

_WIDEST_LEVELS, _NARROWEST_LEVELS, _STEPS = 30.0, 6.0, 12
"""Reach of the weights in grey levels at the first and at the last step: what is farther has no weight."""

_PRIOR = 0.01
"""Weight of "as it was" against one cell in a hundred: it decides what the picture does not, as the tilt of
a black one."""

_EXPLAINED_LEVELS = 4.0
_BETTER = 0.5
"""Where no change explains at least this share of the cells that the fit explains, within 4 grey levels, no
change is what happened: a fit must be clearly better."""

_MID_LEVELS = 128.0


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """B's levels from A's, for each channel: 5 coefficients of level, in units of 255.

    1, a, a², a·x, a·y, with x and y from -1 at the left and the top to 1. `ratio` is B's exposure over
    A's: that of a middle grey.
    """

    coefficients: tuple[tuple[float, ...], ...]

    @property
    def ratio(self) -> float:
        """By what a middle grey was multiplied, the mean over the channels; 1.0 for no change."""
        grey = _MID_LEVELS / 255
        return float(np.mean([(c[0] + c[1] * grey + c[2] * grey**2) / grey for c in self.coefficients]))

    @property
    def is_same(self) -> bool:
        """Whether nothing was changed."""
        return self == SAME

    def applied(self, plane: Plane | Map, channel: int) -> Map:
        """Return a plane of A as it would be in B's exposure, float32 (H, W), 0 to 255."""
        if self.is_same:
            return plane.astype(np.float32)
        offset, gain, square, across, down = self.coefficients[min(channel, len(self.coefficients) - 1)]
        height, width = plane.shape
        levels = plane.astype(np.float32)
        tilt = _steps(width)[None] * np.float32(across) + _steps(height)[:, None] * np.float32(down)
        tilt += np.float32(gain)
        tilt += levels * np.float32(square / 255)
        tilt *= levels
        tilt += np.float32(offset * 255)
        return np.clip(tilt, 0, 255, out=tilt)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exposure) and other.coefficients == self.coefficients

    def __hash__(self) -> int:
        return hash(self.coefficients)


SAME = Exposure(((0.0, 1.0, 0.0, 0.0, 0.0),))


def fit_exposure(a: list[Plane], b: list[Plane], watched: Plane | None) -> Exposure:
    """Return the exposure of B's planes against A's; all uint8 (h, w), of one shape.

    Only where `watched`, uint8 (h, w), is not 0. `SAME` where no change explains the pictures as well.
    """
    cell_px = _cell_px(a[0].shape)
    use = _usable(watched, a[0].shape, cell_px)
    cells = [(_cells(x, cell_px), _cells(y, cell_px)) for x, y in zip(a, b, strict=True)]
    for pair in cells:
        for values in pair:
            use &= (values > _BLACK_LEVELS) & (values < _CLIPPED_LEVELS)
    if np.count_nonzero(use) < len(_IDENTITY) * 4:
        return SAME
    start = _agreed_ratio(cells, use)
    fitted = Exposure(tuple(_fit(x, y, use, start) for x, y in cells))
    unchanged, changed = (_explained(cells, use, exposure) for exposure in (SAME, fitted))
    return SAME if unchanged >= _BETTER * changed else fitted


_IDENTITY = np.array([0.0, 1.0, 0.0, 0.0, 0.0])


def _cell_px(shape: tuple[int, ...]) -> int:
    side = _CELL_PX
    while side > 1 and (shape[0] // side) * (shape[1] // side) < _FEWEST_CELLS:
        side //= 2
    return side


def _cells(plane: Plane, side: int) -> Map:
    height, width = plane.shape
    size = (max(1, width // side), max(1, height // side))
    return cast(Map, cv2.resize(plane.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _usable(watched: Plane | None, shape: tuple[int, ...], side: int) -> NDArray[np.bool_]:
    if watched is None:
        return np.ones((max(1, shape[0] // side), max(1, shape[1] // side)), bool)
    return _cells(watched, side) > 254.5


def _agreed_ratio(cells: list[tuple[Map, Map]], use: NDArray[np.bool_]) -> float:
    """Return the ratio B/A on which most cells agree."""
    total_a = np.add.reduce([a for a, _ in cells])[use]
    total_b = np.add.reduce([b for _, b in cells])[use]
    logs = np.log(total_b / total_a)
    edges = np.arange(-1.6, 1.6 + _MODE_STEP, _MODE_STEP)  # a factor of five either way
    counts = np.convolve(np.histogram(logs, edges)[0], np.ones(_MODE_WIDTH), "same")
    return float(np.exp(edges[counts.argmax()] + _MODE_STEP / 2))


def _fit(a: Map, b: Map, use: NDArray[np.bool_], start: float) -> tuple[float, ...]:
    x, y = np.meshgrid(_steps(a.shape[1]), _steps(a.shape[0]))
    level = a / 255.0
    features = np.stack([np.ones_like(level), level, level**2, level * x, level * y], axis=-1)[use]
    target = b[use] / 255.0
    as_agreed = _IDENTITY * start
    found = as_agreed
    prior = _PRIOR * len(target) * np.diag([0.1, 0.01, 1.0, 1.0, 1.0])
    for reach in np.geomspace(_WIDEST_LEVELS, _NARROWEST_LEVELS, _STEPS) / 255:
        distance = np.abs(target - features @ found) / reach
        weight = np.where(distance < 1, (1 - distance**2) ** 2, 0.0)
        weighted = features * weight[:, None]
        found = np.linalg.solve(weighted.T @ features + prior, weighted.T @ target + prior @ as_agreed)
    return tuple(float(value) for value in found)


def _explained(cells: list[tuple[Map, Map]], use: NDArray[np.bool_], exposure: Exposure) -> float:
    """Return the share of the cells that an exposure explains in every channel."""
    near = use.copy()
    for channel, (a, b) in enumerate(cells):
        near &= np.abs(exposure.applied(a, channel) - b) < _EXPLAINED_LEVELS
    return float(np.count_nonzero(near) / np.count_nonzero(use))


def _steps(count: int) -> Map:
    """Return the places of pixels from -1 to 1."""
    return ((np.arange(count, dtype=np.float32) + 0.5) / count * 2 - 1).astype(np.float32)
