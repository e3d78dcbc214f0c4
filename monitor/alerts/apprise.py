"""Mail, Telegram, Discord, ntfy, Pushover and over a hundred more, through Apprise."""

import logging
import re
from collections.abc import Collection, Sequence
from datetime import tzinfo
from typing import Any
from urllib.parse import unquote

from monitor.alerts.channel import Channel, DeliveryError, require
from monitor.alerts.message import Message, message_of
from monitor.alerts.outbox import StoredAlert
from monitor.errors import UsageError
from monitor.settings.secrets import Secret, scrubbed

_LOGGER = "apprise"

LONGEST_REASON = 300
"""Letters of what Apprise says of a failure; some services answer with whole pages."""


class Apprise(Channel):
    """Sends each alert to every one of the Apprise URLs in `urls`, parted by white space, or one a line.

    What was sent to one of several is not sent to it again while the others are tried. Raises `UsageError`
    for a URL that Apprise does not know, `MissingPackageError` where Apprise is not installed.
    """

    def __init__(self, name: str, urls: Secret, zone: tzinfo, *, snapshot: bool, timeout_s: float) -> None:
        super().__init__(name)
        require("apprise", "alerts", name)
        lines = [line for line in urls.reveal().splitlines() if not line.lstrip().startswith("#")]
        self._urls = " ".join(lines).split()
        self._secrets = {secret for url in self._urls for secret in _secrets_of(url)}
        self._filter = _silence_libraries(self._secrets)
        self._services = [_service(name, number, url) for number, url in enumerate(self._urls, 1)]
        if not self._services:
            raise UsageError(f"The alert channel {name} has no Apprise URL.")
        self._zone = zone
        self._snapshot = snapshot
        self._timeout_s = timeout_s
        self._done: set[int] = set()
        self._done_for: tuple[str, ...] = ()

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Send to every URL that has not taken it yet."""
        ids = tuple(alert.id for alert in alerts)
        if ids != self._done_for:
            self._done, self._done_for = set(), ids
        message = message_of(alerts, self._zone)
        failed = [why for number in range(len(self._services)) if (why := self._send(number, message))]
        if failed:
            raise DeliveryError("; ".join(failed))

    def close(self) -> None:
        """Leave Apprise's log as it was."""
        logging.getLogger(_LOGGER).removeFilter(self._filter)

    def _send(self, number: int, message: Message) -> str | None:
        """Send to one URL; return why it failed, None if it did not."""
        if number in self._done:
            return None
        pictures = [str(picture) for picture in message.pictures] if self._snapshot else None
        result = self._services[number].notify(
            body=message.text, title=message.title, attach=pictures or None, timeout=self._timeout_s
        )
        if result:
            self._done.add(number)
            return None
        service = self._urls[number].partition(":")[0]
        why = " ".join(entry.message for entry in result.logs()) or f"no word within {self._timeout_s:g} s"
        return scrubbed(f"{service}: {why}", self._secrets)[:LONGEST_REASON]


def _service(name: str, number: int, url: str) -> Any:
    import apprise

    asset = apprise.AppriseAsset(app_id="monitor", app_desc="motion and change monitor", async_mode=False)
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        raise UsageError(
            f"The alert channel {name}: URL {number} is none that Apprise knows; see its list of services."
        )
    return service


def _secrets_of(url: str) -> set[str]:
    """Return every part of a URL but its scheme: which of them is the token depends on the service."""
    parts = [url, *re.split(r"[/:@?&=]+", url.partition("://")[2])]
    return {text for part in parts for text in (part, unquote(part)) if text}


class _Scrub(logging.Filter):
    """Hides secrets in what passes through a logger."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrubbed(record.getMessage(), self._secrets), ()
        return True


def _silence_libraries(secrets: Collection[str]) -> logging.Filter:
    """Keep addresses with tokens out of the log: Apprise and the HTTP library under it write them there.

    What Apprise says of a failure is told by the channel; the filter that is returned hides the rest.
    """
    scrub = _Scrub(secrets)
    logger = logging.getLogger(_LOGGER)
    logger.propagate = False
    logger.addFilter(scrub)
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return scrub
