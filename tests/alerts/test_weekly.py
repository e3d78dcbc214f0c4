"""Spans of the week in local time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.settings.weekly import end_of, next_change, parse_span, within

VIENNA = ZoneInfo("Europe/Vienna")


def local(text: str, zone: ZoneInfo = VIENNA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def is_in(spans: list[str], when: str) -> bool:
    return within([parse_span(text) for text in spans], local(when), VIENNA)


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2026-11-20T22:00", True),
        ("2026-11-21T06:29:59", True),
        ("2026-11-21T06:30", False),
        ("2026-11-20T21:59", False),
    ],
)
def test_a_night_goes_past_midnight_and_ends_before_its_end(when: str, inside: bool) -> None:
    assert is_in(["22:00-06:30"], when) is inside


@pytest.mark.parametrize(
    ("when", "inside"),
    [
        ("2026-11-20T23:00", True),  # Friday
        ("2026-11-21T05:00", True),  # the rest of Friday's night
        ("2026-11-21T23:00", False),  # Saturday
        ("2026-11-23T05:00", False),  # Sunday's night
    ],
)
def test_the_night_of_a_day_begins_on_it(when: str, inside: bool) -> None:
    assert is_in(["mon-fri 22:00-06:00"], when) is inside


def test_a_range_of_days_may_go_over_the_weekend() -> None:
    assert parse_span("sat-mon 08:00-09:00").days == {5, 6, 0}
    assert parse_span("Mon,Wed-Thu 8:00-9:00").days == {0, 2, 3}


def test_equal_times_are_a_whole_day() -> None:
    assert parse_span("sat 00:00-24:00") == parse_span("sat 0:00-0:00")


def test_spans_that_touch_are_one() -> None:
    spans = [parse_span("20:00-24:00"), parse_span("00:00-07:00")]
    assert end_of(spans, local("2026-11-20T21:00"), VIENNA) == local("2026-11-21T07:00")


def test_a_time_on_the_wall_is_kept_when_the_clocks_change() -> None:
    night = [parse_span("22:00-06:00")]
    for evening, hours in (("2026-10-24T22:00", 9), ("2026-03-28T22:00", 7), ("2026-11-20T22:00", 8)):
        begin = local(evening).astimezone(UTC)
        assert end_of(night, begin, VIENNA) == begin + timedelta(hours=hours)


def test_the_next_change_is_the_end_inside_and_the_start_outside() -> None:
    work = [parse_span("mon-fri 08:00-17:00")]
    assert next_change(work, local("2026-11-20T12:00"), VIENNA) == local("2026-11-20T17:00")
    assert next_change(work, local("2026-11-20T18:00"), VIENNA) == local("2026-11-23T08:00")
    assert next_change([], local("2026-11-20T18:00"), VIENNA) is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("at night", "no span of the week"),
        ("22-06", "no span of the week"),
        ("24:30-06:00", "24:30 is no time of day"),
        ("24:00-06:00", "write 00:00"),
        ("22:60-06:00", "22:60 is no time of day"),
        ("mon-fry 22:00-06:00", "'mon-fry' is no day"),
        ("mon,,tue 22:00-06:00", "'' is no day"),
    ],
)
def test_what_is_no_span_is_told(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        parse_span(text)
