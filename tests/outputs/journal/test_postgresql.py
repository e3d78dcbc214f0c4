"""A journal that several machines share, in a real PostgreSQL that is restarted in the middle."""

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from monitor.alerts.outbox import StoredAlert
from monitor.clock import SimulatedClock
from monitor.errors import UsageError
from monitor.outputs.journal import opening, schema
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.held import named_files
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.outbox import JournalOutbox
from monitor.outputs.journal.queries import Filter, find_event, find_events
from monitor.outputs.journal.writer import RETRY_S, JournalWriter
from tests.outputs.journal.given import NOON, at, closed_entry, entry, event, watched
from tests.postgresql import Cluster


@pytest.fixture
def place(cluster: Cluster) -> Place:
    """A new, empty database."""
    name = f"journal_{uuid.uuid4().hex}"
    cluster.make(name)
    return cluster.place(name)


@pytest.fixture
def shared(place: Place) -> Iterator[Journal]:
    with Journal.open(place) as journal:
        yield journal


def ids(journal: Journal) -> list[int]:
    return sorted(int(found.id[:8], 16) for found in find_events(journal, Filter()))


def test_migrations_lead_to_the_same_tables(shared: Journal) -> None:
    with shared.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": opening.VERSION_TABLE})
        assert compare_metadata(context, schema.metadata) == []


def test_machines_that_begin_it_at_once_migrate_it_once(place: Place) -> None:
    failures: list[Exception] = []

    def begin() -> None:
        try:
            Journal.open(place).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_newer_version_is_told(shared: Journal, place: Place) -> None:
    with shared.writing() as connection:
        connection.exec_driver_sql("UPDATE monitor_schema SET version_num = '99'")
    with pytest.raises(UsageError, match="written by a newer version"):
        Journal.open(place)


def test_writing_reading_and_marking_are_as_in_a_file(shared: Journal) -> None:
    for _ in range(2):
        shared.write([entry(event(1)), closed_entry(2, 10, clip="a.mp4"), watched(0, 5)])
    shared.write([closed_entry(1)])
    shared.write([entry(event(1))])
    shared.mark(event(1).id, label=False, note="the cat", kept=True)
    newest, oldest = find_events(shared, Filter(since=at(-1)))
    assert (newest.record["files"]["clip"], oldest.is_open, oldest.note) == ("a.mp4", False, "the cat")
    assert find_event(shared, "00000002").id == event(2).id
    assert [found.id for found in find_events(shared, Filter(label=False, kept=True))] == [event(1).id]


def test_what_waited_may_hold_an_event_several_times(shared: Journal) -> None:
    shared.write(
        [entry(event(3)), entry(event(3, peak_s=1.0)), closed_entry(3, clip="a.mp4"), entry(event(3))]
    )
    (found,) = find_events(shared, Filter())
    assert (found.is_open, found.record["files"]["clip"]) == (False, "a.mp4")


def test_each_node_sees_its_own_files(shared: Journal) -> None:
    shared.write([closed_entry(1, clip="a.mp4"), entry(event(2, 1, 2), node="attic", clip="a.mp4")])
    assert named_files(shared, "attic")["a.mp4"].event_ids == (event(2).id,)


def test_alerts_wait_as_in_a_file(shared: Journal) -> None:
    outbox = JournalOutbox(shared, "pi", StoredAlert)
    alert = StoredAlert("a", "mail", "k", "motion", "yard", NOON, NOON, 0, {"σ": 14}, "waiting", None)
    assert [outbox.add(alert), outbox.add(alert)] == [True, False]
    assert outbox.due(NOON, 1) == [alert]


def test_a_restart_loses_nothing_and_writes_nothing_twice(
    cluster: Cluster, shared: Journal, place: Place, tmp_path: Path
) -> None:
    clock = SimulatedClock()
    with JournalWriter(lambda: Journal.open(place), tmp_path, clock, "pi") as writer:
        writer.write([closed_entry(1)])
        cluster.control("-m", "immediate", "stop")
        for number in (2, 3):
            writer.write([closed_entry(number)])
            clock.advance(RETRY_S)
        waited, why = writer.waiting, writer.away
        cluster.control("start")
        writer.write([closed_entry(4)])
        assert (waited, writer.waiting, writer.away) == (2, 0, None)
    assert why is not None
    assert "the journal cannot be used" in why
    assert ids(shared) == [1, 2, 3, 4]


def test_a_restart_between_two_writes_is_not_even_noticed(
    cluster: Cluster, shared: Journal, place: Place, tmp_path: Path
) -> None:
    with JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi") as writer:
        writer.write([closed_entry(1)])
        cluster.control("-m", "fast", "restart")
        writer.write([closed_entry(2)])
        assert writer.away is None
    assert ids(shared) == [1, 2]
