"""What is proposed, and that it holds for what it was not chosen by."""

import pytest

from monitor.settings import Settings
from monitor.settings.values import with_values
from monitor.tuning.effects import Turn
from monitor.tuning.goal import Goal, goal_of
from monitor.tuning.labels import Labelled
from monitor.tuning.proposal import Proposal, propose
from monitor.tuning.report.wording import confidence_texts
from monitor.tuning.scored import Scored
from monitor.tuning.space import KNOBS
from tests.tuning.given import false, labelled, true, yard

AREA = "motion.min_area_fraction"

TWO_KNOBS = [knob for knob in KNOBS if knob.key in (AREA, "motion.min_duration_s")]
"""Of all knobs those that make a difference here: a tenth of the trials."""

PEOPLE_S = (5.0, 29.0, 53.0, 77.0, 101.0)
CATS_S = (17.0, 41.0, 65.0, 89.0, 113.0)


@pytest.fixture(scope="module")
def place() -> Scored:
    return yard(walkers_s=PEOPLE_S, cats_s=CATS_S)


def proposed(
    scored: list[Scored], said: list[Labelled], settings: Settings, goal: Goal | None = None
) -> Proposal:
    return propose(scored, said, settings, goal, TWO_KNOBS)


def answers(people: int = 5, cats: int = 5, **more: object) -> Labelled:
    """Return labels of so many people, and of so many cats as false alarms."""
    said = [true(at, at + 4) for at in PEOPLE_S[:people]] + [false(at, at + 3) for at in CATS_S[:cats]]
    return labelled(*said, duration_s=130.0)


@pytest.fixture(scope="module")
def proposal(place: Scored) -> Proposal:
    return proposed([place], [answers()], Settings())


def test_a_limit_between_the_false_and_the_true_is_proposed(proposal: Proposal) -> None:
    (step,) = proposal.steps
    assert step.key == AREA
    assert 0.0012 < step.proposed < 0.01
    assert (proposal.present.false, proposal.present.missed) == (5, 0)
    assert proposal.proposed.mistakes == 0


def test_each_change_names_the_events_that_it_gains(proposal: Proposal) -> None:
    (step,) = proposal.steps
    assert [(e.turn, round(e.start_s)) for e in step.effects] == [(Turn.SILENCED, at) for at in CATS_S]
    assert step.effects == proposal.effects


def test_labels_that_were_set_aside_are_counted_apart(proposal: Proposal) -> None:
    assert proposal.parts == 5
    assert proposal.held_out.mistakes == 0
    assert proposal.held_out_present.false == 5


def test_the_same_labels_always_give_the_same_proposal(place: Scored, proposal: Proposal) -> None:
    assert proposed([place], [answers()], Settings()) == proposal


def test_present_settings_without_fault_are_kept(place: Scored) -> None:
    found = proposed([place], [answers()], with_values(Settings(), {AREA: 0.003}))
    assert not found.steps
    assert found.reason == "the present settings make no mistake on these labels"


def test_what_helps_one_label_alone_is_not_proposed(place: Scored) -> None:
    # The last cat is called true: no part of the labels without it says so.
    said = [true(at, at + 4) for at in PEOPLE_S] + [false(CATS_S[2], CATS_S[2] + 3)]
    found = proposed([place], [labelled(*said, duration_s=130.0)], Settings())
    assert found.present.false == 1
    assert not found.steps
    assert found.reason is not None
    assert "set aside" in found.reason


def test_one_label_is_too_few(place: Scored) -> None:
    found = proposed([place], [answers(people=0, cats=1)], Settings())
    assert not found.steps
    assert "too few labels" in (found.reason or "")


def test_what_is_proposed_for_recordings_does_no_worse_on_recordings_that_were_set_aside() -> None:
    starts = [[5.0, 40.0], [8.0, 48.0], [12.0, 45.0]]
    places = [yard(walkers_s=own, cats_s=[own[0] + 20], lasts_s=62) for own in starts]
    said = [
        labelled(*(true(at, at + 4) for at in own), is_complete=True, duration_s=75.0, name=f"{number}.mp4")
        for number, own in enumerate(starts)
    ]
    found = proposed(places, said, Settings())
    assert found.parts == 3
    assert [step.key for step in found.steps] == [AREA]
    assert found.held_out.mistakes < found.held_out_present.mistakes


def test_the_curve_trades_false_alarms_against_misses(place: Scored) -> None:
    # Cats as large as people: whoever wants none of them loses people.
    same = yard(walkers_s=PEOPLE_S, cats_s=[])
    said = [true(at, at + 4) for at in PEOPLE_S[:3]] + [false(at, at + 4) for at in PEOPLE_S[3:]]
    found = proposed([same], [labelled(*said, duration_s=130.0)], Settings(), goal_of("false<1/day"))
    points = [(point.tally.missed, point.tally.false) for point in found.curve]
    assert points[0] == (0, 2)
    assert points[-1] == (3, 0)
    assert points == sorted(points)
    assert [false for _, false in points] == sorted((false for _, false in points), reverse=True)


def test_a_target_is_kept_at_the_least_cost(place: Scored) -> None:
    both = yard(walkers_s=PEOPLE_S[:4], cats_s=CATS_S[:4])
    said = [true(at, at + 4) for at in PEOPLE_S[:4]] + [false(at, at + 3) for at in CATS_S[:4]]
    found = proposed([both], [labelled(*said, duration_s=130.0)], Settings(), goal_of("false<1/day"))
    assert found.goal.is_met(found.proposed)
    assert found.proposed.missed == 0


def test_false_alarms_of_one_day_alone_are_learnt_from_other_times_of_it(place: Scored) -> None:
    calm = yard(walkers_s=PEOPLE_S, cats_s=[])
    people = [true(at, at + 4) for at in PEOPLE_S]
    said = [
        labelled(*people, is_complete=True, duration_s=130.0, name=name)
        for name in ("calm.mp4", "windy.mp4", "still.mp4")
    ]
    found = proposed([calm, place, calm], said, Settings())
    assert found.only == "windy.mp4"
    assert found.parts == 5
    assert (found.held_out_present.false, found.held_out.false, found.held_out.missed) == (5, 0, 0)
    assert any("All mistakes are in windy.mp4" in text for text in confidence_texts(found, said))
