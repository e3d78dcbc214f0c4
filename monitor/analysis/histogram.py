"""The luma histogram of a whole picture and the distance between two of them."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr

from monitor.frames import Plane

Histogram = NDArray[np.float32]
"""Probabilities of the luma bins, float32 (BINS,), sum 1, none zero."""

BINS = 64
"""Four grey levels a bin: finer bins measure noise, coarser ones miss a veil over the lens."""

_SMOOTHING_BINS = 1.0
"""Deviation of the Gaussian over the bins, so that a shift of a level or two is not a jump of a bin."""

_FLOOR = 1e-4
"""Added to each bin: an empty bin must not make the distance infinite."""


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
    return float(rel_entr(new, old).sum())
