from itertools import pairwise

import cv2
import numpy as np
import pytest

from monitor.capture.scene.actors import Headlights, Vehicle, Walker
from monitor.capture.scene.camera import Blinded, Covered, Defocused, Rolled, Shake, Turned
from monitor.capture.scene.light import Cloud, Infrared, Lamp, Night
from monitor.capture.scene.part import MOVING, UNKNOWN, Part
from monitor.capture.scene.recorder import Clock, CorruptFrame, Cut, Damage, Frozen
from monitor.capture.scene.scene import Picture, Scene
from monitor.capture.scene.sensor import AutoExposure, Banding, Exposure, Noise
from monitor.capture.scene.things import Insect, Thing
from monitor.capture.scene.weather import Leaves, Rain, Snow, Water
from monitor.frames import Size

TINY = Size(160, 120)


def pictures(
    *parts: Part, place: str = "yard", rate_hz: float = 5.0, duration_s: float = 2.0
) -> list[Picture]:
    return list(Scene(parts, place, TINY, rate_hz, duration_s, full_range=True).pictures())


def lumas(*parts: Part, place: str = "yard", rate_hz: float = 5.0, duration_s: float = 2.0) -> np.ndarray:
    """Return all luma planes, float (N, H, W)."""
    return np.stack(
        [p.luma for p in pictures(*parts, place=place, rate_hz=rate_hz, duration_s=duration_s)]
    ).astype(float)


def test_noise_has_the_stated_deviation_at_mid_grey_and_grows_with_light() -> None:
    noisy = lumas(Noise(3.0), duration_s=6.0) - lumas(duration_s=0.2)
    level = lumas(duration_s=0.2)[0]
    middle, dark, light = (np.abs(level - grey) < 15 for grey in (128, 40, 205))
    # More than 30 pictures of hundreds of pixels each: the error of the estimate is below 2 %.
    assert noisy[:, middle].std() == pytest.approx(3.0, rel=0.05)
    assert noisy[:, dark].std() < noisy[:, middle].std() < noisy[:, light].std()


def test_noise_of_two_pictures_is_independent() -> None:
    still = lumas(duration_s=0.2)[0]
    a, b = (noisy - still for noisy in lumas(Noise(3.0), duration_s=0.4))
    # The standard error of a correlation over 19,200 pixels is 0.007.
    assert abs(float(np.corrcoef(a.ravel(), b.ravel())[0, 1])) < 0.03


def test_banding_is_the_same_in_every_picture() -> None:
    banded = lumas(Banding(2.0))
    assert np.ptp(banded, axis=0).max() == 0
    assert (banded[0] - lumas(duration_s=0.2)[0]).std() == pytest.approx(2.0, rel=0.1)


def test_a_cloud_takes_its_share_of_the_light_and_gives_it_back() -> None:
    ground = np.s_[:, 70:, :]
    dimmed = lumas(Cloud(1.0, 9.0, depth=0.4), rate_hz=2.0, duration_s=10.0)[ground]
    share = dimmed.mean(axis=(1, 2)) / dimmed[0].mean()
    assert share.min() == pytest.approx(0.6, abs=0.03)
    assert share[-1] == 1


def test_a_lamp_is_brightest_where_it_hangs() -> None:
    before, *_, after = lumas(Lamp(1.0, x=0.45, y=0.05), place="room")
    gain = after / before
    assert gain[:20, 60:85].mean() > gain[-20:, :20].mean() + 0.1
    assert gain.min() > 0.98


def test_a_lamp_that_is_switched_off_leaves_no_trace() -> None:
    before, *_, after = lumas(Lamp(0.6, off_s=1.2), place="room")
    assert np.array_equal(before, after)


def test_exposure_multiplies_all_by_its_gain() -> None:
    before, *_, after = lumas(Exposure(0.4, 1.0, 0.8))
    assert np.median(after / before) == pytest.approx(0.8, abs=0.01)


def test_auto_exposure_follows_a_change_of_light_with_its_lag() -> None:
    plain = lumas(Exposure(1.0, 1.0, 0.6), duration_s=6.0).mean(axis=(1, 2))
    followed = lumas(Exposure(1.0, 1.0, 0.6), AutoExposure(0.5, 1.0), duration_s=6.0).mean(axis=(1, 2))
    assert plain[-1] < 0.7 * plain[0]
    assert followed[5] < 0.9 * followed[0]
    assert followed[-1] == pytest.approx(followed[0], rel=0.02)


