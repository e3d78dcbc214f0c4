"""What belongs together in a mask, and the boxes round it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

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


def things_in(mask: Plane, least_px: float) -> tuple[tuple[Box, ...], Plane]:
    """Return the boxes of what belongs together in a mask, the largest first, and the mask of it alone.

    Things of fewer than `least_px` pixels are left out.
    """
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


def beside(boxes: Sequence[Box], others: Sequence[Box]) -> tuple[Box, ...]:
    """Return boxes, and of others those that do not lie in one of them by half of themselves."""
    return (*boxes, *(other for other in others if not any(_lies_in(other, box) for box in boxes)))


def _lies_in(one: Box, other: Box) -> bool:
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, width) * max(0.0, height) >= _INSIDE * one.width * one.height


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
