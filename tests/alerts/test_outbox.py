"""What every store of alerts does, and what happens where it fails."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.alerts.memory import MemoryStore
from monitor.alerts.outbox import Outbox, OutboxStore, StoredAlert
from monitor.errors import OutputError
from tests.alerts.given import NOW, stored


@pytest.fixture(params=["memory", "journal"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OutboxStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    from monitor.outputs.journal.address import outbox_url
    from monitor.outputs.journal.journal import Journal
    from monitor.outputs.journal.outbox import JournalOutbox

    with Journal.open(outbox_url("", tmp_path)) as journal:
        yield JournalOutbox(journal, "node", StoredAlert)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_an_alert_comes_back_as_it_went_in(store: OutboxStore) -> None:
    alert = stored(1, body={"more": 3, "name": "Einfahrt σ"})
    assert store.add(alert)
    assert store.due(NOW, 10) == [alert] == store.recent("phone", NOW)


def test_a_key_is_stored_once_also_after_it_was_sent(store: OutboxStore) -> None:
    assert store.add(stored(1))
    store.sent("a1", NOW)
    assert not store.add(stored(1))
    assert store.waiting() == 0


def test_what_failed_is_due_when_it_was_said(store: OutboxStore) -> None:
    store.add(stored(1))
    store.failed("a1", NOW, at(5), "down")
    assert store.due(at(4.9), 10) == []
    (alert,) = store.due(at(5), 10)
    assert (alert.attempts, alert.last_error, alert.state) == (1, "down", "waiting")


def test_what_is_given_up_is_never_due(store: OutboxStore) -> None:
    store.add(stored(1))
    store.given_up("a1", NOW, "down")
    assert (store.due(at(1e6), 10), store.waiting()) == ([], 0)
    assert [alert.state for alert in store.recent("phone", NOW)] == ["given_up"]


def test_no_more_is_returned_than_was_asked_for(store: OutboxStore) -> None:
    for number in range(5):
        store.add(stored(number, at=at(number)))
    assert [alert.id for alert in store.due(at(10), 2)] == ["a0", "a1"]
    assert (store.waiting(), len(store.recent("phone", at(3))), store.recent("other", NOW)) == (5, 2, [])


def test_all_that_waits_is_found_in_the_order_in_which_it_was_made(store: OutboxStore) -> None:
    for number in range(3):
        store.add(stored(number, at=at(number)))
    store.failed("a0", at(3), at(600), "down")
    assert [alert.id for alert in Outbox(store).all_waiting(at(1e6))] == ["a0", "a1", "a2"]


class Full(MemoryStore):
    """A store on a full disk."""

    full = True

    def add(self, message: StoredAlert) -> bool:
        if self.full:
            raise OutputError("no space left")
        return super().add(message)


@pytest.mark.logs_errors
def test_a_store_that_fails_is_told_once_and_keeps_no_alert_back(caplog: pytest.LogCaptureFixture) -> None:
    store = Full()
    outbox = Outbox(store)
    assert outbox.add(stored(1))
    assert outbox.add(stored(2))
    assert [record.getMessage() for record in caplog.records] == [
        "alerts go out, but would not survive a restart: no space left"
    ]
    store.full = False
    assert outbox.add(stored(3))
    assert store.waiting() == 1


def test_what_waits_is_told_of_one_source_alone(store: OutboxStore) -> None:
    for number, source in enumerate(("yard", "door", "yard")):
        store.add(replace(stored(number), source=source))
    store.sent("a2", NOW)
    assert (store.waiting(), store.waiting("yard"), store.waiting("attic")) == (2, 1, 0)
