"""Silhouettes drawn at four times their size, so that their edges come out soft, and their cast shadows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.scene.part import BACKGROUND, SHADOW, Canvas, clipped
from monitor.capture.scene.place import Colour, FloatImage
from monitor.capture.scene.texture import blurred
from monitor.frames import Plane

_FINER = 4
_MARGIN = 0.06
"""Air around a figure in its own units, so that strokes are not cut."""

_SKYLIGHT = np.array([0.80, 0.95, 1.05], np.float32)
"""Share of the darkening in blue, green, red: a shadow is lit by the sky and so turns bluish."""

Points = Sequence[tuple[float, float]]


class Sheet:
    """A transparent sheet for one figure; points are (right, up) from its foot, in units of its height."""

    def __init__(
        self, foot_px: tuple[float, float], unit_px: float, reach: float, height: float = 1.0
    ) -> None:
        self._unit_px = unit_px * _FINER
        self.left = int(foot_px[0] - (reach + _MARGIN) * unit_px)
        self.top = int(foot_px[1] - (height + _MARGIN) * unit_px)
        columns = int(2 * (reach + _MARGIN) * unit_px) + 2
        rows = int((height + 2 * _MARGIN) * unit_px) + 2
        self._foot = ((foot_px[0] - self.left) * _FINER, (foot_px[1] - self.top) * _FINER)
        self._pixels = np.zeros((rows * _FINER, columns * _FINER, 4), np.uint8)

    def _to_pixels(self, points: Points) -> NDArray[np.int32]:
        scaled = [(self._foot[0] + x * self._unit_px, self._foot[1] - y * self._unit_px) for x, y in points]
        return np.rint(scaled).astype(np.int32)

    def stroke(self, points: Points, width: float, colour: Colour) -> None:
        """Draw a line with round joints."""
        thickness = max(int(width * self._unit_px), 1)
        cv2.polylines(self._pixels, [self._to_pixels(points)], False, (*colour, 255), thickness)

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self._pixels, [self._to_pixels(points)], (*colour, 255))

    def disc(self, centre: tuple[float, float], radius: float, colour: Colour, tall: float = 1.0) -> None:
        """Fill an ellipse, `tall` times as high as it is wide."""
        (at,) = self._to_pixels([centre])
        axes = (max(int(radius * self._unit_px), 1), max(int(radius * tall * self._unit_px), 1))
        cv2.ellipse(self._pixels, (int(at[0]), int(at[1])), axes, 0, 0, 360, (*colour, 255), -1)

    def sprite(self, texture: FloatImage) -> Plane:
        """Return the sheet at its true size, uint8 (h, w, 4), colours multiplied by coverage.

        `texture` is the relative brightness over the figure, any shape; it moves with the figure.
        """
        rows, columns = (length // _FINER for length in self._pixels.shape[:2])
        small = cv2.resize(self._pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        light = cv2.resize(texture, (columns, rows), interpolation=cv2.INTER_LINEAR)
        small[..., :3] = np.minimum(small[..., :3] * light[..., None], small[..., 3:])
        return np.asarray(small, np.uint8)


@dataclass(frozen=True, slots=True)
class Clothes:
    """The colours of a person, blue green red."""

    top: Colour
    trousers: Colour
    hair: Colour = (28, 36, 48)
    skin: Colour = (128, 158, 205)
    shoes: Colour = (32, 32, 36)

    RED: ClassVar[Clothes]
    BLUE: ClassVar[Clothes]
    YELLOW: ClassVar[Clothes]
    GREY: ClassVar[Clothes]


Clothes.RED = Clothes((52, 44, 150), (70, 52, 40))
Clothes.BLUE = Clothes((140, 84, 40), (44, 42, 40), hair=(20, 24, 30))
Clothes.YELLOW = Clothes((60, 170, 205), (96, 66, 44), hair=(40, 70, 110))
Clothes.GREY = Clothes((104, 104, 100), (60, 84, 96), hair=(30, 30, 30))


@dataclass(frozen=True, slots=True)
class Pose:
    """How a walker holds itself: where in the stride (radians), how far limbs swing (0 to 1), which way.

    `side` is how much of a side view it is, 0 to 1; `facing` is 1 to the right and -1 to the left.
    """

    stride: float
    swing: float
    side: float
    facing: float
    carries: bool = False


def draw_person(sheet: Sheet, pose: Pose, clothes: Clothes) -> None:
    """Draw a person, far limbs first; the lower foot stands on the ground."""
    far, near = _leg(pose, 0.0), _leg(pose, pi)
    lift = 0.02 - min(far[2][1], near[2][1])
    _draw_arm(sheet, pose, pi, lift, clothes)
    for leg, tone in ((far, 0.75), (near, 1.0)):
        raised = [(x, y + lift) for x, y in leg]
        sheet.stroke(raised[:3], 0.078, _toned(clothes.trousers, tone))
        sheet.stroke(raised[2:], 0.045, clothes.shoes)
    wide = 0.075 + 0.04 * (1 - pose.side)
    hip, shoulder, lean = 0.46 + lift, 0.80 + lift, 0.02 * pose.facing * pose.side * pose.swing
    sheet.stroke([(-wide * 0.45, hip + 0.03), (lean - wide * 0.4, shoulder - 0.03)], wide * 1.2, clothes.top)
    sheet.stroke([(wide * 0.45, hip + 0.03), (lean + wide * 0.4, shoulder - 0.03)], wide * 1.2, clothes.top)
    sheet.stroke([(lean, shoulder), (lean, 0.87 + lift)], 0.06, clothes.skin)
    forward = 0.018 * pose.facing * pose.side
    sheet.disc((lean + forward, 0.915 + lift), 0.054, clothes.skin, 1.3)
    sheet.disc((lean + forward * 0.2, 0.945 + lift), 0.057, clothes.hair, 0.9)
    _draw_arm(sheet, pose, 0.0, lift, clothes)


def _leg(pose: Pose, offset: float) -> list[tuple[float, float]]:
    """Return hip, knee, ankle and toe: the thigh swings as a pendulum, the knee bends on its way forward."""
    thigh = 0.46 * pose.swing * sin(pose.stride + offset)
    shin = thigh - 0.75 * pose.swing * max(0.0, cos(pose.stride + offset))
    reach = pose.facing * (0.35 + 0.65 * pose.side)
    out = 0.045 * (1 - pose.side) * (1 if offset else -1)
    knee = (out + 0.24 * sin(thigh) * reach, 0.48 - 0.24 * cos(thigh))
    ankle = (knee[0] + 0.23 * sin(shin) * reach, knee[1] - 0.23 * cos(shin))
    toe = (ankle[0] + 0.075 * pose.facing * max(pose.side, 0.3), ankle[1] - 0.005)
    return [(out, 0.48), knee, ankle, toe]


def _draw_arm(sheet: Sheet, pose: Pose, offset: float, lift: float, clothes: Clothes) -> None:
    carrying = pose.carries and not offset
    upper = 0.15 if carrying else 0.42 * pose.swing * sin(pose.stride + offset)
    lower = upper + (1.1 if carrying else 0.15 + 0.3 * pose.swing)
    reach = pose.facing * (0.3 + 0.7 * pose.side)
    shoulder = ((0.115 * (1 - pose.side)) * (-1 if offset else 1), 0.785 + lift)
    elbow = (shoulder[0] + 0.17 * sin(upper) * reach, shoulder[1] - 0.17 * cos(upper))
    hand = (elbow[0] + 0.15 * sin(lower) * reach, elbow[1] - 0.15 * cos(lower))
    sheet.stroke([shoulder, elbow, hand], 0.058, _toned(clothes.top, 0.7 if offset else 0.88))
    sheet.disc(hand, 0.026, clothes.skin)


def _toned(colour: Colour, tone: float) -> Colour:
    return (colour[0] * tone, colour[1] * tone, colour[2] * tone)


def cast_shadow(
    canvas: Canvas, sheet: Sheet, coverage: Plane, foot_px: tuple[float, float], height_px: float,
    sun: tuple[float, float], ground: FloatImage, strength: float,
) -> None:  # fmt: skip
    """Darken the ground where a figure takes its light away by `strength`, 0 to 1, and label it.

    A point h above the foot throws its shadow `sun` times h away; the edge is soft, the tone bluish.
    """
    y = foot_px[1]
    shear = np.array([[1, -sun[0], sun[0] * y], [0, -sun[1], y + sun[1] * y]], np.float64)
    columns = coverage.shape[1]
    corners = np.array([[sheet.left, sheet.top, 1], [sheet.left + columns, sheet.top, 1],
                        [sheet.left, y, 1], [sheet.left + columns, y, 1]])  # fmt: skip
    reached = corners @ shear.T
    soft = 0.012 * height_px
    left, top = (int(v - 3 * soft - 2) for v in reached.min(axis=0))
    width, height = (int(v + 6 * soft + 5) for v in np.ptp(reached, axis=0))
    cut = clipped(canvas.mask, left, top, width, height)
    if cut is None or height_px < 2:
        return
    shear[:, 2] += shear[:, :2] @ (sheet.left, sheet.top) - (left, top)
    fallen = cv2.warpAffine(coverage.astype(np.float32) / 255, shear, (width, height))
    there, here = cut
    dark = blurred(np.asarray(fallen, np.float32), soft)[here] * ground[there]
    canvas.bgr[there] *= 1 - (strength * dark)[..., None] * _SKYLIGHT
    label = canvas.mask[there]
    label[(dark > 0.5) & (label == BACKGROUND)] = SHADOW
