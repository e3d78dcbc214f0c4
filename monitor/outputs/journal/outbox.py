"""Alerts that wait on disk until they are delivered."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Row, func, select, update

from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us, to_us
from monitor.outputs.journal.schema import alerts

Message = TypeVar("Message")

_PLAIN: Final = ("id", "channel", "dedupe_key", "kind", "source", "attempts", "state", "last_error")


class JournalOutbox(Generic[Message]):
    """The alerts of one node; may be used from several threads at once. Every call raises `JournalError`.

    A message is whatever has the fields of `_PLAIN`, the aware times `created` and `next_try`, and `body`,
    which is JSON; `make` builds one from them, by keyword.
    """

    def __init__(self, journal: Journal, node: str, make: Callable[..., Message]) -> None:
        self._journal = journal
        self._node = node
        self._make = make

    def add(self, message: Message) -> bool:
        """Store a message; False, and nothing stored, where its `dedupe_key` was added before."""
        given: Any = message
        values = {name: getattr(given, name) for name in _PLAIN} | {
            "node": self._node,
            "created_us": to_us(given.created),
            "next_try_us": to_us(given.next_try),
            "body": json.dumps(given.body),
        }
        new = self._journal.insert(alerts).values(values)
        statement = new.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(alerts.c.id)
        with self._journal.writing() as connection:
            return connection.execute(statement).first() is not None

    def due(self, now: datetime, limit: int) -> list[Message]:
        """Return at most `limit` messages whose next try has come, the longest due first."""
        waiting = (alerts.c.state == "waiting", alerts.c.next_try_us <= to_us(now))
        query = select(alerts).where(*waiting, alerts.c.node == self._node)
        with self._journal.reading() as connection:
            rows = connection.execute(query.order_by(alerts.c.next_try_us, alerts.c.created_us).limit(limit))
            return [self._message(row) for row in rows]

    def sent(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that a message was delivered."""
        self._change(id, state="sent", ended_us=to_us(at), attempts=alerts.c.attempts + 1, last_error=None)

    def failed(self, id: str, at: datetime, next_try: datetime, error: str) -> None:  # noqa: A002
        """Note a try that failed at `at`, and when to try again."""
        self._change(id, next_try_us=to_us(next_try), attempts=alerts.c.attempts + 1, last_error=error)

    def given_up(self, id: str, at: datetime, error: str) -> None:  # noqa: A002
        """Note that a message is not tried again."""
        changes = {"state": "given_up", "ended_us": to_us(at), "last_error": error}
        self._change(id, attempts=alerts.c.attempts + 1, **changes)

    def waiting(self, source: str | None = None) -> int:
        """Return how many messages wait to be delivered; of one source alone if it is named."""
        mine = [alerts.c.state == "waiting", alerts.c.node == self._node]
        if source is not None:
            mine.append(alerts.c.source == source)
        with self._journal.reading() as connection:
            return connection.execute(select(func.count()).select_from(alerts).where(*mine)).scalar_one()

    def recent(self, channel: str, since: datetime) -> list[Message]:
        """Return what was added for a channel from `since` on, in any state, the oldest first."""
        query = select(alerts).where(alerts.c.channel == channel, alerts.c.created_us >= to_us(since))
        query = query.where(alerts.c.node == self._node)
        with self._journal.reading() as connection:
            return [self._message(row) for row in connection.execute(query.order_by(alerts.c.created_us))]

    def latest(self, limit: int, *, waiting: bool = False) -> list[Message]:
        """Return at most `limit` messages, in any state or only those that wait, the newest first."""
        query = select(alerts).where(alerts.c.node == self._node)
        if waiting:
            query = query.where(alerts.c.state == "waiting")
        with self._journal.reading() as connection:
            rows = connection.execute(query.order_by(alerts.c.created_us.desc(), alerts.c.id).limit(limit))
            return [self._message(row) for row in rows]

    def _change(self, message_id: str, **values: Any) -> None:
        with self._journal.writing() as connection:
            connection.execute(update(alerts).where(alerts.c.id == message_id).values(values))

    def _message(self, row: Row[Any]) -> Message:
        values = row._mapping
        return self._make(
            **{name: values[name] for name in _PLAIN},
            created=from_us(values["created_us"]),
            next_try=from_us(values["next_try_us"]),
            body=json.loads(values["body"]),
        )
