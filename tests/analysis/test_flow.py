"""Sparse flow, and whether the camera itself moves."""

import cv2
import numpy as np
import pytest

from monitor.analysis.camera import camera_move_px
from monitor.analysis.flow import NO_POINTS, Points, common_shift, corners, follow
from monitor.frames import Plane, Size
from tests.analysis.given import Image, box_mask, noisy, pasted, plane, texture

LARGE = Size(320, 240)

SUB_PIXEL_PX = 0.1
"""Lucas-Kanade on sharp texture is good to about 0.05 px for one corner (Baker and Matthews, 2004)."""


def shifted(size: Size, dx: float, dy: float, grain_px: float = 2.5) -> tuple[Plane, Plane]:
    """Return two views of one place, the second moved by (dx, dy)."""
    margin = 40
    wide = texture(Size(size.width + 2 * margin, size.height + 2 * margin), grain_px=grain_px)
    return _view(wide, size, margin, margin), _view(wide, size, margin - dx, margin - dy)


def _view(wide: Image, size: Size, left: float, top: float) -> Plane:
    centre = (left + (size.width - 1) / 2, top + (size.height - 1) / 2)
    return plane(np.asarray(cv2.getRectSubPix(wide, size, centre), dtype=np.float32))


def scattered(count: int, seed: int = 1) -> Points:
    return np.random.default_rng(seed).uniform(0, 200, (count, 2)).astype(np.float32)


def test_still_pictures_have_exactly_no_flow() -> None:
    picture = plane(texture())
    start = corners(picture, None, 50)
    end, good = follow(picture, picture, start)
    assert len(start) == 50
    assert good.all()
    assert (end == start).all()


@pytest.mark.parametrize("step", [(0.3, 0.0), (1.3, -0.7), (6.5, 3.25)])
def test_corners_are_followed_with_sub_pixel_accuracy(step: tuple[float, float]) -> None:
    before, now = shifted(LARGE, *step)
    start = corners(before, None, 60)
    end, good = follow(before, now, start)
    assert good.mean() > 0.7
    assert np.median(end[good] - start[good], axis=0) == pytest.approx(step, abs=SUB_PIXEL_PX)


def test_far_steps_lose_corners_but_do_not_lie() -> None:
    # Three halvings leave a coarse texture only; what is not followed must be known as such.
    before, now = shifted(LARGE, -18.0, 9.0, grain_px=6.0)
    start = corners(before, None, 60)
    end, good = follow(before, now, start)
    assert good.mean() > 0.25
    assert np.median(end[good] - start[good], axis=0) == pytest.approx((-18.0, 9.0), abs=SUB_PIXEL_PX)


def test_corners_that_vanish_are_not_followed() -> None:
    before, _ = shifted(LARGE, 0, 0)
    start = corners(before, None, 60)
    _, good = follow(before, plane(texture(LARGE, seed=99)), start)
    # One place against another: a few corners return to within a pixel by chance.
    assert good.mean() < 0.3


def test_no_points_are_followed_to_no_points() -> None:
    picture = plane(texture())
    end, good = follow(picture, picture, NO_POINTS)
    assert end.shape == (0, 2)
    assert good.shape == (0,)


def test_corners_lie_inside_the_mask() -> None:
    mask = box_mask((120, 160), 40, 30, 50, 40)
    found = corners(plane(texture()), mask, 30)
    assert len(found) > 5
    assert (mask[found[:, 1].astype(int), found[:, 0].astype(int)] == 255).all()


@pytest.mark.parametrize("picture", [np.full((60, 80), 90, np.uint8), np.zeros((1, 1), np.uint8)])
def test_a_picture_without_corners_has_none(picture: Plane) -> None:
    assert corners(picture, None, 30).shape == (0, 2)


def test_no_more_corners_are_found_than_asked_for() -> None:
    assert len(corners(plane(texture()), None, 7)) == 7
    assert len(corners(plane(texture()), None, 0)) == 0


def test_the_common_shift_ignores_what_moves_by_itself() -> None:
    start = scattered(40)
    end = start + np.array([3.0, -2.0], np.float32)
    end[:15] += 20
    assert common_shift(start, end) == pytest.approx((3.0, -2.0), abs=1e-4)


def test_without_a_majority_there_is_no_common_shift() -> None:
    assert common_shift(scattered(40), scattered(40, seed=2)) is None


def test_too_few_points_have_no_common_shift() -> None:
    assert common_shift(scattered(7), scattered(7)) is None


@pytest.mark.parametrize("step", [(0.0, 0.0), (3.5, -2.0), (0.5, 0.25), (12.0, 7.0)])
def test_a_turned_camera_is_measured(step: tuple[float, float]) -> None:
    assert camera_move_px(*shifted(LARGE, *step)) == pytest.approx(step, abs=SUB_PIXEL_PX)


def test_a_turned_camera_is_measured_while_its_exposure_jumps() -> None:
    before, now = shifted(LARGE, 4.0, 3.0)
    brighter = plane(now.astype(np.float32) * np.float32(1.4))
    # Local equalisation changes the picture a little where the light is clipped.
    assert camera_move_px(before, brighter) == pytest.approx((4.0, 3.0), abs=0.25)


def test_a_car_on_a_bare_road_is_no_turned_camera() -> None:
    rng = np.random.default_rng(3)
    road = np.full((LARGE.height, LARGE.width), 110, np.float32)
    car = texture(Size(50, 30), seed=4, contrast=50)
    before, now = (noisy(pasted(road, car, x, 100), 1.5, rng) for x in (100, 106))
    assert camera_move_px(before, now) is None


def test_another_place_is_no_turned_camera() -> None:
    assert camera_move_px(plane(texture(LARGE)), plane(texture(LARGE, seed=9))) is None


@pytest.mark.parametrize("size", [Size(1, 1), Size(3, 2), Size(17, 9)])
def test_the_smallest_pictures_show_no_turned_camera(size: Size) -> None:
    picture = plane(texture(size))
    assert camera_move_px(picture, picture) is None
