"""Which part of the picture is watched, and what share of a region lies in which zone."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from monitor.analysis.preprocess import half_size, shrunk
from monitor.analysis.regions import Region
from monitor.frames import Plane, Size


class Role(StrEnum):
    """What a zone is for.

    With an include zone, only what lies in one counts. An exclude zone is never looked at. A privacy zone
    is not looked at either, and is black in everything that is written.
    """

    INCLUDE = "include"
    EXCLUDE = "exclude"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon with a role; `points` are fractions of the frame.

    `sensitivity` divides the size and distance that something in the zone must have: above 1 smaller things
    count.
    """

    name: str
    role: Role
    points: tuple[tuple[float, float], ...]
    sensitivity: float = 1.0


class WatchedArea:
    """The zones at one analysis size.

    `mask` is uint8 (h, w), 255 where the picture is watched, None where all of it is; `small` is the same at
    half the size, and `pixels` counts them.
    """

    def __init__(self, zones: tuple[Zone, ...], size: Size) -> None:
        self._include = {z.name: polygon_mask(z, size) for z in zones if z.role is Role.INCLUDE}
        hidden = [polygon_mask(z, size) for z in zones if z.role is not Role.INCLUDE]
        self.mask = _watched(list(self._include.values()), hidden, size)
        self.small = None if self.mask is None else shrunk(self.mask, half_size(size))
        self.pixels = size.width * size.height if self.mask is None else int(cv2.countNonZero(self.mask))

    def shares(self, region: Region) -> tuple[tuple[str, float], ...]:
        """Return for each include zone that the region touches the share of its area inside."""
        if not self._include:
            return ()
        x, y, width, height = region.box
        own = region.mask
        total = max(1, cv2.countNonZero(own))
        found = []
        for name, mask in self._include.items():
            share = cv2.countNonZero(cv2.bitwise_and(own, mask[y : y + height, x : x + width])) / total
            if share > 0:
                found.append((name, share))
        return tuple(found)


def polygon_mask(zone: Zone, size: Size) -> Plane:
    """Return the zone as a mask; uint8 (h, w), 0 or 255."""
    mask = np.zeros((size.height, size.width), dtype=np.uint8)
    points = np.asarray(zone.points) * (size.width, size.height)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 255)
    return mask


def _watched(include: list[Plane], hidden: list[Plane], size: Size) -> Plane | None:
    if not include and not hidden:
        return None
    shape = (size.height, size.width)
    mask = np.full(shape, 0 if include else 255, dtype=np.uint8)
    for zone in include:
        mask |= zone
    for zone in hidden:
        mask &= ~zone
    return mask
