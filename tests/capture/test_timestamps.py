"""Times from good, missing, repeated and disordered timestamps."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.capture.source import Problems
from monitor.capture.timestamps import Timeline


def times_s(timestamps: list[int | None], rate_hz: float | None = 10.0) -> tuple[list[float], Problems]:
    """Place timestamps in units of 0.1 s."""
    problems = Problems()
    timeline = Timeline(Fraction(1, 10), rate_hz, problems)
    return [timeline.place(timestamp) for timestamp in timestamps], problems


def test_good_timestamps_are_taken_as_they_are() -> None:
    times, problems = times_s([7, 8, 12, 100])
    assert times == pytest.approx([0, 0.1, 0.5, 9.3])
    assert problems == Problems()


def test_missing_ones_follow_at_the_nominal_rate() -> None:
    times, problems = times_s([None, None, None], rate_hz=5)
    assert times == pytest.approx([0, 0.2, 0.4])
    assert problems.missing_timestamps == 3


def test_missing_ones_follow_at_25_per_second_where_the_rate_is_unknown() -> None:
    assert times_s([None, None], rate_hz=None)[0] == pytest.approx([0, 0.04])


def test_a_missing_one_between_good_ones_does_not_move_them() -> None:
    times, problems = times_s([0, None, 2])
    assert times == pytest.approx([0, 0.1, 0.2])
    assert (problems.missing_timestamps, problems.disordered_timestamps) == (1, 0)


def test_the_first_good_one_continues_from_missing_ones() -> None:
    assert times_s([None, None, 50, 51])[0] == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_repeat_lands_between_its_neighbours() -> None:
    times, problems = times_s([0, 1, 1, 2, 3])
    assert times == pytest.approx([0, 0.1, 0.15, 0.2, 0.3])
    assert problems.disordered_timestamps == 1


def test_two_that_are_swapped_do_not_disturb_what_follows() -> None:
    times, problems = times_s([0, 1, 3, 2, 4, 5])
    assert times == pytest.approx([0, 0.1, 0.3, 0.35, 0.4, 0.5])
    assert problems.disordered_timestamps == 1


def test_a_clock_that_is_set_back_counts_once_and_time_goes_on() -> None:
    times, problems = times_s([1000, 1001, 3, 4, 6])
    assert times == pytest.approx([0, 0.1, 0.2, 0.3, 0.5])
    assert problems.disordered_timestamps == 1


def test_reading_that_begins_later_keeps_the_given_zero() -> None:
    timeline = Timeline(Fraction(1, 10), 10.0, Problems())
    timeline.begin(100)
    assert timeline.place(150) == pytest.approx(5.0)


@given(st.lists(st.one_of(st.none(), st.integers(-(2**40), 2**40)), min_size=2, max_size=50))
def test_time_strictly_grows_whatever_the_timestamps(timestamps: list[int | None]) -> None:
    assert np.all(np.diff(times_s(timestamps)[0]) > 0)
