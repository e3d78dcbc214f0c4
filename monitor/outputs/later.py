"""The picture of each event where judging came after decoding: it is decoded once more."""

from monitor.capture.file import FileSource
from monitor.errors import OutputError, SourceError
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.outputs.sink import Observation
from monitor.outputs.snapshot import SnapshotSink


class LaterSnapshots:
    """Gives the snapshots of a recording their pictures when no frame comes by: each costs a seek.

    The picture of an event is that of its peak.
    """

    def __init__(self, recording: str, snapshots: SnapshotSink) -> None:
        self._recording = recording
        self._snapshots = snapshots

    def take(self, observation: Observation) -> None:
        """Write the pictures of the events that closed."""
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write the pictures of the events that closed; raises `OutputError`."""
        for change in changes:
            if change.phase is Phase.CLOSED:
                self._show(change.event)

    def close(self) -> None:
        """Write the contact sheet; safe to call twice."""
        self._snapshots.close()

    def _show(self, event: Event) -> None:
        try:
            with FileSource(self._recording, start_s=event.peak_s) as source:
                frame = next(iter(source), None)
                if frame is not None:
                    self._snapshots.show(event, frame)
        except SourceError as error:
            raise OutputError(f"No picture of the event at {event.peak_s:.1f} s: {error}") from error
