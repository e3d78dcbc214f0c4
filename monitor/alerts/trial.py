"""A test alert through a real channel."""

import os
import uuid
from collections.abc import Mapping
from datetime import datetime

from monitor.alerts.arming import Arming
from monitor.alerts.build import Surroundings, channel_of, sections_of, zone_of
from monitor.alerts.kinds import NOTICE
from monitor.alerts.outbox import StoredAlert
from monitor.clock import Clock
from monitor.errors import UsageError
from monitor.settings.alerts import Alerts


def try_channel(given: Alerts, name: str, clock: Clock, environ: Mapping[str, str] = os.environ) -> None:
    """Send a test through the channel of this name, enabled or not; returns once it has arrived.

    Raises `DeliveryError` where it does not arrive, `UsageError` where there is no such channel or
    something is missing, `MissingPackageError`.
    """
    sections = dict(sections_of(given))
    if name not in sections:
        known = ", ".join(sections) or "none; add one to the section alerts"
        raise UsageError(f"There is no alert channel {name}. Known: {known}.")
    zone = zone_of(given, environ)
    around = Surroundings(clock, Arming(clock, zone), zone, environ, is_trial=True)
    channel = channel_of(name, sections[name], given, around)
    try:
        channel.start(lambda: None)
        channel.trial(_test_alert(name, clock.wall()))
    finally:
        channel.close()


def _test_alert(name: str, now: datetime) -> StoredAlert:
    key = str(uuid.uuid4())
    record = {
        "schema": 1,
        "kind": NOTICE,
        "source": "",
        "title": "Test of the monitor's alerts",
        "message": f"This came through the channel {name}. If you read it, it works.",
    }
    body = {"phase": "notice", "record": record, "snapshot": None}
    return StoredAlert(key, name, f"{name}:{key}", NOTICE, "", now, now, 0, body)
