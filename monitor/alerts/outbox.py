"""Where alerts wait until they are delivered: what is stored of each, and what a store can do."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from monitor.errors import OutputError

log = logging.getLogger(__name__)

T = TypeVar("T")

State = Literal["waiting", "sent", "given_up"]


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """One alert for one channel.

    `dedupe_key` names what is told to whom: a second alert of the same key is never stored. `body` is JSON.
    Times are aware; `created` strictly grows within a run, so it tells the order.
    """

    id: str
    channel: str
    dedupe_key: str
    kind: str
    source: str
    created: datetime
    next_try: datetime
    attempts: int
    body: dict[str, Any]
    state: State = "waiting"
    last_error: str | None = None


class OutboxStore(Protocol):
    """Keeps alerts over restarts; used from several threads. Every call may raise `OutputError`."""

    def add(self, message: StoredAlert) -> bool:
        """Store an alert; False, and nothing stored, where its `dedupe_key` was added before."""
        ...

    def due(self, now: datetime, limit: int) -> list[StoredAlert]:
        """Return at most `limit` waiting alerts whose next try has come."""
        ...

    def sent(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that an alert was delivered."""
        ...

    def failed(self, id: str, at: datetime, next_try: datetime, error: str) -> None:  # noqa: A002
        """Note a try that failed, and when to try again."""
        ...

    def given_up(self, id: str, at: datetime, error: str) -> None:  # noqa: A002
        """Note that an alert is not tried again."""
        ...

    def waiting(self, source: str | None = None) -> int:
        """Return how many alerts wait to be delivered; of one source alone if it is named."""
        ...

    def recent(self, channel: str, since: datetime) -> list[StoredAlert]:
        """Return what was added for a channel from `since` on, in any state, the oldest first."""
        ...


class Outbox:
    """The store, without its failures: a full disk must not keep the alert from going out that tells of it.

    What cannot be stored is reported once until the store works again, and the alert lives in memory alone.
    May be used from several threads.
    """

    def __init__(self, store: OutboxStore) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._broken = False

    def add(self, alert: StoredAlert) -> bool:
        """Store an alert; False where one of the same key was stored before, True where that is unknown."""
        return self._try(lambda: self._store.add(alert), True)

    def all_waiting(self, until: datetime) -> list[StoredAlert]:
        """Return what waits to be tried before `until`, in the order in which it was made."""
        none: list[StoredAlert] = []
        found = self._try(lambda: self._store.due(until, max(self._store.waiting(), 1)), none)
        return sorted(found, key=lambda alert: alert.created)

    def recent(self, channel: str, since: datetime) -> list[StoredAlert]:
        """Return what was added for a channel from `since` on, the oldest first."""
        return self._try(lambda: self._store.recent(channel, since), [])

    def sent(self, alert: StoredAlert, at: datetime) -> None:
        """Note that an alert was delivered."""
        self._try(lambda: self._store.sent(alert.id, at), None)

    def failed(self, alert: StoredAlert, at: datetime, next_try: datetime, error: str) -> None:
        """Note a try that failed, and when to try again."""
        self._try(lambda: self._store.failed(alert.id, at, next_try, error), None)

    def given_up(self, alert: StoredAlert, at: datetime, error: str) -> None:
        """Note that an alert is not tried again."""
        self._try(lambda: self._store.given_up(alert.id, at, error), None)

    def _try(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            # One at a time: a database would have the others sleep and try again, up to 100 ms each time.
            with self._lock:
                result = call()
        except OutputError as error:
            if not self._broken:
                log.error("alerts go out, but would not survive a restart: %s", error)
            self._broken = True
            return otherwise
        self._broken = False
        return result
