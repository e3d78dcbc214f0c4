"""A shaking camera: where a picture lies on the learnt place, and that it is compared there."""

import numpy as np
import pytest

from monitor.analysis.alignment import Alignment, Reference, aligned
from monitor.analysis.analyser import Analyser
from monitor.analysis.preprocess import Planes
from monitor.analysis.scores import State
from monitor.analysis.shift import NO_SHIFT, Shift, brought_back_plane, seen
from monitor.frames import Plane, Size
from tests.analysis.given import Image, frame, noisy, pasted, plane, planes, texture

MARGIN = 24
SIZE = Size(320, 240)
WIDE = texture(Size(SIZE.width + 2 * MARGIN, SIZE.height + 2 * MARGIN), seed=3)
CAR = texture(Size(90, 60), mean=190, contrast=25, seed=9)


def view(x: int, y: int, thing: Image | None = None) -> Image:
    """Return the place as a camera shows it that is pointed `x` pixels left and `y` above its position."""
    picture = WIDE[MARGIN - y : MARGIN - y + SIZE.height, MARGIN - x : MARGIN - x + SIZE.width].copy()
    return picture if thing is None else pasted(picture, thing, 150 + x, 120 + y)


def shaking(seed: int, count: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng(seed)
    return [(int(x), int(y)) for x, y in rng.integers(-10, 11, (count, 2))]


def sample(x: int, y: int, rng: np.random.Generator) -> Planes:
    return planes(noisy(view(x, y), 2.0, rng))


@pytest.mark.parametrize("shift", [(0, 0), (1, 0), (-7, 4), (15, -12)])
def test_a_shift_is_found_to_a_tenth_of_a_pixel(shift: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    found = Reference(plane(view(0, 0))).shift_of(noisy(view(*shift), 2.0, rng))
    assert found == pytest.approx(shift, abs=0.1)


def test_a_large_car_does_not_hide_the_shift() -> None:
    found = Reference(plane(view(0, 0))).shift_of(plane(view(6, -5, CAR)))
    assert found == pytest.approx((6, -5), abs=0.1)


def test_another_place_has_no_shift() -> None:
    other = texture(SIZE, seed=77)
    assert Reference(plane(view(0, 0))).shift_of(plane(other)) in (None, NO_SHIFT)


def test_a_flat_picture_has_no_shift() -> None:
    assert Reference(plane(view(0, 0))).shift_of(np.full((240, 320), 90, np.uint8)) is None
    assert Reference(np.full((240, 320), 90, np.uint8)).shift_of(plane(view(0, 0))) is None


def test_a_picture_brought_back_is_the_place_where_it_is_in_view() -> None:
    shift = Shift(9.0, -6.0)
    back = brought_back_plane(plane(view(9, -6)), shift)
    inside = seen((240, 320), shift) > 0
    assert np.array_equal(back[inside], plane(view(0, 0))[inside])
    # 9 columns and 6 rows are out of view, and the last pixel at those edges is mixed with what is not there.
    assert inside.sum() == (320 - 9 - 1) * (240 - 6 - 1)


def test_samples_of_a_shaking_camera_become_one_place() -> None:
    rng = np.random.default_rng(2)
    samples = aligned([sample(x, y, rng) for x, y in shaking(4, 12)])
    spread = np.std([s.luma[40:200, 40:280] for s in samples], axis=0)
    # The sensor's noise of 2 levels is what is left; unaligned it is the contrast of the place, 30.
    assert np.median(spread) < 3.0


def test_samples_of_a_steady_camera_are_left_as_they_are() -> None:
    rng = np.random.default_rng(2)
    samples = [sample(0, 0, rng) for _ in range(6)]
    assert all(a is b for a, b in zip(aligned(samples), samples, strict=True))


def watched(analyser: Analyser) -> Analyser:
    rng = np.random.default_rng(5)
    assert analyser.prime(frame(noisy(view(x, y), 2.0, rng)) for x, y in shaking(6, 20))
    return analyser


def update(analyser: Analyser, index: int, luma: Plane) -> float:
    """Show the next picture, 15 a second; return the share that leaves the model."""
    return analyser.update(frame(luma, index=index, rate_hz=15)).foreground_fraction


def test_nothing_leaves_the_model_of_a_shaking_camera(analyser: Analyser) -> None:
    rng = np.random.default_rng(7)
    watched(analyser)
    shares = [update(analyser, i, noisy(view(*s), 2.0, rng)) for i, s in enumerate(shaking(8, 30))]
    assert max(shares) < 0.01


def test_a_car_is_where_the_picture_shows_it(analyser: Analyser) -> None:
    rng = np.random.default_rng(7)
    watched(analyser)
    for i, s in enumerate(shaking(8, 8)):
        update(analyser, i, noisy(view(*s), 2.0, rng))
    x, y = 8, -7
    scores = analyser.update(frame(noisy(view(x, y, CAR), 2.0, rng), index=8, rate_hz=15))
    assert scores.steadied
    truth = np.zeros((240, 320), bool)
    truth[120 + y : 180 + y, 150 + x : 240 + x] = True
    found = analyser.mask > 0
    assert (found & truth).sum() / (found | truth).sum() > 0.85
    (track,) = scores.tracks
    assert track.box == pytest.approx((158 / 320, 113 / 240, 90 / 320, 60 / 240), abs=0.015)


def test_a_camera_that_rests_elsewhere_is_followed(analyser: Analyser) -> None:
    rng = np.random.default_rng(7)
    assert analyser.prime(frame(noisy(view(0, 0), 2.0, rng)) for _ in range(20))
    steadied = []
    for i in range(150):
        x = 0 if i < 15 else 5
        scores = analyser.update(frame(noisy(view(x, 0), 2.0, rng), index=i, rate_hz=15))
        steadied.append(scores.steadied)
        assert scores.state is State.WATCHING
    assert any(steadied)
    assert not steadied[-1]
    # What came into view is background from then on.
    assert scores.foreground_fraction < 0.01


def test_a_steady_camera_is_looked_at_once_a_second() -> None:
    alignment = Alignment()
    reference = plane(view(0, 0))
    looked = 0
    for i in range(60):
        if alignment.is_due(i / 15, foreground_fraction=0.0):
            alignment.refer(reference, i / 15)
            alignment.update(reference, i / 15)
            looked += 1
    assert looked <= 4
