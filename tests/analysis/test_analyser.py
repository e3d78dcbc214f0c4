"""The engine as a whole: states, scores, and what must never disturb it."""

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime

import cv2
import numpy as np
import pytest

from monitor.analysis.analyser import Analyser
from monitor.analysis.parameters import Parameters
from monitor.analysis.scores import Scores, State
from monitor.analysis.watched import Role, Zone
from monitor.frames import Chroma, Frame, Plane, Size
from tests.analysis.given import (
    SIZE,
    Image,
    frame,
    frames,
    measured,
    noisy,
    pasted,
    plane,
    texture,
    usual_parameters,
)

GROUND = texture()
WARM_UP = 51
"""Frames in the first 2 s at 25 Hz, both ends included."""

WALKER = texture(Size(18, 44), mean=185, contrast=12, grain_px=1.0, seed=5)
"""Bright, so that nothing of him can be taken for a shadow."""


def still(count: int, image: Image = GROUND) -> list[Plane]:
    return [plane(image)] * count


def sensor(count: int, sigma: float = 2.0, image: Image = GROUND, seed: int = 1) -> Iterator[Plane]:
    rng = np.random.default_rng(seed)
    return (noisy(image, sigma, rng) for _ in range(count))


def walking(count: int) -> Iterator[Plane]:
    """Yield a walker who crosses from the left at 1.5 px a picture, under a sensor's noise."""
    rng = np.random.default_rng(2)
    for step in range(count):
        yield noisy(pasted(GROUND, WALKER, 1.5 * step - 20, 50), 2.0, rng)


def primed(parameters: Parameters, image: Image = GROUND) -> Analyser:
    analyser = Analyser(parameters)
    analyser.prime([frame(plane(image))])
    return analyser


def states(scores: list[Scores]) -> list[State]:
    return list(dict.fromkeys(one.state for one in scores))


# Where it stands


def test_the_warm_up_is_a_state_in_which_nothing_is_found(analyser: Analyser) -> None:
    scores = measured(analyser, frames([*still(WARM_UP - 1), *still(10, texture(seed=7))]))
    warming = scores[: WARM_UP - 1]
    assert states(warming) == [State.WARMING_UP]
    assert {one.tracks for one in warming} == {()}
    assert {one.foreground_fraction for one in warming} == {0.0}


def test_after_the_warm_up_it_watches(analyser: Analyser) -> None:
    scores = measured(analyser, frames(still(WARM_UP + 1)))
    assert [one.state for one in scores].index(State.WATCHING) == WARM_UP - 1


def test_the_warm_up_is_a_span_of_time_at_any_rate(parameters: Parameters) -> None:
    starts = set()
    for rate_hz in (5.0, 25.0, 50.0):
        scores = measured(Analyser(parameters), frames(still(120), rate_hz=rate_hz))
        starts.add(next(one.time_s for one in scores if one.state is State.WATCHING))
    assert starts == {2.0}


def test_a_primed_analyser_watches_from_the_first_frame(parameters: Parameters) -> None:
    (first,) = measured(primed(parameters), [frame(plane(pasted(GROUND, WALKER, 60, 50)))])
    assert first.state is State.WATCHING
    assert first.foreground_fraction == pytest.approx(18 * 44 / (160 * 120), rel=0.2)


@pytest.mark.parametrize("count", [0, 3])
def test_priming_with_too_few_frames_changes_nothing(analyser: Analyser, count: int) -> None:
    assert not analyser.prime([frame(plane(GROUND))] * count, fewest=4)
    assert measured(analyser, [frame(plane(GROUND))])[0].state is State.WARMING_UP


def test_priming_tells_that_there_were_enough(analyser: Analyser) -> None:
    assert analyser.prime([frame(plane(GROUND))] * 4, fewest=4)


def test_priming_leaves_out_frames_of_another_size(parameters: Parameters) -> None:
    analyser = Analyser(parameters)
    other = plane(texture(Size(80, 60)))
    analyser.prime([frame(plane(GROUND)), frame(other), frame(plane(GROUND))])
    assert measured(analyser, [frame(plane(GROUND))])[0].state is State.WATCHING


