"""How alike two pictures of the same size are: Manhattan and zero norm, MSE, PSNR and SSIM.

Pictures are uint8 (H, W) or (H, W, 3), 0 to 255. SSIM also takes float32 and float64 of a stated range.
All functions raise `UsageError` if the two differ in shape or type, and are symmetric in their arguments.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.errors import UsageError

Picture = NDArray[np.uint8]
"""uint8 (H, W) or (H, W, 3)."""

Values = NDArray[Any]
"""A picture, or the same in float32 or float64."""

PEAK = 255.0
"""Range of 8-bit values."""

K1, K2 = 0.01, 0.03
"""Stabilising constants of SSIM (Wang et al. 2004, section III-C)."""

GAUSSIAN_SIGMA_PX = 1.5
GAUSSIAN_WINDOW_PX = 11
"""The circular-symmetric window of Wang et al. 2004, section III-C."""

LARGEST_EXACT_WINDOW_PX = 11
"""Up to this side N, the largest 32-bit value, 2 · 255² · N⁴, stays below 2³¹."""

TILE_ROWS, TILE_COLUMNS = 64, 256
"""Taken at a time, so that all intermediate images stay in the processor's cache."""


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
    _check(a, b)
    first, second = _same_exposure(a, b) if normalise_exposure else (a, b)
    return _norm(float(cv2.norm(first, second, cv2.NORM_L1)), a)


def zero_norm(a: Picture, b: Picture, *, normalise_exposure: bool = False) -> Norm:
    """Return the number of pixels that differ in any channel; per pixel is their share, 0 to 1.

    With `normalise_exposure` (see `manhattan_norm`) a pixel differs if a channel does by more than half a
    grey level, for rounding alone makes nearly all differ by less.
    """
    _check(a, b)
    if normalise_exposure:
        first, second = _same_exposure(a, b)
        differs = np.abs(first - second) > 0.5
    else:
        differs = a != b
    return _norm(int(np.count_nonzero(differs.any(axis=2) if a.ndim == 3 else differs)), a)


def mse(a: Picture, b: Picture) -> float:
    """Return the mean squared difference over all values, in squared grey levels, 0 to 65025."""
    _check(a, b)
    return float(cv2.norm(a, b, cv2.NORM_L2SQR)) / a.size


def psnr_db(a: Picture, b: Picture) -> float:
    """Return the peak signal-to-noise ratio in decibels, higher for more alike; `math.inf` if equal.

    Infinity and not None: it is known, and compares as larger than every other value. It has no JSON
    form, so who writes JSON writes null and says that the pictures are equal.
    """
    error = mse(a, b)
    return 10.0 * math.log10(PEAK**2 / error) if error else math.inf


