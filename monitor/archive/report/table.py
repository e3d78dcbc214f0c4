"""All events of a scan as one table in CSV (RFC 4180, UTF-8), a line for each."""

from collections.abc import Iterator
from typing import cast

from monitor.archive.report.contents import Contents
from monitor.archive.report.reading import File, Record
from monitor.outputs.records import EventRecord
from monitor.outputs.table import COLUMNS as OF_EVENT
from monitor.outputs.table import csv_line, record_row

COLUMNS = ("camera", "address", "start_local", "lasted_s", *OF_EVENT)
"""Where it was recorded, when by the clock of the report's zone, and what the table of each recording has."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""With these a spreadsheet takes what comes from a file's name for a formula and runs it (CWE-1236)."""


def csv_text(contents: Contents) -> str:
    """Return the table, the cameras one after the other, each by time."""
    return "".join(f"{line}\r\n" for line in _lines(contents))


def _lines(contents: Contents) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for camera in contents.cameras:
        for file, event in camera.events():
            yield csv_line(map(_inert, _row(contents, file, event)))


def _row(contents: Contents, file: File, event: Record) -> list[object]:
    local = contents.local(event["start_time"])
    lasted_s = None if event["end_s"] is None else round(event["end_s"] - event["start_s"], 3)
    shown = local and local.isoformat(sep=" ", timespec="seconds")
    return [file.camera, file.entry.address, shown, lasted_s, *record_row(cast(EventRecord, event))]


def _inert(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula, by an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