def test_infrared_is_grey_and_noisier() -> None:
    before, *_, after = pictures(Infrared(1.0, sensitivity=3.0), Noise(1.0))
    assert np.abs(before.chroma.v - 128.0).mean() > 4
    # What is left in chroma is noise of 1.5 levels, whose mean absolute value is 1.2.
    assert np.abs(after.chroma.v - 128.0).mean() < 1.5


def test_headlights_light_the_ground_ahead_of_the_car() -> None:
    car = Vehicle(0.0, 2.0, ((0.3, 0.86), (0.4, 0.86)))
    dark = pictures(car, Night(0.3), place="street")[5]
    lit = pictures(car, Night(0.3), Headlights(car), place="street")[5]
    gain = lit.luma[90:105] / np.maximum(dark.luma[90:105].astype(float), 1)
    assert gain[:, 135:155].mean() > 1.5
    assert gain[:, :20].mean() < 1.1


def test_leaves_move_only_the_foliage() -> None:
    moved = np.ptp(lumas(Leaves()), axis=0)
    foliage = Scene((), size=TINY).stage.place.foliage
    assert moved[foliage > 0.9].mean() > 5
    assert moved[foliage == 0].max() == 0


def test_water_moves_only_the_water() -> None:
    moved = np.ptp(lumas(Water(), place="pond"), axis=0)
    water = Scene((), "pond", TINY).stage.place.water
    assert moved[water > 0.9].mean() > 10
    assert moved[water == 0].max() == 0


@pytest.mark.parametrize("weather", [Rain(60), Snow(60)])
def test_rain_and_snow_brighten_few_pixels_that_change_from_picture_to_picture(weather: Part) -> None:
    a, b = lumas(weather, duration_s=0.4) - lumas(duration_s=0.4)
    assert 0.002 < (a > 8).mean() < 0.2
    assert (a < -8).mean() < 0.02
    assert ((a > 8) & (b > 8)).sum() < 0.5 * (a > 8).sum()


def test_an_insect_does_not_count_in_the_mask() -> None:
    seen = pictures(Insect(0.0, 0.8), duration_s=1.6)
    assert any((picture.mask == UNKNOWN).any() for picture in seen[:4])
    assert not any(picture.mask.any() for picture in seen[5:])


def test_a_standing_person_hardly_moves() -> None:
    seen = lumas(Walker(-4.0, 8.0, stand=(0.0, 4.0)), duration_s=6.0)
    change = np.abs(np.diff(seen, axis=0)).mean(axis=(1, 2))
    assert 0 < change[:18].max() < 0.25 * change[22:].mean()


def test_legs_swing() -> None:
    seen = pictures(Walker(-2.0, 4.0), rate_hz=10.0)
    spread = [np.ptp(np.nonzero((p.mask == MOVING)[93:98].any(axis=0))[0]) for p in seen]
    assert max(spread) > 2 * min(spread)


def test_a_thing_that_is_left_is_in_the_mask_from_then_on() -> None:
    seen = pictures(Thing(0.5, 0.8, appears_s=1.0))
    assert [bool((p.mask == MOVING).any()) for p in seen] == [False] * 5 + [True] * 5


def test_a_thing_that_was_always_there_belongs_to_the_background_until_it_is_gone() -> None:
    seen = pictures(Thing(0.5, 0.8, vanishes_s=1.0))
    assert not any((p.mask == MOVING).any() for p in seen)
    assert (seen[4].luma != seen[5].luma).sum() > 50


def test_shake_moves_the_picture_by_fractions_of_a_pixel() -> None:
    shaken = lumas(Shake(reach_px=2.0, roll_deg=0.0), duration_s=8.0).astype(np.float32)
    shifts = np.array([cv2.phaseCorrelate(shaken[0], each)[0] for each in shaken[1:]])
    # 2 pixels of a view 320 wide are 1 here; the difference of two draws deviates by the root of two.
    assert 0.6 < shifts.std() < 2.2
    assert np.abs(shifts - np.rint(shifts)).max() > 0.2


def test_a_turned_camera_shows_the_wide_place_shifted() -> None:
    before, *_, after = pictures(Turned(0.4, 0.8, by=0.25), place="room")
    assert np.array_equal(before.luma[:, 40:], after.luma[:, :-40])


