"""Where two pictures of one place differ, beyond their own noise, exposure and edges that do not quite meet.

The threshold comes from the pair's own noise, not from its histogram: Otsu's method finds two classes in
everything, in pure noise too.
"""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.regions import majority
from monitor.comparing.boxes import Box, beside, things_in
from monitor.comparing.exposure import Map
from monitor.comparing.faint import FEWEST_PX, NOISY_SIGMA, faint_things
from monitor.frames import Plane

MAX_HEIGHT_PX = 540
"""Differences are looked for at no more rows than this, by halving: that halves the noise, too."""

_BLOCK_PX = 8
_SAME_LEVELS = 12.0
"""The noise is the median deviation within blocks whose means differ by less than this: what differs more is
no noise."""

_FEWEST_BLOCKS = 24
_STRUCTURE = 2.0
_LEAST_STRUCTURE = 4.0
_PLAIN_STRUCTURE = 12.0
_RELATED = 0.3
"""Two pictures of which each has structure of so many grey levels, or one plainly has, show one place if the
means of their blocks correlate by more than this; by chance they do by up to 0.2."""

_FLATTEST, _OWN_NOISE, _CODED_LEVELS = 20, 2.0, 6.0
"""What differs everywhere is no noise beyond this: twice that of both pictures in their flattest fifth, and
what codecs add elsewhere."""

_LEAST_SIGMA = 0.5
"""Rounding alone makes a deviation of 0.3 grey levels in each picture."""

_LEAST_SIGMA_CODED = 2.0
"""JPEG and video codecs smooth the noise away and leave blocks that are some levels off; nor is a fit of the
exposure better where single channels are clipped, as in bright leaves."""

_EDGE_SHARE = 0.5
"""Along an edge a difference of so much of the edge's step is tolerated: half a pixel, which no alignment and
no hand-held camera does without."""

_RANGE = np.ones((3, 3), np.uint8)

_RINGING_SHARE = 0.08
_RINGING = np.ones((17, 17), np.uint8)
"""So much of an edge's step codecs leave as ringing, as far as a block of 8 pixels reaches."""

_QUIET_SHARE = 0.8
_EQUAL_LEVELS = 0.01
_QUIET_AT_EDGES = 0.7
_EDGE_LEVELS = 24
_FEWEST_AT_EDGES = 0.005
"""Where so many pixels are equal there is no noise, and the least difference is one; unless those at edges,
where they are this share of the picture, are not: then it is what a codec made of a drawing."""

_MIN_AREA_FRACTION = 0.0004
"""Regions below this share of the picture are left out where there is noise: 200 pixels of 960x540."""


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
    a: list[Map], b: list[Map], watched: Plane | None, k_sigma: float, *, coded: bool
) -> Found:
    """Return where the planes of B differ from those of A in B's exposure.

    All are float32 (h, w) in grey levels, of one shape. Nothing counts where `watched`, uint8 (h, w), is 0.
    `k_sigma` is the threshold in units of the noise. With `coded` the planes
    are not exact: a codec had a part in them, or A's exposure was fitted.
    """
    pairs = [(one, other, other - one) for one, other in zip(a, b, strict=True)]
    quiet = not coded and all(_is_quiet(first, residual) for first, _, residual in pairs)
    least = _LEAST_SIGMA if quiet else _LEAST_SIGMA_CODED
    sigmas = [least if quiet else max(least, _noise(*pair, watched)) for pair in pairs]
    explained = [_explained(first, second, tolerant=not quiet) for first, second, _ in pairs]
    residuals = [residual for *_, residual in pairs]
    distances = [
        (np.abs(residual) - off) / np.float32(sigma)
        for residual, off, sigma in zip(residuals, explained, sigmas, strict=True)
    ]
    outside = np.where(np.maximum.reduce(distances) > k_sigma, np.uint8(255), np.uint8(0))
    if watched is not None:
        outside &= watched
    area_px = outside.size if watched is None else max(1, cv2.countNonZero(watched))
    beyond = cv2.countNonZero(outside) / area_px
    mask = outside if quiet else majority(outside)
    boxes, kept = things_in(mask, 1.0 if quiet else _MIN_AREA_FRACTION * outside.size)
    if max(sigmas) > NOISY_SIGMA:
        faint = faint_things(residuals, explained, sigmas, kept)
        if watched is not None:
            faint &= watched
        others, seen = things_in(faint, FEWEST_PX)
        boxes, kept = beside(boxes, others), kept | seen
    return Found(boxes, kept, beyond, float(np.mean(sigmas)))


