"""What differs by less than the noise of a pixel, but over an area: small things of little contrast.

The mean over as many pixels as a thing has is its matched filter (North 1943, for white noise): a square of
n x n pixels stands out of noise n times as far as one of its pixels. Its size is not known: a few are tried.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.exposure import Map
from monitor.frames import Plane

_LEAST_LEVELS = {9: 6.0, 17: 4.0, 33: 3.0}
"""By the side of the filter in pixels, a mean difference beyond which it is no chance. Codecs and a fit of
the exposure that is not perfect leave means of up to 3.7, 1.8 and 1.2 levels where nothing differs, with
sensor noise of up to 15 levels; and what is fainter than this nobody sees."""

_K_SIGMA = 7.0
"""In units of the filtered map's own deviation: of a million pixels of noise none is beyond it."""

_SURROUND = 4
"""Against the mean of an area of a quarter of the picture's height: light that has moved on is no thing."""

_MEDIAN_OF_NORMAL = 0.6745
"""Of the magnitude of normal values with a deviation of 1."""

_LARGEST_SIGMA = 3.0
"""What is stronger is found by itself; here no single pixel counts for more."""

_HALF = 0.5
"""A thing reaches as far as half of its largest mean: that is where a filter lies by half of itself on it."""

NOISY_SIGMA = 4.5
"""With less noise than this a pixel tells of a contrast of 22 levels by itself (k is 5), and what is fainter
is a shadow as often as a thing: on pairs of a webcam, with a noise of 3.1 to 4.2 levels, what would be found
besides is shadows and furniture that was nudged."""

FEWEST_PX = 40.0
"""A thing of half the smallest filter; with fewer pixels it is found by itself or not at all."""

_LEAST_SHARE = 0.5
"""Beside something that was found a mean is of the rest alone, if that is half of its area."""

_NEAR_PX = 12
"""What is so near to something that was found is its shadow, its blur, or a part of it."""


def faint_things(residual: list[Map], explained: list[Map], sigmas: list[float], found: Plane) -> Plane:
    """Return where planes differ by less than their noise, but over an area; uint8 (h, w), 0 or 255.

    `residual` is by how much, float32 (h, w) in grey levels, and `explained` how much of that an edge or a
    codec explains; `sigmas` are the deviations of the planes' noise. Nothing is looked for at what was
    `found`, uint8 (h, w), nor where that is next to it.
    """
    reach = np.ones((2 * _NEAR_PX + 1,) * 2, np.uint8)
    rest = (cv2.dilate(found, reach) == 0).astype(np.float32)
    planes = zip(residual, explained, sigmas, strict=True)
    scores = [_scores(*plane, rest) for plane in planes]
    beyond = np.maximum.reduce([score for plane in scores for score, _ in plane]) > 1.0
    faint = np.zeros(found.shape, np.uint8)
    count, labels = cv2.connectedComponents(beyond.view(np.uint8))
    for number in range(1, count):
        here = labels == number
        mean = max((one for plane in scores for one in plane), key=lambda one: float(one[0][here].max()))[1]
        faint[_reach(mean, here)] = 255
    return faint


def _reach(mean: Map, here: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the place about which a mean is half of the largest that it is here."""
    wide = mean > _HALF * float(mean[here].max())
    labels = cv2.connectedComponents(wide.view(np.uint8))[1]
    return np.isin(labels, np.unique(labels[here & wide]))


def _scores(residual: Map, explained: Map, sigma: float, rest: Map) -> list[tuple[Map, Map]]:
    """Return for each size of filter by how many times its limit the mean is beyond it, and the mean.

    Only where `rest`, float32 (h, w), is 1: what is found already must not colour what is about it.
    """
    limit = np.float32(_LARGEST_SIGMA * sigma)
    left = np.sign(residual) * np.clip(np.abs(residual) - explained, 0, limit) * rest
    left = (left - _mean(left, rest, max(3, left.shape[0] // _SURROUND) | 1)) * rest
    found: list[tuple[Map, Map]] = []
    for size, least in _LEAST_LEVELS.items():
        mean = np.abs(_mean(left, rest, size)) * rest
        found.append((mean / np.float32(max(least, _K_SIGMA * _deviation(mean))), mean))
    return found


def _mean(plane: Map, rest: Map, size: int) -> Map:
    """Return the mean of what is left of a plane about each pixel; about too little it is drawn to 0."""
    share = np.maximum(cv2.blur(rest, (size, size)), _LEAST_SHARE)
    return np.asarray(cv2.blur(plane, (size, size)) / share, np.float32)


def _deviation(mean: NDArray[np.float32]) -> float:
    """Return the deviation of means about zero, whatever stands out of them."""
    return float(np.median(mean)) / _MEDIAN_OF_NORMAL
