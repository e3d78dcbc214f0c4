"""What a camera's watch tells of: its events, what the program has to say, and how it is doing."""

from pathlib import Path
from typing import Protocol

from monitor.events.event import Phase
from monitor.live.status import CameraStatus
from monitor.live.walk import Sight
from monitor.outputs.records import EventRecord


class Told(Protocol):
    """Who is told; every method returns at once and may be called from any thread."""

    def event(self, phase: Phase, record: EventRecord, snapshot: Path | None) -> None:
        """Take an event that opened, changed or closed, with its picture if there is one by now."""
        ...

    def notice(self, title: str, message: str, source: str) -> None:
        """Take what the program has to say of itself."""
        ...

    def sight(self, sight: Sight) -> None:
        """Take what a camera sees, in a walk test only; several times a second."""
        ...

    def status(self, status: CameraStatus) -> None:
        """Take how a camera is doing; at least every second or so while it does its work."""
        ...
