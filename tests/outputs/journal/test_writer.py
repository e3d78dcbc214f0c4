"""A journal that is away stops nothing: what it misses waits on disk and is written in order, once."""

import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.errors import OutputError, UsageError
from monitor.outputs.journal import writer as module
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.entries import Entry, to_line
from monitor.outputs.journal.errors import JournalAwayError
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events
from monitor.outputs.journal.spool import FOLDER_NAME, Spool, left_spools, running
from monitor.outputs.journal.writer import RETRY_S, JournalWriter
from tests.outputs.journal.given import closed_entry, entry, event


class Switch:
    """Opens a journal that is there or away as the test says; `order` keeps what it took."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.is_away = False
        self.order: list[str] = []

    def __call__(self) -> Journal:
        if self.is_away:
            raise JournalAwayError("the journal is away")
        return _Switched.under(self)


class _Switched(Journal):
    switch: Switch

    @classmethod
    def under(cls, switch: Switch) -> Journal:
        opened = cls.open(switch.place)
        opened.switch = switch
        return opened

    def write(self, entries: object) -> None:
        if self.switch.is_away:
            raise JournalAwayError("the journal is away")
        given: list[Entry] = list(entries)  # type: ignore[call-overload]
        super().write(given)
        self.switch.order += [one.id for one in given]


@pytest.fixture
def switch(place: Place) -> Switch:
    return Switch(place)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def open_writer(switch: Switch, tmp_path: Path, clock: SimulatedClock) -> Callable[[], JournalWriter]:
    return lambda: JournalWriter(switch, tmp_path, clock, "pi")


def ids(*numbers: int) -> list[str]:
    return [event(number).id for number in numbers]


def test_entries_wait_in_order_and_are_written_once_when_it_is_back(
    switch: Switch, clock: SimulatedClock, open_writer: Callable[[], JournalWriter]
) -> None:
    with open_writer() as writer:
        writer.write([closed_entry(1)])
        switch.is_away = True
        for number in (2, 3, 4):
            writer.write([closed_entry(number)])
        assert (writer.waiting, writer.away) == (3, "the journal is away")
        switch.is_away = False
        writer.write([closed_entry(5)])
        assert writer.waiting == 4  # it is tried again after a while only
        clock.advance(RETRY_S)
        writer.write([closed_entry(6)])
        assert (writer.waiting, writer.away) == (0, None)
    assert switch.order == ids(1, 2, 3, 4, 5, 6)


def test_the_journal_may_be_away_when_the_program_starts(
    switch: Switch, clock: SimulatedClock, open_writer: Callable[[], JournalWriter]
) -> None:
    switch.is_away = True
    with open_writer() as writer:
        writer.write([closed_entry(1)])
        switch.is_away = False
        clock.advance(RETRY_S)
        writer.write([closed_entry(2)])
    assert switch.order == ids(1, 2)


def test_what_one_run_could_not_write_the_next_one_does(
    switch: Switch, tmp_path: Path, open_writer: Callable[[], JournalWriter]
) -> None:
    switch.is_away = True
    with open_writer() as writer:
        writer.write([closed_entry(1), closed_entry(2)])
    switch.is_away = False
    with open_writer():
        assert switch.order == ids(1, 2)
    assert list((tmp_path / FOLDER_NAME).iterdir()) == []


def test_a_line_that_a_crash_cut_off_stops_nothing(
    switch: Switch, tmp_path: Path, open_writer: Callable[[], JournalWriter]
) -> None:
    folder = tmp_path / FOLDER_NAME
    folder.mkdir()
    whole = "".join(f"{to_line(closed_entry(number))}\n" for number in (1, 2))
    (folder / "crashed.jsonl").write_text(whole + to_line(closed_entry(3))[:80], "utf-8")
    open_writer().close()
    assert switch.order == ids(1, 2)


def test_the_spool_of_a_running_program_is_left_alone(
    switch: Switch, tmp_path: Path, open_writer: Callable[[], JournalWriter]
) -> None:
    switch.is_away = True
    with open_writer() as first:
        first.write([closed_entry(1)])
        switch.is_away = False
        with open_writer() as second:
            assert running(tmp_path / FOLDER_NAME) == {first.run, second.run}
            assert list(left_spools(tmp_path / FOLDER_NAME)) == []
            assert switch.order == []
    assert switch.order == ids(1)
    assert running(tmp_path / FOLDER_NAME) == set()


@pytest.mark.logs_errors
def test_an_entry_that_is_refused_is_set_aside_and_holds_up_nothing(
    switch: Switch, tmp_path: Path, open_writer: Callable[[], JournalWriter]
) -> None:
    bad = entry(event(2), clip=None)  # type: ignore[arg-type]
    with open_writer() as writer:
        writer.write([closed_entry(1), bad, closed_entry(3)])
        assert writer.waiting == 0
    assert switch.order == ids(1, 3)
    assert (tmp_path / FOLDER_NAME / "refused.txt").read_text("utf-8") == f"{to_line(bad)}\n"


@pytest.mark.logs_errors
def test_where_the_disk_is_full_too_the_last_entries_wait_in_memory(
    switch: Switch,
    clock: SimulatedClock,
    open_writer: Callable[[], JournalWriter],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, "MOST_IN_MEMORY", 3)
    with open_writer() as writer:
        switch.is_away = True
        writer.write([closed_entry(1)])
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            for number in range(2, 7):
                writer.write([closed_entry(number)])
        assert (writer.waiting, writer.dropped) == (4, 2)
        switch.is_away = False
        clock.advance(RETRY_S)
        writer.write([closed_entry(7)])
    assert switch.order == ids(1, 4, 5, 6, 7)


def test_a_line_that_did_not_fit_leaves_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    spool = Spool(tmp_path, "run")
    spool.append(["first"])
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            spool.append(["second"])
    spool.append(["third"])
    assert spool.lines() == ["first", "third"]
    spool.close()


def test_a_disk_that_turned_read_only_leaves_all_to_memory_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path, "run")
    spool.append(["first"])
    writable = spool._file
    spool._file = (tmp_path / "run.jsonl").open("rb", buffering=0)  # what is written or cut off is an error
    with pytest.raises(OutputError):
        spool.append(["second"])
    assert spool.lines() == ["first"]
    spool.clear()
    assert spool.is_empty
    spool.close()
    writable.close()


def test_a_file_whose_disk_was_mounted_anew_is_made_anew(tmp_path: Path) -> None:
    spool = Spool(tmp_path, "run")
    spool.append(["first"])
    spool.path.unlink()
    spool.clear()
    spool.append(["second"])
    assert spool.path.read_text() == "second\n"
    assert running(tmp_path) == {"run"}
    spool.close()


def test_it_is_told_once_that_the_journal_is_away_and_once_that_it_is_back(
    switch: Switch,
    clock: SimulatedClock,
    open_writer: Callable[[], JournalWriter],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING), open_writer() as writer:
        switch.is_away = True
        for number in range(5):
            writer.write([closed_entry(number)])
            clock.advance(RETRY_S)
        switch.is_away = False
        writer.write([closed_entry(5)])
        writer.write([closed_entry(6)])
    said = [record.getMessage() for record in caplog.records]
    assert [text[:24] for text in said] == ["the journal is away What", "the journal is back; 5 e"]


def test_a_journal_that_can_never_be_written_is_told_at_the_start(
    tmp_path: Path, clock: SimulatedClock
) -> None:
    def newer() -> Journal:
        raise UsageError("newer")

    with pytest.raises(UsageError, match="newer"):
        JournalWriter(newer, tmp_path, clock, "pi")
    assert list((tmp_path / FOLDER_NAME).iterdir()) == []


def test_a_closed_writer_takes_nothing_and_closes_twice(open_writer: Callable[[], JournalWriter]) -> None:
    writer = open_writer()
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write([closed_entry()])


def test_all_that_is_written_is_found(place: Place, open_writer: Callable[[], JournalWriter]) -> None:
    with open_writer() as writer:
        writer.write([closed_entry(number) for number in range(1000)])
    with Journal.open(place) as journal:
        assert sum(1 for _ in find_events(journal, Filter())) == 1000
