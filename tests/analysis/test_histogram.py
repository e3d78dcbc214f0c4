"""The Kullback-Leibler distance of luma histograms, and the pictures that are held back."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from monitor.analysis.histogram import (
    BINS,
    DamageWatch,
    Histogram,
    KlScores,
    kl_distance_nats,
    luma_histogram,
)
from monitor.frames import Plane
from tests.analysis.given import box_mask, noisy, plane, texture

repeatable = settings(derandomize=True, deadline=None)

planes = arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)))
STEP_S = 0.04


def half_grey(picture: Plane) -> Plane:
    """Return the picture as a decoder leaves it that lost the lower half."""
    damaged = picture.copy()
    damaged[damaged.shape[0] // 2 :] = 128
    return damaged


def watch_with(pictures: list[Plane], damaged: tuple[int, ...] = ()) -> list[KlScores]:
    watch = DamageWatch(threshold_nats=0.2, settle_s=0.3)
    return [watch.update(p, i * STEP_S, i in damaged, None) for i, p in enumerate(pictures)]


def held(pictures: list[Plane], damaged: tuple[int, ...] = ()) -> list[int]:
    return [index for index, kl in enumerate(watch_with(pictures, damaged)) if kl.held]


@repeatable
@given(planes)
def test_a_histogram_is_a_distribution_without_empty_bins(picture: Plane) -> None:
    histogram = luma_histogram(picture)
    assert histogram.shape == (BINS,)
    assert histogram.sum() == pytest.approx(1.0, abs=1e-5)
    assert histogram.min() > 0


@repeatable
@given(planes)
def test_equal_histograms_have_distance_zero(picture: Plane) -> None:
    assert kl_distance_nats(luma_histogram(picture), luma_histogram(picture)) == 0.0


@repeatable
@given(planes, planes)
def test_the_distance_is_never_negative(one: Plane, other: Plane) -> None:
    # Gibbs' inequality; float32 probabilities sum to 1 within 1e-6.
    assert kl_distance_nats(luma_histogram(one), luma_histogram(other)) >= -1e-6


def test_the_distance_is_that_of_the_new_from_the_old() -> None:
    new = np.array([0.75, 0.25], np.float32)
    old = np.array([0.5, 0.5], np.float32)
    expected = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    assert kl_distance_nats(new, old) == pytest.approx(expected, rel=1e-6)
    assert kl_distance_nats(old, new) != pytest.approx(expected, rel=0.05)


def test_only_the_watched_part_counts() -> None:
    picture = plane(texture())
    watched = box_mask(picture.shape, 0, 0, 160, 60)
    assert (luma_histogram(half_grey(picture), watched) == luma_histogram(picture, watched)).all()


def test_a_half_grey_frame_is_farther_than_the_threshold() -> None:
    picture = plane(texture())
    assert kl_distance_nats(luma_histogram(half_grey(picture)), luma_histogram(picture)) > 0.2


def test_noise_is_far_nearer_than_the_threshold() -> None:
    rng = np.random.default_rng(1)
    histograms = [luma_histogram(noisy(texture(), 4.0, rng)) for _ in range(20)]
    assert max(_steps(histograms)) < 0.02


def test_a_shift_by_two_levels_is_no_jump() -> None:
    picture = plane(texture())
    assert kl_distance_nats(luma_histogram(picture + np.uint8(2)), luma_histogram(picture)) < 0.02


def test_the_first_picture_has_nothing_to_be_compared_with() -> None:
    assert watch_with([plane(texture())]) == [KlScores(None, None, held=False)]


def test_a_damaged_picture_is_held_until_the_old_ones_come_back() -> None:
    good = plane(texture())
    assert held([good, half_grey(good), half_grey(good), good, good]) == [1, 2]


def test_a_picture_that_the_decoder_marked_is_held_however_it_looks() -> None:
    good = plane(texture())
    assert held([good] * 4, damaged=(2,)) == [2]


def test_marked_pictures_are_held_for_as_long_as_they_come() -> None:
    good = plane(texture())
    assert held([good] * 30, damaged=tuple(range(5, 25))) == list(range(5, 25))


def test_a_change_that_stays_is_held_no_longer_than_the_settling_time() -> None:
    good, other = plane(texture()), plane(texture(mean=180))
    # The first new picture is at 0.20 s; 0.3 s later, at 0.52 s, it is believed.
    assert held([good] * 5 + [other] * 20) == list(range(5, 13))


def test_a_change_that_stays_is_accepted_by_the_first_picture_after_it() -> None:
    good, other = plane(texture()), plane(texture(mean=180))
    scores = watch_with([good] * 5 + [other] * 20)
    assert [index for index, kl in enumerate(scores) if kl.accepted] == [13]


def test_a_picture_that_was_damaged_is_never_accepted() -> None:
    good = plane(texture())
    assert not any(kl.accepted for kl in watch_with([good, half_grey(good), good, good]))


QUIET = 90
"""Pictures after which a change of 10 grey levels is a jump: a sixth of what may be usual is left by then."""


def shuffled(picture: Plane) -> Plane:
    """Return a picture of the same levels in other places, as a damaged stream moves its blocks."""
    return picture[::-1].copy()


def test_pixels_that_jump_at_once_are_held_though_the_histogram_stays() -> None:
    good = plane(texture())
    scores = watch_with([good] * QUIET + [shuffled(good)] + [good] * 3)
    assert [index for index, kl in enumerate(scores) if kl.held] == [QUIET]
    assert scores[QUIET].previous_nats == 0.0


def test_pixels_that_jump_and_stay_are_accepted() -> None:
    good = plane(texture())
    scores = watch_with([good] * QUIET + [shuffled(good)] * 20)
    assert [index for index, kl in enumerate(scores) if kl.held] == list(range(QUIET, QUIET + 8))
    assert scores[QUIET + 8].accepted


def held_by_pixels(steps: list[float]) -> list[int]:
    """Return which pictures are held that differ from the one before by so many grey levels."""
    image = texture(contrast=8)
    watch = DamageWatch(threshold_nats=100.0, settle_s=0.3)
    pictures = [plane(image)] * QUIET + [plane(image + np.float32(level)) for level in np.cumsum(steps)]
    held = [watch.update(p, i * STEP_S, False, None).held for i, p in enumerate(pictures)]
    return [index - QUIET for index, one in enumerate(held) if one]


def test_what_comes_nearer_and_changes_more_from_picture_to_picture_does_not_jump() -> None:
    assert held_by_pixels([1.0, 2.0, 4.0, 8.0, 16.0, 24.0]) == []


def test_the_same_change_all_at_once_does() -> None:
    assert held_by_pixels([16.0]) == [0]


def test_a_change_of_less_than_six_levels_is_no_jump() -> None:
    assert held_by_pixels([5.0]) == []


def test_pixels_that_jump_are_held_from_the_second_picture_on() -> None:
    rng = np.random.default_rng(1)
    good = [noisy(texture(), 2.0, rng) for _ in range(4)]
    assert held([*good[:2], shuffled(good[0]), *good[2:]]) == [2]


def test_a_histogram_that_moves_while_the_pixels_change_as_ever_is_motion() -> None:
    def street(index: int) -> Plane:
        """Return a dark thing that goes 12 pixels a picture; from the sixth on a bright one comes in."""
        image = texture(contrast=8)
        image[:, 12 * index : 12 * index + 30] = 30
        image[:, : max(0, 8 * (index - 5))] = 220
        return plane(image)

    scores = watch_with([street(index) for index in range(10)])
    assert max(kl.previous_nats or 0.0 for kl in scores) > 0.2
    assert not any(kl.held for kl in scores)


def test_pictures_that_are_damaged_each_in_its_own_way_are_held_for_longer_than_a_change() -> None:
    good = plane(texture())
    garbled = [plane(texture(seed=seed, mean=130)) for seed in range(2, 27)]
    # 25 pictures are a second, which no light takes to settle in ever new places.
    assert held([good] * QUIET + garbled + [good] * 3) == list(range(QUIET, QUIET + 25))


def test_a_place_that_is_never_steady_is_believed_after_a_second_and_a_half() -> None:
    good = plane(texture())
    other = [plane(texture(seed=seed, mean=130)) for seed in range(2, 62)]
    scores = watch_with([good] * QUIET + other)
    assert next(index for index, kl in enumerate(scores) if kl.accepted) == QUIET + 38


def test_what_stays_is_what_later_pictures_are_compared_with() -> None:
    good, other = plane(texture()), plane(texture(mean=180))
    assert watch_with([good] * 5 + [other] * 20)[-1].previous_nats == 0.0


def test_the_reference_moves_slowly() -> None:
    good, other = plane(texture()), plane(texture(mean=110))
    scores = watch_with([good] * 5 + [other] * 30)
    assert scores[-1].previous_nats == 0.0
    assert (scores[-1].reference_nats or 0.0) > 0.8 * (scores[5].reference_nats or 0.0) > 0.0


def test_after_forgetting_the_next_picture_is_the_first() -> None:
    watch = DamageWatch(threshold_nats=0.2, settle_s=0.3)
    watch.update(plane(texture()), 0.0, False, None)
    watch.forget()
    assert watch.update(plane(texture(mean=180)), 0.04, False, None).previous_nats is None


def _steps(histograms: list[Histogram]) -> list[float]:
    return [kl_distance_nats(b, a) for a, b in pairwise(histograms)]
