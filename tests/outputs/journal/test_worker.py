"""Nobody waits for the journal: it is written in a thread of its own, in order."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.outputs.journal import worker as module
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.entries import Entry
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.queries import Filter, find_events
from monitor.outputs.journal.worker import JournalWorker
from monitor.outputs.journal.writer import JournalWriter
from tests.outputs.journal.given import closed_entry, entry, event

Begin = Callable[[], JournalWorker]


@pytest.fixture
def begin(place: Place, tmp_path: Path) -> Begin:
    def started() -> JournalWorker:
        writer = JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi")
        worker = JournalWorker(writer)
        worker.start()
        return worker

    return started


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Writing waits until the test lets it go on."""
    go_on, real = threading.Event(), Journal.write

    def write(self: Journal, entries: Iterable[Entry]) -> None:
        assert go_on.wait(30)
        real(self, entries)

    monkeypatch.setattr(Journal, "write", write)
    return go_on


def count(place: Place) -> int:
    with Journal.open(place) as journal:
        return sum(not found.is_open for found in find_events(journal, Filter()))


def test_writing_does_not_wait_for_the_disk(begin: Begin, held: threading.Event, place: Place) -> None:
    worker = begin()
    for number in range(100):
        worker.write([entry(event(number)), closed_entry(number)])
    assert worker.waiting == 200
    held.set()
    assert worker.drain()
    assert count(place) == 100
    worker.close()


def test_closing_writes_what_is_queued(begin: Begin, place: Place) -> None:
    worker = begin()
    worker.write([closed_entry(number) for number in range(50)])
    worker.close()
    worker.close()
    assert count(place) == 50
    with pytest.raises(ValueError, match="closed"):
        worker.write([closed_entry()])


@pytest.mark.logs_errors
def test_what_finds_the_queue_full_is_counted(
    begin: Begin, held: threading.Event, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_QUEUED", 3)
    worker = begin()
    worker.write([closed_entry(number) for number in range(8)])
    assert worker.dropped == 5
    held.set()
    worker.close()
    assert count(place) == 3


@pytest.mark.logs_errors
def test_a_bug_does_not_end_the_thread(
    begin: Begin, place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker = begin()
    with monkeypatch.context() as patched:
        patched.setattr(Journal, "write", lambda self, entries: 1 // 0)
        worker.write([closed_entry(1)])
        assert worker.drain()
    worker.write([closed_entry(2)])
    worker.close()
    assert count(place) == 1
    assert "ZeroDivisionError" in caplog.text


def test_a_worker_that_was_never_started_closes(place: Place, tmp_path: Path) -> None:
    worker = JournalWorker(JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi"))
    worker.close()
    with pytest.raises(ValueError, match="closed"):
        worker.write([closed_entry(1)])