def ssim(
    a: Values, b: Values, *, window_px: int = 7, gaussian: bool = False, data_range: float | None = None
) -> float:
    """Return the mean structural similarity (Wang et al. 2004), -1 to 1, and exactly 1 if equal.

    The window is a square of odd side `window_px` with sample covariance, or with `gaussian` the paper's
    (σ 1.5, 11 pixels, population covariance; `window_px` is ignored). Windows that reach over the border
    are left out; channels count alike. Equal to scikit-image's `structural_similarity` within 1e-6.
    `data_range` is the largest minus the smallest possible value: 255 for uint8, required for floats.
    Raises `UsageError` also if the window is even, below 3 or larger than the picture.
    """
    _check(a, b, floats=True)
    side = GAUSSIAN_WINDOW_PX if gaussian else window_px
    _check_window(side, a)
    peak = _peak(a, data_range)
    exact = a.dtype == np.uint8 and not gaussian and side <= LARGEST_EXACT_WINDOW_PX
    parts = _exact_parts if exact else _gaussian_parts if gaussian else _uniform_parts
    planes = [(a, b)] if a.ndim == 2 else list(zip(cv2.split(a), cv2.split(b), strict=True))
    return sum(_plane_ssim(x, y, side, peak, parts) for x, y in planes) / len(planes)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What SSIM is made of at each window, all scaled by the same factor.

    With means μ: `product` is μa·μb, `gap` (μa − μb)², `cov` the covariance of a and b, and `spread`
    the variance of a − b. Then μa² + μb² = 2·product + gap and σa² + σb² = 2·cov + spread, which is exact
    for equal pictures and takes four filtered images instead of five. `scale` is the factor, `sampled`
    the factor that turns population into sample covariance.
    """

    product: Values
    gap: Values
    cov: Values
    spread: Values
    scale: float = 1.0
    sampled: float = 1.0


def _plane_ssim(
    a: Values, b: Values, side: int, peak: float, parts: Callable[[Values, Values, int], _Parts]
) -> float:
    height, width = a.shape
    count = (height - side + 1) * (width - side + 1)
    sums = [_ssim_sum(parts(a[tile], b[tile], side), peak) for tile in _tiles(height, width, side)]
    return math.fsum(sums) / count


def _tiles(height: int, width: int, side: int) -> Iterator[tuple[slice, slice]]:
    """Yield tiles that overlap by a window, so that each window lies in exactly one."""
    for top in range(0, height - side + 1, TILE_ROWS):
        for left in range(0, width - side + 1, TILE_COLUMNS):
            yield slice(top, top + TILE_ROWS + side - 1), slice(left, left + TILE_COLUMNS + side - 1)


def _ssim_sum(parts: _Parts, peak: float) -> float:
    """Return the sum of SSIM over all windows."""
    luminance = _ratio(parts.product, parts.gap, (K1 * peak) ** 2 * parts.scale)
    structure = _ratio(parts.cov, parts.spread, (K2 * peak) ** 2 * parts.scale / parts.sampled)
    return float(np.vdot(luminance, structure))


def _ratio(common: Values, excess: Values, constant: float) -> Values:
    """Return (2·common + constant) / (2·common + excess + constant)."""
    # Whole numbers are exact up to here, and for a quotient near 1 float32 is fine enough.
    kind = np.float32 if common.dtype == np.int32 else np.float64
    above: Values = np.multiply(common, 2, dtype=kind)
    above += constant
    above /= np.add(above, excess, dtype=kind)
    return above


def _exact_parts(a: Values, b: Values, side: int) -> _Parts:
    """Return the parts of uint8 planes in whole numbers, where nothing is lost by subtraction."""
    n = side * side
    sum_a, sum_b = _sums(a, side), _sums(b, side)
    gaps = cv2.absdiff(a, b)
    product = sum_a * sum_b
    gap = (sum_a - sum_b) ** 2
    cov = n * _sums(_product(a, b), side) - product
    spread = n * _sums(_product(gaps, gaps), side) - gap
    return _Parts(product, gap, cov, spread, scale=float(n * n), sampled=n / (n - 1))


def _sums(plane: Values, side: int) -> NDArray[np.int32]:
    return _inside(cv2.boxFilter(plane, cv2.CV_32S, (side, side), normalize=False), side)


def _uniform_parts(a: Values, b: Values, side: int) -> _Parts:
    n = side * side
    return _float_parts(a, b, side, lambda x: cv2.boxFilter(x, cv2.CV_64F, (side, side)), n / (n - 1))


def _gaussian_parts(a: Values, b: Values, side: int) -> _Parts:
    kernel = cv2.getGaussianKernel(side, GAUSSIAN_SIGMA_PX, cv2.CV_64F)
    return _float_parts(a, b, side, lambda x: cv2.sepFilter2D(x, cv2.CV_64F, kernel, kernel), 1.0)


def _float_parts(
    a: Values, b: Values, side: int, smooth: Callable[[Values], Values], sampled: float
) -> _Parts:
    """Return the parts in float64: the differences of squares below would leave little of float32."""
    gaps = cv2.absdiff(a, b)
    images = (a, b, _product(a, b), _product(gaps, gaps))
    mean_a, mean_b, cov, spread = (_inside(smooth(image), side) for image in images)
    product = mean_a * mean_b
    gap = np.square(mean_a - mean_b)
    cov -= product
    spread -= gap
    return _Parts(product, gap, cov, spread, sampled=sampled)


def _product(a: Values, b: Values) -> Values:
    """Return a · b without loss: uint16 for uint8, else float64."""
    return cv2.multiply(a, b, dtype=cv2.CV_16U if a.dtype == np.uint8 else cv2.CV_64F)


def _inside(image: Values, side: int) -> Values:
    """Return the part of a filtered image whose windows lie wholly inside."""
    border = side // 2
    return image[border:-border, border:-border]


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


def _peak(picture: Values, data_range: float | None) -> float:
    if data_range is None:
        if picture.dtype != np.uint8:
            raise UsageError(f"SSIM of {picture.dtype} pictures needs data_range, as 1.0 for values 0 to 1")
        return PEAK
    if not data_range > 0:
        raise UsageError(f"data_range is {data_range}; it must be above 0")
    return data_range


def _check_window(side: int, picture: Values) -> None:
    height, width = picture.shape[:2]
    if side < 3 or side % 2 == 0:
        raise UsageError(f"the SSIM window is {side} pixels; it must be odd and at least 3")
    if side > min(height, width):
        raise UsageError(
            f"the SSIM window of {side} pixels is larger than the picture ({width}x{height}); "
            "take larger pictures or a smaller window"
        )


def _check(a: Values, b: Values, *, floats: bool = False) -> None:
    """Raise `UsageError` unless both are pictures of one shape and one type that is allowed."""
    if a.shape != b.shape:
        raise UsageError(f"the pictures differ in shape, {a.shape} and {b.shape}; resize or crop one")
    if a.dtype != b.dtype:
        raise UsageError(f"the pictures differ in type, {a.dtype} and {b.dtype}; convert one")
    if a.size == 0 or not (a.ndim == 2 or (a.ndim == 3 and a.shape[2] == 3)):
        raise UsageError(f"a picture of shape {a.shape}; it must be (H, W) or (H, W, 3) and not empty")
    allowed = ("uint8", "float32", "float64") if floats else ("uint8",)
    if a.dtype.name not in allowed:
        raise UsageError(f"a picture of type {a.dtype}; it must be {' or '.join(allowed)}")
