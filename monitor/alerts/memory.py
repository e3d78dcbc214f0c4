"""An outbox that does not outlive the program: for trials, and where no journal is kept."""

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.alerts.outbox import StoredAlert


class MemoryStore:
    """Keeps every alert in memory; see `OutboxStore`."""

    def __init__(self) -> None:
        self._alerts: dict[str, StoredAlert] = {}
        self._lock = threading.Lock()

    def add(self, message: StoredAlert) -> bool:
        """Keep an alert, unless its key is known."""
        with self._lock:
            if any(alert.dedupe_key == message.dedupe_key for alert in self._alerts.values()):
                return False
            self._alerts[message.id] = message
            return True

    def due(self, now: datetime, limit: int) -> list[StoredAlert]:
        """Return waiting alerts whose next try has come, the longest due first."""
        with self._lock:
            found = [a for a in self._alerts.values() if a.state == "waiting" and a.next_try <= now]
        return sorted(found, key=lambda alert: (alert.next_try, alert.created))[:limit]

    def sent(self, id: str, at: datetime) -> None:  # noqa: A002
        """Note that an alert was delivered."""
        self._change(id, state="sent", last_error=None)

    def failed(self, id: str, at: datetime, next_try: datetime, error: str) -> None:  # noqa: A002
        """Note a try that failed."""
        self._change(id, next_try=next_try, last_error=error)

    def given_up(self, id: str, at: datetime, error: str) -> None:  # noqa: A002
        """Note that an alert is not tried again."""
        self._change(id, state="given_up", last_error=error)

    def waiting(self, source: str | None = None) -> int:
        """Return how many alerts wait; of one source alone if it is named."""
        with self._lock:
            waiting = [alert for alert in self._alerts.values() if alert.state == "waiting"]
        return sum(source in (None, alert.source) for alert in waiting)

    def recent(self, channel: str, since: datetime) -> list[StoredAlert]:
        """Return what was added for a channel from `since` on, the oldest first."""
        with self._lock:
            return [a for a in self._alerts.values() if a.channel == channel and a.created >= since]

    def _change(self, alert_id: str, **values: Any) -> None:
        with self._lock:
            alert = self._alerts[alert_id]
            self._alerts[alert_id] = replace(alert, attempts=alert.attempts + 1, **values)
