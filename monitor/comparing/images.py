"""Two pictures compared: one pure function, without disk, clock or settings."""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from monitor.analysis.preprocess import analysis_size, shrunk
from monitor.comparing.boxes import Box
from monitor.comparing.differing import (
    MAX_HEIGHT_PX,
    Found,
    everywhere,
    find_differences,
    is_another_place,
)
from monitor.comparing.exposure import Exposure, Map, fit_exposure
from monitor.comparing.grain import grain_of
from monitor.comparing.measures import Measures, measure
from monitor.comparing.options import Options
from monitor.comparing.planes import (
    Picture,
    eight_bits,
    filtered,
    joined,
    luma_of,
    planes_of,
    prepared,
    split,
)
from monitor.comparing.registration import Move, find_move, moved, noticed_shift, seen_by
from monitor.comparing.watched import watched_part
from monitor.errors import UsageError
from monitor.frames import Bgr, Plane, Size
from monitor.outputs.masks import at_source_size

NOTICEABLE_RATIO = 1.05
"""Exposure that differs by less than this factor is what automatic exposure does between two pictures."""


_MOST_OF_IT = 0.25
"""Where boxes cover less than this share it is asked whether nothing fits at all."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What came of comparing B with A.

    `different` is true where there are `boxes`, where the exposure differs noticeably and was not to be left
    out, or where B is plainly A from a camera that was pushed. Boxes are fractions of A, the largest
    difference first. `move` is None unless B was aligned. `exposure_ratio` is B's over A's. `noise_sigma` is
    the pair's own noise in grey levels. `a` and `b` are the pictures, uint8 (H, W, 3) blue green red, B as it
    lies on A; `difference`, uint8 (H, W), is by how many grey levels they differ once the exposure is the
    same, and 0 where nothing was compared; `mask`, uint8 (H, W), is 255 where that counts and 0 elsewhere.
    `notes` are clauses about what was done to the pictures.
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
    detail_px = min(a.shape[0], b.shape[0])
    b, notes = _same_size(a, b, options)
    watched = watched_part(options, a.shape)
    move = None
    if options.align is not None:
        move = find_move(luma_of(a), luma_of(b), options.align)
        if not move.is_none:
            b, watched = moved(b, move), _both(watched, seen_by(move, a.shape))
    if watched is not None and not watched.any():
        raise UsageError("nothing is left to compare: the regions, the mask or the alignment leave no pixel.")
    return _compared(_Pair(a, b, watched, move, detail_px, notes), options)


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Two pictures of one size that lie on each other as well as they can.

    `detail_px` is of how many rows both had details: what was enlarged has no finer ones.
    """

    a: Bgr
    b: Bgr
    watched: Plane | None
    move: Move | None
    detail_px: int
    notes: tuple[str, ...]


def _compared(pair: _Pair, options: Options) -> Comparison:
    first, second = planes_of(pair.a, options), planes_of(pair.b, options)
    exposure, found, grain = _looked_at_small(pair, options)
    lit = prepared(first if exposure.is_same else _exposed(first, exposure), options)
    plain = lit if exposure.is_same or options.normalise else prepared(first, options)
    other = prepared(second, options)
    slack = int(options.normalise and not exposure.is_same)
    lies = (
        noticed_shift(luma_of(pair.a), luma_of(pair.b))
        if options.notice_shift and not options.align
        else None
    )
    notes = pair.notes if lies is None else (*pair.notes, _pushed(lies))
    if grain is not None:
        notes = (*notes, grain)
    return Comparison(
        different=bool(found.boxes or lies) or (_exposure_counts(options) and is_noticeable(exposure.ratio)),
        boxes=found.boxes,
        measures=measure(joined(plain), joined(other), pair.watched, found.beyond_fraction, slack),
        move=pair.move,
        exposure_ratio=exposure.ratio,
        noise_sigma=found.noise_sigma,
        a=pair.a,
        b=pair.b,
        difference=_difference(lit, other, pair.watched),
        mask=at_source_size(found.mask, Size(pair.a.shape[1], pair.a.shape[0])),
        notes=notes,
    )


def _looked_at_small(pair: _Pair, options: Options) -> tuple[Exposure, Found, str | None]:
    """Return the exposure of B against A, where they differ, and what is to be said of their noise.

    All are found at a bounded size.
    """
    height, width = pair.a.shape[:2]
    size = analysis_size(Size(width, height), min(MAX_HEIGHT_PX, pair.detail_px))
    small = [[shrunk(plane, size) for plane in split(side)] for side in (pair.a, pair.b)]
    lumas = [luma_of(joined(side)) for side in small]
    a, b = ([luma] for luma in lumas) if options.channels == "luma" else small
    within = None if pair.watched is None else _whole(shrunk(pair.watched, size))
    exposure = fit_exposure(a, b, within)
    lit = _lit(a, small, exposure, within, options)
    share = size.height / height
    first, second = (
        [plane.astype(np.float32) for plane in filtered(side, options, share)] for side in (lit, b)
    )
    found = find_differences(
        first,
        second,
        within,
        options.k_sigma,
        coded=options.coded or not exposure.is_same,
    )
    covered = sum(box.width * box.height for box in found.boxes)
    if covered < _MOST_OF_IT and not options.edges and is_another_place(lumas[0], lumas[1], within):
        found = everywhere(found, within)
    grain = None if options.edges else grain_of(first[0], second[0])
    if grain is not None and not found.boxes:
        found = everywhere(found, within)
    return exposure, found, grain


def _lit(
    a: list[Plane], small: list[list[Plane]], exposure: Exposure, within: Plane | None, options: Options
) -> list[Map]:
    """Return A's planes in B's exposure; luma from its channels, for these are clipped each by itself."""
    if exposure.is_same or options.channels == "each":
        return [exposure.applied(plane, channel) for channel, plane in enumerate(a)]
    each = fit_exposure(small[0], small[1], within)
    if each.is_same:  # what luma shows the channels do not, as where one of them is clipped everywhere
        return [exposure.applied(a[0], 0)]
    lit = cv2.merge([each.applied(plane, channel) for channel, plane in enumerate(small[0])])
    return [np.asarray(cv2.cvtColor(lit, cv2.COLOR_BGR2GRAY), np.float32)]


def is_noticeable(exposure_ratio: float) -> bool:
    """Return whether a picture is noticeably brighter or darker than the other as a whole."""
    return abs(math.log(max(exposure_ratio, 1e-6))) > math.log(NOTICEABLE_RATIO)


def _pushed(move: Move) -> str:
    way = f"{move.x_px:+.0f} px across and {move.y_px:+.0f} px down"
    return f"B looks pushed by {way}; --align shift brings it back"


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


def _both(watched: Plane | None, seen: Plane) -> Plane:
    return seen if watched is None else watched & seen


def _whole(mask: Plane) -> Plane:
    """Return where a mask that was shrunk is watched wholly."""
    return np.where(mask == 255, np.uint8(255), np.uint8(0))


def _exposed(planes: list[Plane], exposure: Exposure) -> list[Plane]:
    return [eight_bits(exposure.applied(plane, channel)) for channel, plane in enumerate(planes)]


def _difference(a: list[Plane], b: list[Plane], watched: Plane | None) -> Plane:
    largest = np.maximum.reduce([cv2.absdiff(one, other) for one, other in zip(a, b, strict=True)])
    return np.asarray(largest if watched is None else largest & watched, np.uint8)
