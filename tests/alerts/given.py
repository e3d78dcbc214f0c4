"""What the tests of alerts share: records, alerts, a channel that does as it is told."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.arming import Arming
from monitor.alerts.channel import Channel, DeliveryError, OpenEvent
from monitor.alerts.memory import MemoryStore
from monitor.alerts.outbox import OutboxStore, StoredAlert
from monitor.alerts.policy import Policy
from monitor.alerts.service import Alerts
from monitor.clock import Clock, SimulatedClock
from monitor.settings.channels import Channel as Rules

NOW = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday; where SimulatedClock starts
LONGEST_WAIT_S = 60.0
"""For what takes no time on an idle machine; what hangs in a test hangs for so long."""

IN_TIME_S = LONGEST_WAIT_S / 2
"""Whoever is done by then has not waited for what hangs."""

# A service that Apprise loads along with the others needs a module that is on its way out of Python.
loads_apprise = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def record(number: int = 1, **values: Any) -> dict[str, Any]:
    """The JSON of an event, as in the design."""
    return {
        "schema": 1, "id": f"e{number}", "source": "driveway", "kind": "motion", "start_s": 12.48,
        "end_s": None, "start_time": "2026-01-01T00:00:00.480Z", "end_time": None, "start_frame": 312,
        "end_frame": None, "peak_s": 14.0, "zones": [], "box": [0.31, 0.40, 0.12, 0.22],
        "evidence": {"peak_sigma": 14.2, "opened_by": "moved 0.34 of the diagonal, at least 0.03 is needed"},
        "files": {"clip": None, "annotated": None, "snapshot": None, "scores": None},
    } | values  # fmt: skip


def stored(number: int = 1, *, channel: str = "phone", at: datetime = NOW, **values: Any) -> StoredAlert:
    """A waiting alert of the event of this number."""
    body = {"phase": "opened", "record": record(number), "snapshot": None} | values.pop("body", {})
    fields: dict[str, Any] = {"kind": "motion", "source": "driveway", "next_try": at} | values
    return StoredAlert(
        f"a{number}", channel, f"{channel}:e{number}:opened", created=at, attempts=0, body=body, **fields
    )


class Fake(Channel):
    """A channel that keeps what it gets, fails as often as `failures` holds errors, and may be held up."""

    def __init__(self, name: str = "phone") -> None:
        super().__init__(name)
        self.failures: list[Exception] = []
        self.got: list[StoredAlert] = []
        self.batches: list[int] = []
        self.shown: list[Sequence[OpenEvent]] = []
        self.closed = 0
        self.changed = threading.Condition()
        self.gate = threading.Event()
        self.gate.set()

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        self.gate.wait(LONGEST_WAIT_S)
        if self.failures:
            raise self.failures.pop(0)
        with self.changed:
            self.got += alerts
            self.batches.append(len(alerts))
            self.changed.notify_all()

    def follow(self, events: Sequence[OpenEvent]) -> None:
        with self.changed:
            self.shown.append(events)
            self.changed.notify_all()

    def interrupt(self) -> None:
        self.gate.set()

    def close(self) -> None:
        self.closed += 1

    def wait_for(self, count: int) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: len(self.got) >= count, LONGEST_WAIT_S)

    @property
    def told(self) -> list[str]:
        return [alert.dedupe_key.partition(":")[2] for alert in self.got]


def down(**values: Any) -> DeliveryError:
    return DeliveryError("the server is down", **values)


def alerts_with(
    *channels: Channel,
    clock: Clock | None = None,
    store: OutboxStore | None = None,
    hours: Sequence[str] = (),
    file: Path | None = None,
    rules: Rules | None = None,
    **options: Any,
) -> tuple[Alerts, Arming]:
    """Alerts of these channels under the same rules, by default none, in UTC."""
    clock = clock or SimulatedClock()
    arming = Arming(clock, UTC, hours, file)
    desks = [(channel, Policy(rules or Rules(cooldown_s=0.0), UTC)) for channel in channels]
    return Alerts(desks, store or MemoryStore(), clock, arming, chance=lambda: 0.5, **options), arming


def wait_until(condition: Callable[[], bool], wake: threading.Event | None = None) -> bool:
    """Wait for what a real server or thread brings about; bounded."""
    pause = wake or threading.Event()
    for _ in range(int(LONGEST_WAIT_S / 0.01)):
        if condition():
            return True
        pause.wait(0.01)
    return condition()
