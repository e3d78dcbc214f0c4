"""The luma histogram of a whole picture and the distance between two of them."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

Histogram = NDArray[np.float32]
"""Probabilities of the luma bins, float32 (BINS,), sum 1, none zero."""

BINS = 64
"""Four grey levels a bin: finer bins measure noise, coarser ones miss a veil over the lens."""

_SMOOTHING_BINS = 1.0
"""Deviation of the Gaussian over the bins, so that a shift of a level or two is not a jump of a bin."""

_FLOOR = 1e-4
"""Added to each bin: an empty bin must not make the distance infinite."""

_JUMP_LEVELS = 6.0
_JUMP_RATIO = 3.0
"""A mean change of more than this many grey levels, and this many times the largest of late, is no motion:
what comes into view does so over several pictures."""

_KL_RATIO = 2.0
"""A histogram that jumps while the pixels change by less than this many times the largest of late is that of
a place in which something large moves."""

_RESTLESS_SHARE = 0.5
_RESTLESS_S = 1.5
"""Held pictures that differ from each other by this share of what they differ from the last good one are
damaged each in its own way; another light or place is steady. No damage is waited for longer than this."""

_USUAL_S = 2.0
"""Time constant in which a large change is forgotten."""

_REFERENCE_S = 30.0
"""Time constant of the slow reference: a passing visitor does not enter it, dusk does."""


def luma_histogram(luma: Plane, watched: Plane | None = None) -> Histogram:
    """Return the smoothed histogram of a plane, of the pixels where `watched` is not 0 if it is given."""
    counts = cv2.calcHist([luma], [0], watched, [BINS], [0, 256])
    smooth = cv2.GaussianBlur(counts, (1, 7), 0, sigmaY=_SMOOTHING_BINS, borderType=cv2.BORDER_REPLICATE)
    shares = smooth.ravel() / max(float(smooth.sum()), 1.0) + _FLOOR
    return np.asarray(shares / shares.sum(), dtype=np.float32)


def kl_distance_nats(new: Histogram, old: Histogram) -> float:
    """Return the Kullback-Leibler distance Σ new·ln(new/old) in nats, ≥ 0, 0 for equal histograms.

    Between consecutive frames of an undisturbed camera it stays far below 0.2, the value above which
    Courbon et al. (2010) take a frame for damaged or for another place.
    """
    return float(cv2.compareHist(new, old, cv2.HISTCMP_KL_DIV))


@dataclass(frozen=True, slots=True)
class KlScores:
    """Distances of one picture to the last good one and to the slow reference.

    `held` is true while it is kept out of the model as perhaps damaged, `accepted` on the first picture
    after that if it shows that the change is real.
    """

    previous_nats: float | None
    reference_nats: float | None
    held: bool
    accepted: bool = False


class DamageWatch:
    """Compares each picture with the last good one and with a slow reference.

    A picture that the decoder marked is held back and tells nothing. One whose histogram or pixels all at
    once are farther from the last good one's than motion takes them is held back too: when the old pictures
    come back within `settle_s`, it was damaged; when they do not and are steady, the change is real and the
    present picture is the good one.
    """

    def __init__(self, threshold_nats: float, settle_s: float) -> None:
        self._threshold_nats = threshold_nats
        self._settle_s = settle_s
        self.forget()

    def forget(self) -> None:
        """Begin anew, as for a new source or size."""
        self._good: Plane | None = None
        self._good_histogram: Histogram | None = None
        self._reference: Histogram | None = None
        self._held_since_s: float | None = None
        self._held: Plane | None = None
        self._usual_change: float | None = None
        self._last_s = 0.0

    def update(self, luma: Plane, time_s: float, damaged: bool, watched: Plane | None) -> KlScores:
        """Judge the next picture, uint8 (h, w); where `watched` is 0 it does not count for the histogram."""
        histogram = luma_histogram(luma, watched)
        if damaged and self._good_histogram is None:
            return KlScores(None, None, held=True)
        if self._good is None or self._good_histogram is None or self._reference is None:
            self._accept(luma, histogram, time_s, 0.0)
            return KlScores(None, None, held=False)
        previous = kl_distance_nats(histogram, self._good_histogram)
        reference = kl_distance_nats(histogram, self._reference)
        change = _mean_change(luma, self._good)
        if damaged:
            return KlScores(previous, reference, held=True)
        if not self._is_jump(previous, change):
            self._accept(luma, histogram, time_s, change)
            return KlScores(previous, reference, held=False)
        if self._held_since_s is None:
            self._held_since_s = time_s
        restless = self._held is not None and _mean_change(luma, self._held) > _RESTLESS_SHARE * change
        limit_s = max(self._settle_s, _RESTLESS_S) if restless else self._settle_s
        if time_s - self._held_since_s < limit_s:
            self._held = luma
            return KlScores(previous, reference, held=True)
        self._accept(luma, histogram, time_s, 0.0)
        return KlScores(previous, reference, held=False, accepted=True)

    def _is_jump(self, nats: float, change: float) -> bool:
        """Return whether a picture is farther from the good one than motion takes it.

        What has not been seen to change yet has no usual change: its histogram alone tells.
        """
        if self._usual_change is None:
            return nats > self._threshold_nats
        if nats > self._threshold_nats and change > _KL_RATIO * self._usual_change:
            return True
        return change > _JUMP_LEVELS and change > _JUMP_RATIO * self._usual_change

    def _accept(self, luma: Plane, histogram: Histogram, time_s: float, change: float) -> None:
        elapsed_s = time_s - self._last_s
        if self._reference is None:
            self._reference = histogram
        rate = np.float32(-np.expm1(-elapsed_s / _REFERENCE_S))
        self._reference = self._reference + rate * (histogram - self._reference)
        # The largest change of late, slowly forgotten: somebody close by changes much, and goes on to.
        if self._good is not None:
            before = (self._usual_change or 0.0) * math.exp(-elapsed_s / _USUAL_S)
            self._usual_change = max(change, before)
        self._good, self._good_histogram = luma, histogram
        self._held, self._held_since_s = None, None
        self._last_s = time_s


def _mean_change(one: Plane, other: Plane) -> float:
    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size
