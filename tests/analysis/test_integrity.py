"""Is the picture sharp, and is it still the same place?"""

import cv2
import numpy as np
import pytest

from monitor.analysis.integrity import LearntEdges, gradient, mean_and_deviation, mean_change
from monitor.frames import Size
from tests.analysis.given import Image, noisy, pasted, plane, texture

PLACE = texture(contrast=40)


def structure(picture: Image, gain: float = 1.0) -> float:
    found = LearntEdges(PLACE).likeness(plane(picture), gain).structure
    assert found is not None
    return found


def sharpness(picture: Image, gain: float = 1.0) -> float:
    return LearntEdges(PLACE).likeness(plane(picture), gain).sharpness


def layout(picture: Image) -> float:
    return LearntEdges(PLACE).likeness(plane(picture), 1.0).layout


def blurred(sigma_px: float) -> Image:
    return np.asarray(cv2.GaussianBlur(PLACE, (0, 0), sigma_px), dtype=np.float32)


def test_the_learnt_picture_is_wholly_like_itself() -> None:
    # Rounding to whole levels turns a few of the weakest edges.
    assert structure(PLACE) > 0.99
    assert sharpness(PLACE) == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize("gain", [0.5, 0.8, 1.3])
def test_the_same_place_in_another_light_keeps_its_edges(gain: float) -> None:
    assert structure(PLACE * np.float32(gain), gain) > 0.95
    assert sharpness(PLACE * np.float32(gain), gain) == pytest.approx(1.0, rel=0.05)


def test_the_light_need_not_be_known_to_know_the_place() -> None:
    assert structure(PLACE * np.float32(0.6)) > 0.9


def test_noise_leaves_the_place_its_edges() -> None:
    picture = noisy(PLACE, 3.0, np.random.default_rng(1))
    assert structure(picture.astype(np.float32)) > 0.9


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_place_has_the_edges_by_chance_only(seed: int) -> None:
    # 64 of 360 degrees are near enough to an edge's direction, and not all places there have an edge.
    assert structure(texture(contrast=40, seed=seed)) < 0.2


def test_a_visitor_hides_his_share_of_the_edges() -> None:
    visitor = texture(Size(40, 120), mean=60, seed=6)
    assert structure(pasted(PLACE, visitor, 60, 0)) == pytest.approx(0.75, abs=0.1)


def test_a_covered_lens_has_neither_edges_nor_sharpness() -> None:
    dark = np.full_like(PLACE, 12)
    assert structure(dark) == 0.0
    assert sharpness(dark) == 0.0


def test_a_blurred_picture_is_less_sharp_the_more_it_is_blurred() -> None:
    assert sharpness(blurred(4.0)) < sharpness(blurred(2.0)) < 0.8
    assert sharpness(blurred(4.0)) < 0.4


@pytest.mark.parametrize("sigma_px", [2.0, 4.0])
def test_a_blurred_picture_keeps_its_layout(sigma_px: float) -> None:
    # A cell is 10 × 10 pixels: a blur of 4 spills a little into the next, and what it takes off
    # all contrasts alike a correlation does not see.
    assert layout(blurred(sigma_px)) > 0.9


@pytest.mark.parametrize("gain", [0.5, 1.3])
def test_another_light_keeps_the_layout(gain: float) -> None:
    assert layout(PLACE * np.float32(gain)) > 0.99


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_place_has_another_layout(seed: int) -> None:
    # The correlation of 192 independent cells by chance: its deviation is 1/√192 = 0.07.
    assert abs(layout(texture(contrast=40, seed=seed))) < 0.3


@pytest.mark.parametrize("level", [2, 90, 253])
def test_a_picture_without_contrast_has_nothing_of_the_layout(level: int) -> None:
    picture = noisy(np.full_like(PLACE, level), 2.0, np.random.default_rng(1))
    assert layout(picture.astype(np.float32)) == 0.0


def test_where_nothing_was_learnt_no_layout_is_missed() -> None:
    assert LearntEdges(np.full_like(PLACE, 90)).likeness(plane(PLACE), 1.0).layout == 1.0


WIDE = texture(Size(240, 180), contrast=40)


def offset(dx: int, dy: int, gain: float = 1.0) -> tuple[float, float] | None:
    """Return by how much a place is found to be out of its position that was shifted by so many pixels."""
    learnt = WIDE[30:150, 40:200]
    seen = WIDE[30 - dy : 150 - dy, 40 - dx : 200 - dx] * np.float32(gain)
    picture = noisy(np.ascontiguousarray(seen), 2.0, np.random.default_rng(1))
    return LearntEdges(np.ascontiguousarray(learnt)).likeness(picture, gain).offset


@pytest.mark.parametrize(("dx", "dy"), [(4, 0), (-8, 3), (0, -12), (32, 20)])
@pytest.mark.parametrize("gain", [0.7, 1.0])
def test_a_place_out_of_its_position_is_found_to_a_fifth_of_a_pixel(dx: int, dy: int, gain: float) -> None:
    assert offset(dx, dy, gain) == pytest.approx((dx / 160, dy / 120), abs=0.2 / 120)


def test_a_place_in_its_position_has_no_offset() -> None:
    assert offset(0, 0) == (0.0, 0.0)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_another_place_is_not_found_anywhere(seed: int) -> None:
    other = plane(texture(contrast=40, seed=seed))
    assert LearntEdges(PLACE).likeness(other, 1.0).offset is None


def test_a_flat_place_has_no_structure_to_be_known_by() -> None:
    flat = np.full_like(PLACE, 90)
    assert LearntEdges(flat).likeness(plane(flat), 1.0).structure is None


@pytest.mark.parametrize("shape", [(1, 1), (2, 3)])
def test_the_smallest_pictures_can_be_compared(shape: tuple[int, int]) -> None:
    picture = np.full(shape, 90, np.uint8)
    assert LearntEdges(picture.astype(np.float32)).likeness(picture, 1.0).structure is None


def test_the_gradient_is_in_grey_levels_per_two_pixels() -> None:
    ramp = np.tile(np.arange(0, 90, 3, dtype=np.float32), (10, 1))
    slope = gradient(ramp)
    assert slope.x[:, 1:-1] == pytest.approx(6.0)
    assert slope.y == pytest.approx(0.0)


def test_the_change_is_the_mean_absolute_difference() -> None:
    one = np.full((4, 5), 100, np.uint8)
    other = one.copy()
    other[0, 0], other[1, 1] = 120, 80
    assert mean_change(one, other) == 40 / 20


def test_only_equal_pictures_have_no_change() -> None:
    one = plane(PLACE)
    other = one.copy()
    other[7, 9] += 1
    assert mean_change(one, one) == 0.0
    assert mean_change(one, other) > 0.0


def test_mean_and_deviation_are_those_of_the_levels() -> None:
    picture = plane(PLACE)
    assert mean_and_deviation(picture) == pytest.approx((picture.mean(), picture.std()))