def test_another_size_starts_anew(parameters: Parameters) -> None:
    analyser = primed(parameters)
    measured(analyser, frames(still(5)))
    scores = measured(analyser, frames([plane(texture(Size(200, 100)))] * (WARM_UP + 1), first=5))
    assert states(scores) == [State.WARMING_UP, State.WATCHING]
    assert scores[0].kl_previous_nats is None
    assert scores[0].change_previous is None
    assert analyser.mask.shape == (100, 200)


def test_a_new_place_that_stays_is_learnt_anew(parameters: Parameters) -> None:
    scores = measured(primed(parameters), frames([*still(25), *still(150, texture(seed=9))]))
    assert states(scores) == [State.WATCHING, State.RELEARNING]
    assert scores[-1].state is State.WATCHING
    assert scores[-1].foreground_fraction == 0.0


# What it measures


def test_times_and_index_are_those_of_the_frame(analyser: Analyser) -> None:
    wall_time = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
    scores = analyser.update(replace(frame(plane(GROUND), 7), wall_time=wall_time))
    assert (scores.index, scores.time_s, scores.wall_time) == (7, 7 / 25, wall_time)


def test_still_frames_have_no_flow_no_change_and_no_tracks(parameters: Parameters) -> None:
    scores = measured(primed(parameters), frames(still(50)))
    assert {one.tracks for one in scores} == {()}
    assert {one.flow for one in scores} == {()}
    assert {one.change_previous for one in scores[1:]} == {0.0}
    assert {one.kl_previous_nats for one in scores[1:]} == {0.0}
    assert {one.camera_move for one in scores} == {(0.0, 0.0)}


def test_the_flow_on_what_stands_still_is_exactly_zero(parameters: Parameters) -> None:
    picture = plane(pasted(GROUND, WALKER, 60, 50))
    last = measured(primed(parameters), frames([picture] * 10))[-1]
    assert len(last.flow) > 0
    assert {(vector.dx_per_s, vector.dy_per_s) for vector in last.flow} == {(0.0, 0.0)}


@pytest.mark.parametrize("rate_hz", [12.5, 25.0])
@pytest.mark.parametrize("velocity", [(33.0, 0.0), (32.5, -17.5), (-21.3, 8.1)])
def test_a_square_moves_with_its_velocity(
    parameters: Parameters, velocity: tuple[float, float], rate_hz: float
) -> None:
    # On a quiet ground: a corner at the rim sees the square and the ground, and follows what is stronger.
    ground = texture(contrast=5)
    square = texture(Size(36, 36), mean=170, contrast=25, seed=11)
    vx, vy = velocity
    pictures = [
        plane(pasted(ground, square, 60 + vx * i / rate_hz, 45 + vy * i / rate_hz))
        for i in range(round(rate_hz))
    ]
    last = measured(primed(parameters, ground), frames(pictures, rate_hz=rate_hz))[-1]
    (track,) = last.tracks
    # Lucas-Kanade is good to 0.1 px a picture, which is 2.5 px/s at 25 Hz and 4 degrees at this speed.
    assert track.speed_per_s * np.hypot(*SIZE) == pytest.approx(np.hypot(vx, vy), abs=2.5)
    assert turn_deg(track.direction_deg, np.degrees(np.arctan2(vy, vx))) < 4
    assert track.coherence == pytest.approx(1.0, abs=0.05)
    steps = [(v.dx_per_s * SIZE.width, v.dy_per_s * SIZE.height) for v in last.flow]
    assert np.median(steps, axis=0) == pytest.approx(velocity, abs=2.5)


def turn_deg(one: float | None, other: float) -> float:
    """Return the angle between two directions, which must be known."""
    assert one is not None
    return abs((one - other + 180) % 360 - 180)


