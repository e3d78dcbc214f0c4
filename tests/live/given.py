"""What the tests of live watching share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from monitor.events.event import Event, EventChange, Evidence, Kind, Phase
from monitor.live.status import CameraState, CameraStatus
from monitor.live.walk import Sight
from monitor.outputs.records import EventRecord
from monitor.settings import Settings


@dataclass
class Told:
    """Keeps all that it is told."""

    events: list[tuple[Phase, EventRecord, Path | None]] = field(default_factory=list)
    notices: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: list[CameraStatus] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        self.events.append((phase, record, snapshot))

    def notice(self, title: str, message: str, source: str) -> None:
        self.notices.append((title, message, source))

    def sight(self, sight: Sight) -> None:
        self.sights.append(sight)

    def status(self, status: CameraStatus) -> None:
        self.statuses.append(status)


@dataclass
class FakeProcess:
    """A process that does what the test says."""

    name: str
    settings: Settings
    hear: Callable[[CameraStatus], None]
    exit_code: int | None = None
    is_stubborn: bool = False
    was_killed: bool = False

    def stop(self) -> None:
        if not self.is_stubborn:
            self.exit_code = 0

    def kill(self) -> None:
        self.was_killed, self.exit_code = True, -9

    def live(self) -> None:
        self.hear(CameraStatus(self.name, CameraState.WATCHING))


def two_cameras(**drive: object) -> dict[str, Settings]:
    """Return the settings of two cameras; the keyword arguments are of the first."""
    given = {"cameras": {"drive": {"address": "rtsp://drive/", **drive}, "yard": {"address": "rtsp://yard/"}}}
    settings = Settings.model_validate(given)
    return {name: settings.of_camera(name) for name in settings.cameras}


def opened(event_id: str = "e1", phase: Phase = Phase.OPENED) -> EventChange:
    event = Event(event_id, "drive", Kind.MOTION, 1.0, 25, 1.5, 37, Evidence("it moved"))
    return EventChange(phase, event)
