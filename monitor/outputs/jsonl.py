"""Events and near misses as JSON Lines, one record a line."""

from pathlib import Path
from typing import TextIO

from monitor.events.event import EventChange, NearMiss
from monitor.outputs.files import ClosedEvents, FileLedger
from monitor.outputs.records import event_record, json_line, near_miss_record
from monitor.outputs.sink import Observation
from monitor.outputs.textfile import TextFile


class EventLog:
    """Writes each event once it has closed and its files are there; in the order of closing."""

    def __init__(self, target: Path | TextIO, ledger: FileLedger, *, append: bool = False) -> None:
        self._file = TextFile(target, append=append)
        self._closed = ClosedEvents(ledger)

    def take(self, observation: Observation) -> None:
        """Write the events that are settled."""
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take the last events; those that wait for a file are written then, or at the close."""
        self._closed.add(changes)
        for event, files in self._closed.settled():
            self._file.line(json_line({**event_record(event, files)}))

    def tick(self) -> None:
        """Write what has been settled though no frame came: in a gap its clip was completed meanwhile."""
        self.finish((), ())

    def close(self) -> None:
        """Write what is left and close the file."""
        try:
            for event, files in self._closed.remaining():
                self._file.line(json_line({**event_record(event, files)}))
        finally:
            self._file.close()


class NearMissLog:
    """Writes each near miss as it comes."""

    def __init__(self, target: Path | TextIO, *, append: bool = False) -> None:
        self._file = TextFile(target, append=append)

    def take(self, observation: Observation) -> None:
        """Write the near misses of this frame."""
        self.finish((), observation.near_misses)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write the near misses that the end of the source decided."""
        for miss in near_misses:
            self._file.line(json_line({**near_miss_record(miss)}))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
