"""How alike two pictures of the same size are: Manhattan and zero norm, MSE, PSNR and SSIM.

Pictures are uint8 (H, W) or (H, W, 3), 0 to 255; SSIM, which `ssim` computes, takes floats too.
All functions raise `UsageError` if the two differ in shape or type, and are symmetric in their arguments.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.ssim import PEAK, check_alike, ssim

__all__ = ["Norm", "manhattan_norm", "mse", "psnr_db", "ssim", "zero_norm"]

Picture = NDArray[np.uint8]
"""uint8 (H, W) or (H, W, 3)."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A difference summed over the picture, and the same divided by the number of pixels H · W."""

    total: float
    per_pixel: float


def manhattan_norm(a: Picture, b: Picture, *, normalise_exposure: bool = False) -> Norm:
    """Return the sum of absolute differences, in grey levels, over all pixels and channels.

    Per pixel 0 to 255, with three channels 0 to 765. With `normalise_exposure` both pictures are first
    given the same mean and deviation (the mean of the two), so that a change of exposure alone counts
    nothing: the classic exposure-independent image difference, with mean and deviation in the place of
    minimum and maximum, which a single bright pixel would decide. Levels are not clipped then.
    """
    check_alike(a, b)
    first, second = _same_exposure(a, b) if normalise_exposure else (a, b)
    return _norm(float(cv2.norm(first, second, cv2.NORM_L1)), a)


def zero_norm(a: Picture, b: Picture, *, normalise_exposure: bool = False) -> Norm:
    """Return the number of pixels that differ in any channel; per pixel is their share, 0 to 1.

    With `normalise_exposure` (see `manhattan_norm`) a pixel differs if a channel does by more than half a
    grey level, for rounding alone makes nearly all differ by less.
    """
    check_alike(a, b)
    if normalise_exposure:
        first, second = _same_exposure(a, b)
        differs = np.abs(first - second) > 0.5
    else:
        differs = a != b
    return _norm(int(np.count_nonzero(differs.any(axis=2) if a.ndim == 3 else differs)), a)


def mse(a: Picture, b: Picture) -> float:
    """Return the mean squared difference over all values, in squared grey levels, 0 to 65025."""
    check_alike(a, b)
    return float(cv2.norm(a, b, cv2.NORM_L2SQR)) / a.size


def psnr_db(a: Picture, b: Picture) -> float:
    """Return the peak signal-to-noise ratio in decibels, higher for more alike; `math.inf` if equal.

    Infinity and not None: it is known, and compares as larger than every other value. It has no JSON
    form, so who writes JSON writes null and says that the pictures are equal.
    """
    error = mse(a, b)
    return 10.0 * math.log10(PEAK**2 / error) if error else math.inf


def _same_exposure(a: Picture, b: Picture) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    mean = (a.mean() + b.mean()) / 2
    deviation = (a.std() + b.std()) / 2
    return _with_exposure(a, mean, deviation), _with_exposure(b, mean, deviation)


def _with_exposure(picture: Picture, mean: float, deviation: float) -> NDArray[np.float64]:
    centred = picture - picture.mean()
    own = picture.std()
    # A flat picture has no deviation to scale.
    return np.asarray(centred * (deviation / own) + mean if own else centred + mean)


def _norm(total: float, picture: Picture) -> Norm:
    return Norm(total, total / (picture.shape[0] * picture.shape[1]))
