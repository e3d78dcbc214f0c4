"""The background model of a whole scene and what leaves it: luma, colour, light, flicker and shadow."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

import cv2
import numpy as np

from monitor.analysis.background import Map, PlaneModel
from monitor.analysis.illumination import NO_CHANGE, LightModel, estimate_light
from monitor.analysis.preprocess import Planes, half_size
from monitor.analysis.regions import FOLLOWED_SHARE, believed, filled, find_regions, majority
from monitor.analysis.resize import resized_mask, shrunk_map
from monitor.analysis.shadow import shadow_mask
from monitor.analysis.shift import Shift, moved_map, seen
from monitor.frames import Plane, Size

_FLICKER_S = 2.0
"""Time constant of the flicker record: leaves and water return within a second or two."""

_FLICKER_RAISES_K = 4.0
"""A pixel that changes sides at every look has its k raised by this factor plus one."""

_SETTLE_S = 0.15
"""Time that each sample of the start counts for: with more, who stands still in them becomes background."""

_NEUTRAL_CHROMA = 128.0
_CROSS = np.asarray(cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class ModelParameters:
    """What decides how the scene is modelled.

    `k_sigma` is the width of μ ± kσ. `background_s` is the time constant in which the background learns,
    `foreground_slowdown` the factor by which it learns slower where something stands.
    `luma_floor` and `chroma_floor` are the least σ in grey levels. `shadows` removes cast shadows, `light`
    compensates the light.
    """

    k_sigma: float
    background_s: float
    foreground_slowdown: float
    luma_floor: float
    chroma_floor: float
    shadows: bool
    light: bool


class Evidence(NamedTuple):
    """Two masks of one picture, uint8 (h, w), 0 or 255.

    `foreground` is what left μ ± kσ, `strong`, a part of it, what left far wider bounds: a region of the
    first is believed where enough of it is in the second.
    """

    foreground: Plane
    strong: Plane


class Standing(NamedTuple):
    """Where something stands before the background; uint8 (h, w), 0 or 255, `sure` a part of `followed`.

    What is followed is hardly learnt, so that it does not melt in. Where it is not sure, it may be noise,
    which σ must still learn.
    """

    followed: Plane
    sure: Plane


class SceneModel:
    """μ, σ and flicker of every pixel in luma and chroma, and the foreground against them.

    Call `look` with each picture, then `learn` with the cleaned foreground mask of the same picture.
    """

    def __init__(self, samples: Sequence[Planes], parameters: ModelParameters) -> None:
        """Start from the median of at least one sample; all samples have one size."""
        self._parameters = parameters
        floor = parameters.luma_floor
        self._luma = PlaneModel(np.stack([sample.luma for sample in samples]), neutral=0.0, floor=floor)
        self._chroma = _chroma_models(samples, parameters.chroma_floor)
        height, width = samples[0].luma.shape
        self._small = half_size(Size(width, height))
        self._flicker: Map = np.zeros(self._luma.mean.shape, dtype=np.float32)
        self._last_far: Plane = np.zeros(self._luma.mean.shape, dtype=np.uint8)
        self._far = self._last_far
        self.light = NO_CHANGE
        self._is_stale = True
        self._relate()
        self._settle(samples)

    @property
    def small_mean(self) -> Map:
        """μ of the luma at half the analysis size, float32."""
        return self._small_model.mean

    @property
    def small_sigma(self) -> Map:
        """σ of the luma at half the analysis size, float32."""
        return self._small_model.sigma

    @property
    def picture(self) -> Plane:
        """μ of the luma as a picture, uint8 (h, w)."""
        return cast(Plane, cv2.convertScaleAbs(self._luma.mean))

    def look(self, planes: Planes, seen: Plane | None = None) -> Evidence:
        """Return what leaves the model, after shadow test and majority.

        Where `seen`, uint8 (h, w), is 0, the picture does not show the place, and nothing leaves the model.
        """
        self._relight(planes.small)
        coloured = self._coloured(planes, PlaneModel.outside)
        far_coloured = self._coloured(planes, PlaneModel.far_outside)
        outside = self._luma.outside(planes.luma)
        far = self._luma.far_outside(planes.luma)
        if self._parameters.shadows and cv2.countNonZero(outside) > 0:
            shadow = shadow_mask(planes.small, self._small_model.lit(self.light))
            lit = ~resized_mask(shadow, outside.shape)
            outside &= lit
            far &= lit
        outside |= coloured
        far |= far_coloured
        if seen is not None:
            outside &= seen
            far &= seen
        self._last_far, self._far = self._far, far
        strong = majority(far, 3)
        # Somebody far away is narrower than the wide majority, but clear.
        return Evidence(majority(outside) | strong, strong)

    def learn(self, planes: Planes, standing: Standing, elapsed_s: float, seen: Plane | None = None) -> None:
        """Learn from the picture of the last look, in which `standing` tells what is no background.

        `elapsed_s` is the time since the last step of learning; nothing is learnt where `seen` is 0.
        """
        self._learn_flicker(standing.sure, elapsed_s)
        rate = -math.expm1(-elapsed_s / self._parameters.background_s)
        grow = ~standing.sure
        slow = 1.0 / self._parameters.foreground_slowdown
        weight = np.where(standing.followed > 0, np.float32(slow), np.float32(1.0))
        if seen is not None:
            grow &= seen
            weight[seen == 0] = 0.0
        self._luma.learn(planes.luma, weight, rate, grow)
        if planes.u is not None and planes.v is not None:
            small_weight = shrunk_map(weight, planes.u.shape)
            small_grow = resized_mask(grow, planes.u.shape)
            for model, plane in zip(self._chroma, (planes.u, planes.v), strict=True):
                model.learn(plane, small_weight, rate, small_grow)
        self._relate()

    def adopt(self, planes: Planes, where: Plane) -> None:
        """Take the picture as background where `where`, uint8 (h, w), is not 0."""
        self._luma.adopt(planes.luma, where)
        if planes.u is not None and planes.v is not None:
            small = resized_mask(where, planes.u.shape)
            for model, plane in zip(self._chroma, (planes.u, planes.v), strict=True):
                model.adopt(plane, small)
        self._relate()

    def move(self, shift: Shift, planes: Planes) -> None:
        """Move what was learnt to where the picture lies; what comes into view is taken from the picture."""
        fresh = ~seen(self._luma.mean.shape, shift.reversed())
        self._flicker = moved_map(self._flicker, shift)
        self._luma.move(shift)
        for model in self._chroma:
            model.move(Shift(shift.x / 2, shift.y / 2))
        self.adopt(planes, fresh)

    @property
    def predicted_luma(self) -> Map:
        """μ under the light of the last look, float32 (h, w)."""
        return self._luma.predicted

    @property
    def sigma_luma(self) -> Map:
        """σ of the luma, float32 (h, w)."""
        return self._luma.sigma

    @property
    def predicted_chroma(self) -> tuple[Map, ...]:
        """μ of u and v under the light of the last look, float32 at half the size; empty for grey."""
        return tuple(model.predicted for model in self._chroma)

    def distance(self, luma: Plane) -> Map:
        """Return |x − μ| / σ of a picture under the light of the last look; float32 (h, w)."""
        return np.asarray(np.abs(luma - self._luma.predicted) / self._luma.sigma, dtype=np.float32)

    def _settle(self, samples: Sequence[Planes]) -> None:
        """Watch the samples once: what sways or ripples in them is known from the first picture on."""
        for sample in samples:
            evidence = self.look(sample)
            regions = believed(find_regions(evidence.foreground, 0.0), evidence.strong, FOLLOWED_SHARE)
            mask = filled(regions, evidence.foreground.shape)
            self.learn(sample, Standing(mask, mask), _SETTLE_S)

    def _learn_flicker(self, foreground: Plane, elapsed_s: float) -> None:
        """Count the pixels that changed sides, away from regions: a passing object is no flicker."""
        near = cast(Plane, cv2.dilate(foreground, np.ones((5, 5), dtype=np.uint8)))
        blinked = (self._far ^ self._last_far) & ~near
        cv2.accumulateWeighted(blinked, self._flicker, -math.expm1(-elapsed_s / _FLICKER_S))

    def _coloured(self, planes: Planes, test: Callable[[PlaneModel, Plane], Plane]) -> Plane:
        """Return where a chroma plane fails a test; uint8 (h, w), 0 or 255.

        Colour is coded at half the size and bleeds over edges by about one of its pixels, which is taken off.
        """
        if not self._chroma or planes.u is None or planes.v is None:
            return np.zeros_like(planes.luma)
        both = test(self._chroma[0], planes.u) | test(self._chroma[1], planes.v)
        if not both.any():
            return np.zeros_like(planes.luma)
        core = cv2.erode(majority(both, 3), _CROSS)
        return resized_mask(cast(Plane, core), planes.luma.shape)

    def _relight(self, small: Plane) -> None:
        """Estimate the light and move the bounds; nothing is done while μ and the light stay as they were."""
        if self._parameters.light:
            before, self.light = self.light, estimate_light(small, self._small_model)
            self._is_stale |= not (before.is_learnt and self.light.is_learnt)
        if not self._is_stale:
            return
        self._is_stale = False
        self._luma.relight(self.light.gain(self._luma.mean.shape), self.light.offset)
        if self._chroma:
            gain = self.light.gain(self._chroma[0].mean.shape)
            for model in self._chroma:
                model.relight(gain)

    def _relate(self) -> None:
        """Derive from μ, σ and flicker what the next look needs."""
        self._is_stale = True
        k = self._parameters.k_sigma
        wide: Map = k + (k * _FLICKER_RAISES_K / 255.0) * self._flicker
        self._luma.widen(wide)
        shape = (self._small.height, self._small.width)
        self._small_model = LightModel(
            shrunk_map(self._luma.mean, shape), shrunk_map(self._luma.sigma, shape)
        )
        for model in self._chroma:
            model.widen(shrunk_map(wide, shape))


def _chroma_models(samples: Sequence[Planes], floor: float) -> list[PlaneModel]:
    us = [sample.u for sample in samples if sample.u is not None]
    vs = [sample.v for sample in samples if sample.v is not None]
    if not us or not vs:
        return []
    return [PlaneModel(np.stack(p), neutral=_NEUTRAL_CHROMA, floor=floor) for p in (us, vs)]
