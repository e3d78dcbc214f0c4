"""What the scene normally looks like: a running mean μ and variance σ² for every pixel.

The model is a single Gaussian per pixel and plane (Wren et al., "Pfinder", 1997), learnt exactly while young
and then with a time constant in seconds, with four changes that the accuracy benchmark asked for: it starts
from a median of pictures (people in the first frame are not background), it learns slowly where something
stands (a visitor does not melt in), its variance ignores outliers (traffic does not blind a lane), and it
learns light separately from objects (see `illumination`).
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.shift import Shift, moved_map
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

_RIPPLE_FACTOR = 2.0
"""σ² learns no more than twice the squared change since the picture learnt before. Water and noise change as
much as they deviate from μ (white noise twice as much, squared); somebody who stands unnoticed before a wall
of his own brightness deviates for long and changes little. Where σ² learnt all that deviates, it went to 20
grey levels in a corridor by infrared with people in it, who vanished (recall of events in time 0.80; with
this 0.96). A factor of 1 takes 0.006 of F from water, 4 brings back a part of the blindness."""

_FULL_LEVEL = 60.0
_DARK_SHARE = 0.45
"""The floor under σ² is whole from this luma on and falls with it, to 2 levels for σ: the noise of light
falls with the light (Poisson), and people by night have little contrast. With a quarter of it the dark spots
under a lamp are foreground when it is switched on."""

SATURATED = 235.0
"""White of video in limited range; what should be brighter may be anything above it."""

STRONG_FACTOR = 1.5
"""Strong evidence lies this many times further out than k σ (the two thresholds of Canny, 1986)."""

_NEIGHBOURS = np.ones((3, 3), dtype=np.uint8)


class PlaneModel:
    """μ and σ² of one plane, and the bounds μ ± kσ under the present light.

    After a change (`learn`, `adopt`), `widen` and then `relight` bring the bounds up to date.

    `neutral` is the value that light does not scale: 0 for luma, 128 for chroma. `floor` is the least σ in
    grey levels: below it lie rounding and the noise of compression, which no model should trust.
    `mean`, `variance` and `sigma` (never below the floor) are float32 (h, w), in grey levels; so is
    `predicted`, which is μ under the light of the last `relight`, clipped to `SATURATED`.
    """

    def __init__(self, samples: NDArray[np.uint8], *, neutral: float, floor: float) -> None:
        """Start from the median of `samples`, uint8 (n, h, w), n ≥ 1, with the median deviation as σ."""
        self._neutral = neutral
        self._floor = floor
        median = np.median(samples, axis=0).astype(np.float32)
        deviation = np.median(np.abs(samples - median), axis=0).astype(np.float32) * MAD_TO_SIGMA
        self.mean: Map = median
        self.variance: Map = np.minimum(deviation, _START_SIGMA_LIMIT) ** 2
        self.predicted: Map = median
        self._learnt: Plane = samples[-1]
        self.widen(1.0)

    def widen(self, k: Map | float) -> None:
        """Set the width of the bounds to k σ, k for all or float32 (h, w); `relight` then moves them."""
        self.sigma: Map = np.sqrt(np.maximum(self.variance, self._least_variance()))
        self._half: Map = np.multiply(self.sigma, k, dtype=np.float32)
        self._learnt_bounds = _bounds(self.mean, self._half)

    def _least_variance(self) -> Map | np.float32:
        """Return the floor under σ², lower where it is dark: the variance of light grows with the light."""
        floor = np.float32(self._floor**2)
        if self._neutral:
            return floor
        lit = self.mean * (floor / np.float32(_FULL_LEVEL))
        return np.asarray(np.clip(lit, floor * np.float32(_DARK_SHARE), floor), dtype=np.float32)

    def relight(self, gain: Map | None, offset: float = 0.0) -> None:
        """Move the bounds to μ under another light, float32 (h, w), None for the learnt one.

        `offset` is by how many grey levels of luma it is brighter, where there is no gain. Under a gain
        above 1 the noise grows with the light, and so do the bounds.
        """
        half = self._half
        if gain is None:
            self.predicted = shifted(self.mean, offset) if offset else self.mean
        else:
            neutral = self._neutral
            lit = cv2.multiply(self.mean - neutral if neutral else self.mean, gain)
            self.predicted = np.minimum(lit + neutral if neutral else lit, np.float32(SATURATED))
            half = half * np.maximum(gain, np.float32(1.0))
        self._bounds = _bounds(self.predicted, half)
        if gain is None and offset == 0.0:
            self._learnt_bounds = self._bounds
        else:
            self._bounds[1][self.predicted >= SATURATED] = 255
        lower, upper = _bounds(self.predicted, half * np.float32(STRONG_FACTOR))
        upper = np.maximum(upper, self._bounds[1])
        self._far_bounds = (
            cast(Plane, cv2.erode(lower, _NEIGHBOURS)),
            cast(Plane, cv2.dilate(upper, _NEIGHBOURS)),
        )

    def outside(self, plane: Plane) -> Plane:
        """Return where a picture leaves μ ± kσ; uint8 (h, w), 0 or 255.

        Under another light a pixel may also look as it was learnt: the sky does not darken with the yard.
        """
        return ~(_within(plane, self._bounds) | _within(plane, self._learnt_bounds))

    def far_outside(self, plane: Plane) -> Plane:
        """Return where it leaves μ ± `STRONG_FACTOR`·kσ of the pixel and of all its neighbours as well.

        An edge that moved by a pixel, or was resampled or coded a little differently, is explained by its
        neighbours; an object is not. uint8 (h, w), 0 or 255.
        """
        return ~_within(plane, self._far_bounds)

    def learn(self, plane: Plane, weight: Map, rate: float, grow: Plane) -> None:
        """Move μ towards the picture by `rate`, weighted per pixel, and σ² where `grow` is not 0.

        σ² takes in how the picture ripples, not how something that stands differs.

        `weight` is 1 for background and small for foreground; the light of the last `relight` is learnt
        everywhere in full, so that what stands before a wall that grew brighter leaves no dark ghost.
        """
        step = cv2.subtract(plane, self.predicted, dtype=cv2.CV_32F)
        limit = self.sigma * np.float32(_INNOVATION_LIMIT_SIGMA)
        # The square of the clipped step is the smaller of the squares.
        square = np.minimum(step * step, limit * limit)
        ripple = cv2.absdiff(plane, self._learnt).astype(np.float32)
        np.minimum(square, ripple * ripple * np.float32(_RIPPLE_FACTOR), out=square)
        cv2.accumulateWeighted(square, self.variance, rate, mask=grow)
        self._learnt = plane
        target = cv2.add(self.predicted, cv2.multiply(step, weight))
        cv2.accumulateWeighted(target, self.mean, rate)

    def move(self, shift: Shift) -> None:
        """Move μ and σ with the picture; at the edge they repeat."""
        self.mean = moved_map(self.mean, shift)
        self.variance = moved_map(self.variance, shift)

    def adopt(self, plane: Plane, where: Plane) -> None:
        """Take the picture as μ where `where` is not 0; σ stays."""
        np.copyto(self.mean, plane, where=where > 0)


def shifted(mean: Map, offset: float) -> Map:
    """Return μ of luma brighter by `offset` grey levels, clipped as a camera clips."""
    return np.asarray(np.clip(mean + np.float32(offset), 0.0, SATURATED), dtype=np.float32)


def _bounds(middle: Map, half: Map) -> tuple[Plane, Plane]:
    """Return middle ± half; written to 8 bits, OpenCV rounds and clips to 0 … 255."""
    lower = cv2.subtract(middle, half, dtype=cv2.CV_8U)
    return cast(Plane, lower), cast(Plane, cv2.add(middle, half, dtype=cv2.CV_8U))


def _within(plane: Plane, bounds: tuple[Plane, Plane]) -> Plane:
    return cast(Plane, cv2.inRange(plane, *bounds))
