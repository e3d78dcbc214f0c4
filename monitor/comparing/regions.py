"""What of the pictures is compared, as a call names it: polygons, or mask images."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from monitor.capture.listing import is_image
from monitor.comparing.options import Polygon
from monitor.comparing.pictures import read_picture
from monitor.errors import UsageError
from monitor.frames import Plane
from monitor.settings.polygon import fault_of

_WHITE_FROM = 128
"""Masks saved as JPEG have levels between black and white."""


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """Polygons to look at and to leave out, and a mask, uint8 (H, W), that is 0 where nothing counts."""

    include: tuple[Polygon, ...] = ()
    exclude: tuple[Polygon, ...] = ()
    mask: Plane | None = None


def regions_of(roi: Sequence[str], ignore: Sequence[str]) -> Regions:
    """Return the regions that --roi and --ignore name; each is 'x,y x,y x,y' or the path of a mask image.

    Of masks the white part is meant. Where there are polygons and masks, what all of them leave counts.
    Raises `UsageError`.
    """
    include, seen = _split("--roi", roi)
    exclude, unseen = _split("--ignore", ignore)
    masks = [*seen, *(np.asarray(255 - mask, np.uint8) for mask in unseen)]
    if len({mask.shape for mask in masks}) > 1:
        raise UsageError("the masks of --roi and --ignore differ in size; make them of A's size.")
    mask = np.asarray(np.bitwise_and.reduce(masks), np.uint8) if masks else None
    return Regions(tuple(include), tuple(exclude), mask)


def _split(option: str, texts: Sequence[str]) -> tuple[list[Polygon], list[Plane]]:
    masks = [text for text in texts if is_image(Path(text)) or Path(text).is_file()]
    polygons = [_polygon(option, text) for text in texts if text not in masks]
    return polygons, [_mask(Path(text)) for text in masks]


def _mask(path: Path) -> Plane:
    picture = read_picture(path).picture
    levels = picture if picture.ndim == 2 else picture.max(axis=2)
    return np.where(levels >= _WHITE_FROM, np.uint8(255), np.uint8(0))


def _polygon(option: str, text: str) -> Polygon:
    try:
        corners = tuple((float(x), float(y)) for x, y in (corner.split(",") for corner in text.split()))
    except ValueError:
        corners = ()
    if len(corners) < 3 or not all(0 <= value <= 1 for corner in corners for value in corner):
        raise UsageError(
            f"{option} {text!r}: give three corners or more as fractions of the picture, as "
            f"{option} '0.1,0.5 0.9,0.5 0.9,1', or the path of a mask image that exists."
        )
    if fault := fault_of(corners):
        raise UsageError(f"{option} {text!r}: {fault}.")
    return corners
