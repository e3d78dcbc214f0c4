"""A budget of processor time is held in steps, and each step says what is still found."""

from itertools import pairwise

from monitor.frames import Size
from monitor.live.governor import AGAIN_S, PATIENCE_S, SETTLE_S, Governor, Level, finds, levels, told
from monitor.settings import Settings

TRIED = levels(Settings())
HD = Size(1280, 720)


def shown(
    governor: Governor, use_of: dict[Level, float] | float, seconds: int, start_s: int = 0
) -> list[Level]:
    """Look once a second; return the levels that were gone through."""
    gone = [governor.level]
    for second in range(start_s + 1, start_s + seconds + 1):
        use = use_of if isinstance(use_of, float) else use_of[governor.level]
        if governor.look(use, float(second)):
            gone.append(governor.level)
    return gone


def test_fewer_pictures_are_tried_before_smaller_ones() -> None:
    assert [level.rate_hz for level in TRIED] == [15, 10, 7.5, 5, 3, 3, 3]
    assert [level.max_height_px for level in TRIED] == [300] * 5 + [150, 75]
    assert [one.cost > other.cost for one, other in pairwise(TRIED)] == [True] * 6


def test_within_the_budget_nothing_changes() -> None:
    assert shown(Governor(0.25, TRIED, 0.0), 0.24, 600) == [TRIED[0]]


def test_above_it_steps_are_taken_until_it_holds() -> None:
    use = {level: 0.10 + 0.02 * level.rate_hz for level in TRIED}
    assert shown(Governor(0.25, TRIED, 0.0), use, 600) == list(TRIED[:3])


def test_a_step_is_measured_before_the_next() -> None:
    assert len(shown(Governor(0.25, TRIED, 0.0), 0.9, int(SETTLE_S) - 1)) == 1
    assert len(shown(Governor(0.25, TRIED, 0.0), 0.9, int(2 * SETTLE_S))) == 3


def test_the_least_is_where_it_ends() -> None:
    governor = Governor(0.25, TRIED, 0.0)
    use = {level: 0.3 + 3 * level.cost / TRIED[0].cost for level in TRIED}
    assert shown(governor, use, 600) == list(TRIED)
    assert governor.is_least
    assert told(governor, 0.3, "25%", "x")[1].endswith("Nothing less can be tried.")


def test_steps_that_save_next_to_nothing_are_taken_back_and_not_tried_again() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    use = {level: 0.6 + 0.004 * level.rate_hz for level in TRIED}
    assert shown(governor, use, 7200) == [*TRIED[:3], TRIED[0]]
    assert governor.is_in_vain


def test_steps_are_taken_back_to_where_they_still_saved() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    shares = (0.3, 0.15, 0.02, 0.02, 0.02, 0.02, 0.02)
    use = {level: 0.6 + share for level, share in zip(TRIED, shares, strict=True)}
    assert shown(governor, use, 600) == [*TRIED[:5], TRIED[2]]


def test_one_step_that_seems_to_save_nothing_is_given_the_benefit_of_the_doubt() -> None:
    use = {level: 0.1 + 0.03 * level.rate_hz for level in TRIED}
    use[TRIED[1]] = use[TRIED[0]]  # somebody came just then
    assert shown(Governor(0.3, TRIED, 0.0), use, 60) == list(TRIED[:4])


def test_what_no_step_changes_is_told_with_what_helps() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    shown(governor, {level: 0.6 + 0.004 * level.rate_hz for level in TRIED}, 60)
    title, message = told(governor, 0.63, "50%", "15 pictures a second are analysed")
    assert title == "the budget of processor time cannot be held"
    assert message.startswith("63% of a processor was used, 50% is the budget: fewer pictures save next to")
    assert "decoding and recording alone take about 60%" in message
    assert "second_address" in message
    assert "live.quiet_decoding: auto" in message


def test_a_use_about_a_budget_that_no_step_can_hold_does_not_swing() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    shown(governor, 0.51, 60)
    for minute in range(1, 50):
        assert len(shown(governor, 0.49 if minute % 2 else 0.51, 60, 60 * minute)) == 1
    assert governor.is_in_vain


def test_in_vain_is_forgotten_where_the_budget_is_held_after_long() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    shown(governor, 0.9, 60)
    was_in_vain = governor.is_in_vain
    shown(governor, 0.4, int(AGAIN_S), 60)
    assert (was_in_vain, governor.is_in_vain) == (True, False)
    assert shown(governor, 0.9, 15, 60 + int(AGAIN_S)) == list(TRIED[:3])


def test_steps_in_vain_are_tried_again_after_long_and_only_where_the_use_has_risen() -> None:
    governor = Governor(0.5, TRIED, 0.0)
    shown(governor, 0.6, 60)
    assert len(shown(governor, 0.9, 600, 60)) == 1
    assert len(shown(governor, 0.6, int(AGAIN_S), 660)) == 1
    assert len(shown(governor, 0.9, 5, 660 + int(AGAIN_S))) == 2


def test_what_was_given_up_comes_back_only_after_a_long_calm() -> None:
    governor = Governor(0.25, TRIED, 0.0)
    shown(governor, 0.9, int(SETTLE_S))
    assert governor.level == TRIED[1]
    assert len(shown(governor, 0.05, int(PATIENCE_S), int(SETTLE_S))) == 1
    assert shown(governor, 0.05, 30, int(SETTLE_S + PATIENCE_S))[-1] == TRIED[0]


def test_a_use_near_the_budget_does_not_swing() -> None:
    use = {level: 0.05 + 0.017 * level.rate_hz for level in TRIED}
    assert len(shown(Governor(0.25, TRIED, 0.0), use, 3600)) == 2


def test_the_smallest_thing_and_the_greatest_speed_are_told() -> None:
    assert finds(TRIED[0], Settings(), HD) == (
        "15 pictures a second of 320x180 are analysed; found is what covers 0.08% of the picture "
        "(27x27 pixels of the camera's) and needs 0.8 s or more to cross it from corner to corner"
    )
    least = finds(TRIED[-1], Settings(), HD)
    assert "3 pictures a second of 80x45" in least
    assert "0.33% of the picture" in least
    assert "needs 2.2 s or more" in least