def is_another_place(a: Plane, b: Plane, watched: Plane | None) -> bool:
    """Return whether two planes of luma, uint8 (h, w), have nothing in common but chance.

    Where all differs there is nothing left by which to know the noise, and what differs would pass for it.
    Structure is what the means of blocks have beyond noise, which is averaged over a block.
    """
    means, structures = [], []
    for plane in (a, b):
        mean, deviation = _blocks(plane.astype(np.float32))
        use = np.ones(mean.shape, bool) if watched is None else _blocks_within(watched)
        if np.count_nonzero(use) < _FEWEST_BLOCKS:
            return False
        means.append(mean[use])
        structures.append(float(mean[use].std()) - _STRUCTURE * float(np.median(deviation[use])) / _BLOCK_PX)
    if min(structures) < _LEAST_STRUCTURE and not max(structures) > _PLAIN_STRUCTURE:
        return False
    spread = float(means[0].std() * means[1].std())
    if spread == 0:
        return True
    covariance = float(np.mean((means[0] - means[0].mean()) * (means[1] - means[1].mean())))
    return covariance / spread < _RELATED


def everywhere(found: Found, watched: Plane | None) -> Found:
    """Return what was found as if all that is watched differed."""
    mask = np.full(found.mask.shape, 255, np.uint8) if watched is None else watched
    boxes, kept = things_in(mask, 1.0)
    return replace(found, boxes=boxes, mask=kept, beyond_fraction=1.0)


def _blocks(plane: Map) -> tuple[Map, Map]:
    """Return mean and deviation within each block."""
    height, width = plane.shape
    size = (max(1, width // _BLOCK_PX), max(1, height // _BLOCK_PX))
    mean = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    square = cv2.resize(plane * plane, size, interpolation=cv2.INTER_AREA)
    return np.asarray(mean, np.float32), np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)


def _blocks_within(watched: Plane) -> NDArray[np.bool_]:
    """Return which blocks are watched wholly."""
    height, width = watched.shape
    size = (max(1, width // _BLOCK_PX), max(1, height // _BLOCK_PX))
    return np.asarray(cv2.resize(watched, size, interpolation=cv2.INTER_AREA) == 255)


def _noise(a: Map, b: Map, residual: Map, watched: Plane | None) -> float:
    """Return the deviation of what differs everywhere, in grey levels."""
    mean, deviation = _blocks(residual)
    use = np.abs(mean) < _SAME_LEVELS
    if watched is not None:
        use &= _blocks_within(watched)
    if not use.any():
        return 0.0
    own = math.hypot(*(float(np.percentile(_blocks(plane)[1], _FLATTEST)) for plane in (a, b)))
    return min(float(np.median(deviation[use])), _OWN_NOISE * own + _CODED_LEVELS)


def _explained(a: Map, b: Map, *, tolerant: bool) -> Map:
    """Return by how many grey levels two planes may differ because of an edge that was coded.

    With `tolerant` it may also be half a pixel off.
    """
    explained = np.float32(_RINGING_SHARE) * np.minimum(_range(a, _RINGING), _range(b, _RINGING))
    if tolerant:
        off = np.float32(_EDGE_SHARE) * np.minimum(_range(a, _RANGE), _range(b, _RANGE))
        explained = np.maximum(explained, off)
    return np.asarray(explained, np.float32)


def _range(plane: Map, reach: Plane) -> Map:
    """Return the largest less the smallest level about each pixel."""
    return np.asarray(cv2.dilate(plane, reach) - cv2.erode(plane, reach), np.float32)


def _is_quiet(a: Map, residual: Map) -> bool:
    """Return whether two planes are without noise: equal but for what differs."""
    equal = np.abs(residual) < _EQUAL_LEVELS
    if equal.mean() < _QUIET_SHARE:
        return False
    at_edges = _range(a, _RANGE) > _EDGE_LEVELS
    few = at_edges.mean() < _FEWEST_AT_EDGES
    return bool(few or equal[at_edges].mean() >= _QUIET_AT_EDGES)
