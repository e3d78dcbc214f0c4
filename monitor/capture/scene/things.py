"""What is left in a scene or flies past the lens: boxes and insects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from monitor.capture.scene.figure import Sheet, cast_shadow
from monitor.capture.scene.part import (
    BACKGROUND,
    MOVING,
    UNKNOWN,
    Canvas,
    Happening,
    Layer,
    Painter,
    Part,
    Stage,
    clipped,
)
from monitor.capture.scene.place import FloatImage
from monitor.capture.scene.route import Point
from monitor.capture.scene.texture import Wander


def draw_box(sheet: Sheet, at: Point, width: float, height: float) -> None:
    """Draw a cardboard box whose bottom's middle is at a point: front, top and a strip of tape."""
    x, y = at
    left, right, top = x - width / 2, x + width / 2, y + height
    slant = 0.25 * width
    sheet.fill([(left, y), (right, y), (right, top), (left, top)], (86, 128, 168))
    sheet.fill(
        [(left, top), (right, top), (right + slant, top + 0.3 * height), (left + slant, top + 0.3 * height)],
        (116, 160, 200),
    )
    sheet.fill(
        [(right, y), (right + slant, y + 0.3 * height), (right + slant, top + 0.3 * height), (right, top)],
        (58, 92, 124),
    )
    sheet.fill([(x - 0.02, y), (x + 0.02, y), (x + 0.02, top), (x - 0.02, top)], (150, 190, 215))


@dataclass(frozen=True)
class Thing(Part):
    """A cardboard box on the ground from `appears_s` (None: the start) to `vanishes_s` (None: the end).

    While it stands where it was left it counts as moving in the mask, as CDnet has it; one that was there
    from the start belongs to the background until it is gone.
    """

    layer: ClassVar[Layer] = Layer.ACTORS

    x: float
    y: float
    appears_s: float | None = None
    vanishes_s: float | None = None
    size: float = 0.3

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return from when on it is left, or from when on it is missing."""
        if self.appears_s is not None:
            end_s = stage.duration_s if self.vanishes_s is None else self.vanishes_s
            return (Happening("object_left", self.appears_s, end_s, "a box is left"),)
        if self.vanishes_s is not None:
            return (Happening("object_removed", self.vanishes_s, stage.duration_s, "a box is taken away"),)
        return ()

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the box while it is there; it is drawn once."""
        unit_px, foot = stage.person_px(self.y), stage.point_px(self.x, self.y)
        sheet = Sheet(foot, unit_px, reach=0.8 * self.size, height=self.size)
        draw_box(sheet, (0, 0), self.size, 0.72 * self.size)
        sprite = sheet.sprite(np.ones((2, 2), np.float32))
        label = BACKGROUND if self.appears_s is None else MOVING

        def paint(canvas: Canvas) -> None:
            gone = self.vanishes_s is not None and canvas.time_s >= self.vanishes_s
            if gone or (self.appears_s is not None and canvas.time_s < self.appears_s):
                return
            cast_shadow(
                canvas, sheet, sprite[..., 3], foot, unit_px, stage.place.sun, stage.place.ground, 0.4
            )
            canvas.stamp(sprite, sheet.left, sheet.top, stage.size, label)

        return paint


@dataclass(frozen=True)
class Insect(Part):
    """A bright blurred blob close to the lens on an erratic path; labelled unknown in the mask."""

    layer: ClassVar[Layer] = Layer.AIR

    start_s: float
    end_s: float
    radius: float = 0.05
    brightness: float = 120.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm."""
        return (Happening(None, self.start_s, self.end_s, "an insect near the lens"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the blob, smeared along its way during the exposure."""
        rng = stage.rng(self)
        across, down = Wander(rng, 0.8, 3.0), Wander(rng, 0.8, 3.0)
        start, end = rng.uniform(0.25, 0.5), rng.uniform(0.4, 0.7)
        blob = _blob(max(int(self.radius * stage.size.height * 2), 3))

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            for lag_s in np.linspace(0, 0.02, 5):
                time_s = canvas.time_s - float(lag_s)
                share = (time_s - self.start_s) / (self.end_s - self.start_s)
                x = -0.1 + 1.2 * share + 0.08 * across(time_s)
                y = start + (end - start) * share + 0.12 * down(time_s)
                _add_light(canvas, blob, stage.point_px(x, y), self.brightness / 3)

        return paint


def _blob(radius_px: int) -> FloatImage:
    """Return a soft disc, 0 to 1."""
    rows, columns = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1] / radius_px
    return np.asarray(np.clip(1.15 * (1 - rows**2 - columns**2), 0, 1), np.float32)


def _add_light(canvas: Canvas, glow: FloatImage, centre: tuple[float, float], levels: float) -> None:
    """Add a glow around a point and label its core unknown."""
    left, top = (int(c - r / 2) for c, r in zip(centre, glow.shape[::-1], strict=True))
    if cut := clipped(canvas.mask, left, top, glow.shape[1], glow.shape[0]):
        there, here = cut
        canvas.bgr[there] += (levels * glow[here])[..., None]
        canvas.mask[there][glow[here] > 0.2] = UNKNOWN
