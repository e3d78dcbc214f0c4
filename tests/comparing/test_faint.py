"""What is fainter than the noise of a pixel, and noise that is itself the difference."""

import numpy as np
import pytest

from monitor.comparing.boxes import Box
from monitor.comparing.images import compare_images
from monitor.comparing.options import Options
from tests.comparing.given import Picture, noisy, overlap, place

SIDE_PX = 270, 360, 3


def brighter(picture: Picture, side_px: int, levels: int) -> tuple[Picture, Box]:
    """Return a picture with a square that is so much brighter, and its box."""
    height, width = picture.shape[:2]
    left, top = width // 3, height // 3
    changed = picture.astype(int)
    changed[top : top + side_px, left : left + side_px] += levels
    box = Box(left / width, top / height, side_px / width, side_px / height)
    return np.clip(changed, 0, 255).astype(np.uint8), box


@pytest.mark.parametrize(("side_px", "levels"), [(8, 24), (12, 15), (20, 12), (40, 10)])
def test_a_small_thing_of_little_contrast_is_boxed_in_noise(side_px: int, levels: int) -> None:
    ground = np.full(SIDE_PX, 110, np.uint8)
    changed, box = brighter(ground, side_px, levels)
    found = compare_images(noisy(ground, 8.0, 1), noisy(changed, 8.0, 2))
    assert found.noise_sigma * Options().k_sigma > levels  # no pixel tells of it by itself
    (only,) = found.boxes
    assert overlap(only, box) > 0.5


@pytest.mark.parametrize("sigma", [6.0, 10.0, 20.0])
@pytest.mark.parametrize("seed", [1, 3, 5])
def test_noise_of_one_strength_has_no_box(sigma: float, seed: int) -> None:
    for ground in (np.full(SIDE_PX, 110, np.uint8), place(*SIDE_PX)):
        found = compare_images(noisy(ground, sigma, seed), noisy(ground, sigma, seed + 1))
        assert not found.boxes
        assert not found.different


def test_light_that_comes_from_another_side_is_no_thing() -> None:
    ground = np.full(SIDE_PX, 110, np.uint8)
    slope = np.linspace(-10, 10, SIDE_PX[1])[None, :, None]
    lit = np.clip(ground + slope, 0, 255).astype(np.uint8)
    assert not compare_images(noisy(ground, 8.0, 1), noisy(lit, 8.0, 2)).boxes


def test_plain_grey_and_random_noise_are_different() -> None:
    grey = np.full(SIDE_PX, 128, np.uint8)
    random = np.random.default_rng(0).integers(0, 256, SIDE_PX, dtype=np.uint8)
    for a, b, noisier in ((grey, random, "B"), (random, grey, "A")):
        found = compare_images(a, b)
        assert found.different
        assert len(found.boxes) == 1
        assert any(f"{noisier} is far noisier" in note for note in found.notes)


def test_the_noise_of_a_dim_room_is_no_difference() -> None:
    ground = place(*SIDE_PX)
    assert not compare_images(noisy(ground, 1.0, 1), noisy(ground, 5.0, 2)).different
