"""Measures of the picture as a whole: is it sharp, is it still the same place, is it alive?"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.background import Map
from monitor.frames import Plane


class Gradient(NamedTuple):
    """Horizontal and vertical luma gradient, float32 (h, w) each, grey levels per two pixels."""

    x: Map
    y: Map

    @property
    def energy(self) -> float:
        """Mean squared length."""
        return float(np.vdot(self.x, self.x) + np.vdot(self.y, self.y)) / self.x.size


class Likeness(NamedTuple):
    """A picture against the model.

    `sharpness` is the gradient's strength over the model's, 1 as learnt. `structure` is the correlation of
    the gradients, 1 for the same place, 0 for another or none; it does not depend on the light.
    """

    sharpness: float
    structure: float


_NOISE_ENERGY = 4.0
"""Gradient energy below this is sensor noise: a flat picture has neither sharpness nor structure."""


def gradient(image: NDArray[np.uint8] | Map) -> Gradient:
    """Return the gradient by Scharr's 3 × 3 filter, scaled to grey levels per two pixels."""
    x = cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 16)
    y = cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 16)
    return Gradient(np.asarray(x, dtype=np.float32), np.asarray(y, dtype=np.float32))


def likeness(seen: Gradient, learnt: Gradient) -> Likeness:
    """Return how the gradient of a picture compares with the model's."""
    own, model = seen.energy, learnt.energy
    shared = float(np.vdot(seen.x, learnt.x) + np.vdot(seen.y, learnt.y)) / seen.x.size
    structure = shared / float(np.sqrt(max(own, _NOISE_ENERGY) * max(model, _NOISE_ENERGY)))
    return Likeness(float(np.sqrt(own / max(model, _NOISE_ENERGY))), min(1.0, max(0.0, structure)))


def mean_and_deviation(luma: Plane) -> tuple[float, float]:
    """Return mean and standard deviation of the luma in grey levels."""
    mean, deviation = cv2.meanStdDev(luma)
    return float(mean[0, 0]), float(deviation[0, 0])


def mean_change(luma: Plane, before: Plane) -> float:
    """Return the mean absolute difference in grey levels; exactly 0 only for equal pictures."""
    return float(cv2.norm(luma, before, cv2.NORM_L1)) / luma.size
