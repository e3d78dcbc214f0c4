"""Alerts wait until they are delivered, each once."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.alerts.outbox import OutboxStore, StoredAlert
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.outbox import JournalOutbox
from tests.outputs.journal.given import NOON, at


def alert(name: str, next_try_s: float = 0.0, **fields: Any) -> StoredAlert:
    made = StoredAlert(
        id=name,
        channel="mail",
        dedupe_key=f"mail {name}",
        kind="motion",
        source="yard",
        created=NOON,
        next_try=at(next_try_s),
        attempts=0,
        body={"text": "Something moves — σ 14", "zones": ["gate"]},
        state="waiting",
        last_error=None,
    )
    return replace(made, **fields)


@pytest.fixture
def outbox(journal: Journal) -> JournalOutbox[StoredAlert]:
    return JournalOutbox(journal, "pi", StoredAlert)


def test_an_alert_comes_back_as_it_went_in(outbox: JournalOutbox[StoredAlert]) -> None:
    assert outbox.add(alert("a"))
    assert outbox.due(NOON, 10) == [alert("a")]


def test_the_same_key_is_added_once(outbox: JournalOutbox[StoredAlert]) -> None:
    assert outbox.add(alert("a"))
    assert not outbox.add(alert("b", dedupe_key="mail a"))
    outbox.sent("a", NOON)
    assert not outbox.add(alert("c", dedupe_key="mail a"))
    assert outbox.waiting() == 0


def test_what_is_due_comes_in_the_order_of_its_time(outbox: JournalOutbox[StoredAlert]) -> None:
    for name, next_try_s in (("late", 30), ("first", 5), ("second", 10)):
        outbox.add(alert(name, next_try_s))
    assert [one.id for one in outbox.due(at(10), 10)] == ["first", "second"]
    assert [one.id for one in outbox.due(at(100), 2)] == ["first", "second"]


def test_a_failed_try_waits_for_the_next(outbox: JournalOutbox[StoredAlert]) -> None:
    outbox.add(alert("a"))
    outbox.failed("a", NOON, at(60), "no route to host")
    assert outbox.due(at(59), 10) == []
    (again,) = outbox.due(at(60), 10)
    assert (again.attempts, again.last_error, again.state) == (1, "no route to host", "waiting")


def test_what_is_sent_or_given_up_is_not_due(outbox: JournalOutbox[StoredAlert]) -> None:
    for name in "ab":
        outbox.add(alert(name))
    outbox.sent("a", at(1))
    outbox.given_up("b", at(1), "the address does not exist")
    assert (outbox.due(at(100), 10), outbox.waiting()) == ([], 0)
    states = {one.id: (one.state, one.last_error) for one in outbox.recent("mail", NOON)}
    assert states == {"a": ("sent", None), "b": ("given_up", "the address does not exist")}


def test_what_is_recent_is_of_one_channel_and_time(outbox: JournalOutbox[StoredAlert]) -> None:
    outbox.add(alert("old", created=at(-100)))
    outbox.add(alert("new", created=at(10)))
    outbox.add(alert("other", channel="mqtt", created=at(10)))
    assert [one.id for one in outbox.recent("mail", at(-50))] == ["new"]


def test_each_node_delivers_its_own(journal: Journal, outbox: JournalOutbox[StoredAlert]) -> None:
    outbox.add(alert("a"))
    other = JournalOutbox(journal, "attic", StoredAlert)
    assert (other.due(at(100), 10), other.waiting()) == ([], 0)


def test_it_is_the_store_that_the_alerts_want(journal: Journal) -> None:
    store: OutboxStore = JournalOutbox(journal, "pi", StoredAlert)
    given = StoredAlert("a", "mail", "k", "motion", "yard", NOON, NOON, 0, {})
    assert store.add(given)
    assert store.due(NOON, 1) == [given]
