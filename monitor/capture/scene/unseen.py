"""What somebody out of view throws into it: a shadow, or the beam of his lights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.figure import Pose, Sheet, cast_shadow, draw_person
from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.place import FloatImage
from monitor.capture.scene.route import Point

_COARSE = 4
"""Beams are smooth, so they are computed on every fourth pixel and stretched."""

_LAMPLIGHT = np.array([0.8, 0.95, 1.0], np.float32)
"""Share of blue, green, red in the light of a headlight against that of the night."""


@dataclass(frozen=True)
class PassingShadow(Part):
    """The long shadow of somebody who walks by below the view; it takes `depth` of the light.

    `toward` is where a point's shadow falls per unit of its height, right and down.
    """

    layer: ClassVar[Layer] = Layer.PLACE

    start_s: float
    end_s: float
    foot_y: float = 1.05
    toward: tuple[float, float] = (0.35, -0.55)
    depth: float = 0.45

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm."""
        return (Happening(None, self.start_s, self.end_s, "the shadow of somebody out of view"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what darkens the ground while the walker passes; of the walker nothing is drawn."""
        walker = Walker(self.start_s, self.end_s, ((-0.3, self.foot_y), (1.1, self.foot_y)))
        plain = np.ones((2, 2), np.float32)

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            step = walker.step(stage, canvas.time_s)
            unit_px, foot = stage.person_px(step.y), stage.point_px(step.x, step.y)
            sheet = Sheet(foot, unit_px, reach=0.42)
            stride = 2 * np.pi * step.way / (0.8 * stage.place.person_height(step.y))
            draw_person(sheet, Pose(stride, step.pace, 1.0, 1.0), walker.clothes)
            coverage = sheet.sprite(plain)[..., 3]
            cast_shadow(canvas, sheet, coverage, foot, unit_px, self.toward, stage.place.ground, self.depth)

        return paint


@dataclass(frozen=True)
class Beam(Part):
    """The patch of light that a car out of view throws on walls and ground as it turns.

    Its middle goes along `path` from `start_s` to `end_s`; `size` are its half axes as fractions of the view,
    `sharpness` 1 fades over all of it and 8 ends at an edge, as behind a window. In the middle there is
    `strength` times more light than without it.
    """

    layer: ClassVar[Layer] = Layer.LIGHT

    start_s: float
    end_s: float
    path: tuple[Point, Point] = ((-0.3, 0.6), (1.3, 0.45))
    size: Point = (0.22, 0.28)
    strength: float = 2.5
    sharpness: float = 1.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm."""
        return (Happening(None, self.start_s, self.end_s, "the beam of a car out of view sweeps by"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what lights the place, but not the sky, where the beam falls."""
        height, width = stage.place.ground.shape
        rows, columns = np.mgrid[0:height:_COARSE, 0:width:_COARSE].astype(np.float32)
        columns, rows = columns / stage.size.width, rows / stage.size.height
        solid: FloatImage = 1 - stage.place.sky

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            share = (canvas.time_s - self.start_s) / (self.end_s - self.start_s)
            (x0, y0), (x1, y1) = self.path
            x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
            away = ((columns - x) / self.size[0]) ** 2 + ((rows - y) / self.size[1]) ** 2
            patch = np.exp(-(away**self.sharpness)).astype(np.float32)
            light = cv2.resize(patch, (width, height), interpolation=cv2.INTER_LINEAR) * solid
            fade = ramp(share, 0.0, 0.1) * (1 - ramp(share, 0.9, 1.0))
            canvas.bgr *= 1 + (self.strength * fade * light)[..., None] * _LAMPLIGHT

        return paint
