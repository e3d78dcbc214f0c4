"""What the recorder does to pictures: it freezes, receives them damaged, writes the time on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import UNKNOWN, Canvas, Happening, Layer, Painter, Part, Stage

_BLOCK_PX = 16
"""The side of a macroblock (ITU-T H.264, 3.84)."""


@dataclass(frozen=True)
class Frozen(Part):
    """The same picture comes again and again, equal to the last bit."""

    layer: ClassVar[Layer] = Layer.DAMAGE

    start_s: float
    end_s: float

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the time in which nothing new comes."""
        return (Happening("frozen", self.start_s, self.end_s, "the picture stands still"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what repeats the first frozen picture."""
        held: Canvas | None = None

        def paint(canvas: Canvas) -> None:
            nonlocal held
            if not self.start_s <= canvas.time_s <= self.end_s:
                return
            if held is None:
                held = canvas
                held.luma, held.chroma = canvas.luma.copy(), canvas.chroma.copy()
            else:
                canvas.luma, canvas.chroma = held.luma.copy(), held.chroma.copy()
            canvas.mask[:] = UNKNOWN

        return paint


@dataclass(frozen=True)
class CorruptFrame(Part):
    """Single pictures arrive damaged from some block on: moved, flat or garbled blocks in wrong colours."""

    layer: ClassVar[Layer] = Layer.DAMAGE

    at_s: tuple[float, ...] = (5.0,)

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return each damaged picture."""
        return tuple(Happening("corrupt_frame", at, at, "the picture is damaged") for at in self.at_s)

    def painter(self, stage: Stage) -> Painter:
        """Return what damages the first picture at or after each time."""
        indices = {ceil(at * stage.rate_hz - 1e-6) for at in self.at_s}

        def paint(canvas: Canvas) -> None:
            if canvas.index in indices:
                _corrupt(canvas, stage.rng(self, canvas.index))

        return paint


def _corrupt(canvas: Canvas, rng: np.random.Generator) -> None:
    """Garble all blocks from a random one in the upper half on, in the order in which they are coded."""
    rows, columns = (length // _BLOCK_PX for length in canvas.luma.shape)
    first = int(rng.integers(columns, max(rows * columns // 2, columns + 1)))
    luma = canvas.luma.copy()
    for number in range(first, rows * columns):
        row, column = divmod(number, columns)
        there = np.s_[row * _BLOCK_PX : (row + 1) * _BLOCK_PX, column * _BLOCK_PX : (column + 1) * _BLOCK_PX]
        kind = rng.random()
        if kind < 0.55:
            canvas.luma[there] = np.roll(luma, tuple(rng.integers(-64, 64, 2)), (0, 1))[there]
        elif kind < 0.8:
            canvas.luma[there] = rng.uniform(16, 200)
        else:
            canvas.luma[there] += 40 * rng.standard_normal((1, _BLOCK_PX), dtype=np.float32)
    top = first // columns * _BLOCK_PX // 2
    # Missing chroma is decoded as a green or purple cast.
    canvas.chroma[:, top:] += rng.choice([-38.0, 34.0])
    canvas.mask[2 * top :] = UNKNOWN


@dataclass(frozen=True)
class Clock(Part):
    """Date and time written on the picture, white on a dark strip, a new second each second."""

    layer: ClassVar[Layer] = Layer.OVERLAY

    start: datetime = datetime(2026, 5, 1, 11, 59, 50)
    x: float = 0.02
    y: float = 0.07

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm: always."""
        return (Happening(None, 0.0, stage.duration_s, "a clock ticks on the picture"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what writes the time."""
        x, y = (int(v) for v in stage.point_px(self.x, self.y))
        font, scale = cv2.FONT_HERSHEY_PLAIN, stage.size.height / 300
        thickness = max(1, stage.size.height // 300)

        def paint(canvas: Canvas) -> None:
            text = f"{self.start + timedelta(seconds=int(canvas.time_s + 1e-6)):%Y-%m-%d %H:%M:%S}"
            (width, height), below = cv2.getTextSize(text, font, scale, thickness)
            strip = np.s_[max(y - height - 3, 0) : y + below, max(x - 3, 0) : x + width + 3]
            ink = np.zeros(canvas.luma.shape, np.uint8)
            cv2.putText(ink, text, (x, y), font, scale, 208, thickness, cv2.LINE_AA)
            canvas.luma[strip] = 24 + ink[strip].astype(np.float32)
            rows, columns = (slice(part.start // 2, part.stop // 2) for part in strip)
            canvas.chroma[:, rows, columns] = 128

        return paint
