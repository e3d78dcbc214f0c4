"""Norms, PSNR and SSIM against their definitions, their published values and their algebra."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from monitor.analysis.similarity import Norm, manhattan_norm, mse, psnr_db, ssim, zero_norm
from monitor.errors import UsageError

Grey = NDArray[np.uint8]

PAPER = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
"""The options by which scikit-image follows Wang et al. 2004."""

repeatable = settings(derandomize=True, deadline=None)

SHAPES = st.sampled_from([(7, 7), (16, 13), (12, 15, 3)])


@st.composite
def pictures(draw: st.DrawFn, count: int = 2) -> tuple[Grey, ...]:
    shape = draw(SHAPES)
    return tuple(draw(arrays(np.uint8, shape)) for _ in range(count))


def noise(*shape: int, seed: int = 1) -> Grey:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def scene(*shape: int) -> tuple[Grey, Grey]:
    """A smooth bright picture and the same with noise, where subtracting squares loses most digits."""
    across = np.linspace(200, 255, shape[1])
    clean = np.broadcast_to(across if len(shape) == 2 else across[:, None], shape)
    noisy = clean + np.random.default_rng(2).normal(0, 6, shape)
    return clean.astype(np.uint8), np.clip(noisy, 0, 255).astype(np.uint8)


def published(a: NDArray[Any], b: NDArray[Any], **options: Any) -> float:
    axis = 2 if a.ndim == 3 else None
    return float(structural_similarity(a, b, channel_axis=axis, **options))  # type: ignore[no-untyped-call]


def test_manhattan_norm_sums_absolute_differences_both_ways() -> None:
    a = np.array([[0, 255], [10, 10]], np.uint8)
    b = np.array([[255, 0], [10, 12]], np.uint8)
    assert manhattan_norm(a, b) == Norm(total=512.0, per_pixel=128.0)


def test_manhattan_norm_of_black_and_white_is_exact_at_full_hd() -> None:
    black, white = np.zeros((1080, 1920, 3), np.uint8), np.full((1080, 1920, 3), 255, np.uint8)
    assert manhattan_norm(black, white) == Norm(total=1080 * 1920 * 765.0, per_pixel=765.0)


def test_zero_norm_counts_a_pixel_once_however_many_channels_differ() -> None:
    a = np.zeros((2, 2, 3), np.uint8)
    b = a.copy()
    b[0, 0] = (1, 2, 3)
    b[1, 1, 2] = 9
    assert zero_norm(a, b) == Norm(total=2.0, per_pixel=0.5)


def test_an_exposure_change_alone_is_no_difference_once_normalised() -> None:
    dark = noise(40, 50) // 4 * 2
    bright = (dark // 2 * 3 + 20).astype(np.uint8)
    norms = [f(dark, bright, normalise_exposure=True).total for f in (manhattan_norm, zero_norm)]
    # 2 · n and 3 · n + 20 are exact, so that only the rounding of float64 is left.
    assert norms == [pytest.approx(0.0, abs=1e-6), 0.0]


def test_an_exposure_change_is_a_difference_where_it_is_not_normalised() -> None:
    dark = noise(40, 50) // 2
    assert zero_norm(dark, dark + 30).per_pixel == 1.0


def test_a_new_object_is_still_a_difference_after_normalising() -> None:
    empty = noise(60, 80) // 8 + 100
    visited = empty.copy()
    visited[20:40, 30:50] = 20
    share = zero_norm(empty, visited, normalise_exposure=True).per_pixel
    assert share >= 20 * 20 / (60 * 80)


def test_flat_pictures_of_different_brightness_are_equal_once_normalised() -> None:
    a, b = np.full((9, 9), 10, np.uint8), np.full((9, 9), 240, np.uint8)
    assert manhattan_norm(a, b, normalise_exposure=True).total == 0.0


@repeatable
@given(pictures(3))
def test_manhattan_norm_obeys_the_triangle_inequality(three: tuple[Grey, Grey, Grey]) -> None:
    a, b, c = three
    assert manhattan_norm(a, c).total <= manhattan_norm(a, b).total + manhattan_norm(b, c).total


@repeatable
@given(pictures())
def test_manhattan_norm_is_the_sum_in_whole_numbers(two: tuple[Grey, Grey]) -> None:
    a, b = two
    assert manhattan_norm(a, b).total == np.abs(a.astype(np.int64) - b).sum()


@repeatable
@given(pictures())
def test_mse_is_the_mean_square_in_whole_numbers(two: tuple[Grey, Grey]) -> None:
    a, b = two
    assert mse(a, b) == pytest.approx(((a.astype(np.int64) - b) ** 2).mean(), rel=1e-12)


@repeatable
@given(pictures(), st.booleans())
def test_the_norms_do_not_care_for_the_order(two: tuple[Grey, Grey], normalise: bool) -> None:
    a, b = two
    for norm in (manhattan_norm, zero_norm):
        there, back = (norm(*pair, normalise_exposure=normalise) for pair in ((a, b), (b, a)))
        assert there.total == pytest.approx(back.total, rel=1e-9, abs=1e-6)


@repeatable
@given(pictures(1))
def test_a_picture_has_no_distance_to_itself(one: tuple[Grey]) -> None:
    (a,) = one
    assert (manhattan_norm(a, a).total, zero_norm(a, a).total, mse(a, a)) == (0.0, 0.0, 0.0)


def test_psnr_follows_its_definition() -> None:
    a = np.full((8, 8), 100, np.uint8)
    # 10 · log10(255² / 10²)
    assert psnr_db(a, a + 10) == pytest.approx(28.1308, abs=1e-4)


def test_psnr_of_equal_pictures_is_infinite() -> None:
    assert psnr_db(noise(8, 8), noise(8, 8)) == math.inf


def test_black_and_white_have_a_psnr_of_zero() -> None:
    assert psnr_db(np.zeros((8, 8), np.uint8), np.full((8, 8), 255, np.uint8)) == 0.0


@repeatable
@given(pictures())
def test_ssim_equals_scikit_image(two: tuple[Grey, Grey]) -> None:
    a, b = two
    assert ssim(a, b) == pytest.approx(published(a, b), abs=1e-6)


@pytest.mark.parametrize("shape", [(11, 11), (64, 48), (150, 260), (90, 250, 3)], ids=str)
@pytest.mark.parametrize("options", [{}, PAPER], ids=["default", "paper"])
def test_ssim_equals_scikit_image_across_tiles_and_on_bright_pictures(
    shape: tuple[int, ...], options: dict[str, Any]
) -> None:
    for a, b in (scene(*shape), (noise(*shape), noise(*shape, seed=3))):
        assert ssim(a, b, gaussian=bool(options)) == pytest.approx(published(a, b, **options), abs=1e-6)


@pytest.mark.parametrize("window_px", [3, 5, 11, 13, 15, 21])
def test_ssim_equals_scikit_image_for_every_size_of_window(window_px: int) -> None:
    clean, noisy = scene(60, 70)
    for a, b in ((clean, noisy), (noise(60, 70), noise(60, 70, seed=3)), (noise(60, 70) | 240, clean)):
        assert ssim(a, b, window_px=window_px) == pytest.approx(published(a, b, win_size=window_px), abs=1e-6)


@pytest.mark.parametrize("window_px", [13, 15])
def test_ssim_of_white_and_black_does_not_overflow(window_px: int) -> None:
    white, black = np.full((30, 30), 255, np.uint8), np.zeros((30, 30), np.uint8)
    # Only the constant is left: C1 / (255² + C1) with C1 = (0.01 · 255)².
    assert ssim(white, black, window_px=window_px) == pytest.approx(0.01**2 / (1 + 0.01**2), rel=1e-5)


@pytest.mark.parametrize("window_px", [13, 15])
def test_ssim_of_white_with_itself_does_not_overflow(window_px: int) -> None:
    white = np.full((30, 30), 255, np.uint8)
    assert ssim(white, white, window_px=window_px) == 1.0


@pytest.mark.parametrize("options", [{}, PAPER], ids=["default", "paper"])
def test_ssim_of_float64_equals_scikit_image(options: dict[str, Any]) -> None:
    a, b = (picture / 255.0 for picture in scene(150, 260))
    assert ssim(a, b, gaussian=bool(options), data_range=1.0) == pytest.approx(
        published(a, b, data_range=1.0, **options), abs=1e-6
    )


@pytest.mark.parametrize("options", [{}, PAPER], ids=["default", "paper"])
def test_ssim_of_float32_equals_scikit_image_in_double_precision(options: dict[str, Any]) -> None:
    a, b = ((picture / 255.0).astype(np.float32) for picture in scene(90, 100))
    # In float32 scikit-image itself is off by more than 1e-6.
    assert ssim(a, b, gaussian=bool(options), data_range=1.0) == pytest.approx(
        published(a.astype(float), b.astype(float), data_range=1.0, **options), abs=1e-6
    )


@repeatable
@given(pictures())
def test_ssim_is_symmetric_and_never_above_one(two: tuple[Grey, Grey]) -> None:
    a, b = two
    value = ssim(a, b)
    # Each of the four float32 steps of a window rounds by at most 6e-8.
    assert -1.0 - 1e-6 <= value <= 1.0 + 1e-6
    assert value == pytest.approx(ssim(b, a), abs=1e-9)


@repeatable
@given(pictures(1))
def test_ssim_of_a_picture_with_itself_is_exactly_one(one: tuple[Grey]) -> None:
    assert ssim(*one, *one) == 1.0


def test_ssim_reads_views_without_changing_them() -> None:
    whole = noise(80, 90)
    kept = whole.copy()
    a, b = whole[::-1, 4:70:2], whole[:, 20:53]
    value = ssim(a, b)
    assert (value, np.array_equal(whole, kept)) == (ssim(a.copy(), b.copy()), True)


def test_a_difference_in_shape_is_told_with_both_shapes() -> None:
    with pytest.raises(UsageError, match=r"\(8, 8\) and \(8, 9\); resize"):
        manhattan_norm(noise(8, 8), noise(8, 9))


def test_a_difference_in_type_is_told_with_both_types() -> None:
    with pytest.raises(UsageError, match="uint8 and float64"):
        ssim(noise(8, 8), noise(8, 8).astype(float))


@pytest.mark.parametrize("shape", [(8,), (8, 8, 4), (2, 8, 8, 3), (0, 8)], ids=str)
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(UsageError, match=r"must be \(H, W\)"):
        mse(noise(*shape), noise(*shape))


def test_a_type_that_is_no_picture_is_refused() -> None:
    words = noise(8, 8).astype(np.uint16)
    with pytest.raises(UsageError, match="uint16; it must be uint8 or float32"):
        ssim(words, words)


def test_norms_of_floats_are_refused() -> None:
    floats: NDArray[Any] = np.zeros((8, 8))
    with pytest.raises(UsageError, match="float64; it must be uint8"):
        zero_norm(floats, floats)


def test_floats_need_a_range() -> None:
    with pytest.raises(UsageError, match="needs data_range"):
        ssim(np.zeros((8, 8)), np.zeros((8, 8)))


@pytest.mark.parametrize("data_range", [0.0, -1.0, math.nan])
def test_a_range_of_nothing_is_refused(data_range: float) -> None:
    with pytest.raises(UsageError, match="above 0"):
        ssim(np.zeros((8, 8)), np.zeros((8, 8)), data_range=data_range)


@pytest.mark.parametrize("window_px", [1, 0, 8, -7])
def test_a_window_without_a_middle_is_refused(window_px: int) -> None:
    with pytest.raises(UsageError, match="odd and at least 3"):
        ssim(noise(20, 20), noise(20, 20), window_px=window_px)


def test_a_window_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(UsageError, match=r"7 pixels is larger than the picture \(20x6\)"):
        ssim(noise(6, 20), noise(6, 20))
