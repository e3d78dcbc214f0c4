"""What the recorder does to pictures: it freezes, swaps, damages and dates them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import UNKNOWN, Canvas, Happening, Layer, Painter, Part, Stage, ramp
from monitor.capture.scene.place import place_of

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
class Cut(Part):
    """The recorder shows another place from `at_s` on, at once or faded in over `fade_s`."""

    layer: ClassVar[Layer] = Layer.PLACE

    at_s: float
    place: str = "pond"
    fade_s: float = 0.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return the change."""
        return (Happening("scene_change", self.at_s, self.at_s + self.fade_s, "another place is shown"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what lays the other place over the first."""
        width_px = stage.place.ground.shape[1]
        other = place_of(self.place, stage.size, width_px, stage.seed + 1).bgr

        def paint(canvas: Canvas) -> None:
            share = ramp(canvas.time_s, self.at_s, self.at_s + self.fade_s)
            if share > 0:
                canvas.bgr += np.float32(share) * (other - canvas.bgr)

        return paint


class Damage(StrEnum):
    """What a decoder shows of a picture of which a part was lost."""

    BLOCKS = "blocks"
    GREY = "grey"
    TORN = "torn"


@dataclass(frozen=True)
class CorruptFrame(Part):
    """Pictures arrive damaged from some block on, `count` of them one after the other at each time.

    `damage` says what is in the place of the lost part: moved, flat or garbled blocks in wrong colours,
    nothing but grey, or rows that are shifted. `share` of the height is lost, at random where it is None.
    """

    layer: ClassVar[Layer] = Layer.DAMAGE

    at_s: tuple[float, ...] = (5.0,)
    damage: Damage = Damage.BLOCKS
    share: float | None = None
    count: int = 1

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return each damaged picture, or each row of them."""
        lasts_s = (self.count - 1) / stage.rate_hz
        return tuple(
            Happening("corrupt_frame", at, at + lasts_s, "the picture is damaged") for at in self.at_s
        )

    def painter(self, stage: Stage) -> Painter:
        """Return what damages the first pictures at or after each time."""
        firsts = (ceil(at * stage.rate_hz - 1e-6) for at in self.at_s)
        indices = {first + number for first in firsts for number in range(self.count)}

        def paint(canvas: Canvas) -> None:
            if canvas.index in indices:
                self._damage(canvas, stage.rng(self, canvas.index))

        return paint

    def _damage(self, canvas: Canvas, rng: np.random.Generator) -> None:
        rows, columns = (length // _BLOCK_PX for length in canvas.luma.shape)
        if self.share is None:
            first = int(rng.integers(columns, max(rows * columns // 2, columns + 1)))
        else:
            first = round(rows * (1 - self.share)) * columns
        top = first // columns * _BLOCK_PX
        canvas.mask[top:] = UNKNOWN
        if self.damage is Damage.BLOCKS:
            _garble(canvas, first, rng)
        elif self.damage is Damage.GREY:
            canvas.luma[top:], canvas.chroma[:, top // 2 :] = 128, 128
        else:
            by = int(rng.integers(canvas.luma.shape[1] // 8, canvas.luma.shape[1] // 2))
            canvas.luma[top:] = np.roll(canvas.luma[top:], by, 1)
            canvas.chroma[:, top // 2 :] = np.roll(canvas.chroma[:, top // 2 :], by // 2, 2)


def _garble(canvas: Canvas, first: int, rng: np.random.Generator) -> None:
    """Garble all blocks from the `first` on, in the order in which they are coded."""
    rows, columns = (length // _BLOCK_PX for length in canvas.luma.shape)
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
    # Missing chroma is decoded as a green or purple cast.
    canvas.chroma[:, first // columns * _BLOCK_PX // 2 :] += rng.choice([-38.0, 34.0])


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
