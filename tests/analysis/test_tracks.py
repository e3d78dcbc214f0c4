"""Who is who from frame to frame."""

import math

import numpy as np
import pytest

from monitor.analysis.measures import RegionMeasures
from monitor.analysis.regions import find_regions
from monitor.analysis.tracks import LEFT_S, LOST_S, Track, Tracker, touches_border
from monitor.frames import Size
from tests.analysis.given import box_mask

SIZE = Size(320, 240)
STEP_S = 0.04
MOVING = RegionMeasures(peak_sigma=20.0, contrast=40.0, active_fraction=0.3)
STILL = RegionMeasures(peak_sigma=20.0, contrast=40.0, active_fraction=0.0)

Things = list[tuple[int, int, int, int]]
"""Rectangles in pixels: x, y, width, height."""


class Run:
    """A tracker that is fed with rectangles, 25 pictures a second if nothing else is said."""

    def __init__(self, step_s: float = STEP_S) -> None:
        self.tracker = Tracker(SIZE)
        self.step_s = step_s
        self.now_s = 0.0

    def see(self, *things: tuple[int, int, int, int], measures: RegionMeasures = MOVING) -> list[Track]:
        """Show one picture and return the tracks that are seen in it, from left to right."""
        mask = np.zeros((SIZE.height, SIZE.width), np.uint8)
        for thing in things:
            mask |= box_mask(mask.shape, *thing)
        self.now_s += self.step_s
        self.tracker.update([(r, measures) for r in find_regions(mask, 20)], self.now_s, self.step_s)
        visible = [track for track in self.tracker.tracks if track.visible]
        return sorted(visible, key=lambda track: track.region.centre[0])

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.see()


def test_a_region_that_moves_is_one_track() -> None:
    run = Run()
    ids = {run.see((20 + 4 * step, 100, 20, 50))[0].id for step in range(50)}
    assert len(ids) == 1


def test_who_walks_in_pictures_two_seconds_apart_is_one_track() -> None:
    run = Run(step_s=2.0)
    tracks = [run.see((20 + 22 * step, 100, 20, 50))[0] for step in range(8)]
    assert len({track.id for track in tracks}) == 1
    assert tracks[-1].displacement_px > 100


def test_two_regions_are_two_tracks() -> None:
    run = Run()
    first, second = run.see((20, 100, 20, 50), (200, 100, 20, 50))
    assert first.id != second.id


def test_displacement_is_the_way_from_the_first_place_and_the_path_all_of_it() -> None:
    run = Run()
    for x in (100, 110, 120, 130, 120, 110):
        (track,) = run.see((x, 100, 20, 50))
    assert track.displacement_px == pytest.approx(10.0)
    assert track.path_px == pytest.approx(50.0)


def test_displacement_is_that_of_the_corners_when_two_regions_become_one() -> None:
    run = Run()
    (track, _) = run.see((100, 100, 40, 50), (150, 100, 10, 50))
    for step in range(1, 4):
        track.take_flow(np.array([[1.0, 0.0], [1.0, 0.0]], np.float32), STEP_S)
        # From here on both are one: its centre leaps by 11 px, its corners go 1 px a picture.
        run.see((100 + step, 100, 60, 50))
    assert track.region.box == (103, 100, 60, 50)
    assert track.displacement_px == pytest.approx(3.0)


def test_without_corners_two_regions_that_become_one_have_not_moved() -> None:
    run = Run()
    run.see((100, 100, 40, 50), (150, 100, 10, 50))
    (merged,) = run.see((100, 100, 60, 50))
    assert merged.displacement_px == 0.0
    assert merged.coherence is None


def test_without_corners_the_velocity_is_that_of_the_region() -> None:
    run = Run()
    for step in range(5):
        (track,) = run.see((100 + 4 * step, 100 - 2 * step, 20, 50))
    assert track.velocity_px_per_s == pytest.approx((100.0, -50.0))


@pytest.mark.parametrize("step_px", [0, 2, 4])
def test_a_gap_shorter_than_the_patience_keeps_the_identity(step_px: int) -> None:
    run = Run()
    for step in range(10):
        (before,) = run.see((20 + step_px * step, 100, 20, 50))
    run.wait(LOST_S - 2 * STEP_S)
    (after,) = run.see((20 + step_px * (8 + round(LOST_S / STEP_S)), 100, 20, 50))
    assert after.id == before.id


def test_a_longer_gap_ends_the_track() -> None:
    run = Run()
    (before,) = run.see((100, 100, 20, 50))
    run.wait(LOST_S + 2 * STEP_S)
    assert run.tracker.tracks == []
    assert run.see((100, 100, 20, 50))[0].id != before.id


def test_a_track_that_is_expected_is_not_visible() -> None:
    run = Run()
    run.see((100, 100, 20, 50))
    run.see()
    assert [track.visible for track in run.tracker.tracks] == [False]


def test_who_leaves_over_the_border_is_gone_sooner() -> None:
    run = Run()
    run.see((300, 100, 20, 50), (100, 100, 20, 50))
    run.wait((LEFT_S + LOST_S) / 2)
    (left,) = run.tracker.tracks
    assert left.region.box == (100, 100, 20, 50)


def test_two_walkers_who_pass_each_other_stay_themselves() -> None:
    run = Run()
    for step in range(60):
        tracks = run.see((20 + 4 * step, 80, 20, 40), (280 - 4 * step, 125, 20, 40))
        if step == 0:
            right_going, left_going = (track.id for track in tracks)
    assert [track.id for track in tracks] == [left_going, right_going]


