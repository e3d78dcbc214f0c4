"""μ and σ of one plane."""

import numpy as np
import pytest

from monitor.analysis.background import SATURATED, Map, PlaneModel
from monitor.frames import Plane, Size
from tests.analysis.given import noisy, plane, texture

SMALL = Size(40, 30)
FLOOR = 2.0


def flat(level: float, count: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((count, SMALL.height, SMALL.width), level, np.uint8)


def model_of(samples: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> PlaneModel:
    return PlaneModel(samples, neutral=0.0, floor=FLOOR)


def everywhere(value: float = 1.0) -> Map:
    return np.full((SMALL.height, SMALL.width), value, np.float32)


def learn(
    model: PlaneModel,
    plane: Plane,
    weight: Map,
    rate: float,
    grow: Plane,
) -> None:
    """Learn one picture and renew what depends on the model, as the scene does."""
    model.learn(plane, weight, rate, grow)
    model.widen(4.5)


ALL = np.full((SMALL.height, SMALL.width), 255, np.uint8)
NONE = np.zeros((SMALL.height, SMALL.width), np.uint8)


def test_a_passer_by_in_a_third_of_the_samples_is_not_background() -> None:
    rng = np.random.default_rng(1)
    ground = texture(SMALL)
    samples = np.stack([noisy(ground, 2.0, rng) for _ in range(30)])
    samples[10:20, 5:25, 10:30] = 250
    place = np.s_[5:25, 10:30]
    # The median of what is 2/3 background is at most its 3/4 quantile, 0.67 σ = 1.35 levels too bright.
    assert np.abs(model_of(samples).mean[place] - ground[place]).mean() < 2.0


def test_one_sample_is_enough() -> None:
    ground = plane(texture(SMALL, mean=140, contrast=15))
    model = model_of(ground[None])
    assert (model.mean == ground).all()
    assert (model.sigma == FLOOR).all()


@pytest.mark.parametrize(("level", "share"), [(10, 0.45), (42, 0.7), (60, 1.0), (200, 1.0)])
def test_the_floor_falls_with_the_light(level: int, share: float) -> None:
    assert model_of(flat(level)).sigma == pytest.approx(everywhere(FLOOR * share**0.5))


def test_sigma_starts_as_the_deviation_of_the_noise() -> None:
    rng = np.random.default_rng(2)
    model = model_of(np.stack([noisy(texture(SMALL), 4.0, rng) for _ in range(50)]))
    # The median deviation of 50 samples scatters by 17 % a pixel; its mean over 1200 pixels by 0.5 %, to
    # which rounding to whole levels adds its own bias.
    assert model.sigma.mean() == pytest.approx(4.0, rel=0.1)


def test_sigma_never_falls_below_the_floor() -> None:
    model = model_of(flat(100, 5))
    for _ in range(100):
        learn(model, flat(100)[0], everywhere(), 0.1, ALL)
    assert model.sigma.min() == FLOOR


def test_a_step_is_learnt_to_all_but_one_in_e_after_the_time_constant() -> None:
    model = model_of(flat(100))
    for _ in range(20):
        learn(model, flat(120)[0], everywhere(), -np.expm1(-1 / 20), ALL)
    assert model.mean == pytest.approx(everywhere(120 - 20 * np.exp(-1)), abs=0.01)


def test_what_is_foreground_is_learnt_slower_by_its_weight() -> None:
    full, slow = model_of(flat(100)), model_of(flat(100))
    learn(full, flat(150)[0], everywhere(), 0.1, ALL)
    learn(slow, flat(150)[0], everywhere(1 / 50), 0.1, NONE)
    assert (slow.mean - 100) * 50 == pytest.approx(full.mean - 100, rel=1e-3)


def test_the_variance_of_foreground_does_not_change() -> None:
    rng = np.random.default_rng(3)
    model = model_of(np.stack([noisy(texture(SMALL), 3.0, rng) for _ in range(20)]))
    before = model.variance.copy()
    learn(model, flat(255)[0], everywhere(), 0.5, NONE)
    assert (model.variance == before).all()


def test_sigma_follows_noise_that_grows() -> None:
    rng = np.random.default_rng(4)
    ground = texture(SMALL)
    model = model_of(np.stack([noisy(ground, 2.0, rng) for _ in range(30)]))
    for _ in range(300):
        learn(model, noisy(ground, 5.0, rng), everywhere(), 0.03, ALL)
    # Steps are cut at 3 σ, which takes 3 % off the deviation of normal noise at most.
    assert model.sigma.mean() == pytest.approx(5.0, rel=0.1)


def test_passing_outliers_do_not_inflate_sigma() -> None:
    rng = np.random.default_rng(5)
    model = model_of(np.stack([noisy(texture(SMALL), 2.0, rng) for _ in range(30)]))
    ground = texture(SMALL)
    for step in range(400):
        passing = 100.0 if step % 20 == 0 else 0.0
        weight = everywhere(0.0 if passing else 1.0)
        learn(model, noisy(ground + np.float32(passing), 2.0, rng), weight, 0.02, ALL)
    # One look in twenty cut at 3 σ: σ² = 0.95 · 4 + 0.05 · 9 σ², hence 2.6; uncut it would be 22.
    assert model.sigma.mean() < 3.0


def test_adopting_takes_the_picture_there_and_only_there() -> None:
    model = model_of(flat(100))
    where = NONE.copy()
    where[:10] = 255
    model.adopt(flat(180)[0], where)
    assert (model.mean[:10] == 180).all()
    assert (model.mean[10:] == 100).all()


def inside(model: PlaneModel, level: int) -> bool:
    """Return whether a flat picture of a level lies within the bounds, which must be so everywhere."""
    (verdict,) = np.unique(model.outside(flat(level)[0]))
    return bool(verdict == 0)


def bounded(level: int, k: Map | float) -> PlaneModel:
    """Return a model of a flat place with bounds of k σ in the learnt light."""
    model = model_of(flat(level))
    model.widen(k)
    model.relight(None)
    return model


def test_what_is_inside_lies_within_k_sigma() -> None:
    model = bounded(100, 4.5)
    assert [level for level in range(256) if inside(model, level)] == list(range(91, 110))


def test_a_wider_k_lets_more_inside() -> None:
    model = bounded(100, everywhere(10.0))
    assert [level for level in range(256) if inside(model, level)] == list(range(80, 121))


@pytest.mark.parametrize(("level", "half"), [(2, 6), (254, 9)])
def test_bounds_stay_within_what_a_pixel_can_hold(level: int, half: int) -> None:
    model = bounded(level, 4.5)
    within = [one for one in range(256) if inside(model, one)]
    assert within == list(range(max(0, level - half), min(255, level + half) + 1))


def test_light_scales_luma_from_black_and_chroma_from_neutral() -> None:
    luma = PlaneModel(flat(100), neutral=0.0, floor=FLOOR)
    chroma = PlaneModel(flat(100), neutral=128.0, floor=FLOOR)
    for model in (luma, chroma):
        model.relight(everywhere(1.5))
    assert luma.predicted == pytest.approx(everywhere(150))
    assert chroma.predicted == pytest.approx(everywhere(86))


def test_bounds_move_and_widen_with_the_light() -> None:
    model = bounded(100, 4.5)
    model.relight(everywhere(1.5))
    # 150 ± 9 · 1.5; half a level may be rounded either way.
    assert not inside(model, 135)
    assert inside(model, 138)
    assert inside(model, 162)
    assert not inside(model, 165)


def test_what_looks_as_it_was_learnt_is_inside_in_any_light() -> None:
    model = bounded(100, 4.5)
    model.relight(everywhere(1.5))
    assert [level for level in range(135) if inside(model, level)] == list(range(91, 110))


def test_the_learnt_light_can_be_returned_to() -> None:
    model = model_of(flat(100))
    model.relight(everywhere(1.5))
    model.relight(None)
    assert inside(model, 100)
    assert (model.predicted == 100).all()


def test_what_light_predicts_is_clipped_to_white() -> None:
    model = model_of(flat(200))
    model.relight(everywhere(2.0))
    assert (model.predicted == SATURATED).all()


def test_what_light_saturates_may_be_anything_up_to_white() -> None:
    model = bounded(200, 4.5)
    model.relight(everywhere(2.0))
    # 235 − 9 · 2 = 217 is the lower bound; below it only the learnt light, up to 209, is inside.
    assert [level for level in range(210, 256) if inside(model, level)] == list(range(217, 256))


def test_white_in_the_learnt_light_is_bounded_as_any_level() -> None:
    model = bounded(240, 4.5)
    assert inside(model, 249)
    assert not inside(model, 250)


# Far outside: what a neighbour explains is no evidence


def edge_at(column: int) -> Plane:
    """Return a picture that is dark to the left of a column and bright from it on."""
    picture: Plane = flat(60)[0]
    picture[:, column:] = 140
    return picture


def far(model: PlaneModel, picture: Plane) -> Plane:
    model.widen(4.5)
    model.relight(None)
    return model.far_outside(picture)


@pytest.mark.parametrize("shift_px", [-1, 1])
def test_an_edge_that_moved_by_a_pixel_is_outside_but_not_far(shift_px: int) -> None:
    model, moved = model_of(edge_at(20)[None]), edge_at(20 + shift_px)
    assert far(model, moved).max() == 0
    assert np.count_nonzero(model.outside(moved)) == SMALL.height


def test_an_edge_that_moved_by_three_pixels_is_far_outside() -> None:
    model = model_of(edge_at(20)[None])
    # Of the three columns between the old edge and the new, the one at the old edge has bright neighbours.
    assert np.flatnonzero(far(model, edge_at(23)).any(axis=0)).tolist() == [21, 22]


def test_far_is_half_as_far_again_as_outside() -> None:
    model = bounded(100, 4.0)
    levels = [level for level in range(256) if model.far_outside(flat(level)[0]).any()]
    # ± 1.5 · 4 · 2
    assert levels == [*range(88), *range(113, 256)]


def test_what_is_far_outside_is_outside() -> None:
    rng = np.random.default_rng(6)
    model = model_of(np.stack([noisy(texture(SMALL), 3.0, rng) for _ in range(20)]))
    model.widen(2.0)
    model.relight(None)
    picture = noisy(texture(SMALL, seed=2), 3.0, rng)
    outside, beyond = model.outside(picture), model.far_outside(picture)
    assert 0 < np.count_nonzero(beyond) < np.count_nonzero(outside)
    assert not (beyond & ~outside).any()


def test_learning_under_another_light_leaves_no_ghost_of_what_stands_there() -> None:
    model = model_of(flat(100))
    for _ in range(200):
        # The wall behind is hidden all the time, yet it grows as bright as the wall beside.
        model.relight(np.asarray(120 / model.mean, dtype=np.float32))
        learn(model, flat(30)[0], everywhere(0.0), 0.05, NONE)
    assert model.mean == pytest.approx(everywhere(120), abs=0.5)
