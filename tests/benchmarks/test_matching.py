"""Events are held against truth."""

import numpy as np
import pytest

from benchmarks.accuracy.matching import Figures, Seconds, Span, judge

TIMES_S: Seconds = np.arange(100) / 10.0


def _motion(first: int, last: int, tolerance: int = 0) -> Span:
    return Span("motion", first, last, tolerance)


def _judge(truth: list[Span], events: list[Span], times_s: Seconds = TIMES_S) -> Figures:
    return judge("clip", times_s, truth, events)


def test_an_event_that_equals_the_truth_is_perfect() -> None:
    figures = _judge([_motion(20, 39)], [_motion(20, 39)])
    assert (figures.truths, figures.touched, figures.events, figures.false) == (1, 1, 1, 0)
    assert figures.precision == figures.strict_precision == figures.recall == figures.fragments == 1
    assert figures.median_latency_s == 0


def test_an_event_away_from_all_motion_is_false() -> None:
    figures = _judge([_motion(20, 39)], [_motion(50, 59)])
    assert (figures.touched, figures.false) == (0, 1)
    assert figures.recall == 0


def test_false_events_are_told_for_an_hour_of_recording() -> None:
    assert _judge([], [_motion(50, 59)]).false_per_hour == pytest.approx(360)


@pytest.mark.parametrize(("first", "touched"), [(42, 1), (43, 0)])
def test_an_event_within_the_tolerance_touches(first: int, touched: int) -> None:
    assert _judge([_motion(20, 39, tolerance=3)], [_motion(first, 60)]).touched == touched


def test_time_without_a_label_counts_only_strictly() -> None:
    figures = _judge([_motion(20, 39), Span("quiet", 50, 59)], [_motion(20, 54)])
    assert figures.precision == pytest.approx(20 / 25)
    assert figures.strict_precision == pytest.approx(20 / 35)


def test_time_is_that_of_the_frames_and_not_their_number() -> None:
    times_s = np.concatenate([np.arange(50) / 10.0, 5.0 + np.arange(50)])
    figures = _judge([_motion(40, 59)], [_motion(40, 49)], times_s)
    assert figures.truth_s == pytest.approx(1 + 10)
    assert figures.recall == pytest.approx(1 / 11)


def test_the_tolerance_is_taken_off_the_truth_in_recall_and_added_in_precision() -> None:
    truth = [_motion(20, 39, tolerance=2)]
    assert _judge(truth, [_motion(22, 37)]).recall == 1
    assert _judge(truth, [_motion(18, 41)]).strict_precision == 1


def test_overlapping_events_are_counted_once_in_time() -> None:
    assert _judge([_motion(20, 39)], [_motion(20, 35), _motion(30, 39)]).predicted_s == pytest.approx(2)


def test_a_truth_in_pieces_counts_its_pieces() -> None:
    figures = _judge([_motion(20, 39)], [_motion(20, 24), _motion(30, 34), _motion(36, 37)])
    assert figures.fragments == 3


def test_only_the_first_piece_has_a_latency() -> None:
    assert _judge([_motion(20, 39)], [_motion(24, 26), _motion(30, 34)]).latencies_s == pytest.approx((0.4,))


def test_an_early_start_is_negative() -> None:
    assert _judge([_motion(20, 39)], [_motion(15, 39)]).median_latency_s == pytest.approx(-0.5)


def test_a_merged_event_touches_both_truths_and_starts_on_the_first_alone() -> None:
    figures = _judge([_motion(20, 39), _motion(50, 69)], [_motion(22, 69)])
    assert (figures.touched, figures.events, figures.fragments) == (2, 1, 1)
    assert figures.latencies_s == pytest.approx((0.2,))


def test_an_event_in_a_quiet_span_is_an_alarm_unless_it_meets_motion() -> None:
    truth = [_motion(20, 39), Span("quiet", 40, 60)]
    assert _judge(truth, [_motion(45, 50)]).alarms == 1
    assert _judge(truth, [_motion(30, 50)]).alarms == 0


def test_a_light_change_is_no_alarm_and_not_false() -> None:
    figures = _judge([Span("quiet", 0, 99)], [Span("light_change", 40, 45)])
    assert (figures.alarms, figures.others_false) == (0, 0)


def test_what_the_camera_suffered_is_found_with_its_latency() -> None:
    figures = _judge([Span("covered", 30, 60)], [Span("covered", 37, 60)])
    assert figures.found[0].latency_s == pytest.approx(0.7)
    assert figures.others_false == 0


def test_another_kind_does_not_answer() -> None:
    figures = _judge([Span("covered", 30, 60)], [Span("frozen", 37, 60)])
    assert figures.found[0].latency_s is None
    assert figures.others_false == 1


def test_a_lost_view_is_answered_by_any_word_for_it() -> None:
    assert _judge([Span("view_lost", 30, 60)], [Span("scene_change", 31, 40)]).found[0].latency_s is not None


def test_what_there_is_nothing_to_measure_on_is_unknown() -> None:
    figures = _judge([], [])
    assert figures.precision is None
    assert figures.recall is None
    assert figures.median_latency_s is None


def test_the_figures_of_clips_add_up() -> None:
    total = _judge([_motion(20, 39)], [_motion(20, 39)]) + _judge([_motion(0, 9)], [])
    assert (total.truths, total.touched) == (2, 1)
    assert total.recall == pytest.approx(2 / 3)
    assert total.watched_s == pytest.approx(20)