def test_two_walkers_who_meet_in_one_region_stay_themselves() -> None:
    run = Run()
    for step in range(60):
        tracks = run.see((20 + 4 * step, 100, 20, 50), (280 - 4 * step, 102, 20, 50))
        if step == 0:
            right_going, left_going = (track.id for track in tracks)
    assert [track.id for track in tracks] == [left_going, right_going]


def test_two_drops_in_a_row_are_not_one_that_leaps() -> None:
    run = Run()
    (before,) = run.see((100, 100, 5, 5))
    # A leap of 6 % of the diagonal of 400 and twice the drop's size is 34 pixels.
    (after,) = run.see((140, 100, 5, 5))
    assert after.id != before.id


def test_a_drop_that_falls_by_less_is_one() -> None:
    run = Run()
    (before,) = run.see((100, 100, 5, 5))
    (after,) = run.see((100, 130, 5, 5))
    assert after.id == before.id


def test_something_large_may_go_as_far_as_drops_may_not() -> None:
    run = Run()
    (before,) = run.see((100, 100, 30, 60))
    (after,) = run.see((140, 100, 30, 60))
    assert after.id == before.id


def test_what_appears_far_away_is_somebody_else() -> None:
    run = Run()
    (before,) = run.see((20, 20, 20, 20))
    (after,) = run.see((280, 200, 20, 20))
    assert after.id != before.id


def test_a_part_that_comes_off_a_whole_is_no_newcomer() -> None:
    run = Run()
    (whole,) = run.see((100, 100, 30, 60))
    # Hip and leg, a row apart: the leg lies in the box in which the walker was expected.
    run.see((100, 100, 30, 60))
    mask = box_mask((SIZE.height, SIZE.width), 100, 100, 30, 60)
    mask[130, 100:112] = 0
    mask[130:160, 112] = 0
    regions = find_regions(mask, 20)
    assert len(regions) == 2
    run.tracker.update([(region, MOVING) for region in regions], run.now_s + STEP_S, STEP_S)
    assert [track.id for track in run.tracker.tracks] == [whole.id]


def test_what_stays_in_place_without_change_is_still() -> None:
    run = Run()
    for _ in range(51):
        (track,) = run.see((100, 100, 20, 50), measures=STILL)
    assert track.still_s(run.now_s) == pytest.approx(50 * STEP_S)


def test_what_changes_in_its_place_is_not_still() -> None:
    run = Run()
    for _ in range(51):
        (track,) = run.see((100, 100, 20, 50), measures=MOVING)
    assert track.still_s(run.now_s) == 0.0


def test_what_creeps_is_not_still_for_long() -> None:
    run = Run()
    for step in range(100):
        (track,) = run.see((100 + step // 4, 100, 20, 50), measures=STILL)
    # It takes 0.15 · √1000 = 4.7 px, hence 20 frames, to be out of its place.
    assert track.still_s(run.now_s) <= 20 * STEP_S


def test_a_traveller_is_coherent_and_goes_his_way() -> None:
    (track,) = Run().see((100, 100, 20, 50))
    for _ in range(25):
        track.take_flow(np.array([[3.0, 2.0], [3.2, 1.9], [2.8, 2.1]], np.float32), STEP_S)
    assert track.coherence == pytest.approx(1.0, abs=0.01)
    assert track.direction_deg == pytest.approx(math.degrees(math.atan2(2, 3)), abs=0.1)
    assert track.velocity_px_per_s == pytest.approx((75.0, 50.0))


def test_a_dancer_is_not_coherent() -> None:
    (track,) = Run().see((100, 100, 20, 50))
    for step in range(50):
        track.take_flow(np.array([[3.0 if step % 2 else -3.0, 0.0]], np.float32), STEP_S)
    assert track.coherence is not None
    # To and fro cancels but for the last step of the fading memory.
    assert track.coherence < 0.1


def test_without_flow_neither_coherence_nor_direction_is_known() -> None:
    (track,) = Run().see((100, 100, 20, 50))
    track.take_flow(np.empty((0, 2), np.float32), STEP_S)
    assert track.coherence is None
    assert track.direction_deg is None


@pytest.mark.parametrize("box", [(0, 100, 20, 20), (300, 100, 20, 20), (100, 0, 20, 20), (100, 220, 20, 20)])
def test_a_region_at_an_edge_touches_the_border(box: tuple[int, int, int, int]) -> None:
    (region,) = find_regions(box_mask((SIZE.height, SIZE.width), *box), 1)
    assert touches_border(region, SIZE)


def test_a_region_inside_does_not_touch_the_border() -> None:
    (region,) = find_regions(box_mask((SIZE.height, SIZE.width), 10, 10, 300, 220), 1)
    assert not touches_border(region, SIZE)


def test_a_track_can_be_dropped() -> None:
    run = Run()
    (track,) = run.see((100, 100, 20, 50))
    run.tracker.drop(track)
    assert run.tracker.tracks == []


def test_what_leaps_has_yet_to_travel() -> None:
    run = Run()
    for step in range(5):
        (before,) = run.see((100 + 4 * step, 100, 12, 12))
    assert before.displacement_px == pytest.approx(16)
    (after,) = run.see((140, 120, 12, 12))
    assert after.id == before.id
    assert (after.displacement_px, after.path_px) == (0.0, 0.0)


def test_what_was_out_of_sight_was_not_seen_to_travel() -> None:
    run = Run()
    for step in range(5):
        run.see((100 + 4 * step, 100, 20, 50))
    run.wait(0.4)
    (track,) = run.see((120, 100, 20, 50))
    assert track.displacement_px == 0.0


def test_a_fast_thing_that_goes_on_as_it_went_does_not_leap() -> None:
    run = Run()
    for step in range(8):
        (track,) = run.see((40 + 22 * step, 100, 16, 16))
    # Before its speed is known, the first step is a leap.
    assert track.displacement_px == pytest.approx(6 * 22)
