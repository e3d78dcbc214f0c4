"""What one program does for all its cameras: alerts, making room, and knowing how each is doing."""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from monitor.alerts.build import alerts_of
from monitor.alerts.memory import MemoryStore
from monitor.alerts.outbox import OutboxStore, StoredAlert
from monitor.alerts.reception import Reception
from monitor.clock import Clock
from monitor.errors import MonitorError, OutputError
from monitor.events.event import Phase
from monitor.live.routes import routed
from monitor.live.statefile import StatusFile
from monitor.live.status import CameraStatus
from monitor.live.telling import Told
from monitor.live.walk import Sight
from monitor.outputs.journal.address import journal_url, outbox_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.outbox import JournalOutbox
from monitor.outputs.records import EventRecord
from monitor.outputs.retention import Policy, Retention
from monitor.settings import Settings
from monitor.settings.alerts import CHANNELS

log = logging.getLogger(__name__)

ROOM_S = 180.0
"""So often room is made: eight cameras at 8 Mbit/s write 1.4 GB meanwhile."""

COUNT_S = 10.0
"""So often the alerts that wait are counted."""

SILENT_S = 30.0
"""A camera's watch that has not said how it is doing for so long is not healthy."""

FINISH_S = 1.5
"""At the end, time for alerts that can be delivered at once; the program has to end within five seconds."""


class Office:
    """Takes what all cameras tell, hands it to the alerts and to `shown`. `start`, then `close`.

    Raises `SettingsError` and `MissingPackageError` for channels that cannot work.
    """

    def __init__(self, settings: Settings, shown: Told, clock: Clock) -> None:
        self._settings = settings
        self._shown = shown
        self._clock = clock
        self._lock = threading.Lock()
        self._statuses: dict[str, CameraStatus] = {}
        self._heard_s: dict[str, float] = {}
        self._files: dict[str, StatusFile] = {}
        self._alerts_waiting: dict[str, int] = {}
        self._ended = threading.Event()
        self._journals: list[Journal] = []
        self._store: OutboxStore | None = None
        self._alerts = self._reception()
        self.on_status: Callable[[], None] = lambda: None
        """Called with each status."""
        self._thread = threading.Thread(target=self._keep_house, name="retention", daemon=True)

    def start(self) -> None:
        """Begin to tell and to make room."""
        if self._alerts is not None:
            self._alerts.start()
        self._thread.start()

    def close(self) -> None:
        """Deliver what can be delivered at once and end all threads; safe to call twice."""
        self._ended.set()
        if self._alerts is not None:
            self._alerts.close(FINISH_S)
        if self._thread.is_alive():
            self._thread.join(FINISH_S)
        for journal in self._journals:
            journal.close()

    @property
    def statuses(self) -> Mapping[str, CameraStatus]:
        """How each camera is doing, by name."""
        with self._lock:
            return dict(self._statuses)

    @property
    def is_healthy(self) -> bool:
        """Whether every camera's watch has said of late how it is doing, be it that it sees nothing."""
        now_s = self._clock.monotonic_s()
        with self._lock:
            heard = [self._heard_s.get(name) for name in self._settings.cameras]
        return all(heard_s is not None and now_s - heard_s <= SILENT_S for heard_s in heard)

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        """Alert and show."""
        if self._alerts is not None:
            self._alerts.take(phase, record, snapshot)
        self._shown.event(phase, record, snapshot)

    def notice(self, title: str, message: str, source: str) -> None:
        """Alert and show."""
        if self._alerts is not None:
            self._alerts.notice(title, message, source)
        self._shown.notice(title, message, source)

    def sight(self, sight: Sight) -> None:
        """Show what a camera sees."""
        self._shown.sight(sight)

    def status(self, status: CameraStatus) -> None:
        """Keep and show how a camera is doing."""
        if self._alerts is not None:
            sent, failed = self._alerts.counts(status.name)
            waiting = self._alerts_waiting.get(status.name)
            status = replace(status, alerts_waiting=waiting, alerts_sent=sent, alerts_failed=failed)
        with self._lock:
            self._statuses[status.name] = status
            self._heard_s[status.name] = self._clock.monotonic_s()
            folder = self._settings.outputs.folder
            file = self._files.setdefault(status.name, StatusFile(folder, status.name, self._clock))
        file.write(status)
        self._shown.status(status)
        self.on_status()

    def forget(self, name: str) -> None:
        """Forget a camera that is no longer watched."""
        with self._lock:
            self._statuses.pop(name, None)
            self._heard_s.pop(name, None)

    def _reception(self) -> Reception | None:
        alerts = routed(self._settings)
        if not any(getattr(alerts, kind) for kind in CHANNELS):
            return None
        self._store = self._outbox()
        reception, _ = alerts_of(
            alerts,
            self._store,
            self._clock,
            sources=list(self._settings.cameras),
            healthy=lambda: self.is_healthy,
            folder=self._settings.outputs.folder,
        )
        return reception

    def _outbox(self) -> OutboxStore:
        settings = self._settings
        try:
            url = outbox_url(settings.journal.url, settings.outputs.folder)
            journal = Journal.open_or_renew(url, self._clock.wall())
        except OutputError as error:
            log.error("Alerts would not survive a restart: %s", error)
            return MemoryStore()
        self._journals.append(journal)
        return JournalOutbox(journal, settings.journal.node_name, StoredAlert)

    def _keep_house(self) -> None:
        retention: Retention | None = None
        room_s = self._clock.monotonic_s() + COUNT_S
        while not self._clock.sleep(COUNT_S, self._ended):
            if self._store is not None:
                with suppress(OutputError):
                    names = self._settings.cameras
                    self._alerts_waiting = {name: self._store.waiting(name) for name in names}
            if self._clock.monotonic_s() < room_s:
                continue
            room_s = self._clock.monotonic_s() + ROOM_S
            try:
                retention = retention or self._retention()
                for removal in retention.run():
                    log.info("deleted %s: %s", removal.recording.path, removal.why)
            except (MonitorError, OSError) as error:
                log.warning("no room could be made: %s", error)

    def _retention(self) -> Retention:
        settings = self._settings
        folder = settings.outputs.folder
        journal = Journal.open(journal_url(settings.journal.url, folder))
        self._journals.append(journal)
        return Retention(folder, journal, policy_of(settings), self._clock, settings.journal.node_name)


def policy_of(settings: Settings) -> Policy:
    """Return how long and in how much room recordings are kept."""
    kept = settings.retention
    day_s = 86_400.0
    return Policy(
        max_age_s=None if kept.max_age_days is None else kept.max_age_days * day_s,
        segment_age_s=None if kept.segment_age_days is None else kept.segment_age_days * day_s,
        camera_bytes=None if kept.max_camera_gb is None else round(kept.max_camera_gb * 1e9),
        free_fraction=kept.min_free_fraction,
        free_bytes=round(kept.min_free_gb * 1e9),
    )
