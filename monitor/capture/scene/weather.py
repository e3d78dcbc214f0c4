"""What moves all the time and means nothing: leaves, water, rain, snow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage
from monitor.capture.scene.place import FloatImage
from monitor.capture.scene.texture import Wander, smooth_noise

_COARSE = 12
"""Neighbouring leaves move together: their displacement is drawn on every twelfth pixel and stretched."""


@dataclass(frozen=True)
class _Weather(Part):
    """Something that goes on through the whole scene."""

    note: ClassVar[str]

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm: always."""
        return (Happening(None, 0.0, stage.duration_s, self.note),)


@dataclass(frozen=True)
class Leaves(_Weather):
    """Foliage in the wind: patches sway by up to about `reach` of the view's height, in gusts."""

    layer: ClassVar[Layer] = Layer.PLACE
    note: ClassVar[str] = "leaves move in the wind"

    reach: float = 0.008
    flutter: float = 0.06

    def painter(self, stage: Stage) -> Painter:
        """Return what displaces the foliage and lets it glitter."""
        foliage = stage.place.foliage
        box = cv2.boundingRect((foliage > 0.05).astype(np.uint8))
        x, y, width, height = box
        if not width:
            return lambda canvas: None
        there = slice(y, y + height), slice(x, x + width)
        where, still = foliage[there][..., None], stage.place.bgr[there]
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        rng = stage.rng(self)
        field = _Field(rng, width // _COARSE + 2, height // _COARSE + 2)
        gust = Wander(rng, 0.05, 0.25)

        def paint(canvas: Canvas) -> None:
            strength = np.float32(self.reach * stage.size.height * (0.75 + 0.35 * gust(canvas.time_s)))
            moved = cv2.resize(field.at(canvas.time_s), (width, height), interpolation=cv2.INTER_LINEAR)
            swayed = cv2.remap(
                still, columns + strength * moved[..., 0], rows + strength * moved[..., 1],
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101,
            )  # fmt: skip
            lit = swayed * (1 + np.float32(self.flutter) * moved[..., :1])
            canvas.bgr[there] += where * (lit - still)

        return paint


class _Field:
    """A displacement field that is smooth in space and band-limited in time, 0.3 to 2.5 Hz, deviation 1."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, waves: int = 5) -> None:
        self._speeds = 2 * np.pi * rng.uniform(0.3, 2.5, waves)
        self._sines = np.stack([self._waves(rng, width, height) for _ in range(waves)])
        self._cosines = np.stack([self._waves(rng, width, height) for _ in range(waves)])
        self._scale = 1 / np.sqrt(waves)

    @staticmethod
    def _waves(rng: np.random.Generator, width: int, height: int) -> FloatImage:
        return np.dstack([smooth_noise(rng, width, height, 3), 0.5 * smooth_noise(rng, width, height, 3)])

    def at(self, time_s: float) -> FloatImage:
        """Return the displacement right and down, float32 (h, w, 2)."""
        phases = self._speeds * time_s
        moved = np.tensordot(np.sin(phases), self._sines, 1) + np.tensordot(np.cos(phases), self._cosines, 1)
        return np.asarray(moved * self._scale, np.float32)


@dataclass(frozen=True)
class Water(_Weather):
    """Ripples on the water: many travelling waves that brighten and darken it by `contrast`."""

    layer: ClassVar[Layer] = Layer.PLACE
    note: ClassVar[str] = "water ripples"

    contrast: float = 0.22
    waves: int = 9

    def painter(self, stage: Stage) -> Painter:
        """Return what brightens crests and darkens troughs; waves shrink towards the horizon."""
        x, y, width, height = cv2.boundingRect((stage.place.water > 0.05).astype(np.uint8))
        if not width:
            return lambda canvas: None
        there = slice(y, y + height), slice(x, x + width)
        rng = stage.rng(self)
        pairs, speeds = self._waves(stage, there, rng)
        where = stage.place.water[there] * np.float32(self.contrast)

        def paint(canvas: Canvas) -> None:
            angles = speeds * canvas.time_s
            weights = np.concatenate([np.cos(angles), np.sin(angles)]).astype(np.float32)
            swell = (weights @ pairs).reshape(height, width)
            # Crests are sharper and brighter than troughs are dark.
            ripple = swell + np.float32(0.35) * (swell * swell - 1)
            canvas.bgr[there] *= (1 + where * np.clip(ripple, -1.8, 4.0))[..., None]

        return paint

    def _waves(
        self, stage: Stage, there: tuple[slice, slice], rng: np.random.Generator
    ) -> tuple[FloatImage, FloatImage]:
        """Return the cosines and sines of each wave at rest, (2 waves, pixels), and the speeds in rad/s."""
        rows, columns = np.mgrid[there].astype(np.float32) / stage.size.height
        drop = np.maximum(rows - stage.place.horizon, 0.03)
        across, away = (columns - 0.6) / drop, 1 / drop
        pairs, speeds = [], []
        for _ in range(self.waves):
            wave = rng.uniform(6, 24)
            angle = rng.normal(np.pi / 2, 0.45)
            bend = 0.7 * smooth_noise(rng, columns.shape[1], columns.shape[0], stage.size.height / 12)
            phase = wave * (np.cos(angle) * across + np.sin(angle) * away) + bend
            pairs.append((np.cos(phase), np.sin(phase)))
            # On deep water the speed grows with the root of the wave number.
            speeds.append(1.6 * np.sqrt(wave))
        both = np.stack([c for c, _ in pairs] + [s for _, s in pairs]).reshape(2 * self.waves, -1)
        return np.asarray(both * np.sqrt(2 / self.waves), np.float32), np.asarray(speeds, np.float32)


@dataclass(frozen=True)
class Rain(_Weather):
    """Streaks of `levels` grey levels that are elsewhere in each picture; `streaks` of them at once."""

    layer: ClassVar[Layer] = Layer.AIR
    note: ClassVar[str] = "it rains"

    streaks: int = 160
    levels: float = 34.0

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the streaks: near ones long, wide apart and bright."""
        width, height = stage.size

        def paint(canvas: Canvas) -> None:
            rng = stage.rng(self, canvas.index)
            layer = np.zeros((height, width), np.uint8)
            near = rng.uniform(0.3, 1.0, self.streaks)
            tops = rng.uniform((0, -0.1), (1, 1), (self.streaks, 2)) * (width, height)
            length = np.stack([0.12 + rng.normal(0, 0.02, self.streaks), np.ones(self.streaks)], 1)
            ends = tops + length * (near * 0.09 * height)[:, None]
            lines = np.rint(np.stack([tops, ends], 1) * 16).astype(np.int32)
            for line, closeness in zip(lines, near, strict=True):
                cv2.polylines(layer, [line], False, int(255 * closeness), 1, cv2.LINE_AA, 4)
            soft = cv2.blur(layer, (1, 3))
            canvas.bgr += (soft * np.float32(self.levels / 255))[..., None]

        return paint


@dataclass(frozen=True)
class Snow(_Weather):
    """Flakes that sink and drift on ways of their own, near ones large, fast and blurred."""

    layer: ClassVar[Layer] = Layer.AIR
    note: ClassVar[str] = "it snows"

    flakes: int = 130
    levels: float = 110.0

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the flakes."""
        rng = stage.rng(self)
        near = rng.uniform(0.15, 1.0, self.flakes) ** 2
        start = rng.uniform(0, 1, (self.flakes, 2))
        sway_hz, phase = rng.uniform(0.2, 0.8, self.flakes), rng.uniform(0, 2 * np.pi, self.flakes)
        width, height = stage.size

        def paint(canvas: Canvas) -> None:
            time_s = canvas.time_s
            x = start[:, 0] + 0.03 * np.sin(2 * np.pi * sway_hz * time_s + phase) + 0.05 * time_s * near
            y = start[:, 1] + (0.12 + 0.45 * near) * time_s
            layer = np.zeros((height, width), np.uint8)
            places = np.stack([x % 1.1 - 0.05, y % 1.1 - 0.05], 1) * (width, height)
            for (column, row), closeness in zip(places * 16, near, strict=True):
                radius = int((0.002 + 0.008 * closeness) * height * 16)
                cv2.circle(
                    layer, (int(column), int(row)), radius, int(255 - 120 * closeness), -1, cv2.LINE_AA, 4
                )
            soft = cv2.GaussianBlur(layer, (0, 0), max(0.0025 * height, 0.5))
            share = soft[..., None] * np.float32(1 / 255)
            canvas.bgr += share * np.float32(self.levels / 110) * (np.float32(235) - canvas.bgr)

        return paint