def test_a_turned_camera_takes_the_boxes_along() -> None:
    turned = pictures(Walker(-1.0, 5.0, ((0.6, 0.8), (0.61, 0.8))), Turned(0.4, 0.8, by=0.25))
    assert turned[-1].boxes[0].x == pytest.approx(turned[0].boxes[0].x - 0.25, abs=0.02)


def test_a_rolled_camera_shows_the_place_about_its_middle() -> None:
    before, *_, after = pictures(Rolled(0.4, 0.8, roll_deg=180.0), place="room")
    # The middle of a picture of even size lies between two pixels, the turn's on one: they differ by one.
    assert np.corrcoef(before.luma[::-1, ::-1][:-1, :-1].ravel(), after.luma[1:, 1:].ravel())[0, 1] > 0.99


def test_a_zoomed_camera_shows_the_middle_larger() -> None:
    before, *_, after = pictures(Rolled(0.4, 0.8, zoom=2.0), place="room")
    enlarged = cv2.resize(before.luma[30:90, 40:120], (160, 120), interpolation=cv2.INTER_CUBIC)
    assert np.corrcoef(enlarged.ravel(), after.luma.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_a_lens_is_covered_by_its_share(share: float) -> None:
    seen = pictures(Covered(0.4, 1.6, share=share))
    assert (seen[5].mask == UNKNOWN).mean() == pytest.approx(share, abs=0.1)


def test_a_cut_shows_another_place_and_a_fade_does_so_slowly() -> None:
    seen = lumas(Cut(1.0), duration_s=2.0)
    assert [bool(np.array_equal(a, b)) for a, b in pairwise(seen)] == [True] * 4 + [False] + [True] * 4
    faded = lumas(Cut(0.4, fade_s=1.2), duration_s=2.0)
    assert (np.abs(np.diff(faded, axis=0)).mean(axis=(1, 2)) > 0).sum() > 4
    assert np.array_equal(faded[-1], seen[-1])


@pytest.mark.parametrize("damage", list(Damage))
def test_damage_takes_its_share_of_the_height(damage: Damage) -> None:
    (lost,) = lumas(CorruptFrame((0.0,), damage, share=0.5), duration_s=0.2)
    (whole,) = lumas(duration_s=0.2)
    rows = np.abs(lost - whole).mean(axis=1)
    # Seven rows of blocks of 16 pixels, of which the lower four (rounded) are lost.
    assert (rows[:48] == 0).all()
    assert (rows[64:112] > 0).mean() > 0.9


def test_so_many_pictures_are_damaged_as_is_said() -> None:
    damage = np.abs(lumas(CorruptFrame((0.5,), count=3)) - lumas()).mean(axis=(1, 2))
    assert np.flatnonzero(damage).tolist() == [3, 4, 5]


def test_a_covered_lens_shows_little_but_darkness() -> None:
    seen = pictures(Covered(0.4, 1.6))
    assert seen[5].luma.mean() < 40
    assert (seen[5].mask == UNKNOWN).all()
    assert seen[0].luma.mean() == seen[-1].luma.mean() > 80


def test_a_blinded_camera_is_mostly_saturated() -> None:
    seen = lumas(Blinded(0.4, 1.6))
    assert (seen[5] > 250).mean() > 0.3
    assert np.array_equal(seen[0], seen[-1])


def test_a_defocused_lens_loses_the_gradients() -> None:
    seen = lumas(Defocused(0.0, 8.0), rate_hz=1.0, duration_s=10.0)
    sharpness = np.abs(np.diff(seen, axis=2)).mean(axis=(1, 2))
    assert sharpness[4] < 0.5 * sharpness[0]
    assert sharpness[9] == sharpness[0]


def test_a_frozen_picture_repeats_to_the_last_bit_and_then_goes_on() -> None:
    seen = lumas(Noise(), Frozen(0.6, 1.4))
    same = [bool(np.array_equal(a, b)) for a, b in pairwise(seen)]
    assert same == [False] * 3 + [True] * 4 + [False] * 2


def test_only_the_stated_picture_is_corrupt() -> None:
    damage = np.abs(lumas(CorruptFrame((0.5,))) - lumas()).mean(axis=(1, 2))
    assert np.flatnonzero(damage).tolist() == [3]
    assert damage[3] > 10


def test_a_clock_changes_once_a_second() -> None:
    seen = lumas(Clock(), duration_s=3.0)
    changed = [bool((a != b).any()) for a, b in pairwise(seen)]
    assert np.flatnonzero(changed).tolist() == [4, 9]
