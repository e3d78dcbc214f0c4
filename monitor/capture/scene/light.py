"""The light that falls on a scene: clouds, lamps, night, infrared."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.place import FloatImage
from monitor.capture.scene.texture import smooth_noise

_COARSE = 8
"""Fields of light are smooth, so they are computed on every eighth pixel and stretched."""


@dataclass(frozen=True)
class Cloud(Part):
    """The shadow of a cloud that drifts across: it takes `depth` of the light, with a soft ragged edge.

    `direction_deg` is counted clockwise from the right; `edge` is a fraction of the view's height.
    """

    layer: ClassVar[Layer] = Layer.LIGHT

    start_s: float
    end_s: float
    depth: float = 0.4
    direction_deg: float = 20.0
    edge: float = 0.35

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm."""
        return (Happening(None, self.start_s, self.end_s, "a cloud passes"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what dims all under the sky while the cloud enters, stays above and leaves."""
        height, width = stage.place.ground.shape
        rows, columns = np.mgrid[0:height:_COARSE, 0:width:_COARSE] / stage.size.height
        angle = radians(self.direction_deg)
        along = columns * cos(angle) + rows * sin(angle)
        along += 0.12 * smooth_noise(stage.rng(self), along.shape[1], along.shape[0], 6)
        first, last = float(along.min()) - 2 * self.edge, float(along.max()) + 2 * self.edge
        # The cloud is 0.3 longer than the way across, so that for a while everything lies in its shade.
        length = 1.3 * (last - first)
        depth = self.depth * (
            1 - 0.8 * cv2.resize(stage.place.sky, along.shape[::-1], interpolation=cv2.INTER_AREA)
        )

        def paint(canvas: Canvas) -> None:
            share = (canvas.time_s - self.start_s) / (self.end_s - self.start_s)
            if not 0 < share < 1:
                return
            front = first + share * (last - first + length)
            shade = _sigmoid((front - along) / self.edge * 4) * _sigmoid(
                (along - front + length) / self.edge * 4
            )
            # Shade is lit by the blue sky.
            _dim(canvas, 1 - depth * shade, (0.94, 0.99, 1.0))

        return paint


def _sigmoid(x: FloatImage) -> FloatImage:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), np.float32)


def _dim(canvas: Canvas, gain: FloatImage, tint: tuple[float, float, float]) -> None:
    """Multiply the picture by a coarse gain; colours follow it by the exponents `tint`."""
    coarse = cv2.merge([np.asarray(gain, np.float32) ** np.float32(power) for power in tint])
    canvas.bgr *= cv2.resize(coarse, canvas.mask.shape[::-1], interpolation=cv2.INTER_LINEAR)


@dataclass(frozen=True)
class Lamp(Part):
    """A warm lamp that is switched on, and off at `off_s`: its light falls off around (x, y)."""

    layer: ClassVar[Layer] = Layer.LIGHT

    on_s: float
    off_s: float | None = None
    x: float = 0.5
    y: float = 0.3
    reach: float = 0.7
    strength: float = 0.9
    rise_s: float = 0.15

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the switching on, and off if there is one."""
        on = Happening("light_change", self.on_s, self.on_s + self.rise_s, "a lamp is switched on")
        if self.off_s is None:
            return (on,)
        return on, Happening("light_change", self.off_s, self.off_s + self.rise_s, "a lamp is switched off")

    def painter(self, stage: Stage) -> Painter:
        """Return what adds the light of the lamp while it is on."""
        height, width = stage.place.ground.shape
        x, y = stage.point_px(self.x, self.y)
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        away = np.hypot(columns - x, rows - y) / (self.reach * stage.size.height)
        field = ((1 - stage.place.sky) * self.strength / (1 + (2 * away) ** 2))[..., None] * np.array(
            [0.45, 0.82, 1.0], np.float32
        )
        lit = 1 + field.astype(np.float32)

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.on_s, self.on_s + self.rise_s)
            if self.off_s is not None:
                share -= ramp(canvas.time_s, self.off_s, self.off_s + self.rise_s)
            if share > 0:
                canvas.bgr *= lit if share == 1 else 1 + np.float32(share) * field

        return paint


@dataclass(frozen=True)
class Night(Part):
    """Darkness that falls from `start_s` to `end_s`: only `level` of the light is left, and it is bluish."""

    layer: ClassVar[Layer] = Layer.LIGHT

    level: float = 0.22
    start_s: float = 0.0
    end_s: float = 0.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the dusk, if it is not dark from the start."""
        if self.end_s <= self.start_s:
            return ()
        return (Happening(None, self.start_s, self.end_s, "it grows dark"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what takes the light away."""
        dark = np.array([1.15, 1.0, 0.85], np.float32) * self.level

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.start_s, self.end_s)
            if share > 0:
                canvas.bgr *= dark ** np.float32(share)

        return paint


@dataclass(frozen=True)
class Infrared(Part):
    """The camera swings its filter away: grey pictures, materials at new brightness, more noise."""

    layer: ClassVar[Layer] = Layer.LIGHT

    start_s: float
    sensitivity: float = 2.2

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the switch, after which exposure settles for a fifth of a second; none before the start."""
        if self.start_s < 0:
            return ()
        return (
            Happening("light_change", self.start_s, self.start_s + 0.2, "the camera switches to infrared"),
        )

    def painter(self, stage: Stage) -> Painter:
        """Return what turns the light into that of the camera's own infrared lamp."""
        height, width = stage.place.ground.shape
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        away = np.hypot(columns / stage.size.width - 0.5, rows / stage.size.height - 0.55)
        gain = (stage.place.infrared * (1.15 - 0.9 * away**2) * 0.8)[..., None].astype(np.float32)

        def paint(canvas: Canvas) -> None:
            if canvas.time_s < self.start_s:
                return
            grey = cv2.cvtColor(canvas.bgr, cv2.COLOR_BGR2GRAY)[..., None]
            settling = np.float32(0.55 + 0.45 * ramp(canvas.time_s, self.start_s, self.start_s + 0.2))
            np.multiply(grey, gain * settling, out=canvas.bgr)
            canvas.sensitivity = self.sensitivity

        return paint
