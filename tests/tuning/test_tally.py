"""Counts, what they say of the rest of the year, and what is wanted of them."""

import math

import pytest

from monitor.errors import UsageError
from monitor.tuning.goal import goal_of
from monitor.tuning.tally import DAY_S, Tally, chance_of_luck


def test_intervals_are_those_of_the_books() -> None:
    # Clopper and Pearson for 2 of 10, Garwood for 3 in one day.
    assert Tally(missed=2, truths=10).missed_interval() == pytest.approx((0.0252, 0.5561), abs=1e-4)
    assert Tally(false=3, watched_s=DAY_S).false_interval() == pytest.approx((0.6187, 8.7673), abs=1e-4)


def test_none_in_a_short_time_says_little() -> None:
    low, high = Tally(watched_s=DAY_S / 24).false_interval()
    assert low == 0
    assert high == pytest.approx(24 * 3.689, rel=1e-3)
    assert Tally().false_interval() == (0, math.inf)
    assert Tally(truths=3).missed_interval()[1] == pytest.approx(0.7076, abs=1e-4)


def test_five_gains_against_no_loss_are_hardly_luck() -> None:
    assert chance_of_luck(5, 0) == pytest.approx(1 / 32)
    assert chance_of_luck(1, 1) == pytest.approx(0.75)
    assert chance_of_luck(0, 2) == 1


@pytest.mark.parametrize(
    ("text", "of", "limit", "may_equal"),
    [
        ("false<1/day", "false", 1.0, False),
        ("FALSE <= 2 / hour", "false", 48.0, True),
        ("false<3.5/week", "false", 0.5, False),
        ("missed<5%", "missed", 0.05, False),
        ("missed <=0 %", "missed", 0.0, True),
    ],
)
def test_targets_are_read(text: str, of: str, limit: float, may_equal: bool) -> None:
    goal = goal_of(text)
    assert goal.of == of
    assert goal.limit == pytest.approx(limit)
    assert goal.may_equal is may_equal


@pytest.mark.parametrize(
    "text", ["", "false<1", "missed<5", "false>1/day", "__import__('os')", "false<1e9/day"]
)
def test_what_is_no_target_is_refused_with_examples(text: str) -> None:
    with pytest.raises(UsageError, match="false<1/day"):
        goal_of(text)


def test_within_a_limit_the_fewest_misses_are_wanted() -> None:
    goal = goal_of("false<1/day")
    quiet, loud = Tally(2, 10, 0, DAY_S), Tally(0, 10, 4, DAY_S)
    assert goal.cost(quiet) < goal.cost(loud)
    assert goal.cost(Tally(1, 10, 0, DAY_S)) < goal.cost(quiet)
