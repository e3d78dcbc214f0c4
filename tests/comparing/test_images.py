"""Two pictures are compared as the options say: what differs is boxed, what does not is left alone."""

import math
from typing import Any

import cv2
import numpy as np
import pytest

from monitor.comparing.boxes import Box
from monitor.comparing.images import compare_images
from monitor.comparing.options import Options
from monitor.errors import UsageError
from tests.comparing.given import exposed, noisy, overlap, place, with_thing

THING = Box(0.5, 0.4, 0.2, 0.3)


def test_equal_pictures_are_the_same_and_every_measure_says_so() -> None:
    found = compare_images(place(), place())
    assert (found.different, found.boxes) == (False, ())
    values = found.measures
    assert (values.manhattan, values.zero, values.mse, values.kl_nats, values.hash_distance_bits) == (0,) * 5
    assert (values.psnr_db, values.ssim) == (math.inf, 1.0)


@pytest.mark.parametrize("gain", [0.7, 0.9, 1.0, 1.1, 1.3])
def test_a_thing_is_boxed_in_noise_and_in_any_exposure(gain: float) -> None:
    b = noisy(exposed(with_thing(place(), THING), gain))
    found = compare_images(noisy(place(), seed=2), b)
    assert found.different
    assert len(found.boxes) == 1
    assert overlap(found.boxes[0], THING) > 0.9
    assert found.exposure_ratio == pytest.approx(gain, abs=0.03)


@pytest.mark.parametrize("sigma", [0.0, 2.0, 8.0])
@pytest.mark.parametrize("gain", [0.7, 1.0, 1.25])
def test_one_place_in_other_light_and_noise_has_no_box(gain: float, sigma: float) -> None:
    a, b = noisy(place(), sigma), noisy(exposed(place(), gain), sigma, seed=2)
    found = compare_images(a, b, Options(normalise=True, channels="each"))
    assert (found.different, found.boxes) == (False, ())


def test_pure_noise_has_no_box() -> None:
    flat = np.full((180, 240, 3), 128, np.uint8)
    assert compare_images(noisy(flat, 8), noisy(flat, 8, seed=2)).boxes == ()


def test_jpeg_alone_is_no_difference() -> None:
    coded: Any = cv2.imencode(".jpg", noisy(place()), (cv2.IMWRITE_JPEG_QUALITY, 70))[1]
    assert not compare_images(noisy(place()), np.asarray(cv2.imdecode(coded, 1), np.uint8)).different


def test_exposure_is_told_unless_it_is_normalised() -> None:
    a, b = place(), exposed(place(), 1.3)
    plain, normalised = compare_images(a, b), compare_images(a, b, Options(normalise=True))
    assert (plain.different, plain.boxes, normalised.different) == (True, (), False)
    assert normalised.measures.zero_per_pixel < 0.01 < 0.9 < plain.measures.zero_per_pixel


def test_one_pixel_in_equal_pictures_is_found() -> None:
    a, b = place(), place()
    b[100, 60] = b[100, 60] ^ 0x80
    (box,) = compare_images(a, b).boxes
    assert (box.x, box.y) == (60 / 240, 100 / 180)


def test_a_red_that_became_an_equally_bright_blue_is_found_channel_by_channel_alone() -> None:
    red, blue = (40, 40, 200), (200, 90, 40)  # luma 88 both
    a, b = with_thing(place(), THING, red), with_thing(place(), THING, blue)
    assert not compare_images(a, b).boxes
    (box,) = compare_images(a, b, Options(channels="each")).boxes
    assert overlap(box, THING) > 0.95


def test_a_thing_that_fills_most_of_the_picture_is_boxed_all_the_same() -> None:
    large = Box(0.1, 0.05, 0.8, 0.85)
    person = with_thing(place(), large)
    texture = place(seed=9)
    person[person[..., 2] == 230] = texture[person[..., 2] == 230]
    found = compare_images(noisy(place(), seed=2), noisy(exposed(person, 1.15)))
    assert overlap(found.boxes[0], large) > 0.8


def test_regions_of_interest_and_ignored_ones_bound_boxes_and_measures() -> None:
    a, b = place(), with_thing(place(), THING)
    left = ((0, 0), (0.4, 0), (0.4, 1), (0, 1))
    around = ((0.45, 0.35), (0.75, 0.35), (0.75, 0.75), (0.45, 0.75))
    for options in (Options(include=[left]), Options(exclude=[around])):
        found = compare_images(a, b, options)
        assert not found.different
        assert (found.measures.mse, found.measures.ssim, found.measures.zero) == (0, 1, 0)
        assert not found.difference.any()


def test_measures_per_pixel_count_the_watched_pixels_alone() -> None:
    a, b = np.zeros((10, 10), np.uint8), np.full((10, 10), 7, np.uint8)
    mask = np.zeros((10, 10), np.uint8)
    mask[:, :3] = 255
    values = compare_images(a, b, Options(mask=mask)).measures
    assert (values.manhattan, values.manhattan_per_pixel, values.mse) == (210, 7, 49)
    assert (values.zero, values.zero_per_pixel) == (30, 1)
    assert values.ssim is None  # no window of 7 pixels fits


def test_a_picture_smaller_than_a_window_has_no_ssim() -> None:
    tiny = np.zeros((1, 1), np.uint8)
    assert compare_images(tiny, tiny).measures.ssim is None


def test_blur_takes_the_noise_out_of_the_measures() -> None:
    a, b = noisy(place()), noisy(place(), seed=2)
    assert compare_images(a, b, Options(blur_px=2)).measures.mse < 0.2 * compare_images(a, b).measures.mse


def test_edges_alone_do_not_see_a_change_of_light() -> None:
    lighter = np.clip(place().astype(int) + 30, 0, 255).astype(np.uint8)
    found = compare_images(place(), lighter, Options(edges=True))
    assert (found.different, found.measures.mse) == (False, 0)


def test_grey_is_compared_with_colour() -> None:
    grey = cv2.cvtColor(place(), cv2.COLOR_BGR2GRAY)
    assert compare_images(np.asarray(grey, np.uint8), place()).measures.mse == 0


def test_another_size_is_an_error_unless_it_is_resized() -> None:
    large = np.asarray(cv2.resize(place(), (480, 360)), np.uint8)
    with pytest.raises(UsageError, match="A is 240x180 and B 480x360 pixels; give --resize"):
        compare_images(place(), large)
    found = compare_images(place(), large, Options(resize=True))
    assert not found.different
    assert found.notes == ("A is 240x180 and B 480x360 pixels: B was brought to A's size",)


def test_what_leaves_nothing_to_compare_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="nothing is left to compare"):
        compare_images(place(), place(), Options(mask=np.zeros((180, 240), np.uint8)))
    with pytest.raises(UsageError, match="the mask is 2x2 pixels and A 240x180"):
        compare_images(place(), place(), Options(mask=np.zeros((2, 2), np.uint8)))


def test_arrays_that_are_no_pictures_are_refused() -> None:
    with pytest.raises(UsageError, match="B is an array of float64"):
        compare_images(place(), np.zeros((4, 4)))  # type: ignore[arg-type]


def test_the_callers_arrays_are_left_alone() -> None:
    a, b = noisy(place()), with_thing(place(), THING)
    before = a.copy(), b.copy()
    options = Options(normalise=True, blur_px=1, exclude=[((0, 0), (0.1, 0), (0, 0.1))], align="shift")
    compare_images(a, b, options)
    assert np.array_equal(a, before[0])
    assert np.array_equal(b, before[1])
