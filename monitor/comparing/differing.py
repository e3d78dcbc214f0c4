"""Where two pictures of one place differ, beyond their own noise, exposure and edges that do not quite meet.

The threshold comes from the pair's own noise, not from its histogram: Otsu's method finds two classes in
everything, in pure noise too.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.regions import majority
from monitor.comparing.exposure import Map
from monitor.frames import Plane

MAX_HEIGHT_PX = 540
"""Differences are looked for at no more rows than this, by halving: that halves the noise, too."""

_BLOCK_PX = 8
_SAME_LEVELS = 12.0
"""The noise is the median deviation within blocks whose means differ by less than this: what differs more is
no noise."""

_LEAST_SIGMA = 0.5
"""Rounding alone makes a deviation of 0.3 grey levels in each picture."""

_LEAST_SIGMA_FITTED = 1.5
"""No fit of the exposure is better than this where single channels are clipped, as in bright leaves."""

_EDGE_SHARE = 0.5
"""Along an edge a difference of so much of the edge's step is tolerated: half a pixel, which no alignment and
no hand-held camera does without."""

_RANGE = np.ones((3, 3), np.uint8)

_QUIET_SHARE = 0.8
_EQUAL_LEVELS = 0.01
"""Where so many pixels are equal there is no noise, and the least difference is one."""

_MIN_AREA_FRACTION = 0.0004
"""Regions below this share of the picture are left out where there is noise: 200 pixels of 960x540."""

_REACH_FRACTION = 0.02
"""Pieces nearer to each other than this share of the picture's longer side are one thing."""

_INSIDE = 0.5
"""A box that lies by half of itself in a larger one belongs to it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place in the picture: left, top, width and height as fractions of it."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What differs.

    `boxes`, the largest difference first; `mask`, uint8 (h, w), 0 or 255, is what they are drawn round.
    `beyond_fraction` is the share of the watched pixels that differ by more than kσ, `noise_sigma` the
    deviation of the pair's noise in grey levels.
    """

    boxes: tuple[Box, ...]
    mask: Plane
    beyond_fraction: float
    noise_sigma: float


def find_differences(
    a: list[Map], b: list[Map], watched: Plane | None, k_sigma: float, *, fitted: bool
) -> Found:
    """Return where the planes of B differ from those of A in B's exposure.

    All are float32 (h, w) in grey levels, of one shape. Nothing counts where `watched`, uint8 (h, w), is 0.
    `k_sigma` is the threshold in units of the noise. `fitted` says that A's exposure was changed.
    """
    pairs = [(one, other, other - one) for one, other in zip(a, b, strict=True)]
    equal = np.mean([np.abs(residual) < _EQUAL_LEVELS for *_, residual in pairs])
    quiet = bool(equal >= _QUIET_SHARE)
    least = _LEAST_SIGMA_FITTED if fitted else _LEAST_SIGMA
    sigmas = [least if quiet else max(least, _noise(residual, watched)) for *_, residual in pairs]
    distances = [
        _distance(*pair, tolerant=not quiet) / np.float32(sigma)
        for pair, sigma in zip(pairs, sigmas, strict=True)
    ]
    outside = np.where(np.maximum.reduce(distances) > k_sigma, np.uint8(255), np.uint8(0))
    if watched is not None:
        outside &= watched
    area_px = outside.size if watched is None else max(1, cv2.countNonZero(watched))
    beyond = cv2.countNonZero(outside) / area_px
    mask = outside if quiet else majority(outside)
    boxes, kept = _things(mask, 1.0 if quiet else _MIN_AREA_FRACTION * outside.size)
    return Found(boxes, kept, beyond, float(np.mean(sigmas)))


def _noise(residual: Map, watched: Plane | None) -> float:
    """Return the deviation of what differs everywhere, in grey levels."""
    height, width = residual.shape
    size = (max(1, width // _BLOCK_PX), max(1, height // _BLOCK_PX))
    mean = cv2.resize(residual, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(residual * residual, size, interpolation=cv2.INTER_AREA)
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    use = np.abs(mean) < _SAME_LEVELS
    if watched is not None:
        use &= cv2.resize(watched, size, interpolation=cv2.INTER_AREA) == 255
    return float(np.median(deviation[use])) if use.any() else 0.0


def _distance(a: Map, b: Map, residual: Map, *, tolerant: bool) -> Map:
    """Return |b - a| in grey levels, less what an edge that is half a pixel off explains."""
    distance: Map = np.abs(residual)
    if not tolerant:
        return distance
    step = np.minimum(*(cv2.dilate(plane, _RANGE) - cv2.erode(plane, _RANGE) for plane in (a, b)))
    return np.asarray(distance - np.float32(_EDGE_SHARE) * step, np.float32)


def _things(mask: Plane, least_px: float) -> tuple[tuple[Box, ...], Plane]:
    """Return the boxes of what belongs together, and the mask of it alone."""
    height, width = mask.shape
    reach = max(1, round(_REACH_FRACTION * max(height, width))) | 1
    joined = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    count, labels = cv2.connectedComponents(joined)
    labels[mask == 0] = 0
    areas = np.bincount(labels.ravel(), minlength=count)
    numbers = [int(n) for n in np.argsort(-areas[1:], kind="stable") + 1 if areas[n] >= least_px]
    kept = cast(Plane, np.where(np.isin(labels, numbers), np.uint8(255), np.uint8(0)))
    rectangles = _merged([_rectangle(labels == number) for number in numbers])
    rectangles.sort(key=lambda at: -cv2.countNonZero(kept[at[1] : at[1] + at[3], at[0] : at[0] + at[2]]))
    return tuple(Box(x / width, y / height, w / width, h / height) for x, y, w, h in rectangles), kept


_Rectangle = tuple[int, int, int, int]


def _rectangle(mask: NDArray[np.bool_]) -> _Rectangle:
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return x, y, width, height


def _merged(rectangles: list[_Rectangle]) -> list[_Rectangle]:
    """Return the rectangles in which those that lie mostly in a larger one have become part of it."""
    merged: list[_Rectangle] = []
    for rectangle in rectangles:
        for index, other in enumerate(merged):
            if _shared(rectangle, other) >= _INSIDE * min(_area(rectangle), _area(other)):
                rest = merged[:index] + merged[index + 1 :]
                return _merged([_union(rectangle, other), *rest, *rectangles[len(merged) + 1 :]])
        merged.append(rectangle)
    return merged


def _area(rectangle: _Rectangle) -> int:
    return rectangle[2] * rectangle[3]


def _shared(one: _Rectangle, other: _Rectangle) -> int:
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, width) * max(0, height)


def _union(one: _Rectangle, other: _Rectangle) -> _Rectangle:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right = max(one[0] + one[2], other[0] + other[2])
    bottom = max(one[1] + one[3], other[1] + other[3])
    return left, top, right - left, bottom - top
