"""Shadow is darker by a smooth ratio; a dark object is not."""

import numpy as np
import pytest

from monitor.analysis.shadow import shadow_mask
from monitor.frames import Size
from tests.analysis.given import Image, noisy, pasted, plane, texture

SIZE = Size(100, 80)
INSIDE = np.s_[24:56, 34:66]
"""The place of the shadow without the rim, where the window of the test sees both sides."""


def removed(picture: Image, ground: Image) -> float:
    """Return the share of the inside of the place that is taken for shadow."""
    return float((shadow_mask(plane(picture), ground)[INSIDE] > 0).mean())


def darkened(ground: Image, ratio: float) -> Image:
    picture = ground.copy()
    picture[20:60, 30:70] *= np.float32(ratio)
    return picture


@pytest.mark.parametrize("ratio", [0.45, 0.6, 0.9])
def test_what_is_darker_by_a_smooth_ratio_is_shadow(ratio: float) -> None:
    ground = texture(SIZE)
    assert removed(darkened(ground, ratio), ground) == 1.0


def test_noise_does_not_hide_a_shadow() -> None:
    ground = texture(SIZE)
    rng = np.random.default_rng(1)
    picture = noisy(darkened(ground, 0.6), 2.0, rng).astype(np.float32)
    # A deviation of 2 on levels of 100 is 0.02 in the ratio, a quarter of what texture must have.
    assert removed(picture, ground) > 0.95


@pytest.mark.parametrize("ratio", [0.2, 1.0, 1.3])
def test_what_is_black_equal_or_brighter_is_no_shadow(ratio: float) -> None:
    ground = texture(SIZE)
    assert removed(darkened(ground, ratio), ground) == 0.0


def test_a_dark_textured_object_is_no_shadow() -> None:
    ground = texture(SIZE)
    thing = texture(Size(40, 40), mean=60, contrast=25, grain_px=1.0, seed=7)
    # Where its texture happens to run with the ground's, a spot of it may look smooth.
    assert removed(pasted(ground, thing, 30, 20), ground) < 0.1


def test_a_black_spot_of_the_ground_does_not_spoil_what_is_beside_it() -> None:
    ground = texture(SIZE)
    ground[10, :] = 0
    ground[40, 10] = 0
    # What is divided by black is no number, and must not spread.
    assert removed(darkened(ground, 0.6), ground) == 1.0
