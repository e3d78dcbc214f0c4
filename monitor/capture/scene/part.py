"""What a part of a generated scene is, and the canvas on which the parts paint in turn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import ClassVar, NamedTuple
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.scene.place import Place
from monitor.frames import Plane, Size

FloatImage = NDArray[np.float32]
"""float32, (H, W) or (H, W, 3) blue green red; grey levels 0 to 255 unless said otherwise."""

BACKGROUND, SHADOW, UNKNOWN, MOVING = 0, 50, 170, 255
"""The labels of a truth mask: those of CDnet (changedetection.net); UNKNOWN does not count."""


class Box(NamedTuple):
    """An upright rectangle as fractions of the view, origin top left."""

    x: float
    y: float
    width: float
    height: float


class Layer(IntEnum):
    """The order in which parts act on a picture: from the far end of the scene to the recorder."""

    PLACE = 1
    ACTORS = 2
    LIGHT = 3
    CAMERA = 4
    AIR = 5
    LENS = 6
    EXPOSURE = 7
    CODING = 8
    SENSOR = 9
    DAMAGE = 10
    OVERLAY = 11


@dataclass(frozen=True, slots=True)
class Happening:
    """What a part makes happen, in seconds; `kind` is None for what must not alarm."""

    kind: str | None
    start_s: float
    end_s: float
    note: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a scene plays: all that a part may know besides itself.

    `size` is that of the view; the place may be wider, to the right.
    """

    place: Place
    size: Size
    rate_hz: float
    duration_s: float
    seed: int

    def rng(self, part: Part, index: int = 0) -> np.random.Generator:
        """Return randomness that depends on the seed, on what the part is, and on `index` alone."""
        return np.random.Generator(np.random.SFC64([self.seed, crc32(repr(part).encode()), index]))

    def person_px(self, foot_y: float) -> float:
        """Return the height of a grown person whose feet are at `foot_y`, a fraction of the view."""
        return self.size.height * self.place.person_height(foot_y)

    def point_px(self, x: float, y: float) -> tuple[float, float]:
        """Return a point given in fractions of the view in pixels."""
        return x * self.size.width, y * self.size.height


@dataclass(slots=True)
class Canvas:
    """One picture in the making.

    `bgr` is float32 (H, W, 3), grey levels, as wide as the place before the camera layer and as the view
    after it. `mask` has the same height and width. From the coding layer on the picture is `luma` (H, W)
    and `chroma` (2, H/2, W/2), float32, in coded levels; `sensitivity` multiplies the sensor's noise.
    """

    index: int
    time_s: float
    bgr: FloatImage
    mask: Plane
    boxes: list[Box] = field(default_factory=list)
    sensitivity: float = 1.0
    luma: FloatImage = field(default_factory=lambda: np.empty((0, 0), np.float32))
    chroma: FloatImage = field(default_factory=lambda: np.empty((2, 0, 0), np.float32))

    def stamp(self, sprite: Plane, left: int, top: int, size: Size, label: int = MOVING) -> None:
        """Lay a sprite over the picture and its mask, and note its box.

        `sprite` is uint8 (h, w, 4), blue green red already multiplied by coverage, and coverage 0 to 255.
        `size` is that of the view, for the box. What lies outside the canvas is left out.
        """
        cut = clipped(self.mask, left, top, sprite.shape[1], sprite.shape[0])
        if cut is None:
            return
        there, here = cut
        piece = sprite[here]
        coverage = piece[..., 3]
        ground = self.bgr[there]
        ground *= 1 - coverage[..., None] * np.float32(1 / 255)
        ground += piece[..., :3]
        self.mask[there][coverage > 127] = label
        x, y, width, height = cv2.boundingRect((coverage > 127).astype(np.uint8))
        if label == MOVING and width:
            x, y = x + there[1].start, y + there[0].start
            self.boxes.append(Box(x / size.width, y / size.height, width / size.width, height / size.height))


Painter = Callable[[Canvas], None]
"""Adds one part to the canvas of one moment; called for the pictures in their order."""


@dataclass(frozen=True)
class Part(ABC):
    """One thing that a scene holds or that happens in it; times in seconds, lengths in view fractions."""

    layer: ClassVar[Layer]

    @abstractmethod
    def painter(self, stage: Stage) -> Painter:
        """Return what paints this part, with all that can be computed beforehand."""

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return what this part makes happen."""
        return ()


def clipped(
    plane: NDArray[np.generic], left: int, top: int, width: int, height: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
    """Return where a rectangle lies in `plane`, and which part of the rectangle that is; None if outside."""
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + width, plane.shape[1]), min(top + height, plane.shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    return (slice(y0, y1), slice(x0, x1)), (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))


def ramp(time_s: float, start_s: float, end_s: float) -> float:
    """Return 0 before the start, 1 after the end, and a smooth rise between (3x² - 2x³)."""
    if end_s <= start_s:
        return float(time_s >= start_s)
    x = min(max((time_s - start_s) / (end_s - start_s), 0.0), 1.0)
    return x * x * (3 - 2 * x)
