"""What was watched is added up day by day, and what was not has its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from monitor.events.event import Kind
from monitor.outputs.journal.coverage import NOT_RUNNING, coverage_of
from monitor.outputs.journal.entries import GapEntry
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import to_us
from monitor.outputs.journal.spans import Rank, Span, by_day, laid_out
from tests.outputs.journal.given import at, entry, event, watched

HOUR = 3600


def span(start_s: float, end_s: float, rank: Rank = Rank.WATCHING, why: str | None = None) -> Span:
    return Span(at(start_s), at(end_s), rank, why)


def parts(spans: list[Span]) -> list[tuple[float, float, Rank]]:
    return [((s.start - at(0)).total_seconds(), (s.end - at(0)).total_seconds(), s.rank) for s in spans]


def test_what_speaks_of_the_same_moment_is_ranked() -> None:
    told = [span(0, 100), span(40, 60, Rank.BLIND), span(30, 50, Rank.WARMING_UP)]
    assert parts(laid_out(told, at(0), at(100), otherwise="off")) == [
        (0, 30, Rank.WATCHING), (30, 40, Rank.WARMING_UP), (40, 60, Rank.BLIND), (60, 100, Rank.WATCHING),
    ]  # fmt: skip


def test_of_what_nothing_is_told_nothing_ran() -> None:
    told = [span(-50, 10), span(20, 30), span(90, 500)]
    assert parts(laid_out(told, at(0), at(100), otherwise="off")) == [
        (0, 10, Rank.WATCHING), (10, 20, Rank.NOT_RUNNING), (20, 30, Rank.WATCHING),
        (30, 90, Rank.NOT_RUNNING), (90, 100, Rank.WATCHING),
    ]  # fmt: skip


def test_spans_that_meet_are_one() -> None:
    assert parts(laid_out([span(0, 10), span(10, 20)], at(0), at(20), otherwise="off")) == [
        (0, 20, Rank.WATCHING)
    ]


@pytest.mark.parametrize(
    ("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (11, 21, 24)], ids=["spring", "autumn", "usual"]
)
def test_a_day_has_the_length_that_its_zone_gives_it(month: int, day: int, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    noon = datetime(2026, month, day, 12, tzinfo=UTC)
    week = Span(noon - timedelta(days=3), noon + timedelta(days=3), Rank.WATCHING)
    days = {f"{start:%m-%d}": sum(part.lasts_s for part in own) for start, own in by_day([week], zone)}
    assert days[f"{month:02d}-{day:02d}"] == hours * HOUR
    assert len(days) == 7


def test_the_share_of_a_day_is_told_with_the_reasons(journal: Journal) -> None:
    gap = GapEntry("g", "pi", "yard", to_us(at(1000)), to_us(at(1600)), "the camera does not answer")
    journal.write([watched(0, 6000), gap, watched(0, 100, state="warming_up"), watched(7000, 10_000)])
    found = coverage_of(journal, at(-50_000), at(10_000), zone=UTC)
    (day,) = found.days
    assert (day.source, f"{day.day:%F}") == ("yard", "2025-11-21")
    assert dict(day.blind_s) == {NOT_RUNNING: 1000, "the camera does not answer": 600}
    assert (day.watching_s, day.warming_up_s) == (8300, 100)
    assert day.fraction == pytest.approx(0.83)
    assert parts(list(found.blind["yard"])) == [(1000, 1600, Rank.BLIND), (6000, 7000, Rank.NOT_RUNNING)]


def test_events_in_which_nothing_could_be_seen_are_blind(journal: Journal) -> None:
    covered = event(1, 100, 200, kind=Kind.COVERED)
    moved = event(2, 300, 400, kind=Kind.CAMERA_MOVED)
    journal.write([watched(0, 1000), entry(covered), entry(moved)])
    (day,) = coverage_of(journal, at(0), at(1000), zone=UTC).days
    assert dict(day.blind_s) == {"the camera was covered": 100}


def test_an_event_that_still_blinds_counts_as_far_as_it_is_known(journal: Journal) -> None:
    frozen = event(1, 100, kind=Kind.FROZEN)
    journal.write([watched(0, 1000), replace(entry(frozen), seen_us=to_us(at(700)))])
    (day,) = coverage_of(journal, at(0), at(1000), zone=UTC).days
    assert dict(day.blind_s) == {"the picture stood still": 600}


def test_each_source_counts_from_when_it_was_first_heard_of(journal: Journal) -> None:
    journal.write([watched(0, 1000), watched(500, 1000, "gate")])
    found = coverage_of(journal, at(-HOUR), at(1000), zone=UTC)
    assert [(day.source, day.whole_s) for day in found.days] == [("gate", 500), ("yard", 1000)]
    only = coverage_of(journal, at(-HOUR), at(1000), sources=frozenset({"gate"}), zone=UTC)
    assert [day.source for day in only.days] == ["gate"]


def test_a_camera_that_was_never_heard_again_is_not_forgotten(journal: Journal) -> None:
    journal.write([watched(0, 1000)])
    found = coverage_of(journal, at(5 * 86_400), at(6 * 86_400), zone=UTC)
    assert {day.fraction for day in found.days} == {0.0}


def test_days_follow_the_zone(journal: Journal) -> None:
    journal.write([watched(0, 14 * HOUR)])
    east = timezone(timedelta(hours=9))
    days = coverage_of(journal, at(0), at(14 * HOUR), zone=east).days
    assert [(f"{day.day:%d}", day.watching_s / HOUR) for day in days] == [("21", 3), ("22", 11)]


def test_an_empty_journal_has_no_days(journal: Journal) -> None:
    assert coverage_of(journal, at(0), at(100)).days == ()
