"""Why there was no event at a moment: what was the matter, the rule, the value and the limit."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from monitor.analysis.scores import Scores, State
from monitor.events.refusal import RULES
from monitor.explaining.answer import SETTING_OF, Answer, Verdict, why_not
from monitor.explaining.around import Around, Blind, Told
from monitor.explaining.story import steps_of
from monitor.explaining.trace import judged
from monitor.settings import Settings
from tests.events.given import during, stream, traveller, usual_limits

EVENT = {"kind": "motion", "evidence": {"opened_by": "something moved"}}
MISS = {
    "rule": "min_area",
    "reason": "its area of 0.05% of the frame is below 0.08%",
    "measured": 0.0005,
    "limit": 0.0008,
    "evidence": {"peak_sigma": 6.0, "area_fraction": 0.0005},
}


def around(scores: Iterable[Scores] | None, **fields: Any) -> Around:
    trace = None if scores is None else judged(scores, usual_limits(), "yard")
    return replace(Around("yard", None, is_live=False, trace=trace, origin="nowhere"), **fields)


def asked(at_s: float, *actors: Any, blind: Sequence[Blind] = (), events: Sequence[Told] = ()) -> Answer:
    return why_not(around(stream(20, *actors), blind=blind, events=events), at_s)


def test_the_nearest_miss_is_told_with_rule_value_limit_and_setting() -> None:
    small = traveller(9, 11, area_fraction=0.0005)
    speck = traveller(9, 11, number=2, area_fraction=0.0002)
    answer = asked(10, small, speck)
    assert (answer.verdict, answer.rule, answer.measured, answer.limit, answer.setting) == (
        Verdict.NEAR_MISS, "min_area", 0.0005, 0.0008, "motion.min_area_fraction",
    )  # fmt: skip
    assert answer.seen is not None
    assert answer.seen.id == 1
    assert "0.05% of the frame is below 0.08%" in answer.sentence


def test_what_passed_more_rules_came_nearer_than_what_is_larger() -> None:
    dancer = traveller(9, 11, coherence=0.1, area_fraction=0.002)
    stander = traveller(9, 11, number=2, area_fraction=0.3, speed_per_s=0.0)
    assert asked(10, dancer, stander).rule == "min_coherence"


def test_what_was_there_at_the_moment_goes_before_what_came_seconds_later() -> None:
    there = traveller(9, 11, area_fraction=0.0005)
    later = traveller(13, 14, number=2, coherence=0.1)
    assert asked(10, there, later).rule == "min_area"


def test_nothing_that_moved_is_told_as_such() -> None:
    answer = asked(10)
    assert answer.verdict is Verdict.NOTHING_MOVED
    assert answer.rule is None


def test_an_event_then_or_near_by_is_told() -> None:
    event = Told(EVENT, 9.0, 12.0)
    walker = traveller(9, 12)
    assert asked(10, walker, events=[event]).verdict is Verdict.FIRED
    assert asked(14, walker, events=[event]).verdict is Verdict.FIRED_NEAR


@pytest.mark.parametrize("what", ["not_running", "blind", "not_decoded"])
def test_where_nothing_was_watched_the_reason_is_told(what: str) -> None:
    answer = asked(10, traveller(9, 11), blind=[Blind(what, 8, 12, "the signal was lost")])
    assert (answer.verdict, answer.sentence) == (
        Verdict(what),
        "Nothing was watched then: the signal was lost.",
    )


def test_while_the_background_is_learnt_that_is_the_reason() -> None:
    learning = stream(20, traveller(9, 11), picture=during(0, 20, state=State.WARMING_UP))
    assert why_not(around(learning), 10).verdict is Verdict.WARMING_UP


def test_a_veto_is_told_where_something_was_seen_under_it() -> None:
    lit = stream(20, traveller(9, 9.8), picture=during(9.2, 20, gain=2.0))
    answer = why_not(around(lit), 9.6)
    assert (answer.verdict, answer.rule) == (Verdict.VETOED, "light_change")


def test_without_scores_the_near_misses_on_record_answer() -> None:
    answer = why_not(around(None, near_misses=[Told(MISS, 12.0, 13.0)]), 10)
    assert (answer.verdict, answer.rule, answer.limit) == (Verdict.NEAR_MISS, "min_area", 0.0008)


def test_without_anything_it_is_told_that_it_is_not_known_and_where_scores_come_from() -> None:
    answer = why_not(around(None), 10)
    assert answer.verdict is Verdict.NOT_KNOWN
    assert "nowhere" in answer.sentence


def test_the_story_of_a_region_goes_from_rule_to_rule_to_the_event() -> None:
    steps = steps_of(judged(stream(5, traveller(1, 4)), usual_limits(), "yard"), 0, 5)
    assert [step.rule for step in steps] == ["min_duration", "min_displacement", None]
    assert steps[-1].end_s == pytest.approx(4, abs=0.1)


def test_scores_of_two_runs_of_a_program_are_judged_apart() -> None:
    first, second = stream(3, traveller(0, 3)), stream(3)
    trace = judged([*first, *second], usual_limits(), "yard")
    assert [event.end_s for event in trace.events] == [pytest.approx(2.96)]
    times = [look.time_s for look in trace.looks]
    assert times == sorted(times)


def test_every_setting_that_is_named_exists() -> None:
    assert set(SETTING_OF) <= set(RULES)
    for key in SETTING_OF.values():
        value: Any = Settings()
        for part in key.split("."):
            value = getattr(value, part)
        assert isinstance(value, float)
