"""An event that lasts as long as a condition does."""

from monitor.analysis.scores import Scores
from monitor.events.condition import ConditionJudge, Finding
from monitor.events.event import Kind
from tests.events.given import Outcome, maker, stream


def judge() -> ConditionJudge:
    return ConditionJudge(
        Kind.COVERED, maker(), open_after_s=0.5, close_after_s=1.0, over="it is clear again"
    )


def outcome(scores: list[Scores], start_s: float, end_s: float, kind: Kind | None = None) -> Outcome:
    condition = judge()
    found = Outcome()
    for one in scores:
        holds = start_s <= one.time_s < end_s
        found.changes += condition.update(Finding(holds, f"at {one.time_s:.2f} s", kind), one)
    found.changes += condition.finish()
    found.check()
    return found


def test_it_lasts_from_the_first_to_the_last_frame_in_which_it_holds() -> None:
    event = outcome(stream(10), 2.0, 5.0).event
    assert (event.kind, event.start_s, event.end_s) == (Kind.COVERED, 2.0, 4.96)
    assert (event.start_frame, event.end_frame) == (50, 124)


def test_it_tells_why_it_opened_and_closed() -> None:
    evidence = outcome(stream(10), 2.0, 5.0).event.evidence
    assert (evidence.opened_by, evidence.closed_by) == ("at 2.52 s", "it is clear again")


def test_what_does_not_last_is_no_event() -> None:
    assert outcome(stream(10), 2.0, 2.4).events == []


def test_two_conditions_are_two_events() -> None:
    condition, found = judge(), Outcome()
    for one in stream(10):
        found.changes += condition.update(Finding(1 <= one.time_s < 3 or 6 <= one.time_s < 8), one)
    assert [event.start_s for event in found.events] == [1.0, 6.0]


def test_the_finding_may_say_the_kind() -> None:
    assert outcome(stream(10), 2.0, 5.0, Kind.BLINDED).kinds == [Kind.BLINDED]


def test_what_is_open_at_the_end_of_the_source_is_closed_there() -> None:
    event = outcome(stream(5), 2.0, 9.0).event
    assert event.end_s == 4.96
    assert event.evidence.closed_by == "the source ended"


def test_finishing_twice_closes_once() -> None:
    condition = judge()
    for one in stream(2):
        condition.update(Finding(True), one)
    assert len(condition.finish()) == 1
    assert condition.finish() == []


def test_pending_is_told_before_it_opens() -> None:
    condition = judge()
    first, *_ = stream(1)
    condition.update(Finding(True), first)
    assert condition.is_pending
    assert not condition.is_open
