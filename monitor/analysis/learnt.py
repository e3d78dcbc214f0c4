"""What an analyser knows of its place, in short: enough to tell if two know the same."""

from dataclasses import dataclass

import numpy as np

from monitor.analysis.background import Map
from monitor.analysis.resize import shrunk_map
from monitor.frames import Plane

_ROUNDING_LEVELS = 1.0
"""Two μ that are the same may be a level apart as they are kept."""

_HALVING = 2
"""Half of what it is made from: the smallest thing that counts for motion is still a few pixels."""

_SIGMA_STEPS = 8.0
"""Steps to a grey level in which σ is kept; it ends at 31."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """μ and σ of the luma, small: uint8 (h, w), μ in grey levels and σ in eighths of one.

    `knows_other` says that the place is known by day and by infrared light.
    """

    mean: Plane
    sigma: Plane
    knows_other: bool

    def share_apart(self, other: "Learnt", sigmas: float, ratio: float) -> float:
        """Return the share of pixels where μ differ by more than `sigmas`·σ, or the σ by more than `ratio`.

        1 where the two are of other sizes, or only one of them knows the other light.
        """
        if self.mean.shape != other.mean.shape or self.knows_other is not other.knows_other:
            return 1.0
        low = np.maximum(np.minimum(self.sigma, other.sigma), 1) / np.float32(_SIGMA_STEPS)
        high = np.maximum(self.sigma, other.sigma) / np.float32(_SIGMA_STEPS)
        step = np.abs(self.mean.astype(np.float32) - other.mean)
        return float(np.mean((step > np.maximum(low * sigmas, _ROUNDING_LEVELS)) | (high > low * ratio)))


def learnt_of(mean: Map, sigma: Map, knows_other: bool) -> Learnt:
    """Return the short form of a model's μ and σ, float32 (h, w)."""
    shape = (-(-mean.shape[0] // _HALVING), -(-mean.shape[1] // _HALVING))
    return Learnt(
        np.rint(shrunk_map(mean, shape)).astype(np.uint8),
        np.rint(np.minimum(shrunk_map(sigma, shape) * _SIGMA_STEPS, 255.0)).astype(np.uint8),
        knows_other,
    )
