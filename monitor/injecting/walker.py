"""A generated walker painted into a picture."""

from dataclasses import dataclass
from math import pi

import cv2
import numpy as np

from monitor.analysis.scores import Box
from monitor.capture.scene.figure import Clothes, Pose, Sheet, draw_person
from monitor.capture.scene.part import clipped
from monitor.frames import Plane

STRIDE = 0.8
"""One stride of two steps covers about 0.8 of the body's height, as in generated scenes."""

_SHADES = 0.25
"""How far clothes, hair and folds differ from the walker's mean, as a share of the contrast."""

_REACH = 0.42
_PLAIN = np.ones((2, 2), np.float32)

_DARKENS_ABOVE = 110.0
"""On a brighter ground the walker is darker than it, else brighter: there is room for the contrast."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who appears at `start_s` and walks evenly, in mid-stride, until `end_s`.

    `height` is that of the body as a fraction of the picture's, `speed_per_s` in heights of the body a second
    (1.75 m), to the right where positive. `x` and `y` are the middle of the way and the line of the feet as
    fractions. The walker is `contrast` grey levels brighter or darker than whatever is behind it.
    """

    height: float
    speed_per_s: float
    contrast: float
    x: float
    y: float
    start_s: float
    end_s: float

    def foot_px(self, time_s: float, size: tuple[int, int]) -> tuple[float, float]:
        """Return where the feet are in a picture of this width and height."""
        middle_s = (self.start_s + self.end_s) / 2
        way = self.speed_per_s * self.height * size[1] * (time_s - middle_s)
        return self.x * size[0] + way, self.y * size[1]

    def box_at(self, time_s: float, size: tuple[int, int]) -> Box:
        """Return the box of the body, as fractions of the picture."""
        x, y = self.foot_px(time_s, size)
        tall = self.height * size[1]
        return Box((x - 0.2 * tall) / size[0], (y - tall) / size[1], 0.4 * tall / size[0], tall / size[1])


def painted(luma: Plane, walker: Walker, time_s: float, noise_levels: float, seed: int) -> Plane:
    """Return a picture's luma, uint8 (H, W), with the walker in it; the picture itself where it is not there.

    The same arguments always give the same picture; `noise_levels` is the deviation of the noise on it.
    """
    if not walker.start_s <= time_s <= walker.end_s:
        return luma
    height, width = luma.shape
    tall_px = walker.height * height
    foot = walker.foot_px(time_s, (width, height))
    sheet = Sheet(foot, tall_px, reach=_REACH)
    way = abs(walker.speed_per_s) * (time_s - walker.start_s)
    swing = min(1.0, abs(walker.speed_per_s) / STRIDE)
    pose = Pose(2 * pi * way / STRIDE, swing, 1.0, 1.0 if walker.speed_per_s >= 0 else -1.0)
    draw_person(sheet, pose, Clothes.GREY)
    sprite = sheet.sprite(_PLAIN)
    cut = clipped(luma, sheet.left, sheet.top, sprite.shape[1], sprite.shape[0])
    if cut is None:
        return luma
    there, here = cut
    coverage = sprite[here][..., 3].astype(np.float32) / 255
    if not coverage.any():
        return luma
    result = luma.copy()
    ground = luma[there].astype(np.float32)
    body = _body(sprite[here], coverage, ground, walker.contrast)
    rng = np.random.default_rng([seed, round(time_s * 1000)])
    body += rng.standard_normal(body.shape, dtype=np.float32) * np.float32(noise_levels)
    mixed = ground + coverage * (body - ground)
    result[there] = np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
    return result


def _body(sprite: Plane, coverage: np.ndarray, ground: np.ndarray, contrast: float) -> np.ndarray:
    """Return the luma of the body: one brightness, shaded as clothes are, apart from the ground behind it."""
    grey = cv2.cvtColor(sprite[..., :3], cv2.COLOR_BGR2GRAY).astype(np.float32)
    own = grey / np.maximum(coverage, 1 / 255)
    weight = coverage.sum()
    tone = own - (own * coverage).sum() / weight
    spread = np.sqrt((tone**2 * coverage).sum() / weight)
    behind = float((ground * coverage).sum() / weight)
    sign = -1.0 if behind > _DARKENS_ABOVE else 1.0
    shades = tone * (_SHADES * contrast / max(float(spread), 1e-3))
    return np.asarray(behind + sign * contrast + shades, np.float32)
