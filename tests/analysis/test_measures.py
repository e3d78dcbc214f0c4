"""What is measured on one region."""

import numpy as np
import pytest

from monitor.analysis.measures import Compared, Pictures, RegionMeasures, measure, outline_ratio, see_through
from monitor.analysis.regions import find_regions
from tests.analysis.given import SIZE, Image, box_mask, pasted, plane, texture

SHAPE = (SIZE.height, SIZE.width)
MASK = box_mask(SHAPE, 60, 40, 30, 24)
GROUND = np.full(SHAPE, 100, np.float32)


SIGMA = np.full(SHAPE, 2, np.float32)


def measures(picture: Image, before: Image) -> RegionMeasures:
    (region,) = find_regions(MASK, 1)
    return measure(region, Pictures(plane(picture), plane(before), GROUND, SIGMA))


def ratio(picture: Image, predicted: Image) -> float:
    (region,) = find_regions(MASK, 1)
    return outline_ratio(region, Pictures(plane(picture), plane(picture), predicted, SIGMA))


def with_thing(ground: Image, level: float = 150.0) -> Image:
    return pasted(ground, np.full((24, 30), level, np.float32), 60, 40)


@pytest.mark.parametrize("level", [150.0, 50.0])
def test_contrast_is_in_grey_levels_and_the_peak_in_sigma(level: float) -> None:
    found = measures(with_thing(GROUND, level), GROUND)
    assert found.contrast == pytest.approx(50.0)
    assert found.peak_sigma == pytest.approx(25.0)


def test_one_noisy_pixel_is_no_peak() -> None:
    picture = with_thing(GROUND, 110.0)
    picture[50, 70] = 255
    assert measures(picture, GROUND).peak_sigma == pytest.approx(5.0)


def test_what_has_just_come_is_active_and_what_stays_is_not() -> None:
    assert measures(with_thing(GROUND), GROUND).active_fraction == 1.0
    assert measures(with_thing(GROUND), with_thing(GROUND)).active_fraction == 0.0


def test_an_object_brings_its_own_edges() -> None:
    assert ratio(with_thing(GROUND), GROUND) > 0.9


def test_a_ghost_has_only_the_edges_of_the_model() -> None:
    assert ratio(GROUND, with_thing(GROUND)) < 0.1


def test_object_and_ghost_are_told_apart_on_textured_ground() -> None:
    ground = texture(contrast=12)
    thing = with_thing(ground, 190)
    assert ratio(thing, ground) > 0.5
    assert ratio(ground, thing) < 0.5


def test_without_any_edge_nothing_is_said() -> None:
    assert ratio(GROUND, GROUND) == 0.5


HALF = (SHAPE[0] // 2, SHAPE[1] // 2)
GREY = np.full(HALF, 128, np.float32)
RED = pasted(GREY, np.full((12, 15), 150, np.float32), 30, 20)


def coloured_ratio(picture: Image, predicted: Image, v: Image, predicted_v: Image) -> float:
    """Return the ratio where u is neutral throughout."""
    (region,) = find_regions(MASK, 1)
    chroma = Compared(plane(GREY), GREY), Compared(plane(v), predicted_v)
    return outline_ratio(region, Pictures(plane(picture), plane(picture), predicted, SIGMA, chroma))


@pytest.mark.parametrize("ground", [GROUND, texture(contrast=12)], ids=["plain", "textured"])
def test_object_and_ghost_are_told_apart_by_colour_alone(ground: Image) -> None:
    assert coloured_ratio(ground, ground, RED, GREY) > 0.9
    assert coloured_ratio(ground, ground, GREY, RED) < 0.1


def test_colour_does_not_overrule_clearer_edges_of_luma() -> None:
    assert coloured_ratio(with_thing(GROUND), GROUND, GREY, RED) == ratio(with_thing(GROUND), GROUND)


def test_the_outline_of_a_coloured_region_at_an_odd_corner_can_be_measured() -> None:
    odd, half = np.full((41, 61), 100, np.float32), np.full((21, 31), 128, np.float32)
    (region,) = find_regions(box_mask(odd.shape, 40, 30, 21, 11), 1)
    chroma = (Compared(plane(half), half),) * 2
    assert outline_ratio(region, Pictures(plane(odd), plane(odd), odd, odd, chroma)) == 0.5


def test_a_region_at_the_border_can_be_measured() -> None:
    (region,) = find_regions(box_mask(SHAPE, 0, 0, SIZE.width, SIZE.height), 1)
    ground, sigma = np.full(SHAPE, 100, np.float32), np.full(SHAPE, 2, np.float32)
    flat = plane(ground + 20)
    assert measure(region, Pictures(flat, flat, ground, sigma)).contrast == pytest.approx(20.0)


def test_the_smallest_region_can_be_measured() -> None:
    (region,) = find_regions(np.full((1, 1), 255, np.uint8), 1)
    dot = np.full((1, 1), 90, np.uint8)
    ground, sigma = np.full((1, 1), 100, np.float32), np.full((1, 1), 2, np.float32)
    assert measure(region, Pictures(dot, dot, ground, sigma)).peak_sigma == pytest.approx(5.0)


def shown(picture: Image, ground: Image) -> float | None:
    (region,) = find_regions(MASK, 1)
    return see_through(region, Pictures(plane(picture), plane(picture), ground, SIGMA))


@pytest.mark.parametrize("light", [0.4, 0.7, 1.6])
def test_the_background_shows_through_light_and_shadow(light: float) -> None:
    place = texture()
    assert shown(np.where(MASK > 0, place * light, place), place) == pytest.approx(1.0, abs=0.02)


def test_the_background_shows_through_mist() -> None:
    place = texture()
    assert shown(np.where(MASK > 0, place + 40, place), place) == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_an_object_hides_the_background(seed: int) -> None:
    place, thing = texture(), texture(seed=seed, mean=150.0)
    found = shown(np.where(MASK > 0, thing, place), place)
    # By chance a third of the squares of another texture follow the place's with half of its strength.
    assert found is not None
    assert found < 0.5


def test_half_an_object_hides_half() -> None:
    place = texture()
    half = np.where(MASK > 0, place * 1.5, place)
    half[:, 60:75] = np.where(MASK > 0, 200.0, place)[:, 60:75]
    assert shown(half, place) == pytest.approx(0.5, abs=0.15)


def test_where_the_background_is_plain_nothing_is_said() -> None:
    assert shown(with_thing(GROUND), GROUND) is None
