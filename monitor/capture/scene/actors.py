"""Who moves through a scene: walkers with their shadows, vehicles with their headlights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.figure import Clothes, Pose, Sheet, cast_shadow, draw_person
from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.place import Colour, FloatImage
from monitor.capture.scene.route import Point, Step, step_at
from monitor.capture.scene.texture import Wander, smooth_noise
from monitor.capture.scene.things import draw_box

VISIBLE_SHARE = 0.2
"""So much of something must be inside the view for it to count as visible in the truth."""


def seen(
    stage: Stage, start_s: float, end_s: float, box_at: Callable[[float], tuple[float, float, float, float]]
) -> tuple[float, float] | None:
    """Return the first and last time at which a box (left, top, right, bottom) is visible; None if never.

    The moments looked at are those of the frames. The view is the one before the camera is turned.
    """
    times = np.arange(round(stage.duration_s * stage.rate_hz)) / stage.rate_hz
    times = times[(times >= start_s) & (times <= end_s)]
    visible = [time for time in times if _share_inside(box_at(float(time))) >= VISIBLE_SHARE]
    return (float(visible[0]), float(visible[-1])) if visible else None


def _share_inside(box: tuple[float, float, float, float]) -> float:
    left, top, right, bottom = box
    width = max(min(right, 1.0) - max(left, 0.0), 0.0)
    height = max(min(bottom, 1.0) - max(top, 0.0), 0.0)
    return width * height / ((right - left) * (bottom - top))


@dataclass(frozen=True)
class _Mover(Part):
    """Something that follows a path of its feet or wheels from `start_s` to `end_s`."""

    layer: ClassVar[Layer] = Layer.ACTORS

    start_s: float
    end_s: float
    path: tuple[Point, ...] = ((-0.1, 0.82), (1.1, 0.82))
    stand: tuple[float, float] | None = None

    def step(self, stage: Stage, time_s: float) -> Step:
        """Return where it is at a time."""
        aspect = stage.size.width / stage.size.height
        return step_at(time_s, self.start_s, self.end_s, self.path, self.stand, aspect)

    def visible(self, stage: Stage, half_width: float, height: float, note: str) -> tuple[Happening, ...]:
        """Return the span in which its body, in units of a person's height, is in view."""

        def box_at(time_s: float) -> tuple[float, float, float, float]:
            step = self.step(stage, time_s)
            tall = stage.place.person_height(step.y)
            wide = half_width * tall * stage.size.height / stage.size.width
            return step.x - wide, step.y - height * tall, step.x + wide, step.y

        span = seen(stage, self.start_s, self.end_s, box_at)
        return (Happening("motion", *span, note),) if span else ()


@dataclass(frozen=True)
class Walker(_Mover):
    """A person with swinging arms and legs and a cast shadow; stands nearly still during `stand`.

    `carries` is the span in which a box is in its hands, `shadow` the share of light its shadow takes.
    """

    clothes: Clothes = Clothes.RED
    height: float = 1.0
    shadow: float = 0.45
    carries: tuple[float, float] | None = None

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the span in which the walker is in view."""
        stands = "" if self.stand is None else f"; stands still {self.stand[0]:g} to {self.stand[1]:g} s"
        return self.visible(stage, 0.16 * self.height, self.height, f"a person walks{stands}")

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the person and its shadow while its time lasts."""
        rng = stage.rng(self)
        texture = _cloth(rng)
        sway = Wander(rng, 0.15, 0.6)

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            step = self.step(stage, canvas.time_s)
            unit_px = stage.person_px(step.y) * self.height
            x, y = stage.point_px(step.x, step.y)
            foot = (x + 0.012 * unit_px * sway(canvas.time_s) * (1 - step.pace), y)
            sheet = Sheet(foot, unit_px, reach=0.42)
            draw_person(sheet, pose := self._pose(stage, step, canvas.time_s), self.clothes)
            if pose.carries:
                draw_box(sheet, (0.17 * pose.facing * max(pose.side, 0.2), 0.52), 0.24, 0.18)
            sprite = sheet.sprite(texture)
            cast_shadow(
                canvas, sheet, sprite[..., 3], foot, unit_px, stage.place.sun, stage.place.ground, self.shadow
            )
            canvas.stamp(sprite, sheet.left, sheet.top, stage.size)

        return paint

    def _pose(self, stage: Stage, step: Step, time_s: float) -> Pose:
        across = abs(step.dx) * stage.size.width / stage.size.height
        side = across / max(across + 2 * abs(step.dy), 1e-6)
        tall = stage.place.person_height(step.y) * self.height
        carries = self.carries is not None and self.carries[0] <= time_s < self.carries[1]
        # One stride of two steps covers about 0.8 of the body's height.
        return Pose(2 * pi * step.way / (0.8 * tall), step.pace, side, 1.0 if step.dx >= 0 else -1.0, carries)


