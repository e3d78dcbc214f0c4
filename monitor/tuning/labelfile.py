"""Labels as files: a table of what happens, and what people said of events.

A CSV file with a header. Of its columns these are read, in any order:

    source, recording or file   which recording: its name, its name without suffix, or its path
    kind                        a kind of event, view_lost, quiet, or unclear
    start, end                  seconds, 12:05.5, 1:12:05.5, or a moment as 2026-11-21 03:05:12 (UTC,
                                unless it says +01:00)
    start_s, end_s              the same in seconds; start_time, end_time as moments; start_frame, end_frame
                                as numbers of frames from 0
    tolerance, tolerance_frames by how much the ends may be wrong, in seconds or frames
    label                       true, false or unclear: what was said of this event; empty: nothing yet
    note                        anything

Without the column `label` a file says all that happens in the recordings that it names: what is told besides
is a false alarm. With it, it says something of single events, and nothing of the rest. So what
`monitor events export` writes is such a file, as CSV or as JSON Lines.
"""

import csv
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.errors import SourceNotFoundError, UsageError
from monitor.events.event import Kind
from monitor.tuning.labels import LABEL_KINDS, Label, Says

_QUIET_OR_UNCLEAR = {"quiet": Says.QUIET, "unclear": Says.UNCLEAR}
_SAID = {"true": Says.TRUE, "false": Says.FALSE, "unclear": Says.UNCLEAR}
_SOURCES = ("source", "recording", "file")


@dataclass(frozen=True, slots=True)
class Entry:
    """One label as it was written; where it lies in its recording is found out by `labelling`.

    Of seconds, moments and frames those are given that were written; `place` is for messages.
    `is_log` says that it comes from a list of all that happens.
    """

    source: str
    says: Says
    kind: str
    place: str
    span_s: tuple[float, float] | None = None
    moments: tuple[datetime, datetime] | None = None
    frames: tuple[int, int] | None = None
    tolerance_s: float = 0.0
    tolerance_frames: int = 0
    note: str = ""
    is_log: bool = False


