"""A gap in the pictures is an event, and what comes right after it is not believed at once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from monitor.analysis.scores import Scores
from monitor.events.event import Kind, Phase
from monitor.events.judge import Judge, Verdict
from monitor.events.parameters import JudgeParameters
from monitor.frames import Gap
from tests.events.given import HIDDEN, Outcome, during, stream, traveller, usual_limits

LIMITS = usual_limits()
WALL = datetime(2026, 11, 21, 3, 5, tzinfo=UTC)


def judged(parameters: JudgeParameters, items: Iterable[Scores | Gap]) -> Outcome:
    """Judge scores and gaps in their order, up to the end of the source."""
    numbers = count(1)
    judge = Judge(parameters, "yard", lambda: f"e{next(numbers)}")
    outcome = Outcome()

    def add(verdict: Verdict) -> None:
        outcome.changes += verdict.changes
        outcome.near_misses += verdict.near_misses

    for item in items:
        add(judge.gap(item) if isinstance(item, Gap) else judge.update(item))
    add(judge.finish())
    outcome.check()
    return outcome


def lost(start_s: float, end_s: float) -> tuple[Gap, Gap]:
    begun = Gap(start_s, None, "no picture for 5 s", WALL)
    return begun, Gap(start_s, end_s, begun.why, WALL)


def test_a_gap_is_an_event_with_its_start_and_its_end() -> None:
    begun, ended = lost(9.96, 60)
    event = judged(LIMITS, [*stream(10), begun, ended, *stream(10, start_s=60)]).event
    assert (event.kind, event.start_s, event.end_s) == (Kind.SIGNAL_LOST, 9.96, 60.0)
    assert (event.start_time, event.end_time) == (WALL, WALL + timedelta(seconds=50.04))
    assert event.evidence.opened_by == "no picture for 5 s"
    assert event.evidence.closed_by == "pictures are back after 50.0 s"


def test_it_is_told_when_the_gap_begins() -> None:
    judge = Judge(LIMITS, "yard", lambda: "e1")
    begun, ended = lost(0, 7)
    (opened,) = judge.gap(begun).changes
    (closed,) = judge.gap(ended).changes
    assert (opened.phase, opened.event.kind, closed.phase) == (Phase.OPENED, Kind.SIGNAL_LOST, Phase.CLOSED)


def test_a_signal_that_is_gone_when_the_program_ends_closes_too() -> None:
    begun, _ = lost(9.96, 60)
    assert judged(LIMITS, [*stream(10), begun]).event.evidence.closed_by == "the source ended"


def test_motion_ends_with_the_last_picture() -> None:
    begun, ended = lost(7.96, 60)
    before = stream(8, traveller(5, 30))
    motion, signal = judged(LIMITS, [*before, begun, ended, *stream(10, start_s=60)]).events
    assert (motion.kind, motion.end_s, motion.evidence.closed_by) == (
        Kind.MOTION,
        7.96,
        "the signal was lost",
    )
    assert signal.kind is Kind.SIGNAL_LOST


def test_a_covered_lens_ends_with_the_last_picture_and_is_told_anew() -> None:
    begun, ended = lost(7.96, 60)
    hidden = during(5, 66, **HIDDEN)
    after = stream(10, start_s=60, picture=hidden)
    events = judged(LIMITS, [*stream(8, picture=hidden), begun, ended, *after]).events
    assert [event.kind for event in events] == [Kind.COVERED, Kind.SIGNAL_LOST, Kind.COVERED]
    assert events[-1].start_s >= 61


def test_what_leaps_in_the_first_pictures_after_a_gap_is_a_near_miss() -> None:
    begun, ended = lost(9.96, 60)
    grey = stream(
        10, traveller(60, 60.9, speed_per_s=0.5), start_s=60, picture=during(60, 60.9, mean_luma=128.0)
    )
    outcome = judged(LIMITS, [*stream(10), begun, ended, *grey])
    assert outcome.kinds == [Kind.SIGNAL_LOST]
    assert [miss.rule for miss in outcome.near_misses] == ["signal_lost"]


def test_pictures_that_are_grey_at_first_are_no_covered_lens() -> None:
    begun, ended = lost(9.96, 60)
    grey = during(60, 61.5, **HIDDEN)
    items: list[Scores | Gap] = [*stream(10), begun, ended, *stream(10, start_s=60, picture=grey)]
    assert judged(LIMITS, items).kinds == [Kind.SIGNAL_LOST]


def test_a_traveller_who_comes_when_the_picture_has_settled_is_an_event() -> None:
    begun, ended = lost(9.96, 60)
    items: list[Scores | Gap] = [*stream(10), begun, ended, *stream(12, traveller(62, 67), start_s=60)]
    assert judged(LIMITS, items).kinds == [Kind.SIGNAL_LOST, Kind.MOTION]


def test_light_that_never_rests_is_watched_after_a_while() -> None:
    begun, ended = lost(9.96, 60)
    scores = stream(
        20, traveller(66, 72), start_s=60, picture=lambda t: {"mean_luma": 90.0 + 5 * (int(t * 25) % 2)}
    )
    items: list[Scores | Gap] = [*stream(10), begun, ended, *scores]
    assert judged(LIMITS, items).kinds == [Kind.SIGNAL_LOST, Kind.MOTION]
