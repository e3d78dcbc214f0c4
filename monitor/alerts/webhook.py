"""A POST of the event as JSON, signed."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from monitor.alerts.channel import Channel
from monitor.alerts.http import Http
from monitor.alerts.message import payload_of
from monitor.alerts.outbox import StoredAlert
from monitor.alerts.signature import DELIVERY, SIGNATURE, TIMESTAMP, signature
from monitor.settings.secrets import Secret


class Webhook(Channel):
    """Posts the record of each event, a digest as `{"schema": 1, "digest": [records]}`; see `signature`."""

    def __init__(
        self,
        name: str,
        url: Secret,
        secret: Secret | None,
        wall: Callable[[], datetime],
        *,
        timeout_s: float,
        ca_file: Path | None = None,
    ) -> None:
        super().__init__(name)
        self._url = url
        self._secret = secret
        self._wall = wall
        self._http = Http(timeout_s, wall, ca_file)

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Post; only 2xx is success."""
        body = json.dumps(payload_of(alerts), ensure_ascii=False, allow_nan=False).encode()
        timestamp = int(self._wall().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "motion-change-monitor",
            # Keys hold names, and names may hold any letter; headers may not.
            DELIVERY: alerts[0].dedupe_key.encode("ascii", "backslashreplace").decode(),
            TIMESTAMP: str(timestamp),
        }
        if self._secret is not None:
            headers[SIGNATURE] = signature(self._secret.reveal(), timestamp, body)
        self._http.send("POST", self._url.reveal(), headers, body)

    def interrupt(self) -> None:
        """End a POST that is under way."""
        self._http.interrupt()
