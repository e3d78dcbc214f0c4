"""The luma histogram of a whole picture and the distance between two of them."""

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
    """Distances of one picture; `held` is true while it is kept out of the model as perhaps damaged."""

    previous_nats: float | None
    reference_nats: float | None
    held: bool


class HistogramWatch:
    """Compares each picture with the last good one and with a slow reference.

    A picture that the decoder marked, or whose distance to the last good one exceeds the threshold, is held
    back. When the pictures come back within `settle_s`, they were damaged; when they do not, the change is
    real and the present picture is the good one from then on.
    """

    def __init__(self, threshold_nats: float, settle_s: float) -> None:
        self._threshold_nats = threshold_nats
        self._settle_s = settle_s
        self.forget()

    def forget(self) -> None:
        """Begin anew, as for a new source or size."""
        self._good: Histogram | None = None
        self._reference: Histogram | None = None
        self._held_since_s: float | None = None
        self._last_s = 0.0

    def update(self, luma: Plane, time_s: float, damaged: bool, watched: Plane | None) -> KlScores:
        """Return the distances of the next picture."""
        histogram = luma_histogram(luma, watched)
        if self._good is None or self._reference is None:
            self._good = self._reference = histogram
            self._last_s = time_s
            return KlScores(None, None, held=damaged)
        previous = kl_distance_nats(histogram, self._good)
        reference = kl_distance_nats(histogram, self._reference)
        held = self._hold(previous, time_s, damaged)
        if not held:
            self._good = histogram
            self._learn(histogram, time_s)
        return KlScores(previous, reference, held)

    def _hold(self, previous_nats: float, time_s: float, damaged: bool) -> bool:
        if previous_nats <= self._threshold_nats and not damaged:
            self._held_since_s = None
            return False
        if self._held_since_s is None:
            self._held_since_s = time_s
        if time_s - self._held_since_s < self._settle_s or damaged:
            return True
        self._held_since_s = None
        return False

    def _learn(self, histogram: Histogram, time_s: float) -> None:
        if self._reference is not None:
            rate = np.float32(-np.expm1((self._last_s - time_s) / _REFERENCE_S))
            self._reference = self._reference + rate * (histogram - self._reference)
        self._last_s = time_s
