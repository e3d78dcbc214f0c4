"""The measures of a pair: what they are called, what they mean, and how they are computed."""

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np

from monitor.analysis.histogram import kl_distance_nats, luma_histogram
from monitor.analysis.perceptual import hash_distance_bits
from monitor.analysis.similarity import Picture, manhattan_norm, mse, ssim
from monitor.analysis.ssim import PEAK
from monitor.comparing.meanings import MEANINGS
from monitor.errors import UsageError
from monitor.frames import Plane


@dataclass(frozen=True, slots=True)
class Measures:
    """How far two pictures are from each other; `MEANINGS` says what each is.

    `psnr_db` is `math.inf` for equal pictures. `ssim` is None where none of its windows, 7 x 7 pixels, lies
    wholly in what is compared.
    """

    manhattan: float
    manhattan_per_pixel: float
    zero: float
    zero_per_pixel: float
    mse: float
    psnr_db: float
    ssim: float | None
    kl_nats: float
    kl_symmetric_nats: float
    beyond_noise_fraction: float
    hash_distance_bits: float

    def value(self, name: str) -> float | None:
        """Return the measure of this name."""
        value: float | None = getattr(self, name)
        return value


assert set(MEANINGS) == {field.name for field in fields(Measures)}


def measure(a: Picture, b: Picture, watched: Plane | None, beyond_fraction: float, slack: int) -> Measures:
    """Return the measures of two pictures of one shape, where `watched`, uint8 (H, W), is not 0.

    `a` and `b` are uint8 (H, W) or (H, W, 3). Pixels differ at all where they do by more than `slack` grey
    levels: 0, or 1 where A's levels were fitted and rounded.
    """
    pixels = a.shape[0] * a.shape[1]
    area_px = pixels if watched is None else max(1, cv2.countNonZero(watched))
    # What is not watched is made equal, which adds nothing to any sum.
    other = b if watched is None else _where(watched, b, a)
    manhattan = manhattan_norm(a, other).total
    differing = _differing(a, other, slack)
    error = mse(a, other) * pixels / area_px
    one_way, symmetric = _kl(a, b, watched)
    return Measures(
        manhattan=manhattan,
        manhattan_per_pixel=manhattan / area_px,
        zero=differing,
        zero_per_pixel=differing / area_px,
        mse=error,
        psnr_db=10.0 * math.log10(PEAK**2 / error) if error else math.inf,
        ssim=_ssim(a, b, watched),
        kl_nats=one_way,
        kl_symmetric_nats=symmetric,
        beyond_noise_fraction=beyond_fraction,
        hash_distance_bits=hash_distance_bits(_grey(a), _grey(other)),
    )


def _where(watched: Plane, chosen: Picture, other: Picture) -> Picture:
    result = other.copy()
    cv2.copyTo(chosen, watched, result)
    return result


def _differing(a: Picture, b: Picture, slack: int) -> int:
    beyond = cv2.absdiff(a, b) > slack
    return int(np.count_nonzero(beyond.any(axis=2) if a.ndim == 3 else beyond))


def _kl(a: Picture, b: Picture, watched: Plane | None) -> tuple[float, float]:
    """Return the distance of B's histogram from A's and the sum of both ways; the mean over channels."""
    pairs = [
        (luma_histogram(x, watched), luma_histogram(y, watched))
        for x, y in zip(_channels(a), _channels(b), strict=True)
    ]
    # Rounding may leave a distance of equal histograms a hair below 0.
    forward = [max(0.0, kl_distance_nats(new, old)) for old, new in pairs]
    backward = [max(0.0, kl_distance_nats(old, new)) for old, new in pairs]
    return float(np.mean(forward)), float(np.mean(forward) + np.mean(backward))


def _channels(picture: Picture) -> list[Plane]:
    return [picture] if picture.ndim == 2 else [np.asarray(plane, np.uint8) for plane in cv2.split(picture)]


def _grey(picture: Picture) -> Plane:
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def _ssim(a: Picture, b: Picture, watched: Plane | None) -> float | None:
    try:
        return ssim(a, b, watched=watched)
    except UsageError:  # smaller than a window: the other measures stand all the same
        return None