def test_a_walker_is_one_track_in_his_place(parameters: Parameters) -> None:
    scores = measured(primed(parameters), frames(walking(70)))
    # Legs may come apart from the rest for a picture; the walker is the largest.
    walkers = [max(one.tracks, key=lambda track: track.area_fraction) for one in scores[20:]]
    assert len({walker.id for walker in walkers}) == 1
    expected = ((1.5 * 69 - 20) / SIZE.width, 50 / SIZE.height, 18 / SIZE.width, 44 / SIZE.height)
    # The majority of 5 × 5 rounds corners and moves edges by up to two pixels.
    assert walkers[-1].box == pytest.approx(expected, abs=3 / SIZE.height)
    assert walkers[-1].displacement_fraction > 0.3


@pytest.mark.parametrize("sigma", [2.0, 4.0])
def test_a_thousand_noisy_frames_hold_no_region(analyser: Analyser, sigma: float) -> None:
    small = texture(Size(120, 90))
    scores = measured(analyser, frames(sensor(1000, sigma, small)))
    assert {one.tracks for one in scores} == {()}


def test_slow_brightening_gives_no_foreground(analyser: Analyser) -> None:
    rng = np.random.default_rng(3)
    gains = np.concatenate([np.ones(15), np.linspace(1.0, 1.5, 150), np.full(25, 1.5)])
    pictures = (noisy(GROUND * np.float32(gain), 2.0, rng) for gain in gains)
    scores = measured(analyser, frames(pictures, rate_hz=5.0))
    assert scores[-1].state is State.WATCHING
    assert {one.tracks for one in scores} == {()}
    # 0.1 % of 160 × 120 are 19 pixels: noise where two limits meet.
    assert max(one.foreground_fraction for one in scores) < 0.001


def test_a_jump_of_exposure_is_told_as_gain_and_leaves_no_track(parameters: Parameters) -> None:
    pictures = [*sensor(25), *sensor(25, image=GROUND * np.float32(1.3))]
    scores = measured(primed(parameters), frames(pictures))
    assert scores[-1].gain == pytest.approx(1.3, rel=0.04)
    assert scores[-1].foreground_fraction < 0.01
    assert scores[-1].tracks == ()


def test_what_lies_in_an_excluded_zone_is_not_seen(parameters: Parameters) -> None:
    whole = ((0.0, 0.0), (0.9, 0.0), (0.9, 1.0), (0.0, 1.0))
    zones = (Zone("tree", Role.EXCLUDE, whole),)
    scores = measured(primed(replace(parameters, zones=zones)), frames(walking(50)))
    assert {one.tracks for one in scores} == {()}


def test_tracks_tell_their_share_of_each_zone(parameters: Parameters) -> None:
    zones = (Zone("road", Role.INCLUDE, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))),)
    last = measured(primed(replace(parameters, zones=zones)), frames(walking(50)))[-1]
    assert last.tracks[0].zones == (("road", 1.0),)


def test_mask_and_distance_are_those_of_the_last_picture(parameters: Parameters) -> None:
    analyser = primed(parameters)
    analyser.update(frame(plane(pasted(GROUND, WALKER, 60, 50))))
    inside = np.s_[54:90, 64:74]
    assert (analyser.mask[inside] == 255).mean() > 0.9
    assert analyser.sigma_distance()[inside].mean() > 10
    assert analyser.sigma_distance()[:40].max() < 1


def test_before_there_is_a_model_mask_and_distance_are_zero(analyser: Analyser) -> None:
    analyser.update(frame(plane(GROUND)))
    assert analyser.mask.shape == analyser.sigma_distance().shape == (120, 160)
    assert analyser.mask.max() == 0
    assert analyser.sigma_distance().max() == 0


# What must not disturb it

SHORT = replace(usual_parameters(), max_height_px=12, warm_up_s=0.2, ghost_s=0.3, absorb_s=1.0)
"""All that takes time takes little of it, so that a short sequence sees all of it."""


def half_grey(picture: Plane) -> Plane:
    damaged = picture.copy()
    damaged[60:] = 128
    return damaged


