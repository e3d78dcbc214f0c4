from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.camera import Shake
from monitor.capture.scene.light import Cloud, Lamp
from monitor.capture.scene.part import MOVING, SHADOW
from monitor.capture.scene.recorder import Clock, CorruptFrame
from monitor.capture.scene.scene import Picture, Scene
from monitor.capture.scene.sensor import AutoExposure, Noise
from monitor.capture.scene.things import Insect, Thing
from monitor.capture.scene.weather import Leaves, Rain, Snow, Water
from monitor.errors import UsageError
from monitor.frames import Size

TINY = Size(160, 120)


def everything(place: str = "yard") -> Scene:
    parts = (
        Leaves(), Water(), Walker(-2.0, 3.0), Thing(0.5, 0.7, appears_s=0.3), Cloud(0.0, 2.0), Lamp(0.4),
        Shake(), Rain(20), Snow(20), Insect(0.0, 1.0), AutoExposure(), Noise(), CorruptFrame((0.5,)), Clock(),
    )  # fmt: skip
    return Scene(parts, place, TINY, 10.0, 0.8)


def picture_at(scene: Scene, index: int) -> Picture:
    return next(islice(scene.pictures(), index, None))


@pytest.mark.parametrize("place", ["yard", "street", "pond", "room"])
def test_the_same_description_gives_the_same_pictures(place: str) -> None:
    for once, again in zip(everything(place).pictures(), everything(place).pictures(), strict=True):
        assert np.array_equal(once.luma, again.luma)
        assert np.array_equal(once.chroma.u, again.chroma.u)
        assert np.array_equal(once.mask, again.mask)
        assert once.boxes == again.boxes


def test_another_seed_gives_another_place() -> None:
    a, b = (picture_at(Scene((), size=TINY, seed=seed), 0).luma.astype(float) for seed in (1, 2))
    assert np.abs(a - b).mean() > 3


def test_another_rate_shows_the_same_happening() -> None:
    scene = Scene(
        (Leaves(), Walker(-1.0, 2.0), Cloud(0.0, 2.0), Lamp(0.6), Shake(), Snow()), size=TINY, duration_s=1.2
    )
    fast = list(replace(scene, rate_hz=10.0).pictures())
    slow = list(replace(scene, rate_hz=5.0).pictures())
    assert len(fast) == 2 * len(slow)
    for a, b in zip(fast[::2], slow, strict=True):
        assert np.array_equal(a.luma, b.luma)
        assert np.array_equal(a.mask, b.mask)


def test_times_are_those_of_the_rate() -> None:
    scene = Scene((), size=TINY, rate_hz=12.5, duration_s=0.4)
    assert [picture.time_s for picture in scene.pictures()] == [0.0, 0.08, 0.16, 0.24, 0.32]


def test_planes_are_those_of_420_and_cannot_be_written() -> None:
    picture = picture_at(Scene(size=TINY), 0)
    assert picture.luma.shape == picture.mask.shape == (120, 160)
    assert picture.chroma.u.shape == picture.chroma.v.shape == (60, 80)
    assert not any(plane.flags.writeable for plane in (picture.luma, *picture.chroma, picture.mask))


def test_limited_range_is_the_full_range_squeezed_to_16_to_235() -> None:
    scene = Scene((), size=TINY)
    full = picture_at(replace(scene, full_range=True), 0)
    limited = picture_at(scene, 0)
    # Half a level of rounding on each side.
    assert np.abs(16 + full.luma * (219 / 255) - limited.luma).max() <= 1
    assert np.abs(128 + (full.chroma.u - 128.0) * (224 / 255) - limited.chroma.u).max() <= 1


@pytest.mark.parametrize("full_range", [False, True])
def test_colour_and_planes_show_the_same(full_range: bool) -> None:
    picture = picture_at(Scene((), size=TINY, full_range=full_range), 0)
    luma = picture.bgr() @ np.array([0.114, 0.587, 0.299])
    coded = luma if full_range else 16 + luma * 219 / 255
    # Halved chroma and saturated colours cost a little luma.
    assert np.abs(coded - picture.luma).mean() < 1


def test_what_the_mask_calls_moving_differs_from_the_empty_place() -> None:
    walking = picture_at(Scene((Walker(-1.0, 1.0),), size=TINY), 0)
    empty = picture_at(Scene((), size=TINY), 0)
    moving = walking.mask == MOVING
    change = np.abs(walking.luma.astype(float) - empty.luma)
    # A person a third of the view high covers about a hundredth of it.
    assert 0.005 < moving.mean() < 0.05
    assert change[moving].mean() > 15
    assert change[walking.mask == 0].mean() < 0.2


def test_a_shadow_takes_the_stated_share_of_the_light_and_more_of_the_red() -> None:
    walking = picture_at(Scene((Walker(-1.0, 1.0, shadow=0.4),), size=Size(640, 480)), 0)
    empty = picture_at(Scene((), size=Size(640, 480)), 0)
    shadow = walking.mask == SHADOW
    # The core, away from the soft edge.
    blue, _, red = np.percentile(walking.bgr()[shadow] / np.maximum(empty.bgr()[shadow], 1.0), 25, axis=0)
    assert red == pytest.approx(1 - 0.4 * 1.05, abs=0.06)
    assert blue == pytest.approx(1 - 0.4 * 0.80, abs=0.06)
    assert shadow.sum() > 500


def test_the_box_surrounds_what_moves() -> None:
    picture = picture_at(Scene((Walker(-1.0, 1.0),), size=TINY), 0)
    rows, columns = np.nonzero(picture.mask == MOVING)
    (box,) = picture.boxes
    assert box.x * 160 == pytest.approx(columns.min())
    assert (box.x + box.width) * 160 == pytest.approx(columns.max() + 1)
    assert box.y * 120 == pytest.approx(rows.min())
    assert (box.y + box.height) * 120 == pytest.approx(rows.max() + 1)


@pytest.mark.parametrize("size", [Size(161, 120), Size(160, 121), Size(16, 120)])
def test_a_size_that_cannot_be_coded_is_refused(size: Size) -> None:
    with pytest.raises(UsageError, match="even numbers"):
        Scene(size=size)


@pytest.mark.parametrize(("rate_hz", "duration_s"), [(0.0, 5.0), (25.0, 0.0), (2000.0, 5.0)])
def test_a_rate_or_duration_without_pictures_is_refused(rate_hz: float, duration_s: float) -> None:
    with pytest.raises(UsageError, match="longer"):
        Scene(rate_hz=rate_hz, duration_s=duration_s)


def test_an_unknown_place_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match="pond, room, street, yard"):
        next(Scene(place="moon").pictures())
