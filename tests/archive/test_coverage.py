"""Gaps, overlaps and coverage of one camera's recordings."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.archive.coverage import Coverage, Recording, Span, by_day, coverage_of, merged, without

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def span(start_s: float, end_s: float) -> Span:
    return Span(at(start_s), at(end_s))


def recording(start_s: float, end_s: float, name: str = "", **others: object) -> Recording:
    whole = span(start_s, end_s)
    return Recording(**{"name": name or f"{start_s:g}", "recorded": whole, "scanned": whole, **others})  # type: ignore[arg-type]


def covered(*recordings: Recording) -> Coverage:
    found = coverage_of(recordings, UTC)
    assert found is not None
    return found


def test_files_that_follow_each_other_have_no_seam() -> None:
    found = covered(recording(600, 1200), recording(0, 599), recording(1202, 1800))
    assert (found.gaps, found.overlaps) == ((), ())
    assert found.watched_fraction == 1.0


def test_a_gap_lies_between_the_end_of_one_and_the_start_of_the_next() -> None:
    found = covered(recording(0, 600, "a"), recording(900, 1200, "b"))
    (gap,) = found.gaps
    assert (gap.span, gap.before, gap.after) == (span(600, 900), "a", "b")
    assert found.watched_fraction == pytest.approx(900 / 1200)


def test_what_two_files_show_is_an_overlap_and_counts_once() -> None:
    found = covered(recording(0, 600, "a"), recording(500, 1000, "b"))
    (both,) = found.overlaps
    assert (both.span, both.before, both.after) == (span(500, 600), "a", "b")
    assert found.recorded_s == 1000


def test_a_short_file_within_a_long_one_hides_no_gap_and_makes_none() -> None:
    found = covered(recording(0, 1000, "long"), recording(200, 300, "short"), recording(1000, 1100))
    assert [seam.span for seam in found.overlaps] == [span(200, 300)]
    assert found.gaps == ()


def test_a_seam_that_rests_on_a_last_write_is_not_sure() -> None:
    found = covered(recording(0, 600, is_sure=False), recording(900, 1200), recording(1500, 1600))
    assert [gap.is_sure for gap in found.gaps] == [False, True]


def test_what_was_not_scanned_or_shows_nothing_was_not_watched() -> None:
    found = covered(recording(0, 1000, scanned=span(0, 800), blind=(span(100, 150), span(140, 200))))
    assert found.recorded_s == 1000
    assert found.watched_s == 700


def test_a_day_is_counted_by_the_calendar_of_the_zone() -> None:
    found = coverage_of([recording(0, 24 * 3600)], ZoneInfo("Asia/Tokyo"))
    assert found is not None
    assert [(day.day, day.recorded_s) for day in found.days] == [
        (date(2026, 3, 2), 7 * 3600.0),
        (date(2026, 3, 3), 17 * 3600.0),
    ]
    assert found.days[0].watched_fraction == pytest.approx(7 / 24)


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_was() -> None:
    zone = ZoneInfo("Europe/Vienna")
    start = datetime(2026, 3, 28, 23, tzinfo=UTC)  # midnight there
    whole = Span(start, start + timedelta(hours=23))
    found = coverage_of([Recording("a", whole, whole)], zone)
    assert found is not None
    (day,) = found.days
    assert (day.whole_s, day.watched_fraction) == (23 * 3600.0, 1.0)


def test_a_day_that_lies_within_a_gap_is_told_with_nothing_watched() -> None:
    found = covered(recording(0, 600), recording(3 * 86_400, 3 * 86_400 + 600))
    assert [day.recorded_s for day in found.days] == [600.0, 0.0, 0.0, 600.0]
    assert found.days[1].gaps == tuple(by_day([found.gaps[0].span], UTC)[date(2026, 3, 3)])


def test_without_recordings_there_is_no_coverage() -> None:
    assert coverage_of([], UTC) is None


def test_spans_are_joined_over_a_bridge_alone() -> None:
    spans = [span(20, 30), span(0, 10), span(12, 14)]
    assert merged(spans, timedelta(seconds=3)) == [span(0, 14), span(20, 30)]


def test_holes_are_cut_out_of_spans() -> None:
    assert without([span(0, 10), span(20, 30)], [span(5, 22), span(24, 25)]) == [
        span(0, 5),
        span(22, 24),
        span(25, 30),
    ]
