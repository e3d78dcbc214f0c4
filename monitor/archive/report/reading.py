"""What a scan left in its folder: the manifest, and of each recording its events and near misses."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.archive import manifest
from monitor.archive.coverage import Span
from monitor.archive.manifest import Entry, State
from monitor.errors import UsageError
from monitor.outputs.records import rfc3339

Record = Mapping[str, Any]
"""An event or a near miss as JSON, with its start and its end in time where they are known."""


@dataclass(frozen=True, slots=True)
class File:
    """One recording with what was found in it; `lost` says that its results are not there any more.

    `recorded` is the time of which it holds pictures, None where that is unknown. `sheets` are its contact
    sheets, relative to the folder of the scan.
    """

    entry: Entry
    start: datetime | None = None
    recorded: Span | None = None
    scanned: Span | None = None
    events: Sequence[Record] = ()
    near_misses: Sequence[Record] = ()
    sheets: tuple[str, ...] = ()
    lost: bool = False

    @property
    def camera(self) -> str:
        """The camera's name, or that there is none."""
        return self.entry.camera or "camera"


def read_files(out: Path) -> list[File]:
    """Return every recording that was scanned into `out`, by time, those of unknown time last.

    Raises `UsageError` where `out` holds no manifest.
    """
    if not (out / manifest.NAME).is_file():
        raise UsageError(
            f"{out} holds no results of a scan ({manifest.NAME}); name the folder that --out of "
            "`monitor scan` named."
        )
    files = [_file(out, entry) for entry in manifest.read(out)]
    return sorted(
        files, key=lambda f: (f.start is None, f.start.timestamp() if f.start else 0.0, f.entry.name)
    )


def _file(out: Path, entry: Entry) -> File:
    start = datetime.fromisoformat(entry.start_time) if entry.start_time else None
    recorded, scanned = _spans(entry, start)
    if entry.folder is None:
        return File(entry, start, recorded, scanned)
    folder = out / entry.folder
    events, near_misses = (_records(folder / name, start) for name in ("events.jsonl", "near_misses.jsonl"))
    sheets = tuple(f"{entry.folder}/{path.name}" for path in sorted(folder.glob("contact*.jpg"), key=_page))
    return File(entry, start, recorded, scanned, events or (), near_misses or (), sheets, lost=events is None)


def _page(sheet: Path) -> tuple[int, str]:
    return len(sheet.stem), sheet.stem  # contact, contact-2 … contact-10


def _spans(entry: Entry, start: datetime | None) -> tuple[Span | None, Span | None]:
    """Return when there are pictures, and which of them were looked at.

    A file that was read to its end is as long as was found, whatever its header says; of one that was
    left early the header is all there is.
    """
    if start is None or not (entry.scanned_s or entry.duration_s):
        return None, None
    whole_s = entry.scanned_s
    if entry.state is not State.DONE or entry.triage is not None:
        whole_s = max(whole_s, entry.duration_s or 0.0)
    # What was judged quiet without decoding was looked at too.
    scanned_s = whole_s if entry.triage is not None and entry.state is State.DONE else entry.scanned_s
    return _span(start, whole_s), _span(start, scanned_s)


def _span(start: datetime, length_s: float) -> Span:
    return Span(start, start + timedelta(seconds=length_s))


def _records(path: Path, start: datetime | None) -> list[Record] | None:
    """Return the records of a file, None where it is gone; a line that is none is left out."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return None
    found: list[Record] = []
    for line in lines:
        try:
            record = json.loads(line)
            found.append({**record, **_times(record, start)})
        except (ValueError, TypeError, KeyError):
            continue
    return found


def _times(record: Record, start: datetime | None) -> dict[str, str | None]:
    """Return when it began and ended: as recorded, else counted from the file's start."""
    times = {}
    for end in ("start", "end"):
        told, after_s = record.get(f"{end}_time"), record[f"{end}_s"]
        if told is None and start is not None and after_s is not None:
            told = rfc3339(start + timedelta(seconds=after_s))
        times[f"{end}_time"] = told
    return times
