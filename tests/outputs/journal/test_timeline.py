"""A span of time in parts: what was counted, from events and from counts that the journal keeps itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, text

from monitor.events.event import Kind
from monitor.outputs.journal import opening
from monitor.outputs.journal.address import Place, shown
from monitor.outputs.journal.entries import GapEntry, NearMissEntry
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import to_us
from monitor.outputs.journal.schema import events
from monitor.outputs.journal.timeline import Lane, counts, grid_of, unseen
from tests.outputs.journal.given import NOON, at, closed_entry, entry, event, watched
from tests.postgresql import Cluster

HOUR_S = 3600.0
YARD = Lane("pi", "yard", "motion")


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, place: Place, tmp_path: Path) -> Iterator[Journal]:
    """A journal of each kind of database, which must tell the same."""
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.make(tmp_path.name)
        place = cluster.place(tmp_path.name)
    with Journal.open(place) as opened:
        yield opened


def test_parts_count_events_and_tell_from_when_to_when(either: Journal) -> None:
    either.write([closed_entry(1, 1), closed_entry(2, 4), closed_entry(3, 11)])
    found = counts(either, grid_of(NOON, at(20), 2))
    assert found == {YARD: [(0, 2, 1.0, 6.0), (1, 1, 11.0, 13.0)]}


def test_long_parts_are_whole_hours_of_which_counts_are_kept(journal: Journal) -> None:
    journal.write([closed_entry(number, number * 0.5 * HOUR_S) for number in range(1, 6)])
    grid = grid_of(at(600), at(3.9 * HOUR_S), 3)
    assert (grid.part_us, grid.start_us) == (2 * HOUR_S * 1e6, to_us(NOON))
    assert counts(journal, grid)[YARD] == [(0, 3, None, None), (1, 2, None, None)]


@pytest.mark.parametrize("days", [0.5, 3, 20, 100, 400])
def test_a_timeline_has_about_as_many_parts_as_asked_and_holds_every_event(
    journal: Journal, days: float
) -> None:
    journal.write([closed_entry(number, number * days * 864) for number in range(100)])
    grid = grid_of(NOON, NOON + timedelta(days=days), 100)
    assert 30 <= grid.parts <= 101
    assert sum(part.events for part in counts(journal, grid)[YARD]) == 100


def test_counts_follow_what_moves_changes_and_goes(either: Journal) -> None:
    grid = grid_of(NOON, at(10 * HOUR_S), 10)
    either.write([entry(event(1, 10)), closed_entry(2, 10)])
    either.write([closed_entry(1, 2 * HOUR_S, kind=Kind.LIGHT_CHANGE)])
    with either.writing() as connection:
        connection.execute(delete(events).where(events.c.id.like("00000002%")))
    assert counts(either, grid) == {Lane("pi", "yard", "light_change"): [(2, 1, None, None)]}


def test_an_entry_that_comes_twice_counts_once(journal: Journal) -> None:
    for _ in range(2):
        journal.write([entry(event(1, 10))])
    journal.write([closed_entry(1, 10)])
    assert counts(journal, grid_of(NOON, at(10 * HOUR_S), 10))[YARD] == [(0, 1, None, None)]


def test_near_misses_are_counted_apart(journal: Journal) -> None:
    journal.write([NearMissEntry("1", "pi", "yard", "motion", to_us(at(5)), to_us(at(5)), None, "{}")])
    for end_s in (60, 10 * HOUR_S):
        grid = grid_of(NOON, at(end_s), 10)
        assert counts(journal, grid) == {}
        assert counts(journal, grid, missed=True)[YARD][0].events == 1


def test_a_journal_of_the_first_version_is_counted_when_it_is_opened(place: Place) -> None:
    Journal.open(place).close()
    _take_back_to_the_first_version(Path(shown(place)))
    with Journal.open(place) as journal:
        assert counts(journal, grid_of(NOON, at(10 * HOUR_S), 10))[YARD] == [(1, 1, None, None)]


def _take_back_to_the_first_version(file: Path) -> None:
    """Leave a journal as the first version of the program wrote it, with one event an hour after noon."""
    file.unlink()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        opening._upgrade(connection, "1")
        row = {"at": to_us(at(HOUR_S))}
        connection.execute(
            text(
                "INSERT INTO events (id, node, run, source, kind, at_us, is_open, record) "
                "VALUES ('1', 'pi', '', 'yard', 'motion', :at, false, '{}')"
            ),
            row,
        )
    engine.dispose()


def test_unseen_is_what_no_state_speaks_of(either: Journal) -> None:
    either.write([watched(100, 200), watched(300, 400)])
    found = unseen(either, NOON, at(500))
    assert [(each.state, each.start, each.end) for each in found] == [
        ("not_running", at(200), at(300)),
        ("not_running", at(400), at(500)),
    ]


def test_a_source_that_ended_before_is_unseen_all_the_time(journal: Journal) -> None:
    journal.write([watched(0, 100)])
    (each,) = unseen(journal, at(500), at(600))
    assert (each.start, each.end) == (at(500), at(600))


def test_gaps_states_and_events_that_blind_are_unseen_with_why(journal: Journal) -> None:
    journal.write(
        [
            watched(0, 100),
            watched(100, 150, state="blind"),
            watched(150, 300),
            GapEntry("gap", "pi", "yard", to_us(at(200)), to_us(at(220)), "no route"),
            closed_entry(1, 250, kind=Kind.COVERED),
        ]
    )
    found = unseen(journal, NOON, at(300))
    assert [(each.start, each.why) for each in found] == [
        (at(100), None),
        (at(200), "no route"),
        (at(250), "the camera was covered"),
    ]


def test_what_is_too_short_to_be_seen_is_left_out(journal: Journal) -> None:
    journal.write([watched(0, 100), watched(130, 300)])
    assert unseen(journal, NOON, at(300), least_s=31) == []
    assert len(unseen(journal, NOON, at(300), least_s=29)) == 1
