"""The peers that run in this process: simple and well-known ways to find what moves."""

from collections.abc import Callable

import cv2
import numpy as np

from monitor.frames import Bgr, Plane

Subtractor = Callable[[Bgr], Plane]
"""Takes the next picture and returns its mask, uint8 (H, W), not 0 where something moves."""

_RATE = 0.01
"""Learning rate of the running average and of plain μ ± kσ, a usual one."""


def mog2() -> Subtractor:
    """Zivkovic's mixture of Gaussians as OpenCV has it by default, shadows taken as background."""
    return _cleaned(cv2.createBackgroundSubtractorMOG2())


def knn() -> Subtractor:
    """Zivkovic and van der Heijden's k nearest neighbours as OpenCV has it, shadows taken as background."""
    return _cleaned(cv2.createBackgroundSubtractorKNN())


def running_average() -> Subtractor:
    """A running average of the blurred grey picture and a threshold of 30 grey levels."""
    mean: np.ndarray | None = None

    def apply(picture: Bgr) -> Plane:
        nonlocal mean
        grey = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (3, 3))
        if mean is None:
            mean = grey.astype(np.float32)
        outside = cv2.absdiff(grey, cv2.convertScaleAbs(mean)) > 30
        cv2.accumulateWeighted(grey, mean, _RATE)
        return outside.astype(np.uint8)

    return apply


def plain_sigma() -> Subtractor:
    """Plain μ ± 2.5σ on the grey picture, both running at one rate (Wren et al. 1997), σ from 15 on."""
    mean: np.ndarray | None = None
    variance: np.ndarray | None = None

    def apply(picture: Bgr) -> Plane:
        nonlocal mean, variance
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
        if mean is None or variance is None:
            mean, variance = grey.copy(), np.full_like(grey, 15.0**2)
        squared = cv2.pow(grey - mean, 2)
        outside = squared > 2.5**2 * variance
        cv2.accumulateWeighted(grey, mean, _RATE)
        cv2.accumulateWeighted(squared, variance, _RATE)
        return np.asarray(outside, np.uint8)

    return apply


def _cleaned(model: cv2.BackgroundSubtractor) -> Subtractor:
    """A model of OpenCV's, of whose mask (0, shadow 127, moving 255) only 255 is kept, then a median of 5."""

    def apply(picture: Bgr) -> Plane:
        moving = cv2.threshold(model.apply(picture), 200, 255, cv2.THRESH_BINARY)[1]
        return np.asarray(cv2.medianBlur(moving, 5), np.uint8)

    return apply
