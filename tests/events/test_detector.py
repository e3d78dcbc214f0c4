"""The score of a plugged-in detector becomes an event by hysteresis in value and in time."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.analysis.scores import DetectorScore, Scores
from monitor.events.event import Kind
from monitor.events.parameters import DetectorLimits, JudgeParameters
from tests.events.given import Outcome, judged, stream, traveller, usual_limits

SMOKE = DetectorLimits("smoke", open_at=0.7, close_at=0.4, open_after_s=1.0, close_after_s=2.0)


def limits(*detectors: DetectorLimits) -> JudgeParameters:
    return replace(usual_limits(), detectors=detectors or (SMOKE,))


def scored(score: Callable[[float], float | None], duration_s: float = 20.0) -> list[Scores]:
    """Return a quiet span in which the detector says this at each time."""
    return [
        replace(one, detectors=(DetectorScore("smoke", score(one.time_s)),))
        for one in stream(duration_s, rate_hz=10)
    ]


def between(start_s: float, end_s: float, high: float, low: float = 0.0) -> Callable[[float], float]:
    return lambda time_s: high if start_s - 1e-9 <= time_s < end_s - 1e-9 else low


def told(score: Callable[[float], float | None]) -> Outcome:
    return judged(limits(), scored(score))


def test_a_score_that_stays_high_is_an_event_that_says_why() -> None:
    event = told(between(5, 9, 0.9)).event
    assert event.kind is Kind.DETECTED
    assert event.start_s == 5.0
    assert event.end_s == pytest.approx(8.9)
    assert event.evidence.opened_by == "smoke: a score of 0.9 (limit 0.7) for at least 1 s"
    assert event.evidence.area_fraction is None
    assert event.evidence.closed_by == "smoke: the score was below 0.4 for 2 s"


def test_a_score_between_the_limits_keeps_what_is_open_and_opens_nothing() -> None:
    assert told(lambda time_s: 0.8 if 5 <= time_s < 7 else 0.5).event.end_s == pytest.approx(19.9)
    assert not told(lambda _: 0.5).events


def test_a_score_that_was_high_for_too_short_a_time_is_a_near_miss() -> None:
    outcome = told(between(5, 5.6, 0.95))
    assert not outcome.events
    (miss,) = outcome.near_misses
    assert (miss.kind, miss.rule, miss.limit) == (Kind.DETECTED, "min_duration", 1.0)
    assert miss.reason == "smoke: a score of 0.95 (limit 0.7) lasted 0.50 s, less than 1 s"


def test_frames_of_which_it_cannot_tell_change_nothing() -> None:
    assert told(lambda time_s: None if 6 <= time_s < 7 else between(5, 9, 0.9)(time_s)).event.start_s == 5.0


def test_each_detector_has_its_own_events_beside_motion() -> None:
    walk = stream(12, traveller(2, 6), rate_hz=10)
    both = [
        replace(
            one,
            detectors=(DetectorScore("smoke", 1.0), DetectorScore("siren", between(4, 8, 1.0)(one.time_s))),
        )
        for one in walk
    ]
    outcome = judged(limits(SMOKE, replace(SMOKE, name="siren")), both)
    assert sorted(outcome.kinds) == [Kind.DETECTED, Kind.DETECTED, Kind.MOTION]
    assert {event.evidence.opened_by.split(":")[0] for event in outcome.events} == {
        "smoke",
        "siren",
        "region 1",
    }
