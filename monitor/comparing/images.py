"""Two pictures compared: one pure function, without disk, clock or settings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.preprocess import analysis_size, shrunk
from monitor.comparing.differing import MAX_HEIGHT_PX, Box, Found, find_differences
from monitor.comparing.exposure import Exposure, Map, fit_exposure
from monitor.comparing.measures import Measures, measure
from monitor.comparing.options import Options, Polygon
from monitor.comparing.registration import Move, find_move, moved, seen_by
from monitor.errors import UsageError
from monitor.frames import Bgr, Plane, Size
from monitor.outputs.masks import at_source_size

Picture = NDArray[np.uint8]
"""uint8, grey (H, W) or blue green red (H, W, 3)."""

Values = NDArray[Any]
"""A plane in uint8 or float32, (H, W)."""

NOTICEABLE_RATIO = 1.05
"""Exposure that differs by less than this factor is what automatic exposure does between two pictures."""

_EDGE_GAIN = 0.25
"""Sobel's filter gives 1020 for a step of 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What came of comparing B with A.

    `different` is true where there are `boxes`, or where the exposure differs noticeably and was not to be
    left out. Boxes are fractions of A, the largest difference first. `move` is None unless B was aligned.
    `exposure_ratio` is B's over A's. `noise_sigma` is the pair's own noise in grey levels. `a` and `b` are
    the pictures, uint8 (H, W, 3) blue green red, B as it lies on A; `difference`, uint8 (H, W), is by how
    many grey levels they differ once the exposure is the same, and 0 where nothing was compared; `mask`,
    uint8 (H, W), is 255 where that counts and 0 elsewhere. `notes` are clauses about what was done to the
    pictures.
    """

    different: bool
    boxes: tuple[Box, ...]
    measures: Measures
    move: Move | None
    exposure_ratio: float
    noise_sigma: float
    a: Bgr
    b: Bgr
    difference: Plane
    mask: Plane
    notes: tuple[str, ...] = ()


def compare_images(a: Picture, b: Picture, options: Options | None = None) -> Comparison:
    """Return what differs between two pictures, where, and by how much.

    Both are uint8, grey (H, W) or blue green red (H, W, 3); a grey one is compared with a coloured one as if
    it were coloured. Raises `UsageError` where they differ in size and `options.resize` is not set, where
    they cannot be aligned, and where the options leave nothing to compare. The pictures are not changed.
    """
    options = options or Options()
    a, b = _coloured(a, "A"), _coloured(b, "B")
    b, notes = _same_size(a, b, options)
    watched = watched_part(options, a.shape)
    move = None
    if options.align is not None:
        move = find_move(_luma(a), _luma(b), options.align)
        if not move.is_none:
            b, watched = moved(b, move), _both(watched, seen_by(move, a.shape))
    if watched is not None and not watched.any():
        raise UsageError("nothing is left to compare: the regions, the mask or the alignment leave no pixel.")
    return _compared(a, b, watched, move, options, notes)


def _compared(
    a: Bgr, b: Bgr, watched: Plane | None, move: Move | None, options: Options, notes: tuple[str, ...]
) -> Comparison:
    first, second = _planes(a, options), _planes(b, options)
    exposure, found = _looked_at_small(first, second, watched, options)
    lit = _prepared(first if exposure.is_same else _exposed(first, exposure), options)
    plain = lit if exposure.is_same or options.normalise else _prepared(first, options)
    other = _prepared(second, options)
    slack = int(options.normalise and not exposure.is_same)
    return Comparison(
        different=bool(found.boxes) or (_exposure_counts(options) and is_noticeable(exposure.ratio)),
        boxes=found.boxes,
        measures=measure(_joined(plain), _joined(other), watched, found.beyond_fraction, slack),
        move=move,
        exposure_ratio=exposure.ratio,
        noise_sigma=found.noise_sigma,
        a=a,
        b=b,
        difference=_difference(lit, other, watched),
        mask=at_source_size(found.mask, Size(a.shape[1], a.shape[0])),
        notes=notes,
    )


def _looked_at_small(
    a: list[Plane], b: list[Plane], watched: Plane | None, options: Options
) -> tuple[Exposure, Found]:
    """Return the exposure of B against A and where they differ, both found at a bounded size."""
    height, width = a[0].shape
    size = analysis_size(Size(width, height), MAX_HEIGHT_PX)
    small_a, small_b = ([shrunk(plane, size) for plane in side] for side in (a, b))
    within = None if watched is None else _whole(shrunk(watched, size))
    exposure = fit_exposure(small_a, small_b, within)
    share = size.height / height
    lit = [exposure.applied(plane, channel) for channel, plane in enumerate(small_a)]
    found = find_differences(
        [plane.astype(np.float32) for plane in _filtered(lit, options, share)],
        [plane.astype(np.float32) for plane in _filtered(small_b, options, share)],
        within,
        options.k_sigma,
        fitted=not exposure.is_same,
    )
    return exposure, found


def is_noticeable(exposure_ratio: float) -> bool:
    """Return whether a picture is noticeably brighter or darker than the other as a whole."""
    return abs(math.log(max(exposure_ratio, 1e-6))) > math.log(NOTICEABLE_RATIO)


def _exposure_counts(options: Options) -> bool:
    # Edges are the same in any light: who asks for them alone asks not to be told of it.
    return not options.normalise and not options.edges


def _coloured(picture: Picture, name: str) -> Bgr:
    if picture.dtype != np.uint8 or picture.size == 0 or not _has_channels(picture):
        raise UsageError(
            f"{name} is an array of {picture.dtype} {picture.shape}; it must be uint8, (H, W) or (H, W, 3), "
            "and not empty."
        )
    return picture if picture.ndim == 3 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8)


def _has_channels(picture: Picture) -> bool:
    return picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)


def _same_size(a: Bgr, b: Bgr, options: Options) -> tuple[Bgr, tuple[str, ...]]:
    """Return B at A's size, and what was done for that."""
    if a.shape == b.shape:
        return b, ()
    sizes = f"A is {a.shape[1]}x{a.shape[0]} and B {b.shape[1]}x{b.shape[0]} pixels"
    if not options.resize:
        raise UsageError(f"{sizes}; give --resize to bring B to A's size, or crop one.")
    smaller = b.shape[0] >= a.shape[0] and b.shape[1] >= a.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    note = f"{sizes}: B was brought to A's size"
    if abs(a.shape[1] * b.shape[0] - b.shape[1] * a.shape[0]) > max(a.shape) + max(b.shape):
        note += ", which changed its shape"
    return np.asarray(cv2.resize(b, (a.shape[1], a.shape[0]), interpolation=how), np.uint8), (note,)


