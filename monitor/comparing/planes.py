"""The planes of a picture in which it is compared: luma or each channel, blurred, as edges."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.exposure import Map
from monitor.comparing.options import Options
from monitor.frames import Bgr, Plane

Picture = NDArray[np.uint8]
"""uint8, grey (H, W) or blue green red (H, W, 3)."""

Values = NDArray[Any]
"""A plane in uint8 or float32, (H, W)."""

_EDGE_GAIN = 0.25
"""Sobel's filter gives 1020 for a step of 255."""


def luma_of(picture: Bgr) -> Plane:
    """Return the luma of a colour picture, uint8 (H, W)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def planes_of(picture: Bgr, options: Options) -> list[Plane]:
    """Return luma alone, or blue, green and red, as the options ask."""
    if options.channels == "luma":
        return [luma_of(picture)]
    return split(picture)


def split(picture: Bgr) -> list[Plane]:
    """Return blue, green and red, uint8 (H, W) each."""
    return [np.asarray(plane, np.uint8) for plane in cv2.split(picture)]


def prepared(planes: list[Plane], options: Options) -> list[Plane]:
    """Return planes after blur and edges, uint8 again."""
    return [eight_bits(plane) for plane in filtered(planes, options, 1.0)]


def filtered(planes: Sequence[Values], options: Options, share: float) -> list[Values]:
    """Return planes after blur and edges, at this share of the size for which the blur is meant."""
    result: list[Values] = list(planes)
    if options.blur_px:
        result = [cv2.GaussianBlur(plane, (0, 0), options.blur_px * share) for plane in result]
    return [_edges(plane) for plane in result] if options.edges else result


def _edges(plane: Values) -> Map:
    """Return the strength of edges, float32 (H, W), 255 for a step from black to white."""
    across, down = (cv2.Sobel(plane, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    return np.asarray(np.minimum(cv2.magnitude(across, down) * _EDGE_GAIN, 255), np.float32)


def eight_bits(plane: Values) -> Plane:
    """Return a plane rounded to uint8."""
    return plane if plane.dtype == np.uint8 else np.asarray(cv2.convertScaleAbs(plane), np.uint8)


def joined(planes: list[Plane]) -> Picture:
    """Return one plane as it is, (H, W), and three as one picture, (H, W, 3)."""
    return planes[0] if len(planes) == 1 else np.asarray(cv2.merge(planes), np.uint8)
