"""What the scene normally looks like: a running mean μ and variance σ² for every pixel.

The model is a single Gaussian per pixel and plane (Wren et al., "Pfinder", 1997), learnt exactly while young
and then with a time constant in seconds, with four changes that the accuracy benchmark asked for: it starts
from a median of pictures (people in the first frame are not background), it learns slowly where something
stands (a visitor does not melt in), its variance ignores outliers (traffic does not blind a lane), and it
learns light separately from objects (see `illumination`).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Plane

Map = NDArray[np.float32]
"""One number for each pixel, float32 (h, w)."""

MAD_TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""

_START_SIGMA_LIMIT = 5.0
"""Ceiling on the first σ, in grey levels: over the samples of a start, passing traffic and clouds inflate the
deviation to 12 and more, which hides people for minutes; water and leaves raise it again in seconds."""

_INNOVATION_LIMIT_SIGMA = 3.0
"""A pixel's step is clipped to this many σ before it enters the variance (Huber's ψ)."""


class PlaneModel:
    """μ and σ² of one plane.

    `neutral` is the value that light does not scale: 0 for luma, 128 for chroma. `floor` is the least σ in
    grey levels: below it lie rounding and the noise of compression, which no model should trust.
    `mean` and `variance` are float32 (h, w), in grey levels and their squares.
    """

    def __init__(self, samples: NDArray[np.uint8], *, neutral: float, floor: float) -> None:
        """Start from the median of `samples`, uint8 (n, h, w), n ≥ 1, with the median deviation as σ."""
        self.neutral = neutral
        self.floor = floor
        median = np.median(samples, axis=0).astype(np.float32)
        deviation = np.median(np.abs(samples - median), axis=0).astype(np.float32) * MAD_TO_SIGMA
        self.mean: Map = median
        self.variance: Map = np.minimum(deviation, _START_SIGMA_LIMIT) ** 2

    def sigma(self) -> Map:
        """Return σ in grey levels, never below the floor; float32 (h, w)."""
        return np.asarray(np.sqrt(np.maximum(self.variance, self.floor**2)), dtype=np.float32)

    def predicted(self, gain: Map | None) -> Map:
        """Return μ under a light gain, clipped to what a pixel can hold; float32 (h, w)."""
        if gain is None:
            return self.mean
        lit = self.mean * gain if self.neutral == 0 else (self.mean - self.neutral) * gain + self.neutral
        return np.asarray(np.minimum(lit, 255.0), dtype=np.float32)

    def bounds(self, k: Map | float, gain: Map | None) -> tuple[Plane, Plane]:
        """Return the lowest and highest value that each pixel may have, μ ± kσ; uint8 (h, w) each.

        Under a gain above 1 the noise grows with the light, so σ does too.
        """
        half = self.sigma() * k if gain is None else self.sigma() * k * np.maximum(gain, 1.0)
        predicted = self.predicted(gain)
        lower = np.clip(np.ceil(predicted - half), 0, 255).astype(np.uint8)
        upper = np.clip(np.floor(predicted + half), 0, 255).astype(np.uint8)
        return lower, upper

    def learn(self, plane: Plane, gain: Map | None, weight: Map, rate: float, grow: Plane) -> None:
        """Move μ towards the picture by `rate`, weighted per pixel, and σ² where `grow` is not 0.

        `weight` is 1 for background and small for foreground; the light's gain is learnt everywhere in
        full, so that what stands before a wall that grew brighter leaves no dark ghost behind.
        """
        predicted = self.predicted(gain)
        step = plane - predicted
        limit = self.sigma() * _INNOVATION_LIMIT_SIGMA
        clipped = np.clip(step, -limit, limit)
        cv2.accumulateWeighted(clipped * clipped, self.variance, rate, mask=grow)
        cv2.accumulateWeighted(predicted + step * weight, self.mean, rate)

    def adopt(self, plane: Plane, where: Plane) -> None:
        """Take the picture as μ where `where` is not 0; σ stays."""
        np.copyto(self.mean, plane, where=where > 0)
