"""Events as a table in CSV (RFC 4180 quoting, UTF-8, one header line); unknown is empty."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from monitor.events.event import Event, EventChange, NearMiss
from monitor.outputs.files import ClosedEvents, EventFiles, FileLedger
from monitor.outputs.records import EventRecord, event_record
from monitor.outputs.sink import Observation
from monitor.outputs.textfile import TextFile

_BOX = ("x", "y", "width", "height")
_EVENT = (
    "id",
    "source",
    "kind",
    "start_s",
    "end_s",
    "start_time",
    "end_time",
    "start_frame",
    "end_frame",
    "peak_s",
)
_EVIDENCE = (
    "peak_sigma",
    "area_fraction",
    "displacement_fraction",
    "coherence",
    "kl_nats",
    "opened_by",
    "closed_by",
)
_FILES = ("clip", "annotated", "snapshot", "scores")
COLUMNS = (*_EVENT, "zones", *_BOX, *_EVIDENCE, *_FILES)
"""The header of the event table; zones are joined by a semicolon, the box is in fractions."""


def csv_line(values: Iterable[object]) -> str:
    """Return one CSV line without its end; None becomes an empty field."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(values)
    return buffer.getvalue()


def event_row(event: Event, files: EventFiles) -> list[object]:
    """Return the values of an event under `COLUMNS`."""
    return record_row(event_record(event, files))


def record_row(record: EventRecord) -> list[object]:
    """Return the values of an event's record under `COLUMNS`."""
    flat: dict[str, object] = {**record, **record["evidence"], **record["files"]}
    flat["zones"] = ";".join(record["zones"])
    flat.update(zip(_BOX, record["box"] or (), strict=False))
    return [flat.get(column) for column in COLUMNS]


class EventTable:
    """Writes each event as one row once it has closed and its files are there."""

    def __init__(self, target: Path | TextIO, ledger: FileLedger) -> None:
        self._file = TextFile(target)
        self._closed = ClosedEvents(ledger)
        self._file.line(csv_line(COLUMNS))

    def take(self, observation: Observation) -> None:
        """Write the events that are settled."""
        self.finish(observation.changes, ())

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take the last events; those that wait for a file are written then, or at the close."""
        self._closed.add(changes)
        for event, files in self._closed.settled():
            self._file.line(csv_line(event_row(event, files)))

    def close(self) -> None:
        """Write what is left and close the file."""
        try:
            for event, files in self._closed.remaining():
                self._file.line(csv_line(event_row(event, files)))
        finally:
            self._file.close()
