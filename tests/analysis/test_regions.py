"""From a mask to regions."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from monitor.analysis.regions import believed, filled, find_regions, majority
from tests.analysis.given import box_mask

repeatable = settings(derandomize=True, deadline=None)

SHAPE = (60, 80)


def masks(largest: int = 24) -> st.SearchStrategy[NDArray[np.uint8]]:
    """Return masks of 0 and 255 of all shapes and densities."""
    shapes = st.tuples(st.integers(1, largest), st.integers(1, largest))
    density = st.sampled_from([0.2, 0.5, 0.8])

    def random(shape: tuple[int, int], share: float, seed: int) -> NDArray[np.uint8]:
        drawn = np.random.default_rng(seed).random(shape) < share
        return np.where(drawn, np.uint8(255), np.uint8(0))

    return st.builds(random, shapes, density, st.integers(0, 2**32))


@repeatable
@given(masks() | arrays(np.bool_, (9, 9)).map(lambda on: np.where(on, np.uint8(255), np.uint8(0))))
def test_majority_is_the_median_of_five(mask: NDArray[np.uint8]) -> None:
    assert (majority(mask) == cv2.medianBlur(mask, 5)).all()


@repeatable
@given(st.integers(0, 60), st.integers(0, 40), st.integers(1, 20), st.integers(1, 20))
def test_a_rectangle_has_its_box_area_and_centre(x: int, y: int, width: int, height: int) -> None:
    (region,) = find_regions(box_mask(SHAPE, x, y, width, height), 1)
    assert region.box == (x, y, width, height)
    assert region.area_px == width * height
    assert region.centre == pytest.approx((x + (width - 1) / 2, y + (height - 1) / 2), abs=1e-3)


def test_holes_count_as_inside() -> None:
    mask = box_mask(SHAPE, 10, 10, 20, 20)
    mask[15:25, 15:25] = 0
    (region,) = find_regions(mask, 1)
    assert region.area_px == 400
    assert cv2.countNonZero(filled([region], SHAPE)) == 400


def test_small_regions_are_left_out_and_the_others_come_by_size() -> None:
    mask = box_mask(SHAPE, 0, 0, 3, 3) | box_mask(SHAPE, 10, 10, 5, 5) | box_mask(SHAPE, 30, 30, 8, 8)
    assert [region.area_px for region in find_regions(mask, 10)] == [64, 25]


def test_the_least_area_itself_is_enough() -> None:
    assert len(find_regions(box_mask(SHAPE, 10, 10, 5, 4), 20)) == 1


def test_an_empty_mask_has_no_regions() -> None:
    assert find_regions(np.zeros(SHAPE, np.uint8), 1) == []


@repeatable
@given(masks().map(majority))
def test_regions_lie_where_the_mask_does(mask: NDArray[np.uint8]) -> None:
    regions = find_regions(mask, 1)
    assert ((filled(regions, mask.shape) & mask) == mask).all()


@repeatable
@given(masks())
def test_a_cropped_region_is_the_region(mask: NDArray[np.uint8]) -> None:
    for region in find_regions(mask, 1):
        x, y, width, height = region.box
        crop = filled([region], mask.shape)[y : y + height, x : x + width]
        assert (region.mask == crop).all()


def test_finding_regions_leaves_the_mask_as_it_is() -> None:
    mask = box_mask(SHAPE, 10, 10, 20, 20)
    before = mask.copy()
    find_regions(mask, 1)
    majority(mask)
    assert (mask == before).all()


def strong_pixels(count: int) -> NDArray[np.uint8]:
    """Return a mask of so many pixels, from the left in the rows of a box at (10, 10)."""
    mask = np.zeros(SHAPE, np.uint8)
    mask[10 + np.arange(count) // 20, 10 + np.arange(count) % 20] = 255
    return mask


@pytest.mark.parametrize(("count", "is_believed"), [(0, False), (39, False), (40, True), (400, True)])
def test_a_region_is_believed_when_a_tenth_of_it_is_strong(count: int, is_believed: bool) -> None:
    regions = find_regions(box_mask(SHAPE, 10, 10, 20, 20), 1)
    assert believed(regions, strong_pixels(count), 0.1) == (regions if is_believed else [])


@pytest.mark.parametrize(("count", "is_believed"), [(4, False), (5, True)])
def test_a_small_region_needs_five_strong_pixels(count: int, is_believed: bool) -> None:
    regions = find_regions(box_mask(SHAPE, 10, 10, 20, 1), 1)
    assert believed(regions, strong_pixels(count), 0.1) == (regions if is_believed else [])


def test_strong_evidence_beside_a_region_does_not_count_for_it() -> None:
    triangle = np.tril(np.full((40, 40), 255, np.uint8))
    mask = np.zeros(SHAPE, np.uint8)
    mask[10:50, 10:50] = triangle
    beside = np.zeros(SHAPE, np.uint8)
    beside[10:50, 10:50] = ~triangle
    assert believed(find_regions(mask, 1), beside, 0.1) == []
