"""From what stands out to spans: margins, changes between looks, joints, where each is learnt from."""

from monitor.archive.triage.marks import (
    Change,
    Margins,
    Mark,
    decoded_count,
    joined,
    placed,
    quiet_keys,
    spans_of,
)
from monitor.archive.triage.trial import doubtful

MARGINS = Margins(before_s=2.0, after_s=3.0, stays_s=7.0)


def test_packets_that_stand_out_are_decoded_with_margins() -> None:
    assert spans_of([Mark(100, 104)], [], 300, MARGINS) == [Mark(98, 107)]


def test_one_packet_that_stands_out_alone_is_decoded_with_margins() -> None:
    assert spans_of(joined([Mark(100, 100)], 300, 6.0), [], 300, MARGINS) == [Mark(98, 103)]


def test_margins_end_with_the_recording() -> None:
    assert spans_of([Mark(1, 299)], [], 300, MARGINS) == [Mark(0, 300)]


def test_what_changed_unseen_between_two_looks_is_looked_for_between_them() -> None:
    assert spans_of([], [Change(140, 160)], 300, MARGINS) == [Mark(138, 167)]


def test_what_a_key_frame_shows_while_packets_stand_out_needs_no_more() -> None:
    assert spans_of([Mark(148, 153)], [Change(90, 150)], 300, MARGINS) == [Mark(146, 156)]


def test_what_stays_after_packets_are_quiet_again_is_looked_for() -> None:
    """Somebody leaves something behind: the next look shows it, and the judge needs time to see it."""
    assert spans_of([Mark(142, 146)], [Change(90, 150)], 300, MARGINS) == [Mark(140, 157)]


def test_a_change_at_the_very_end_is_followed_to_the_end() -> None:
    assert spans_of([], [Change(280, 290)], 295, MARGINS) == [Mark(278, 295)]


def test_spans_that_nearly_touch_are_one() -> None:
    assert joined([Mark(10, 12), Mark(0, 5), Mark(11, 11.5)], 20, join_s=6) == [Mark(0, 12)]
    assert joined([Mark(0, 3), Mark(10, 12)], 20, join_s=6) == [Mark(0, 3), Mark(10, 12)]


def test_placed_spans_know_how_many_frames_are_before_them() -> None:
    times = [index / 10 for index in range(1000)]
    (span,) = placed([Mark(50, 60)], times, [], warm_up_s=10)
    assert (span.warm_s, span.start_s, span.end_s, span.first_index) == (40, 50, 60, 400)


def test_a_span_is_learnt_from_the_quiet_key_frames_before_it() -> None:
    quiet = [float(time) for time in range(0, 600, 10)]
    spans = placed([Mark(0, 5), Mark(295, 310)], quiet, quiet)
    assert [span.primed_s for span in spans] == [(0, 10, 20, 30, 40), (250, 260, 270, 280, 290)]


def test_nothing_is_learnt_where_something_happens_and_not_from_all_key_frames() -> None:
    keys = [float(time) for time in range(0, 60, 2)]
    assert quiet_keys(keys, [Mark(9, 21), Mark(33, 34)]) == [0, 22, 32, 42, 52]


def test_what_is_decoded_counts_from_the_key_frame_before() -> None:
    times, keys = [index / 10 for index in range(1000)], [float(time) for time in range(0, 100, 8)]
    spans = placed([Mark(50, 60)], times, [], warm_up_s=7)
    assert decoded_count(spans, times, keys) == 201


def test_what_two_spans_share_is_counted_once() -> None:
    times = [index / 10 for index in range(1000)]
    spans = placed([Mark(10, 20.05), Mark(30, 40)], times, [], warm_up_s=20)
    assert decoded_count(spans, times, [0.0]) == 401


def test_doubtful_pieces_are_those_that_came_nearest_outside_of_what_is_marked() -> None:
    nearness = [(time, 3.9 if 40 <= time < 44 else 3.0 if 80 <= time < 84 else 1.0) for time in range(200)]
    pieces = doubtful([(float(time), near) for time, near in nearness], [], 200)
    assert pieces == [Mark(40, 44), Mark(80, 84)]
    pieces = doubtful([(float(time), near) for time, near in nearness], [Mark(30, 50)], 200)
    assert Mark(80, 84) in pieces
    assert all(not 30 <= piece.start_s <= 50 for piece in pieces)


def test_nothing_is_doubtful_where_all_is_marked() -> None:
    assert doubtful([(1.0, 3.0), (2.0, 3.0)], [Mark(0, 10)], 10) == []