def watched_part(options: Options, shape: tuple[int, ...]) -> Plane | None:
    """Return what of a picture of this shape is compared, uint8 (H, W), 0 or 255; None for all of it."""
    mask = options.mask
    if mask is not None and mask.shape != shape[:2]:
        raise UsageError(
            f"the mask is {mask.shape[1]}x{mask.shape[0]} pixels and A {shape[1]}x{shape[0]}; "
            "make it of A's size."
        )
    if mask is None and not options.include and not options.exclude:
        return None
    watched = np.full(shape[:2], 0 if options.include else 255, np.uint8)
    for polygons, level in ((options.include, 255), (options.exclude, 0)):
        for polygon in polygons:
            cv2.fillPoly(watched, [_corners_px(polygon, shape)], level)
    return watched if mask is None else np.where(mask != 0, watched, np.uint8(0))


def _corners_px(polygon: Polygon, shape: tuple[int, ...]) -> NDArray[np.int32]:
    # A corner at 1.0 is the far edge of the last pixel.
    return np.rint(np.asarray(polygon, np.float64) * (shape[1], shape[0])).astype(np.int32)


def _both(watched: Plane | None, seen: Plane) -> Plane:
    return seen if watched is None else watched & seen


def _whole(mask: Plane) -> Plane:
    """Return where a mask that was shrunk is watched wholly."""
    return np.where(mask == 255, np.uint8(255), np.uint8(0))


def _luma(picture: Bgr) -> Plane:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _planes(picture: Bgr, options: Options) -> list[Plane]:
    if options.channels == "luma":
        return [_luma(picture)]
    return [np.asarray(plane, np.uint8) for plane in cv2.split(picture)]


def _exposed(planes: list[Plane], exposure: Exposure) -> list[Plane]:
    return [_eight_bits(exposure.applied(plane, channel)) for channel, plane in enumerate(planes)]


def _prepared(planes: list[Plane], options: Options) -> list[Plane]:
    return [_eight_bits(plane) for plane in _filtered(planes, options, 1.0)]


def _filtered(planes: Sequence[Values], options: Options, share: float) -> list[Values]:
    """Return planes after blur and edges, at this share of the size for which the blur is meant."""
    result: list[Values] = list(planes)
    if options.blur_px:
        result = [cv2.GaussianBlur(plane, (0, 0), options.blur_px * share) for plane in result]
    return [_edges(plane) for plane in result] if options.edges else result


def _edges(plane: Values) -> Map:
    """Return the strength of edges, float32 (H, W), 255 for a step from black to white."""
    across, down = (cv2.Sobel(plane, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    return np.asarray(np.minimum(cv2.magnitude(across, down) * _EDGE_GAIN, 255), np.float32)


def _eight_bits(plane: Values) -> Plane:
    return plane if plane.dtype == np.uint8 else np.asarray(cv2.convertScaleAbs(plane), np.uint8)


def _joined(planes: list[Plane]) -> Picture:
    return planes[0] if len(planes) == 1 else np.asarray(cv2.merge(planes), np.uint8)


def _difference(a: list[Plane], b: list[Plane], watched: Plane | None) -> Plane:
    largest = np.maximum.reduce([cv2.absdiff(one, other) for one, other in zip(a, b, strict=True)])
    return np.asarray(largest if watched is None else largest & watched, np.uint8)
