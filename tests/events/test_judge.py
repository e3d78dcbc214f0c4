"""All judges together."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from monitor.analysis.scores import State
from monitor.events.event import Kind
from monitor.events.judge import Judge
from monitor.events.parameters import JudgeParameters
from tests.events.given import HIDDEN, Actor, during, judged, stream, traveller, usual_limits

Picture = Callable[[float], Mapping[str, Any]]

MUCH = 1.1 * usual_limits().picture.light_ratio
"""A gain that is surely a change of light."""


@pytest.mark.parametrize(
    ("actor", "picture"),
    [
        (traveller(3, 8), during(0, 0)),
        (traveller(3, 8, leaves=True), during(0, 0)),
        (traveller(3, 29, stops_s=8, outline_ratio=0.45), during(0, 0)),
        (traveller(30, 31), during(5, 9, **HIDDEN)),
        (traveller(30, 31), during(5, 30, gain=MUCH)),
    ],
    ids=["walker", "leaving", "resting", "covered", "light"],
)
def test_the_rate_changes_no_event_by_more_than_a_frame(
    judge_parameters: JudgeParameters, actor: Actor, picture: Picture
) -> None:
    fast, slow = (
        judged(judge_parameters, stream(29, actor, picture=picture, rate_hz=rate)).event
        for rate in (25, 12.5)
    )
    assert fast.kind is slow.kind
    assert fast.start_s == pytest.approx(slow.start_s, abs=0.081)
    assert fast.end_s == pytest.approx(slow.end_s, abs=0.081)


def test_the_same_scores_give_the_same_events(judge_parameters: JudgeParameters) -> None:
    scores = stream(30, traveller(3, 8), traveller(12, 15, number=2), picture=during(18, 22, **HIDDEN))
    assert judged(judge_parameters, scores) == judged(judge_parameters, scores)


def test_events_carry_the_source_and_the_ids_they_are_given(judge_parameters: JudgeParameters) -> None:
    events = judged(judge_parameters, stream(20, traveller(3, 6), traveller(10, 13, number=2))).events
    assert [(event.source, event.id) for event in events] == [("yard", "e1"), ("yard", "e2")]


def test_what_moves_before_a_covered_lens_is_a_near_miss(judge_parameters: JudgeParameters) -> None:
    outcome = judged(judge_parameters, stream(20, traveller(6, 9), picture=during(5, 10, **HIDDEN)))
    assert outcome.kinds == [Kind.COVERED]
    assert [miss.rule for miss in outcome.near_misses] == ["integrity"]


def test_what_a_lamp_brings_is_a_near_miss(judge_parameters: JudgeParameters) -> None:
    outcome = judged(judge_parameters, stream(20, traveller(5, 5.9), picture=during(5, 30, gain=MUCH)))
    assert outcome.kinds == [Kind.LIGHT_CHANGE]
    assert [miss.rule for miss in outcome.near_misses] == ["light_change"]


def test_nothing_moves_while_the_place_is_being_learnt(judge_parameters: JudgeParameters) -> None:
    warming = during(0, 8, state=State.WARMING_UP)
    outcome = judged(judge_parameters, stream(20, traveller(2, 6), picture=warming))
    assert outcome.events == []
    assert [miss.rule for miss in outcome.near_misses] == ["learning"]


def test_the_exposure_that_answers_to_a_truck_is_no_light(judge_parameters: JudgeParameters) -> None:
    scores = stream(20, traveller(3, 8, area_fraction=0.3), picture=during(8.5, 30, gain=MUCH))
    assert judged(judge_parameters, scores).kinds == [Kind.MOTION]


def test_the_picture_that_comes_back_from_under_a_hand_is_no_light(judge_parameters: JudgeParameters) -> None:
    back = during(9, 9.04, accepted=True, kl_previous_nats=5.7)
    held = during(8.7, 9, corrupt=True, kl_previous_nats=5.7, **HIDDEN)
    covered = during(5, 8.7, **HIDDEN)
    scores = stream(20, picture=lambda time_s: {**covered(time_s), **held(time_s), **back(time_s)})
    assert judged(judge_parameters, scores).kinds == [Kind.COVERED]


def test_a_picture_out_of_focus_is_neither_covered_nor_motion(judge_parameters: JudgeParameters) -> None:
    soft = during(5, 12, structure=0.12, sharpness=0.4, layout=0.95)
    outcome = judged(judge_parameters, stream(20, traveller(6, 9), picture=soft))
    assert outcome.kinds == [Kind.DEFOCUSED]
    assert [miss.rule for miss in outcome.near_misses] == ["integrity"]


def test_what_begins_while_the_light_changes_and_goes_on_is_motion_when_it_is_steady(
    judge_parameters: JudgeParameters,
) -> None:
    (opened, *_) = judged(
        judge_parameters, stream(20, traveller(5, 9), picture=during(5, 30, gain=1.15))
    ).changes
    assert opened.event.kind is Kind.MOTION
    # The change at 5.00 s is within the second that is looked at until 5.96 s.
    assert opened.event.peak_s == pytest.approx(6.0)


def test_a_damaged_picture_does_not_end_motion(judge_parameters: JudgeParameters) -> None:
    def walker(time_s: float) -> Any:
        return None if 5 <= time_s < 5.12 else traveller(3, 8)(time_s)

    damaged = during(5, 5.12, corrupt=True, kl_previous_nats=0.6)
    outcome = judged(judge_parameters, stream(20, walker, picture=damaged))
    assert sorted(outcome.kinds) == [Kind.CORRUPT_FRAME, Kind.MOTION]
    assert outcome.near_misses == []


def test_a_thing_that_is_left_is_motion_and_an_object(judge_parameters: JudgeParameters) -> None:
    carrier, thing = traveller(3, 9), traveller(6, 30, number=2, speed_per_s=0.0, stops_s=6)
    outcome = judged(judge_parameters, stream(30, carrier, thing))
    assert outcome.kinds == [Kind.MOTION, Kind.OBJECT_LEFT]
    assert outcome.events[1].start_s == 6.0


def test_wall_times_follow_the_frames(judge_parameters: JudgeParameters) -> None:
    start = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)
    scores = [
        replace(one, wall_time=start + timedelta(seconds=one.time_s)) for one in stream(15, traveller(3, 8))
    ]
    event = judged(judge_parameters, scores).event
    assert event.start_time == start + timedelta(seconds=3)
    assert event.end_time == start + timedelta(seconds=7.96)


def test_without_frames_there_is_nothing_to_finish(judge_parameters: JudgeParameters) -> None:
    numbers = count(1)
    verdict = Judge(judge_parameters, "yard", lambda: str(next(numbers))).finish()
    assert verdict.changes == ()
    assert verdict.near_misses == ()
