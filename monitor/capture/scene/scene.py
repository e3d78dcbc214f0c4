"""A generated scene: its description, its pictures and its truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

import numpy as np

from monitor.capture.scene.camera import Turned
from monitor.capture.scene.colour import bgr_of, code
from monitor.capture.scene.part import BACKGROUND, Box, Canvas, Layer, Painter, Part, Stage
from monitor.capture.scene.place import place_of
from monitor.capture.scene.sensor import Noise
from monitor.capture.scene.truth import TruthEvent, truth_of
from monitor.errors import UsageError
from monitor.frames import Bgr, Chroma, Plane, Size

SMALL = Size(320, 240)
"""The size of a scene unless said otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One generated picture with its truth; all arrays are its own and read-only.

    `luma` is uint8 (H, W) and `chroma` 4:2:0, BT.601, in the scene's range. `mask` is uint8 (H, W) with
    CDnet's labels: 0 background, 50 shadow, 170 unknown (does not count), 255 moving. `boxes` are those of
    what moves or was left, in fractions of the view.
    """

    index: int
    time_s: float
    luma: Plane
    chroma: Chroma
    mask: Plane
    boxes: tuple[Box, ...]
    full_range: bool

    def bgr(self) -> Bgr:
        """Return the picture in colour, made anew at each call."""
        return bgr_of(self.luma, self.chroma, self.full_range)


@dataclass(frozen=True)
class Scene:
    """A place and what happens there; the same description always gives the same pictures.

    What moves is a function of the time in seconds, so that another rate shows the same happening; noise,
    rain and damage belong to the single picture. Parts act in the order of their layers and, within a
    layer, as listed: what is farther away comes first. Width and height must be even.
    """

    parts: tuple[Part, ...] = (Noise(),)
    place: str = "yard"
    size: Size = SMALL
    rate_hz: float = 25.0
    duration_s: float = 20.0
    seed: int = 1
    full_range: bool = False

    def __post_init__(self) -> None:
        if self.size.width < 32 or self.size.height < 32 or self.size.width % 2 or self.size.height % 2:
            raise UsageError(
                f"A scene of {self.size.width}x{self.size.height} cannot be made; use even numbers from 32."
            )
        if not 0 < self.rate_hz <= 1000 or self.frame_count < 1:
            raise UsageError(
                f"{self.duration_s:g} s at {self.rate_hz:g} Hz cannot be made; use up to 1000 Hz, and longer."
            )

    @property
    def frame_count(self) -> int:
        """How many pictures there are."""
        return round(self.duration_s * self.rate_hz)

    @cached_property
    def stage(self) -> Stage:
        """Where the parts act."""
        turn = sum(part.by for part in self.parts if isinstance(part, Turned))
        width_px = self.size.width + 2 * round(self.size.width * turn / 2)
        place = place_of(self.place, self.size, width_px, self.seed)
        return Stage(place, self.size, self.rate_hz, self.duration_s, self.seed)

    def truth(self) -> tuple[TruthEvent, ...]:
        """Return what truly happens, in order of start, with the quiet spans in between."""
        happenings = chain.from_iterable(part.happenings(self.stage) for part in self.parts)
        return truth_of(happenings, self.rate_hz, self.frame_count)

    def pictures(self) -> Iterator[Picture]:
        """Give the pictures in order."""
        stage = self.stage
        parts = sorted((*self.parts, _Coding(self.full_range)), key=lambda part: part.layer)
        painters = [part.painter(stage) for part in parts]
        blank = np.full(stage.place.ground.shape, BACKGROUND, np.uint8)
        bgr = np.empty_like(stage.place.bgr)
        for index in range(self.frame_count):
            np.copyto(bgr, stage.place.bgr)
            canvas = Canvas(index, index / self.rate_hz, bgr, blank.copy())
            for paint in painters:
                paint(canvas)
            yield self._picture(canvas)

    def _picture(self, canvas: Canvas) -> Picture:
        luma = _eight_bits(canvas.luma)
        u, v = _eight_bits(canvas.chroma)
        mask = np.ascontiguousarray(canvas.mask)
        mask.flags.writeable = False
        boxes = tuple(canvas.boxes)
        return Picture(canvas.index, canvas.time_s, luma, Chroma(u, v), mask, boxes, self.full_range)


@dataclass(frozen=True)
class _Coding(Part):
    """What turns the light of the scene into coded luma and chroma."""

    layer: ClassVar[Layer] = Layer.CODING

    full_range: bool

    def painter(self, stage: Stage) -> Painter:
        """Return what codes the picture."""

        def paint(canvas: Canvas) -> None:
            np.clip(canvas.bgr, 0, 255, out=canvas.bgr)
            canvas.luma, canvas.chroma = code(canvas.bgr, self.full_range)

        return paint


def _eight_bits(values: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Plane:
    rounded = np.rint(values)
    plane = np.clip(rounded, 0, 255, out=rounded).astype(np.uint8)
    plane.flags.writeable = False
    return plane