def _cloth(rng: np.random.Generator) -> FloatImage:
    """Return brightness over a body: folds, and more light on one side."""
    side = np.linspace(1.18, 0.80, 24, dtype=np.float32)[None]
    return side * (1 + 0.13 * smooth_noise(rng, 24, 48, 3))


@dataclass(frozen=True)
class Vehicle(_Mover):
    """A car seen from the side, 4.4 m long, with a shadow beneath; `colour` is its paint."""

    colour: Colour = (222, 224, 226)
    shadow: float = 0.55

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the span in which the car is in view."""
        return self.visible(stage, 1.25, 0.82, "a car passes")

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the car while its time lasts."""
        texture = 1 + 0.04 * smooth_noise(stage.rng(self), 40, 20, 4)
        texture *= np.linspace(1.12, 0.85, 20, dtype=np.float32)[:, None]

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            step = self.step(stage, canvas.time_s)
            unit_px = stage.person_px(step.y)
            foot = stage.point_px(step.x, step.y)
            sheet = Sheet(foot, unit_px, reach=1.35, height=0.85)
            _draw_car(sheet, 1.0 if step.dx >= 0 else -1.0, self.colour)
            sprite = sheet.sprite(texture)
            cast_shadow(
                canvas, sheet, sprite[..., 3], foot, unit_px, (0.25, 0.10), stage.place.ground, self.shadow
            )
            canvas.stamp(sprite, sheet.left, sheet.top, stage.size)

        return paint


def _draw_car(sheet: Sheet, facing: float, colour: Colour) -> None:
    def turned(points: list[Point]) -> list[Point]:
        return [(x * facing, y) for x, y in points]

    dark = (colour[0] * 0.7, colour[1] * 0.7, colour[2] * 0.7)
    sheet.fill(
        turned(
            [(-1.2, 0.16), (1.22, 0.16), (1.25, 0.38), (1.12, 0.46), (0.6, 0.52), (-1.1, 0.54), (-1.25, 0.45)]
        ),
        colour,
    )
    sheet.fill(turned([(-1.0, 0.5), (-0.72, 0.8), (0.12, 0.8), (0.58, 0.5)]), colour)
    sheet.fill(turned([(-0.85, 0.53), (-0.66, 0.75), (-0.3, 0.75), (-0.3, 0.53)]), (70, 60, 52))
    sheet.fill(turned([(-0.24, 0.53), (-0.24, 0.75), (0.08, 0.75), (0.42, 0.53)]), (70, 60, 52))
    sheet.fill(turned([(-1.2, 0.16), (1.22, 0.16), (1.22, 0.24), (-1.2, 0.24)]), dark)
    for x in (-0.76, 0.76):
        sheet.disc((x * facing, 0.17), 0.17, (30, 30, 30))
        sheet.disc((x * facing, 0.17), 0.09, (150, 150, 150))
    sheet.disc((1.18 * facing, 0.40), 0.05, (190, 235, 245))
    sheet.disc((-1.2 * facing, 0.42), 0.045, (40, 40, 190))


@dataclass(frozen=True)
class Headlights(Part):
    """The light that a vehicle throws ahead of it: a bright patch on the ground, and two glowing lamps."""

    layer: ClassVar[Layer] = Layer.LIGHT

    vehicle: Vehicle
    strength: float = 6.0

    def painter(self, stage: Stage) -> Painter:
        """Return what lights the scene while the vehicle drives, also before it is in view itself."""
        rows, columns = np.mgrid[: stage.place.ground.shape[0] : 4, : stage.place.ground.shape[1] : 4]

        def paint(canvas: Canvas) -> None:
            car = self.vehicle
            strength = self.strength * ramp(canvas.time_s, car.start_s, car.start_s + 0.3)
            strength *= 1 - ramp(canvas.time_s, car.end_s - 0.3, car.end_s)
            if strength <= 0:
                return
            step = car.step(stage, canvas.time_s)
            unit_px, facing = stage.person_px(step.y), 1.0 if step.dx >= 0 else -1.0
            x, y = stage.point_px(step.x, step.y)
            ahead = (columns - x) * facing / unit_px - 1.2
            spread = np.abs(rows - y + 0.1 * unit_px) / unit_px / (0.16 + 0.16 * np.maximum(ahead, 0))
            beam = np.clip(ahead * 3, 0, 1) * np.exp(-np.maximum(ahead, 0) / 1.6 - spread**2)
            beam += 1.5 * np.exp(-(np.hypot(ahead, (rows - y) / unit_px + 0.4) ** 2) / 0.02)
            light = cv2.resize(
                beam.astype(np.float32), canvas.mask.shape[::-1], interpolation=cv2.INTER_LINEAR
            )
            canvas.bgr *= 1 + (strength * light)[..., None] * np.array([0.8, 0.95, 1.0], np.float32)

        return paint
