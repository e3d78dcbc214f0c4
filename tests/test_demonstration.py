"""What was found in the demonstration is held against what truly happens in it."""

from dataclasses import replace
from itertools import count

from monitor.capture.scene.truth import TruthEvent
from monitor.demonstration import TOLERANCE_S, Comparison, compare
from monitor.events.event import Event, Evidence, Kind
from monitor.outputs.files import EventFiles
from monitor.outputs.records import EventRecord, event_record

WALK = TruthEvent("motion", 3.0, 8.0, 75, 200, "a person walks")
QUIET = TruthEvent("quiet", 9.0, 20.0, 225, 500, "leaves move in the wind")
TRUTH = (WALK, QUIET)

_ids = count()


def found(start_s: float, kind: Kind = Kind.MOTION) -> EventRecord:
    event = Event(
        f"e{next(_ids)}", "demo.mp4", kind, start_s, 0, start_s, 0, Evidence("it moved"), start_s + 2.0, 50
    )
    return event_record(event, EventFiles())


def compared(*events: EventRecord) -> Comparison:
    return compare(TRUTH, events, ())


def test_all_found_and_nothing_else_is_perfect() -> None:
    event = found(3.1)
    result = compared(event)
    assert result.is_perfect
    assert [finding.events for finding in result.findings] == [(event,), ()]


def test_what_is_not_found_is_missed() -> None:
    result = compared()
    assert not result.is_perfect
    assert [finding.is_right for finding in result.findings] == [False, True]


def test_an_event_in_a_quiet_span_is_false_and_shown_there() -> None:
    event = found(12.0)
    result = compared(found(3.1), event)
    assert not result.is_perfect
    assert result.false_events == (event,)
    assert result.findings[1].events == (event,)
    assert not result.findings[1].is_right


def test_an_event_of_another_kind_is_false() -> None:
    result = compared(found(4.0, Kind.LIGHT_CHANGE))
    assert len(result.false_events) == 1
    assert not result.findings[0].is_right


def test_two_events_for_one_happening_are_both_true() -> None:
    result = compared(found(3.1), found(6.0))
    assert result.is_perfect
    assert len(result.findings[0].events) == 2


def test_an_event_may_begin_the_tolerance_too_early_or_late() -> None:
    for start_s in (WALK.start_s - TOLERANCE_S, WALK.end_s + TOLERANCE_S):
        assert compared(found(start_s)).is_perfect
    for start_s in (WALK.start_s - TOLERANCE_S - 0.1, WALK.end_s + TOLERANCE_S + 0.1):
        assert not compared(found(start_s)).is_perfect


def test_an_event_within_the_tolerance_is_not_false_in_the_quiet_after_it() -> None:
    quiet = replace(QUIET, start_s=8.1)
    result = compare((WALK, quiet), (found(3.1), found(8.5)), ())
    assert result.is_perfect
    assert result.findings[1].events == ()