def learnt_of(parameters: Parameters, strange: list[Frame]) -> float:
    """Return by how much the model differs from the place after some strange frames between still ones.

    It learns from every picture that it may learn from.
    """
    analyser = primed(replace(parameters, learn_interval_s=0.0))
    measured(analyser, frames(still(25)))
    measured(analyser, strange)
    measured(analyser, frames(still(25), first=25 + len(strange)))
    return float(analyser.sigma_distance().max())


def test_a_damaged_picture_never_enters_the_model(parameters: Parameters) -> None:
    damaged = [frame(half_grey(plane(GROUND)), 25 + i) for i in range(6)]
    assert learnt_of(parameters, damaged) == 0.0


def test_a_picture_that_the_decoder_marked_never_enters_the_model(parameters: Parameters) -> None:
    visited = plane(pasted(GROUND, WALKER, 60, 50))
    marked = [frame(visited, 25 + i, damaged=True) for i in range(6)]
    assert learnt_of(parameters, marked) == 0.0


def test_a_sound_picture_does_enter_the_model(parameters: Parameters) -> None:
    visited = plane(pasted(GROUND, WALKER, 60, 50))
    assert learnt_of(parameters, [frame(visited, 25 + i) for i in range(6)]) > 0.0


def test_while_the_place_is_gone_nothing_is_learnt(parameters: Parameters) -> None:
    lens = plane(texture(mean=15, contrast=1))
    covered = [frame(lens, 25 + i) for i in range(100)]
    assert learnt_of(parameters, covered) == 0.0


def test_a_jump_of_the_pixels_with_the_same_histogram_is_held(parameters: Parameters) -> None:
    analyser = primed(parameters)
    measured(analyser, frames(still(100)))
    damaged = analyser.update(frame(plane(GROUND)[::-1].copy(), 100))
    assert damaged.corrupt
    assert damaged.kl_previous_nats == 0.0
    back = analyser.update(frame(plane(GROUND), 101))
    assert (back.corrupt, back.accepted) == (False, False)


def test_a_change_that_stays_is_accepted_once(parameters: Parameters) -> None:
    scores = measured(primed(parameters), frames([*still(10), *still(20, GROUND + 80)]))
    assert [one.index for one in scores if one.accepted] == [18]
    assert [one.index for one in scores if one.corrupt] == list(range(10, 18))


def test_a_picture_out_of_focus_keeps_its_layout_and_another_place_does_not(parameters: Parameters) -> None:
    ground = texture(contrast=40, grain_px=6.0)
    blurred = np.asarray(cv2.GaussianBlur(ground, (0, 0), 5.0), dtype=np.float32)
    soft = measured(primed(parameters, ground), frames([*still(10, ground), *still(20, blurred)]))[-1]
    other = measured(primed(parameters, ground), frames([*still(10, ground), *still(20, texture(seed=4))]))[
        -1
    ]
    assert soft.layout is not None
    assert other.layout is not None
    assert other.layout < 0.5 < 0.95 < soft.layout


def test_a_damaged_picture_is_marked_and_judged_by_nobody(parameters: Parameters) -> None:
    analyser = primed(parameters)
    measured(analyser, frames(still(10)))
    scores = analyser.update(frame(half_grey(plane(GROUND)), 10))
    assert scores.corrupt
    assert scores.tracks == ()
    assert scores.foreground_fraction == 0.0
    assert (scores.kl_previous_nats or 0.0) > 0.2


def test_the_same_frames_give_the_same_scores(parameters: Parameters) -> None:
    once = measured(Analyser(parameters), frames([*sensor(WARM_UP), *walking(60)]))
    again = measured(Analyser(parameters), frames([*sensor(WARM_UP), *walking(60)]))
    assert once == again


def test_a_frame_is_not_changed(parameters: Parameters) -> None:
    picture = plane(pasted(GROUND, WALKER, 60, 50))
    before = picture.copy()
    measured(primed(parameters), frames([picture] * 10))
    assert (picture == before).all()


