"""The camera's eye: exposure that changes or follows the light, and the noise of the sensor."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import ClassVar

import numpy as np

from monitor.capture.scene.part import Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.texture import normalised, smooth_noise


@dataclass(frozen=True)
class Exposure(Part):
    """All becomes brighter by `gain` between start and end, and stays so: dawn, or a camera's correction."""

    layer: ClassVar[Layer] = Layer.EXPOSURE

    start_s: float
    end_s: float
    gain: float = 1.3

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm."""
        return (
            Happening(None, self.start_s, self.end_s, f"brightness changes by a factor of {self.gain:g}"),
        )

    def painter(self, stage: Stage) -> Painter:
        """Return what multiplies the picture."""

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.start_s, self.end_s)
            if share > 0:
                canvas.bgr *= np.float32(self.gain**share)

        return paint


@dataclass(frozen=True)
class AutoExposure(Part):
    """The camera keeps the mean brightness near that of the first picture, after a lag of `lag_s`.

    `strength` 0 leaves the picture alone, 1 corrects fully. Each picture depends on those before it.
    """

    layer: ClassVar[Layer] = Layer.EXPOSURE

    lag_s: float = 0.5
    strength: float = 0.7

    def painter(self, stage: Stage) -> Painter:
        """Return what follows the brightness."""
        target: float | None = None
        gain = 1.0
        follow = 1 - exp(-1 / (stage.rate_hz * self.lag_s))

        def paint(canvas: Canvas) -> None:
            nonlocal target, gain
            mean = float(np.minimum(canvas.bgr[::8, ::8], 255).mean())
            target = mean if target is None else target
            wanted = (target / max(mean, 1.0)) ** self.strength
            gain += follow * (wanted - gain)
            canvas.bgr *= np.float32(gain)

        return paint


@dataclass(frozen=True)
class Noise(Part):
    """Sensor noise, new for each picture: `sigma` grey levels in luma at mid grey, half of it in chroma.

    Part of it grows with the root of the light (photons), part does not (read-out): EMVA 1288's model.
    """

    layer: ClassVar[Layer] = Layer.SENSOR

    sigma: float = 2.0

    def painter(self, stage: Stage) -> Painter:
        """Return what adds the noise to the coded planes."""
        grain = np.empty((stage.size.height, stage.size.width), np.float32)
        colour_grain = np.empty((2, stage.size.height // 2, stage.size.width // 2), np.float32)

        def paint(canvas: Canvas) -> None:
            rng = stage.rng(self, canvas.index)
            rng.standard_normal(out=grain, dtype=np.float32)
            rng.standard_normal(out=colour_grain, dtype=np.float32)
            sigma = np.float32(self.sigma * canvas.sensitivity)
            # At mid grey, 128, half of the variance is read-out and half photons.
            deviation = np.sqrt(0.5 + canvas.luma * np.float32(0.5 / 128))
            canvas.luma += grain * deviation * sigma
            canvas.chroma += colour_grain * (sigma / 2)

        return paint


@dataclass(frozen=True)
class Banding(Part):
    """Stripes and blotches of a cheap sensor: a pattern that does not move, `sigma` grey levels."""

    layer: ClassVar[Layer] = Layer.SENSOR

    sigma: float = 1.0

    def painter(self, stage: Stage) -> Painter:
        """Return what adds the pattern."""
        rng = stage.rng(self)
        stripes = rng.standard_normal((1, stage.size.width), dtype=np.float32)
        pattern = normalised(
            stripes + smooth_noise(rng, stage.size.width, stage.size.height, 2)
        ) * np.float32(self.sigma)

        def paint(canvas: Canvas) -> None:
            canvas.luma += pattern

        return paint
