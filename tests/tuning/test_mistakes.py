"""Events held against labels."""

import pytest

from monitor.events.event import Kind
from monitor.tuning.labels import VIEW_LOST, Happening, Label, Says
from monitor.tuning.mistakes import mistakes_of
from tests.tuning.given import false, labelled, motion, true


def test_a_true_event_that_nothing_meets_is_missed() -> None:
    recording = labelled(true(10, 12), true(30, 32))
    assert mistakes_of(recording, [motion(11, 15)]).missed == (1,)


def test_another_kind_does_not_tell_of_motion() -> None:
    told = Happening(Kind.LIGHT_CHANGE, 10, 12, 11, 0)
    assert mistakes_of(labelled(true(10, 12)), [told]).missed == (0,)


def test_a_lost_view_is_told_by_whatever_hides_the_place() -> None:
    told = Happening(Kind.DEFOCUSED, 10, 12, 11, 0)
    assert mistakes_of(labelled(true(10, 12, VIEW_LOST)), [told]).missed == ()


def test_the_tolerance_of_a_label_is_allowed_on_both_sides() -> None:
    label = Label(Says.TRUE, Kind.MOTION, 10, 12, tolerance_s=0.5)
    assert mistakes_of(labelled(label), [motion(12.4, 14)]).missed == ()
    assert mistakes_of(labelled(label), [motion(12.6, 14)]).missed == (0,)


def test_where_all_is_labelled_what_meets_no_label_is_false() -> None:
    told = [motion(10, 12), motion(50, 52)]
    assert mistakes_of(labelled(true(10, 12), is_complete=True), told).false == (told[1],)


def test_where_only_some_is_labelled_nothing_is_said_of_the_rest() -> None:
    told = [motion(10, 12), motion(50, 52)]
    assert mistakes_of(labelled(true(10, 12)), told).false == ()


def test_an_event_where_somebody_said_false_is_false() -> None:
    told = [motion(9, 14), motion(30, 32)]
    assert mistakes_of(labelled(false(10, 12)), told).false == (told[0],)


def test_an_event_that_hardly_reaches_from_something_true_into_a_false_one_is_right() -> None:
    assert not mistakes_of(labelled(true(10, 14), false(16, 26)), [motion(10, 17)]).false


def test_one_event_over_something_true_and_something_false_is_both_found_and_false() -> None:
    made = mistakes_of(labelled(true(10, 14), false(20, 24)), [motion(10, 26)])
    assert (made.missed, len(made.false)) == ((), 1)


def test_one_event_over_everything_is_no_way_to_be_right() -> None:
    recording = labelled(true(10, 14), true(80, 84), is_complete=True)
    made = mistakes_of(recording, [motion(0, 100)])
    assert (made.missed, len(made.false)) == ((), 1)


def test_a_change_of_light_is_no_alarm_in_a_quiet_span() -> None:
    quiet = Label(Says.QUIET, "quiet", 10, 40)
    light = Happening(Kind.LIGHT_CHANGE, 20, 21, 20, 0)
    covered = Happening(Kind.COVERED, 20, 21, 20, 0)
    assert mistakes_of(labelled(quiet), [light, covered]).false == (covered,)


@pytest.mark.parametrize("says", [Says.UNCLEAR, Says.TRUE])
def test_what_is_unclear_or_true_is_not_false(says: Says) -> None:
    label = Label(says, Kind.MOTION, 10, 14)
    assert not mistakes_of(labelled(label, is_complete=True), [motion(11, 13)]).false


def test_kinds_of_which_the_labels_do_not_speak_are_not_counted() -> None:
    left = Happening(Kind.OBJECT_LEFT, 50, 50, 50, 0)
    assert not mistakes_of(labelled(true(10, 12), is_complete=True), [motion(10, 12), left]).false
