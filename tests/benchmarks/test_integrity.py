"""What is tried on a camera is held against what is told of it."""

import pytest

from benchmarks.accuracy.integrity import (
    KINDS,
    IntegrityResults,
    Point,
    Recording,
    Told,
    point_of,
    report,
    told_of,
)
from benchmarks.accuracy.tampering import PLACES, START_S, TRIALS, Trial
from monitor.capture.scene.camera import Covered

TRIAL = Trial("covered", "a hand", (1.0,), lambda _: (), lasts_s=3.0)
QUIET = Trial("", "nothing", (1.0,), lambda _: ())


def told(kind: str, start_s: float, told_s: float | None = None) -> Told:
    return Told(kind, 0, 0, start_s, start_s + 0.7 if told_s is None else told_s)


def test_an_event_of_the_kind_in_its_time_is_found_and_its_delay_counts_from_the_cause() -> None:
    assert point_of(TRIAL, [[told("covered", START_S + 0.2, START_S + 0.9)]]).late_s == pytest.approx((0.9,))


@pytest.mark.parametrize("start_s", [START_S - 1.0, START_S + 5.0])
def test_an_event_at_another_time_does_not_answer(start_s: float) -> None:
    assert point_of(TRIAL, [[told("covered", start_s)]]).late_s == (None,)


def test_the_first_of_several_answers_counts() -> None:
    runs = [[told("covered", START_S, START_S + 2), told("covered", START_S, START_S + 1)], []]
    assert point_of(TRIAL, runs).late_s == (1.0, None)


def test_events_of_other_kinds_are_counted_whenever_they_are() -> None:
    point = point_of(TRIAL, [[told("motion", 0.5), told("covered", START_S)], [told("blinded", START_S)]])
    assert point.others == ("motion", "blinded")


def test_of_a_moved_camera_another_scene_may_be_told() -> None:
    moved = Trial("camera_moved", "a push", (1.0,), lambda _: ())
    assert point_of(moved, [[told("scene_change", START_S, START_S + 1)]]) == Point((1.0,), ())


def test_where_nothing_may_be_told_everything_is_another_event() -> None:
    assert point_of(QUIET, [[told("camera_moved", START_S)]]).others == ("camera_moved",)


def test_all_kinds_are_tried_and_each_at_several_strengths() -> None:
    assert {trial.kind for trial in TRIALS if trial.kind} == {kind.value for kind in KINDS}
    for kind in KINDS:
        assert sum(len(trial.strengths) for trial in TRIALS if trial.kind == kind) > 1


def test_a_trial_is_played_in_each_place() -> None:
    scenes = list(TRIAL.scenes(1.0))
    assert [(scene.place, scene.seed) for scene in scenes] == list(PLACES)
    assert {scene.duration_s for scene in scenes} == {START_S + 3.0 + 2.0}


def test_a_covered_lens_is_found_from_end_to_end() -> None:
    trial = Trial("covered", "a hand", (1.0,), lambda _: (Covered(START_S, START_S + 2.0),), lasts_s=2.0)
    point = point_of(trial, [told_of(trial, 1.0, next(iter(trial.scenes(1.0))))])
    assert point.others == ()
    assert point.late_s[0] == pytest.approx(1.0, abs=0.3)


def test_the_report_tells_found_delay_and_alarms() -> None:
    alarm = Told("frozen", 3, 9, 0.3, 1.3)
    results = IntegrityResults(
        [(TRIAL, 1.0, Point((1.0, None, 2.0), ("motion", "motion")))],
        [Recording("a.mp4", 120.0, (alarm,)), Recording("b.mp4", 60.0, ())],
    )
    text = report(results)
    assert "| covered | a hand | 1 | 2 of 3 | 1.5 | 2 motion |" in text
    assert "2 of 3 minutes" in text
    assert "that no label says: 1, of which 1 answer nothing" in text
    assert "| a.mp4 | frozen | 3 to 9 | – |" in text
