"""What happens to the camera itself: it shakes, is turned, covered, blinded, loses focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import UNKNOWN, Box, Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.texture import Wander, blurred, smooth_noise


def _warp(canvas: Canvas, matrix: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    """Move the picture, its mask and its boxes by an affine map given in pixels."""
    size = canvas.mask.shape[::-1]
    canvas.bgr = np.asarray(
        cv2.warpAffine(canvas.bgr, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE),
        np.float32,
    )
    canvas.mask = np.asarray(cv2.warpAffine(canvas.mask, matrix, size, flags=cv2.INTER_NEAREST), np.uint8)


def _shift_boxes(canvas: Canvas, dx: float, dy: float) -> None:
    canvas.boxes = [Box(box.x + dx, box.y + dy, box.width, box.height) for box in canvas.boxes]


@dataclass(frozen=True)
class Shake(Part):
    """The camera trembles at 0.5 to 6 Hz; `reach_px` is the deviation for a view 320 pixels wide."""

    layer: ClassVar[Layer] = Layer.CAMERA

    reach_px: float = 1.5
    roll_deg: float = 0.15

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm: always."""
        return (Happening(None, 0.0, stage.duration_s, "the camera shakes"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what moves the picture by fractions of a pixel."""
        rng = stage.rng(self)
        across, down, roll = (Wander(rng, 0.5, 6.0) for _ in range(3))
        reach = self.reach_px * stage.size.width / 320
        centre = (stage.size.width / 2, stage.size.height / 2)

        def paint(canvas: Canvas) -> None:
            dx, dy = reach * across(canvas.time_s), reach * down(canvas.time_s)
            matrix = np.array(
                cv2.getRotationMatrix2D(centre, self.roll_deg * roll(canvas.time_s), 1.0), np.float64
            )
            matrix += ((0, 0, dx), (0, 0, dy))
            _warp(canvas, matrix)
            _shift_boxes(canvas, dx / stage.size.width, dy / stage.size.height)

        return paint


@dataclass(frozen=True)
class Turned(Part):
    """The camera is turned to the right by `by` of the view's width, and stays so."""

    layer: ClassVar[Layer] = Layer.CAMERA

    start_s: float
    duration_s: float = 0.8
    by: float = 0.45

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time in which it moves."""
        return (
            Happening("camera_moved", self.start_s, self.start_s + self.duration_s, "the camera is turned"),
        )

    def painter(self, stage: Stage) -> Painter:
        """Return what cuts the view out of the wide place."""
        width = stage.size.width

        def paint(canvas: Canvas) -> None:
            shift = width * self.by * ramp(canvas.time_s, self.start_s, self.start_s + self.duration_s)
            whole, rest = int(shift), shift - int(shift)
            if rest:
                _warp(canvas, np.array([[1, 0, -rest], [0, 1, 0]], np.float64))
            canvas.bgr = canvas.bgr[:, whole : whole + width].copy()
            canvas.mask = canvas.mask[:, whole : whole + width].copy()
            _shift_boxes(canvas, -shift / width, 0.0)

        return paint


@dataclass(frozen=True)
class Rolled(Part):
    """The camera is rolled about its axis by `roll_deg` and zoomed by a factor, and stays so."""

    layer: ClassVar[Layer] = Layer.CAMERA

    start_s: float
    duration_s: float = 0.8
    roll_deg: float = 0.0
    zoom: float = 1.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time in which it moves."""
        return (
            Happening("camera_moved", self.start_s, self.start_s + self.duration_s, "the camera is handled"),
        )

    def painter(self, stage: Stage) -> Painter:
        """Return what rolls and widens the picture about its middle."""
        centre = (stage.size.width / 2, stage.size.height / 2)

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.start_s, self.start_s + self.duration_s)
            if share > 0:
                zoom = self.zoom**share
                _warp(
                    canvas,
                    np.array(cv2.getRotationMatrix2D(centre, share * self.roll_deg, zoom), np.float64),
                )

        return paint


@dataclass(frozen=True)
class Covered(Part):
    """A hand, cloth or paint slides over the lens within `slide_s`, and away at the end.

    `share` of the view's width is covered in the end, by a colour (blue, green, red) in folds of a relative
    contrast, `grain` view heights wide.
    """

    layer: ClassVar[Layer] = Layer.LENS

    start_s: float
    end_s: float
    slide_s: float = 0.35
    share: float = 1.0
    colour: tuple[int, int, int] = (20, 24, 34)
    folds: float = 0.18
    grain: float = 0.25

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time from the first darkening to the last."""
        return (Happening("covered", self.start_s, self.end_s, "something is held over the lens"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what covers the picture from the left, with a blurred edge and folds that shift a little."""
        rng = stage.rng(self)
        width, height = stage.size
        folds = 1 + self.folds * smooth_noise(rng, width, height, height * self.grain)
        cloth = folds[..., None] * np.array(self.colour, np.float32)
        waver = Wander(rng, 0.3, 1.5)
        columns = np.arange(width, dtype=np.float32)[None] / width
        ragged = columns + 0.05 * smooth_noise(rng, width, height, height / 5)

        def paint(canvas: Canvas) -> None:
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            share = ramp(canvas.time_s, self.start_s, self.start_s + self.slide_s)
            share *= 1 - ramp(canvas.time_s, self.end_s - self.slide_s, self.end_s)
            # The ragged edge comes from beyond the left border and, at a share of 1, goes beyond the right.
            reach = 1.35 if self.share >= 1 else self.share
            hidden = 1 / (1 + np.exp((ragged - ((reach + 0.35) * share - 0.35)) * 25))
            light = np.float32(1 + 0.06 * waver(canvas.time_s))
            canvas.bgr += hidden[..., None].astype(np.float32) * (cloth * light - canvas.bgr)
            canvas.mask[hidden > 0.5] = UNKNOWN

        return paint


@dataclass(frozen=True)
class Blinded(Part):
    """A strong light shines into the lens and washes the picture out."""

    layer: ClassVar[Layer] = Layer.LENS

    start_s: float
    end_s: float
    x: float = 0.55
    y: float = 0.35
    levels: float = 300.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time in which the light shines."""
        return (Happening("blinded", self.start_s, self.end_s, "a light shines into the lens"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what adds the glare: a core, a wide halo and a veil over everything."""
        x, y = stage.point_px(self.x, self.y)
        rows, columns = np.mgrid[: stage.size.height, : stage.size.width].astype(np.float32)
        away = np.hypot(columns - x, rows - y) / stage.size.height
        glare = np.exp(-((away / 0.25) ** 2)) + 0.6 * np.exp(-away / 0.6) + 0.22
        light = (self.levels * glare)[..., None].astype(np.float32) * np.array([0.95, 1.0, 1.0], np.float32)

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.start_s, self.start_s + 0.3)
            share *= 1 - ramp(canvas.time_s, self.end_s - 0.3, self.end_s)
            if share > 0:
                canvas.bgr += np.float32(share) * light
                canvas.mask[:] = UNKNOWN

        return paint


@dataclass(frozen=True)
class Defocused(Part):
    """The lens loses its focus within `over_s` and finds it again at the end; blur in view heights."""

    layer: ClassVar[Layer] = Layer.LENS

    start_s: float
    end_s: float
    blur: float = 0.025
    over_s: float = 1.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time in which the picture is not sharp."""
        return (Happening("defocused", self.start_s, self.end_s, "the picture is out of focus"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what blurs the picture."""

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.start_s, self.start_s + self.over_s)
            share *= 1 - ramp(canvas.time_s, self.end_s - self.over_s, self.end_s)
            if share > 0:
                canvas.bgr = blurred(canvas.bgr, share * self.blur * stage.size.height)

        return paint
