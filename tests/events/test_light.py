"""Sudden changes of the whole picture: damage, another light, another scene."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from monitor.analysis.scores import State
from monitor.events.event import Kind
from monitor.events.light import LightJudge
from monitor.events.parameters import PictureParameters
from tests.events.given import Outcome, during, maker, stream, usual_limits

HELD = {"corrupt": True, "kl_previous_nats": 0.6}
JUMP = {"accepted": True, "kl_previous_nats": 0.6}
NEVER_S = float("-inf")

RATIO = usual_limits().picture.light_ratio
MUCH = 1.1 * RATIO
"""A gain that is surely a change of light."""

Picture = Callable[[float], Mapping[str, Any]]
Run = Callable[..., Outcome]


@pytest.fixture
def light(picture_parameters: PictureParameters) -> LightJudge:
    return LightJudge(picture_parameters, maker())


@pytest.fixture
def run(light: LightJudge) -> Run:
    def judge(picture: Picture, *, explained: bool = False, moved_s: float = NEVER_S) -> Outcome:
        outcome = Outcome()
        for one in stream(20, picture=picture):
            outcome.changes += light.update(one, explained, moved_s)
        outcome.check()
        return outcome

    return judge


def both(*pictures: Picture) -> Picture:
    """Return a picture in which several things are so, the later ones before the earlier."""
    return lambda time_s: {key: value for one in pictures for key, value in one(time_s).items()}


def held_then(**after: Any) -> Picture:
    """Return pictures that are held from 5.00 to 5.28 s, the first of the others being as given."""
    return both(during(5, 5.32, **HELD), during(5.32, 5.36, **after))


# Pictures that were held back


def test_pictures_that_come_back_were_damaged(run: Run) -> None:
    event = run(held_then()).event
    assert event.kind is Kind.CORRUPT_FRAME
    assert (event.start_frame, event.end_frame) == (125, 132)
    assert event.evidence.kl_nats == 0.6
    assert "8 frame(s)" in event.evidence.opened_by
    assert "0.60 nats" in event.evidence.opened_by
    assert "limit 0.2" in event.evidence.opened_by


def test_damage_twice_is_two_events(run: Run) -> None:
    assert run(both(during(5, 5.04, **HELD), during(8, 8.04, **HELD))).kinds == [Kind.CORRUPT_FRAME] * 2


def test_pictures_that_stay_changed_in_their_place_are_another_light(run: Run) -> None:
    event = run(held_then(**JUMP)).event
    assert event.kind is Kind.LIGHT_CHANGE
    assert event.start_s == 5.0
    assert event.end_s == pytest.approx(5.32)
    assert "0.98, limit 0.5" in event.evidence.opened_by


def test_a_change_that_stays_is_real_only_if_it_was_accepted(run: Run) -> None:
    # Far from the last good picture, but the one after the held ones is good by itself: they were damaged.
    assert run(held_then(kl_previous_nats=0.6)).kinds == [Kind.CORRUPT_FRAME]


def test_damage_that_leaves_the_histogram_near_is_told_too(run: Run) -> None:
    event = run(during(5, 5.08, corrupt=True, kl_previous_nats=0.01)).event
    assert event.kind is Kind.CORRUPT_FRAME
    assert (event.start_frame, event.end_frame) == (125, 126)
    assert event.evidence.kl_nats == 0.01
    assert "or the pixels jumped" in event.evidence.opened_by


def test_pictures_that_stay_changed_without_their_place_are_not_light(run: Run) -> None:
    assert run(held_then(**JUMP, structure=0.1)).events == []


def test_while_the_place_is_gone_no_picture_is_called_damaged(run: Run) -> None:
    assert run(both(during(4, 10, structure=0.1), held_then())).events == []


def test_what_something_large_does_to_the_histogram_is_no_light(run: Run) -> None:
    assert run(held_then(**JUMP), explained=True).events == []


# The light's gain


def test_a_jump_of_the_gain_is_another_light(run: Run) -> None:
    event = run(during(5, 30, gain=MUCH)).event
    assert event.kind is Kind.LIGHT_CHANGE
    assert event.end_s == 5.0
    assert f"factor of {MUCH:.2f} within 1 s (limit {RATIO:g})" in event.evidence.opened_by


def test_a_fall_of_the_gain_is_another_light_too(run: Run) -> None:
    assert run(during(5, 30, gain=1 / MUCH)).kinds == [Kind.LIGHT_CHANGE]


def test_a_small_change_of_the_gain_is_none(run: Run) -> None:
    assert run(during(5, 30, gain=0.97 * RATIO)).events == []


def test_dusk_is_none(run: Run) -> None:
    assert run(lambda time_s: {"gain": 1.0 - 0.04 * time_s}).events == []


def test_light_on_and_off_is_two_events(run: Run) -> None:
    assert run(during(5, 10, gain=MUCH)).kinds == [Kind.LIGHT_CHANGE] * 2


def test_what_auto_exposure_does_for_something_large_is_none(run: Run) -> None:
    assert run(during(5, 30, gain=MUCH), explained=True).events == []


def test_a_change_that_the_histogram_told_is_not_told_again(run: Run) -> None:
    assert run(both(held_then(**JUMP), during(5.32, 30, gain=MUCH))).kinds == [Kind.LIGHT_CHANGE]


# The model was given up


def relearning(structure: float) -> Picture:
    """Return a picture that leaves the background at 5 s and is learnt anew from 7 to 9 s."""
    return both(
        during(5, 7, foreground_fraction=0.9, structure=structure),
        during(7, 9, state=State.RELEARNING, structure=None),
    )


def test_another_place_after_a_cut_is_another_scene(run: Run) -> None:
    event = run(both(relearning(0.1), during(5, 5.32, **HELD), during(5.32, 5.36, **JUMP))).event
    assert event.kind is Kind.SCENE_CHANGE
    assert event.start_s == pytest.approx(5.32, abs=0.35)
    assert event.end_s == 7.0
    assert "90% of the picture" in event.evidence.opened_by


def test_another_place_without_a_cut_is_a_turned_camera(run: Run) -> None:
    event = run(relearning(0.1)).event
    assert event.kind is Kind.CAMERA_MOVED
    assert event.start_s == 5.0


def test_the_same_place_that_had_to_be_learnt_anew_is_another_light(run: Run) -> None:
    assert run(relearning(0.7)).kinds == [Kind.LIGHT_CHANGE]


def test_a_turned_camera_that_was_told_is_not_told_again(run: Run) -> None:
    assert run(relearning(0.1), moved_s=4.0).events == []


def test_the_first_warm_up_is_no_event(run: Run) -> None:
    assert run(during(0, 3, state=State.WARMING_UP, structure=None)).events == []


# Veto


def test_nothing_counts_while_the_place_is_being_learnt(light: LightJudge) -> None:
    (learning,) = stream(0.04, picture=during(0, 1, state=State.RELEARNING))
    light.update(learning, False, NEVER_S)
    veto = light.veto(learning)
    assert veto is not None
    assert veto[0] == "learning"
    assert "relearning" in veto[1]


def vetoes(light: LightJudge, picture: Picture) -> list[tuple[float, str]]:
    """Return when nothing new may count, and why."""
    found = []
    for one in stream(10, picture=picture):
        light.update(one, False, NEVER_S)
        if (veto := light.veto(one)) is not None:
            found.append((one.time_s, veto[1]))
    return found


def test_nothing_counts_for_a_second_after_the_light_changed(light: LightJudge) -> None:
    found = vetoes(light, during(5, 30, gain=MUCH))
    assert [time_s for time_s, _ in found] == pytest.approx([5 + index / 25 for index in range(25)])
    assert found[-1][1] == "the light changed 1.0 s before"


def test_nothing_new_counts_while_the_light_changes_by_a_tenth_within_a_second(light: LightJudge) -> None:
    found = vetoes(light, during(5, 30, gain=1.15))
    assert [time_s for time_s, _ in found] == pytest.approx([5 + index / 25 for index in range(25)])
    assert "from 1.00 to 1.15 of the learnt within 1 s (limit a factor of 1.1)" in found[0][1]


def test_a_light_that_changes_slowly_vetoes_nothing(light: LightJudge) -> None:
    # By 8 % at most within a second.
    assert vetoes(light, lambda time_s: {"gain": 1.0 - 0.04 * time_s}) == []
