"""The empty place: its picture, what it is made of, and its perspective."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.scene.texture import rough_noise, smooth_noise
from monitor.errors import UsageError
from monitor.frames import Size

FloatImage = NDArray[np.float32]
Colour = tuple[float, float, float]
"""Blue, green, red, 0 to 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """An empty place, all maps float32 (H, W) and read-only.

    `bgr` (H, W, 3) is its picture in grey levels under full light. `ground`, `foliage`, `water` and `sky` say
    how much of a pixel is that, 0 to 1; `infrared` how much brighter a material is to an infrared camera.
    `horizon` is the horizon's height as a fraction of the view, `person_per_drop` the height of a person
    over the drop of the feet below the horizon. `sun` is where the shadow of a point falls per unit of its
    height, right and down.
    """

    bgr: FloatImage
    ground: FloatImage
    foliage: FloatImage
    water: FloatImage
    sky: FloatImage
    infrared: FloatImage
    horizon: float
    person_per_drop: float
    sun: tuple[float, float]

    def person_height(self, foot_y: float) -> float:
        """Return a person's height for feet at `foot_y`, both fractions of the view's height."""
        return max(foot_y - self.horizon, 0.02) * self.person_per_drop


class Easel:
    """A place in the making; points are (x, y) in fractions of the view, x beyond 1 where it is wider."""

    def __init__(self, size: Size, width_px: int, seed: int, horizon: float) -> None:
        self.size, self.width_px, self.horizon = size, width_px, horizon
        self.rng = np.random.default_rng(seed)
        self.bgr = np.zeros((size.height, width_px, 3), np.float32)
        self.ground, self.foliage, self.water, self.sky = (self.blank() for _ in range(4))
        self.infrared = self.blank() + 1

    def blank(self) -> FloatImage:
        """Return a map of zeros."""
        return np.zeros((self.size.height, self.width_px), np.float32)

    @property
    def right(self) -> float:
        """The right edge of the place, a fraction of the view's width."""
        return self.width_px / self.size.width

    def area(self, points: Sequence[tuple[float, float]]) -> FloatImage:
        """Return the coverage, 0 to 1, of a polygon."""
        scaled = np.array(points) * (self.size.width, self.size.height) * 16
        filled = np.zeros((self.size.height, self.width_px), np.uint8)
        cv2.fillPoly(filled, [np.rint(scaled).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
        return np.asarray(filled * np.float32(1 / 255), np.float32)

    def box(self, left: float, top: float, right: float, bottom: float) -> FloatImage:
        """Return the coverage of an upright rectangle."""
        return self.area([(left, top), (right, top), (right, bottom), (left, bottom)])

    def noise(self, grain: float, rough: bool = True) -> FloatImage:
        """Return texture of mean 0 and deviation 1; `grain` is a fraction of the view's height."""
        make = rough_noise if rough else smooth_noise
        noise: FloatImage = make(
            self.rng, self.width_px, self.size.height, max(grain * self.size.height, 1.0)
        )
        return noise

    def ground_noise(self, grain: float) -> FloatImage:
        """Return texture that lies on the ground: blotches shrink and flatten towards the horizon."""
        side = 1024
        texture = rough_noise(self.rng, side, side, 64)
        y, x = np.mgrid[: self.size.height, : self.width_px].astype(np.float32)
        drop = np.maximum(y / self.size.height - self.horizon, 0.02)
        across = (x / self.size.width - 0.5) * self.size.width / self.size.height / drop
        u, v = (np.asarray(part * 70 / grain + side / 2, np.float32) for part in (across, 1 / drop))
        lying = cv2.remap(texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(lying, np.float32)

    def paint(
        self,
        where: FloatImage,
        colour: Colour,
        texture: FloatImage | float = 0.0,
        *,
        material: FloatImage | None = None,
    ) -> None:
        """Colour an area; `texture` is the relative change of brightness.

        The area is then of the `material`, one of this easel's maps, and of none where that is None.
        """
        paint = np.asarray(colour, np.float32) * (1 + np.atleast_1d(texture)[..., None])
        self.bgr += where[..., None] * (paint - self.bgr)
        for each in (self.ground, self.foliage, self.water, self.sky):
            each *= 1 - where
        if material is not None:
            material += where

    def shade(self, where: FloatImage, share: float) -> None:
        """Darken an area by a share of its light."""
        self.bgr *= 1 - share * where[..., None]

    def finish(self, sun: tuple[float, float], person_per_drop: float = 0.5) -> Place:
        """Return the place, its maps read-only."""
        self.infrared += 0.6 * self.foliage - 0.25 * self.water + 0.08 * self.noise(0.12, rough=False)
        maps = (np.clip(self.bgr, 4, 250), self.ground, self.foliage, self.water, self.sky, self.infrared)
        for each in maps:
            each.flags.writeable = False
        return Place(*maps, self.horizon, person_per_drop, sun)


@lru_cache(maxsize=8)
def place_of(name: str, size: Size, width_px: int, seed: int) -> Place:
    """Return an empty place by its name, `width_px` wide, of which the view shows the left.

    Raises `UsageError` for an unknown name.
    """
    makers = _makers()
    if name not in makers:
        raise UsageError(f"No place is called {name!r}; choose one of {', '.join(sorted(makers))}.")
    return makers[name](size, width_px, seed)


def _makers() -> dict[str, Callable[[Size, int, int], Place]]:
    # Imported here because the places are painted with this module's easel.
    from monitor.capture.scene.places import pond, room, street, yard

    return {"yard": yard, "street": street, "pond": pond, "room": room}
