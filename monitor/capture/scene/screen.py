"""A screen in the scene: it is switched on and off, and shows a film whose light falls into the room."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage
from monitor.capture.scene.place import FloatImage
from monitor.capture.scene.texture import smooth_noise

_GRAIN = 4
"""The film's picture is drawn on every fourth pixel of the screen."""

_SHOT_S = 2.5
"""A film cuts to another shot about this often."""


@dataclass(frozen=True)
class Screen(Part):
    """A television, on from `on_s` to `off_s` (None: to the end), dark before and after.

    `box` is its left, top, width and height as fractions of the view. It shows shots with things that move in
    them, or, with `flicker_hz`, one picture that blinks at that rate. The room around is lit by `glow` of its
    light.
    """

    layer: ClassVar[Layer] = Layer.PLACE

    on_s: float = 0.0
    off_s: float | None = None
    box: tuple[float, float, float, float] = (0.395, 0.13, 0.14, 0.22)
    flicker_hz: float | None = None
    glow: float = 0.12

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm: while it is on."""
        end_s = stage.duration_s if self.off_s is None else self.off_s
        return (Happening(None, self.on_s, end_s, "a screen shows moving pictures"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what shows the screen, and its light on what is around it."""
        (x, y), (wide, high) = (map(round, stage.point_px(*part)) for part in (self.box[:2], self.box[2:]))
        there = np.s_[y : y + high, x : x + wide]
        rows, columns = np.mgrid[: stage.place.ground.shape[0], : stage.place.ground.shape[1]].astype(
            np.float32
        )
        away = np.hypot(columns - x - wide / 2, rows - y - high / 2) / stage.size.height
        fall = np.asarray(1 / (1 + (3 * away) ** 2), np.float32)
        end_s = stage.duration_s if self.off_s is None else self.off_s
        film = _Film(stage.rng(self), wide, high)

        def paint(canvas: Canvas) -> None:
            on = self.on_s <= canvas.time_s < end_s
            picture = self._picture(film, canvas.time_s) if on else film.dark
            if on:
                canvas.bgr *= 1 + self.glow * float(picture.mean()) / 128 * fall[..., None]
            canvas.bgr[there] = picture

        return paint

    def _picture(self, film: _Film, time_s: float) -> FloatImage:
        if self.flicker_hz is None:
            return film.at(time_s)
        return film.at(0.0) * np.float32(0.65 + 0.35 * np.sign(np.sin(2 * pi * self.flicker_hz * time_s)))


class _Film:
    """Shots of different brightness and colour in which a bright thing goes to and fro."""

    def __init__(self, rng: np.random.Generator, width: int, height: int) -> None:
        self._rng_seed = int(rng.integers(1 << 31))
        self._size = (width, height)
        self.dark = np.full((height, width, 3), 18, np.float32)

    def at(self, time_s: float) -> FloatImage:
        """Return the picture at a time, float32 (h, w, 3)."""
        width, height = self._size
        shot = int(time_s / _SHOT_S)
        rng = np.random.default_rng((self._rng_seed, shot))
        base = rng.uniform(40, 190, 3).astype(np.float32) * rng.uniform(0.5, 1.2)
        texture = smooth_noise(rng, width // _GRAIN + 2, height // _GRAIN + 2, 3)
        x0, speed = rng.uniform(0, 1), rng.uniform(-0.6, 0.6)
        rows, columns = np.mgrid[: texture.shape[0], : texture.shape[1]].astype(np.float32)
        middle = (x0 + speed * (time_s - shot * _SHOT_S)) % 1.0 * texture.shape[1]
        thing = np.exp(
            -(((columns - middle) / (0.12 * texture.shape[1])) ** 2)
            - ((rows / texture.shape[0] - 0.6) / 0.3) ** 2
        )
        light = cv2.resize(1 + 0.35 * texture + 0.9 * thing, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.clip(base * light[..., None], 5, 245), np.float32)
