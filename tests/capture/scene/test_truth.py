import numpy as np
import pytest

from monitor.capture.scene.actors import Walker
from monitor.capture.scene.light import Cloud
from monitor.capture.scene.part import MOVING, Happening
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.things import Thing
from monitor.capture.scene.truth import TruthEvent, truth_of
from monitor.frames import Size


def test_spans_become_frames_whose_times_they_hold() -> None:
    (event,) = truth_of([Happening("covered", 0.25, 0.75, "a hand")], 10.0, 10)
    assert event == TruthEvent("covered", 0.3, 0.7, 3, 7, "a hand")


def test_what_is_shorter_than_a_frame_is_seen_on_the_next_one() -> None:
    (event,) = truth_of([Happening("corrupt_frame", 0.31, 0.31, "")], 10.0, 10)
    assert (event.start_frame, event.end_frame) == (4, 4)


def test_what_comes_after_the_end_is_left_out() -> None:
    assert [e.kind for e in truth_of([Happening("motion", 9.0, 9.5, "")], 10.0, 20)] == ["quiet"]


def test_quiet_is_what_lies_between_and_names_what_goes_on() -> None:
    happenings = [Happening("motion", 2.0, 3.0, "a person"), Happening(None, 0.0, 1.0, "rain")]
    first, motion, last = truth_of(happenings, 10.0, 50)
    assert (first.kind, first.start_frame, first.end_frame, first.note) == ("quiet", 0, 19, "rain")
    assert (motion.kind, motion.start_frame, motion.end_frame) == ("motion", 20, 30)
    assert (last.kind, last.start_frame, last.end_frame, last.note) == ("quiet", 31, 49, "nothing happens")


def test_a_gap_of_less_than_a_second_is_not_called_quiet() -> None:
    happenings = [Happening("motion", 0.0, 1.0, ""), Happening("motion", 1.9, 4.9, "")]
    assert [event.kind for event in truth_of(happenings, 10.0, 50)] == ["motion", "motion"]


def test_a_walker_is_truly_there_while_it_is_in_the_mask() -> None:
    scene = Scene((Walker(0.5, 3.5),), size=Size(160, 120), rate_hz=10.0, duration_s=4.0)
    (event,) = (event for event in scene.truth() if event.kind == "motion")
    seen = np.flatnonzero([bool((p.mask == MOVING).any()) for p in scene.pictures()])
    # The truth asks for a fifth of the body, the mask for a pixel: one frame of walking at most.
    assert event.start_frame == pytest.approx(seen[0], abs=1)
    assert event.end_frame == pytest.approx(seen[-1], abs=1)


def test_a_walker_who_never_comes_into_view_is_no_event() -> None:
    scene = Scene((Walker(0.0, 3.0, ((-0.9, 0.8), (-0.4, 0.8))),), duration_s=4.0)
    assert [event.kind for event in scene.truth()] == ["quiet"]


def test_a_left_thing_is_an_event_to_the_end_and_a_cloud_is_none() -> None:
    scene = Scene((Cloud(0.0, 2.0), Thing(0.5, 0.8, appears_s=2.0)), rate_hz=10.0, duration_s=4.0)
    quiet, left = scene.truth()
    assert quiet.note == "a cloud passes"
    assert (left.kind, left.start_frame, left.end_frame) == ("object_left", 20, 39)
