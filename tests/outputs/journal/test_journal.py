"""What is written is there once, in its last state; what is asked for is found."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.events.event import Kind
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.entries import Entry, clean, from_line, to_line
from monitor.outputs.journal.errors import JournalAwayError, JournalRefusedError
from monitor.outputs.journal.held import named_files, set_state
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, JournalEvent, find_event, find_events
from tests.outputs.journal.given import at, closed_entry, entry, event, watched


def found(journal: Journal, **wanted: object) -> list[JournalEvent]:
    return list(find_events(journal, Filter(**wanted)))  # type: ignore[arg-type]


def numbers(events: list[JournalEvent]) -> list[int]:
    return [int(happening.id[:8], 16) for happening in events]


def test_an_event_is_read_as_its_record_with_its_files(journal: Journal) -> None:
    journal.write([closed_entry(clip="yard/clips/a.mp4", snapshot="yard/snapshots/a.jpg")])
    (read,) = found(journal)
    record = read.record
    assert (record["schema"], record["kind"], record["start_time"]) == (
        1,
        "motion",
        "2025-11-21T12:00:00.000Z",
    )
    assert record["files"] == {
        "clip": "yard/clips/a.mp4", "annotated": None, "snapshot": "yard/snapshots/a.jpg", "scores": None,
    }  # fmt: skip
    assert (read.at, read.is_open, read.label, read.kept) == (at(0), False, None, False)


def test_what_is_written_twice_is_there_once(journal: Journal) -> None:
    given: list[Entry] = [closed_entry(clip="a.mp4"), watched(0, 5)]
    journal.write(given)
    journal.write([*given, *given])
    assert len(found(journal)) == 1
    assert list(named_files(journal, "pi")) == ["a.mp4"]


def test_a_closed_event_is_not_opened_again(journal: Journal) -> None:
    journal.write([entry(event())])
    journal.write([closed_entry()])
    journal.write([entry(event())])
    (read,) = found(journal)
    assert (read.is_open, read.record["end_s"]) == (False, 2.0)


def test_marks_of_people_outlast_what_is_written_later(journal: Journal) -> None:
    journal.write([entry(event())])
    journal.mark(event().id, label=False, note="the cat", kept=True)
    journal.write([closed_entry()])
    (read,) = found(journal)
    assert (read.label, read.note, read.kept, read.is_open) == (False, "the cat", True, False)


def test_a_file_that_was_deleted_is_not_named_again(journal: Journal) -> None:
    journal.write([closed_entry(clip="a.mp4")])
    set_state(journal, list(named_files(journal, "pi").values()), "gone")
    journal.write([closed_entry(clip="a.mp4")])
    assert found(journal)[0].record["files"]["clip"] is None


def test_an_entry_that_is_refused_leaves_the_others_out_too(journal: Journal) -> None:
    bad = entry(event(2), clip=None)  # type: ignore[arg-type]
    with pytest.raises(JournalRefusedError, match="does not take this"):
        journal.write([closed_entry(1), bad])
    assert found(journal) == []


def test_events_come_newest_first_and_no_more_than_asked(journal: Journal) -> None:
    journal.write([closed_entry(number, 10.0 * number) for number in range(1, 6)])
    assert numbers(list(find_events(journal, Filter(), 3))) == [5, 4, 3]


def test_more_events_than_are_read_at_a_time_have_their_own_files(journal: Journal) -> None:
    journal.write([closed_entry(number, float(number), clip=f"{number}.mp4") for number in range(1100)])
    clips = [happening.record["files"]["clip"] for happening in found(journal)]
    assert clips == [f"{number}.mp4" for number in reversed(range(1100))]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"sources": frozenset({"gate"})}, [2]),
        ({"kinds": frozenset({"covered"})}, [3]),
        ({"since": at(20)}, [3, 2]),
        ({"until": at(20)}, [1]),
        ({"since": at(10), "until": at(30)}, [2, 1]),
        ({"label": True}, [1]),
        ({"label": False}, [2]),
        ({"label": "none"}, [3]),
        ({"label": "any"}, [2, 1]),
        ({"kept": True}, [1]),
        ({"sources": frozenset({"nobody"})}, []),
    ],
)
def test_events_are_found_by(journal: Journal, wanted: dict[str, object], expected: list[int]) -> None:
    journal.write(
        [
            closed_entry(1, 10),
            entry(event(2, 20, 21, source="gate")),
            closed_entry(3, 30, kind=Kind.COVERED),
        ]
    )
    journal.mark(event(1).id, label=True, kept=True)
    journal.mark(event(2).id, label=False)
    assert numbers(found(journal, **wanted)) == expected


def test_an_event_is_found_by_the_beginning_of_its_id(journal: Journal) -> None:
    journal.write([closed_entry(0x5F3A0001), closed_entry(0x5F3B0001)])
    assert find_event(journal, "5f3a").id == event(0x5F3A0001).id
    with pytest.raises(UsageError, match=r"Several events' ids begin with '5f': 5f3a0001-.*; give more"):
        find_event(journal, "5f")
    with pytest.raises(UsageError, match="No event's id begins with 'zz'"):
        find_event(journal, "zz")
    with pytest.raises(UsageError, match="No event's id begins with ''"):
        find_event(journal, "")


def test_entries_survive_the_way_through_a_line() -> None:
    for given in (closed_entry(clip="a.mp4"), watched(0, 1)):
        assert from_line(to_line(given)) == given
    for wrong in ("{}", "[]", "3", "no", '{"entry": "event"}', '{"entry": "gap", "id": 1, "mood": 2}'):
        with pytest.raises(ValueError, match=r"."):
            from_line(wrong)


def test_what_no_database_takes_is_taken_out_of_text() -> None:
    assert clean("a\0b\udcffc") == "ab?c"


def test_a_file_whose_disk_was_mounted_anew_is_taken_up_with_the_next_try(
    place: Place, tmp_path: Path
) -> None:
    with Journal.open(place) as journal:
        journal.write([closed_entry(1)])
        for part in [path for path in tmp_path.iterdir() if path.is_file()]:
            Path(shutil.copy(part, tmp_path / "copy")).replace(part)
        with pytest.raises(JournalAwayError), journal.writing():
            raise sqlite3.OperationalError("disk I/O error")
        journal.write([closed_entry(2)])
    with Journal.open(place) as journal:
        assert 2 in numbers(found(journal))