@pytest.mark.parametrize(
    "size", [Size(1, 1), Size(3, 2), Size(2, 3), Size(17, 1), Size(161, 119), Size(33, 700)]
)
@pytest.mark.parametrize("coloured", [False, True])
def test_every_size_can_be_watched(parameters: Parameters, size: Size, coloured: bool) -> None:
    rng = np.random.default_rng(4)
    half = (-(-size.height // 2), -(-size.width // 2))

    def random_frame(index: int) -> Frame:
        u, v, luma = (
            rng.integers(90, 160, shape, np.uint8) for shape in (half, half, (size.height, size.width))
        )
        return frame(luma, index, chroma=Chroma(u, v) if coloured else None)

    scores = measured(Analyser(parameters), map(random_frame, range(WARM_UP + 20)))
    assert scores[-1].state is not State.WARMING_UP
    check_ranges(scores)


@pytest.mark.parametrize("seed", range(20))
def test_no_sequence_of_pictures_breaks_it(seed: int) -> None:
    """Pictures of any level, size, damage and pause give scores in their ranges."""
    rng = np.random.default_rng(seed)
    sizes = [Size(24, 18), Size(5, 4), Size(1, 1), Size(30, 7)]
    analyser, size, time_s, scores = Analyser(SHORT), sizes[0], 0.0, []
    for index in range(60):
        if rng.random() < 0.05:
            size = sizes[rng.integers(len(sizes))]
        level, spread = rng.integers(0, 256), rng.choice([0, 3, 120])
        luma = plane(rng.normal(level, spread, (size.height, size.width)).astype(np.float32))
        time_s += float(rng.choice([0.001, 0.04, 0.5, 60.0]))
        one = frame(luma, index, damaged=rng.random() < 0.1)
        scores.append(analyser.update(replace(one, time_s=time_s)))
    check_ranges(scores)


def check_ranges(scores: list[Scores]) -> None:
    for one in scores:
        values = [getattr(one, field.name) for field in fields(one)]
        assert all(np.isfinite(value) for value in values if isinstance(value, float))
        assert 0 <= one.foreground_fraction <= 1
        assert one.structure is None or 0 <= one.structure <= 1
        assert one.gain > 0
        for track in one.tracks:
            assert 0 < track.area_fraction <= 1
            assert track.outline_ratio is None or 0 <= track.outline_ratio <= 1
            assert track.coherence is None or 0 <= track.coherence <= 1 + 1e-6
            assert track.age_s >= 0
            assert track.still_s >= 0


def test_after_a_gap_the_model_is_kept_and_no_track_goes_on() -> None:
    place, thing = texture(), texture(Size(30, 30), mean=220.0, seed=9)
    rng = np.random.default_rng(4)
    analyser = Analyser(usual_parameters())
    for i in range(60):
        analyser.update(frame(noisy(place, 1.0, rng), i))
    shown = [frame(noisy(pasted(place, thing, 40.0 + i, 40.0), 1.0, rng), 60 + i) for i in range(5)]
    before = {track.id for one in shown for track in analyser.update(one).tracks}
    assert before
    analyser.interrupt()
    after = [analyser.update(frame(noisy(place, 1.0, rng), 1500 + i)) for i in range(5)]
    assert {scores.state for scores in after} == {State.WATCHING}
    assert [track.id for scores in after for track in scores.tracks if track.visible] == []
    assert (after[0].change_previous, after[0].kl_previous_nats) == (None, None)


def test_what_the_decoder_marked_is_compared_with_nothing_however_long_it_lasts(
    parameters: Parameters,
) -> None:
    analyser = primed(parameters)
    measured(analyser, frames(still(25)))
    elsewhere = plane(GROUND)[::-1].copy()
    marked = measured(analyser, [frame(elsewhere, 25 + i, damaged=True) for i in range(100)])
    assert all(scores.corrupt and not scores.accepted for scores in marked)
    assert {scores.change_previous for scores in marked} == {None}
    assert {scores.camera_move for scores in marked} == {None}
    assert all((scores.structure or 0.0) > 0.9 for scores in marked)
    after = measured(analyser, frames(still(5), first=125))
    assert not any(scores.corrupt or scores.accepted for scores in after)
