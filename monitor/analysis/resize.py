"""Resizing with the types kept: OpenCV's own stubs forget them."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane


def resized_mask(mask: Plane, shape: tuple[int, ...]) -> Plane:
    """Return a mask of 0 and 255 at another (h, w), cut at one half between its pixels."""
    grey = cv2.resize(mask, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return cast(Plane, cv2.threshold(grey, 127, 255, cv2.THRESH_BINARY)[1])


def shrunk_map(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the means over the areas that become one pixel of a smaller (h, w)."""
    return np.asarray(cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_AREA), np.float32)


def interpolated(values: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return the values at a larger (h, w), bilinear."""
    return np.asarray(cv2.resize(values, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.float32)