def read_labels(path: Path) -> list[Entry]:
    """Return the labels of a file; raises `UsageError` with its line for what is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceNotFoundError(f"{path}: no such file of labels; check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path}: cannot be read as text ({error}); give a CSV file or JSON Lines."
        ) from None
    if path.suffix.lower() in (".jsonl", ".json"):
        return list(_of_records(text, path.name))
    return list(_of_table(text, path.name))


def entry_of_record(record: Mapping[str, Any], place: str) -> Entry | None:
    """Return what was said of an event of the journal, None where nothing was or it has not ended."""
    if record.get("label") is None:
        return None
    row = {name: "" if record.get(name) is None else str(record[name]) for name in _FROM_RECORDS}
    return _entry(row | {"label": str(record["label"]).lower()}, place, is_log=False)


_FROM_RECORDS = ("source", "kind", "start_s", "end_s", "start_time", "end_time", "note")


def _of_table(text: str, name: str) -> Iterator[Entry]:
    reader = csv.DictReader(text.splitlines())
    columns = {column.strip().lower() for column in reader.fieldnames or ()}
    if not columns & set(_SOURCES) or "kind" not in columns:
        raise UsageError(
            f"{name}: its first line must name the columns source, start, end and kind; "
            "`monitor tune --help` tells of all."
        )
    is_log = "label" not in columns
    for row in reader:
        cells = {(k or "").strip().lower(): v.strip() for k, v in row.items() if isinstance(v, str)}
        if not any(cells.values()) or (not is_log and not cells.get("label")):
            continue
        yield _entry(cells, f"{name}:{reader.line_num}", is_log=is_log)


def _of_records(text: str, name: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), 1):
        try:
            record = json.loads(line) if line.strip() else {}
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise UsageError(f"{name}:{number}: is no JSON object; give what `monitor events export` writes.")
        if (entry := entry_of_record(record, f"{name}:{number}")) is not None:
            yield entry


def _entry(row: Mapping[str, str], place: str, *, is_log: bool) -> Entry:
    source = next((row[column] for column in _SOURCES if row.get(column)), "")
    if not source:
        raise UsageError(f"{place}: names no recording; fill in the column source.")
    kind = row.get("kind", "").replace(" ", "_").lower()
    says = _QUIET_OR_UNCLEAR.get(kind) or _said(row, place, is_log=is_log)
    if kind not in (*LABEL_KINDS, *_QUIET_OR_UNCLEAR):
        known = ", ".join(map(str, (*LABEL_KINDS, *_QUIET_OR_UNCLEAR)))
        raise UsageError(f"{place}: kind {kind!r} is none of {known}.")
    given = {
        "span_s": _pair(row, ("start_s", "end_s"), _seconds, place),
        "moments": _pair(row, ("start_time", "end_time"), _moment, place),
        "frames": _pair(row, ("start_frame", "end_frame"), int, place),
    }
    given |= _bare_pair(row, place)
    if not any(given.values()):
        raise UsageError(f"{place}: says not when; fill in start and end, as 75.5, 1:15.5 or a moment.")
    return Entry(
        source=source,
        says=says,
        kind=kind,
        place=place,
        tolerance_s=_number(row, "tolerance", float, place),
        tolerance_frames=_number(row, "tolerance_frames", int, place),
        note=row.get("note", ""),
        is_log=is_log,
        **given,
    )


def _said(row: Mapping[str, str], place: str, *, is_log: bool) -> Says:
    if is_log:
        return Says.TRUE
    answer = row.get("label", "").lower()
    if answer not in _SAID:
        raise UsageError(f"{place}: label {answer!r} is none of true, false, unclear; empty is not yet said.")
    return _SAID[answer]


def _bare_pair(row: Mapping[str, str], place: str) -> dict[str, Any]:
    """Return what the columns start and end hold: moments where they have a date, else seconds."""
    if not row.get("start") or not row.get("end"):
        return {}
    if "-" in row["start"]:
        return {"moments": _pair(row, ("start", "end"), _moment, place)}
    return {"span_s": _pair(row, ("start", "end"), _seconds, place)}


def _pair(row: Mapping[str, str], columns: tuple[str, str], read: Any, place: str) -> Any:
    if not all(row.get(column) for column in columns):
        return None
    try:
        first, last = (read(row[column]) for column in columns)
    except ValueError:
        raise UsageError(
            f"{place}: {columns[0]} and {columns[1]} are {row[columns[0]]!r} and {row[columns[1]]!r}; "
            "give seconds as 75.5, m:s, h:m:s, a moment as 2026-11-21 03:05:12, or whole frames."
        ) from None
    if last < first:
        raise UsageError(f"{place}: it ends before it starts.")
    return first, last


def _number(row: Mapping[str, str], column: str, read: Any, place: str) -> Any:
    try:
        return abs(read(row[column])) if row.get(column) else read(0)
    except ValueError:
        raise UsageError(f"{place}: {column} is {row[column]!r}; give a number.") from None


def _seconds(text: str) -> float:
    parts = [float(part) for part in text.split(":")]
    if len(parts) > 3 or any(not 0 <= part < 1e9 for part in parts):
        raise ValueError(text)
    return math.fsum(part * 60**place for place, part in enumerate(reversed(parts)))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def named(entries: Iterable[Entry]) -> list[str]:
    """Return the recordings that are named, each once and in order."""
    return list(dict.fromkeys(entry.source for entry in entries))


def kinds_of(entries: Iterable[Entry]) -> frozenset[Kind]:
    """Return the kinds of event that labels speak of."""
    said = (entry for entry in entries if entry.says in (Says.TRUE, Says.FALSE))
    return frozenset().union(*(Label(one.says, one.kind, 0.0, 0.0).answers for one in said))
