"""What hangs close before the lens: the web of a spider."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import cv2
import numpy as np

from monitor.capture.scene.part import UNKNOWN, Canvas, Happening, Layer, Painter, Part, Stage
from monitor.capture.scene.texture import Wander

_SPOKES, _RINGS, _POINTS = 5, 4, 9
"""A web of five spokes and four threads across; each thread is drawn through nine points."""


@dataclass(frozen=True)
class Web(Part):
    """Threads before a corner of the lens, out of focus, that sway with the wind by up to about `reach`.

    `levels` is what they add in grey levels: little by day, much by the camera's infrared lamp.
    Labelled unknown in the mask. `reach` and `size` are fractions of the view's height, `start_s` is when the
    wind rises.
    """

    layer: ClassVar[Layer] = Layer.AIR

    levels: float = 40.0
    reach: float = 0.03
    size: float = 0.6
    start_s: float = 0.0

    def happenings(self, stage: Stage) -> tuple[Happening, ...]:
        """Return when it must not alarm: always."""
        return (Happening(None, 0.0, stage.duration_s, "a spider's web sways before the lens"),)

    def painter(self, stage: Stage) -> Painter:
        """Return what draws the threads where the wind has blown them."""
        rng = stage.rng(self)
        threads = _threads(rng)
        across, along = Wander(rng, 0.3, 1.5), Wander(rng, 0.3, 1.5)
        tremble = [Wander(rng, 0.5, 2.5) for _ in threads]
        gust = Wander(rng, 0.05, 0.3)
        width, height = stage.size
        thickness = max(1, round(0.006 * height))

        def paint(canvas: Canvas) -> None:
            now_s = canvas.time_s
            wind = self.reach * max(0.2, 1 + 0.6 * gust(now_s)) * (now_s >= self.start_s)
            layer = np.zeros((height, width), np.uint8)
            for thread, own in zip(threads, tremble, strict=True):
                # The web is held at its corner and at the far ends of its spokes, and gives in between.
                slack = np.sin(np.pi * np.clip(np.hypot(*thread.T), 0, 1))[:, None]
                shift = np.array([across(now_s) + 0.4 * own(now_s), 0.6 * along(now_s) + 0.4 * own(now_s)])
                points = (thread * self.size + wind * slack * shift) * height
                cv2.polylines(
                    layer, [np.rint(points * 16).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 4
                )
            soft = cv2.GaussianBlur(layer, (0, 0), max(0.006 * height, 0.7))
            canvas.bgr += (soft * np.float32(self.levels / 150))[..., None]
            canvas.mask[soft > 30] = UNKNOWN

        return paint


def _threads(rng: np.random.Generator) -> list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Return the threads as points (n, 2), right and down from the corner, the far ends about 1 away."""
    angles = np.linspace(0.03, np.pi / 2 - 0.03, _SPOKES) + rng.normal(0, 0.05, _SPOKES)
    ends = np.stack([np.cos(angles), np.sin(angles)], 1) * rng.uniform(0.85, 1.1, (_SPOKES, 1))
    spokes = [np.linspace(0, 1, _POINTS)[:, None] * end for end in ends]
    rings = []
    for share in np.linspace(0.3, 0.85, _RINGS):
        knots = ends * share * rng.uniform(0.95, 1.05, (_SPOKES, 1))
        rings.append(np.concatenate([np.linspace(a, b, _POINTS) for a, b in pairwise(knots)]))
    return spokes + rings
