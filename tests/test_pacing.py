"""Which frames are analysed: as many as are asked for, fewer of what is too plain to be missed."""

import pytest

from monitor.app import pace_of
from monitor.pipeline import Pace
from monitor.settings import Settings

RATE_HZ = 25.0


def taken_hz(pace: Pace, seconds: int = 20) -> float:
    return sum(pace.is_due(number / RATE_HZ) for number in range(round(seconds * RATE_HZ))) / seconds


def test_without_a_rate_every_frame_is_taken() -> None:
    assert taken_hz(Pace(None)) == RATE_HZ


def test_frames_are_taken_evenly_and_no_more_often_than_asked() -> None:
    # Every second of 25 a second: every one would be more than 15.
    assert taken_hz(Pace(15.0)) == pytest.approx(12.5)


def test_fewer_are_taken_where_nothing_is_there_to_follow() -> None:
    pace = Pace(15.0)
    pace.ease(is_obvious=True, follows=False)
    assert taken_hz(pace) == pytest.approx(25 / 3, abs=0.1)


def test_fewer_still_where_what_is_followed_is_plain() -> None:
    pace = Pace(15.0)
    pace.ease(is_obvious=True, follows=True)
    assert taken_hz(pace) == pytest.approx(25 / 4, abs=0.1)


def test_what_is_in_doubt_is_looked_at_closely_again() -> None:
    pace = Pace(15.0)
    pace.ease(is_obvious=True, follows=True)
    pace.ease(is_obvious=False, follows=True)
    assert taken_hz(pace) == pytest.approx(12.5)


def test_a_slower_rate_that_was_asked_for_is_kept() -> None:
    pace = Pace(2.0)
    pace.ease(is_obvious=True, follows=True)
    assert taken_hz(pace) == pytest.approx(25 / 12, abs=0.1)


def test_where_every_frame_is_asked_for_none_is_left_out_however_plain() -> None:
    pace = pace_of(Settings(), every_frame=True)
    pace.ease(is_obvious=True, follows=True)
    assert taken_hz(pace) == RATE_HZ
