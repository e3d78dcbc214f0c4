"""What is measured on one region of one picture."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.integrity import gradient
from monitor.analysis.regions import Contour, Region
from monitor.frames import Plane

_PEAK_PERCENTILE = 90
"""The peak in σ is a high percentile, not the maximum: one noisy pixel is no peak."""

_ACTIVE_LEVELS = 8.0
"""A pixel that changed by more than this between two frames moved; compression stays below it."""

_MARGIN_PX = 2

_AROUND_PX = 9
"""Textures are compared within squares of this width: with fewer pixels chance decides, with more a car is
lost in the beam of its headlights."""

_COLOUR_WEIGHT = 2.0
"""A grey level of colour counts as two of luma: noise and coding leave half as much in it, as the usual
floors under σ say."""

_SEEN_SHARE = 0.5
_FEWEST_INSIDE_PX = 12
_RIM = np.ones((3, 3), dtype=np.uint8)
"""The outermost pixel is left out: there the edge of a thing is taken for texture."""

_TEXTURE_LEVELS = 1.5
"""A background whose gradient is weaker than this says nothing: the noise of a picture is as strong."""


@dataclass(frozen=True, slots=True)
class RegionMeasures:
    """`peak_sigma` in σ, `contrast` in grey levels, `active_fraction` the share of its pixels that changed
    since the frame before.
    """

    peak_sigma: float
    contrast: float
    active_fraction: float


class Compared(NamedTuple):
    """A plane of the picture, uint8 (h, w), and its μ under the present light, float32 (h, w)."""

    seen: Plane
    predicted: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The pictures against which regions are measured, all (h, w) at analysis size.

    `luma` and `before` are uint8, `predicted` (μ under the present light) and `sigma` float32. `chroma` are
    the colour planes, u and v, each with its own prediction, at half that size; empty for a grey picture.
    """

    luma: Plane
    before: Plane
    predicted: NDArray[np.float32]
    sigma: NDArray[np.float32]
    chroma: tuple[Compared, ...] = ()


def measure(region: Region, pictures: Pictures) -> RegionMeasures:
    """Measure one region."""
    x, y, width, height = region.box
    crop = np.s_[y : y + height, x : x + width]
    inside = region.mask > 0
    difference = np.abs(pictures.luma[crop] - pictures.predicted[crop])
    distance = (difference / pictures.sigma[crop])[inside]
    high = len(distance) * _PEAK_PERCENTILE // 100
    change = cv2.absdiff(pictures.luma[crop], pictures.before[crop])[inside]
    return RegionMeasures(
        peak_sigma=float(np.partition(distance, high)[high]),
        contrast=float(difference[inside].mean()),
        active_fraction=np.count_nonzero(change > _ACTIVE_LEVELS) / len(change),
    )


def outline_ratio(region: Region, pictures: Pictures) -> float:
    """Return the picture's share of the edge strength along a region's outline.

    The rest is the model's: an object brings edges of its own, a ghost has those of what stood there. 0.5
    where there are none. Edges are those of luma, or of colour where picture and model differ more in these:
    a red box on grass as bright as itself has no others.
    """
    own, model = _edges_along(region.contour, Compared(pictures.luma, pictures.predicted))
    if pictures.chroma:
        half = region.contour // 2
        u, v = (_edges_along(half, one) for one in pictures.chroma)
        own_colour, model_colour = u[0] + v[0], u[1] + v[1]
        if _COLOUR_WEIGHT * abs(own_colour - model_colour) > abs(own - model):
            own, model = own_colour, model_colour
    return 0.5 if own + model == 0 else own / (own + model)


def _edges_along(outline: Contour, plane: Compared) -> tuple[float, float]:
    """Return the mean edge strength along an outline, of the picture and of the model, in grey levels."""
    rows, columns = plane.seen.shape
    x, y, width, height = cv2.boundingRect(outline)
    left, top = max(0, x - _MARGIN_PX), max(0, y - _MARGIN_PX)
    crop = np.s_[top : min(rows, y + height + _MARGIN_PX), left : min(columns, x + width + _MARGIN_PX)]
    line = np.zeros(plane.seen[crop].shape, dtype=np.uint8)
    cv2.drawContours(line, [outline], -1, 255, thickness=3, offset=(-left, -top))
    on = line > 0
    seen, learnt = gradient(plane.seen[crop]), gradient(plane.predicted[crop])
    return float(np.hypot(seen.x[on], seen.y[on]).mean()), float(np.hypot(learnt.x[on], learnt.y[on]).mean())


def see_through(region: Region, pictures: Pictures) -> float | None:
    """Return the share of a region in which the background's texture is still seen, 0 to 1.

    Light and shadow leave it to be seen, an object hides it. It is seen where the picture's gradient follows
    the model's with half of its strength, and as much less as it is darker there. None where the background
    has no texture, or the region no inside.
    """
    x, y, width, height = region.box
    crop = np.s_[y : y + height, x : x + width]
    inside = cv2.erode(region.mask, _RIM, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    seen, learnt = gradient(pictures.luma[crop]), gradient(pictures.predicted[crop])
    texture = _around(learnt.x * learnt.x + learnt.y * learnt.y)
    telling = (inside > 0) & (texture > _TEXTURE_LEVELS**2)
    if np.count_nonzero(telling) < _FEWEST_INSIDE_PX:
        return None
    shared = _around(seen.x * learnt.x + seen.y * learnt.y)
    expected = np.maximum(_around(pictures.predicted[crop]), 1.0)
    light = _around(pictures.luma[crop].astype(np.float32)) / expected
    visible = shared > _SEEN_SHARE * np.minimum(light, 1.0) * texture
    return np.count_nonzero(visible & telling) / np.count_nonzero(telling)


def _around(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.blur(values, (_AROUND_PX, _AROUND_PX), borderType=cv2.BORDER_REPLICATE), np.float32)
