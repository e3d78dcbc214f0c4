"""How much noise a picture has, against another of the same place: a difference of its own."""

import math

import cv2
import numpy as np

from monitor.comparing.exposure import Map

_LAPLACIAN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_LAPLACIAN_GAIN = 6.0
"""Immerkaer (1996): it answers to no level, slope or edge along it, and to white noise of 1 by a deviation
of 6."""

_BLOCK_PX = 8

_RATIO = 2.0
_EXCESS_LEVELS = 6.0
"""Noise that is twice the other's and exceeds it by so many levels is not what codecs and the exposure make
of one picture: these change 1 level to between 0.2 and 1.3, and noise of 6 levels is that of a dim room."""


def noise_of(plane: Map) -> float:
    """Return the deviation of a plane's noise in grey levels, the median over its blocks."""
    answer = np.abs(cv2.filter2D(plane, -1, _LAPLACIAN)) * np.float32(
        math.sqrt(math.pi / 2) / _LAPLACIAN_GAIN
    )
    height, width = plane.shape
    size = (max(1, width // _BLOCK_PX), max(1, height // _BLOCK_PX))
    return float(np.median(cv2.resize(answer, size, interpolation=cv2.INTER_AREA)))


def grain_of(a: Map, b: Map) -> str | None:
    """Return the clause that says that one of two planes is far noisier, None where neither is."""
    noise = (noise_of(a), noise_of(b))
    low, high = sorted(noise)
    if high <= _RATIO * low or math.sqrt(high**2 - low**2) <= _EXCESS_LEVELS:
        return None
    noisier = "B" if noise[1] == high else "A"
    return f"{noisier} is far noisier: {noise[0]:.1f} grey levels in A, {noise[1]:.1f} in B"
