"""Events and near misses of the journal as people see them, and as tables for other programs."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import typer
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.cli.journal import shown_moment, zone_name
from monitor.outputs.journal.queries import JournalEvent
from monitor.outputs.records import NearMissRecord, files_by_role
from monitor.outputs.table import COLUMNS, csv_line
from monitor.outputs.wording import EVIDENCE, shown_evidence, shown_kind, shown_length

_MARKS = ("label", "note", "kept", "open", "node")
_MISSED = ("source", "kind", "start_time", "end_time", "start_s", "end_s", "start_frame", "end_frame", "rule",
           "reason")  # fmt: skip
_BOX = ("x", "y", "width", "height")
_SHORT = 8
"""Letters of an id that are shown: two of a million events rarely begin alike."""


def as_record(event: JournalEvent) -> dict[str, Any]:
    """Return an event's record with what people say of it."""
    marks = {"label": event.label, "note": event.note, "kept": event.kept, "open": event.is_open}
    return {**event.record, "node": event.node, **marks}


def marks_of(event: JournalEvent) -> str:
    """Return in a few words what people say of an event, and whether it goes on."""
    label = {None: "", True: "true alarm", False: "false alarm"}[event.label]
    return ", ".join(word for word in (label, "kept" * event.kept, "open" * event.is_open) if word)


def json_line(record: Mapping[str, Any]) -> str:
    """Return a record as one line."""
    return json.dumps(record, ensure_ascii=False)


def csv_lines(records: Iterable[Mapping[str, Any]], *, near_misses: bool) -> Iterator[str]:
    """Yield a header and a line for each record; zones are joined by a semicolon, unknown is empty."""
    columns = (*_MISSED, *_BOX, *EVIDENCE) if near_misses else (*COLUMNS, *_MARKS)
    yield csv_line(columns)
    for record in records:
        flat = {**record, **record["evidence"], **record.get("files", {})}
        flat["zones"] = ";".join(record.get("zones", ()))
        flat.update(zip(_BOX, record["box"] or (), strict=False))
        yield csv_line(flat.get(column) for column in columns)


def show_events(events: Sequence[JournalEvent], utc: bool, *, is_cut: bool) -> None:
    """Print events as a table on a terminal, as tab-separated lines else."""
    rows = [
        (
            event.id[:_SHORT] if sys.stdout.isatty() else event.id,
            shown_moment(event.at, utc),
            shown_length(_length_s(event)),
            event.record["source"],
            shown_kind(event.record["kind"]),
            marks_of(event),
        )
        for event in events
    ]
    _print(("id", f"start ({zone_name(utc)})", "lasted", "source", "kind", "marks"), rows, "No event.")
    if is_cut and sys.stdout.isatty():
        typer.echo(f"The newest {len(rows)}; --limit shows more.")


def show_near_misses(misses: Sequence[NearMissRecord], utc: bool) -> None:
    """Print near misses as a table on a terminal, as tab-separated lines else."""
    rows, header = [], "start"
    for miss in misses:
        start: Any = miss.get("start_time")
        # Those of a scan count from the beginning of the recording.
        when = shown_moment(datetime.fromisoformat(start), utc) if start else f"{miss['start_s']:.1f} s"
        header = f"start ({zone_name(utc)})" if start else header
        rows.append((when, miss["source"], shown_kind(miss["kind"]), miss["rule"], miss["reason"]))
    _print((header, "source", "kind", "rule", "why not"), rows, "No near miss.")


def show_event(event: JournalEvent, utc: bool) -> None:
    """Print all that is known of one event."""
    record = event.record
    rows: list[tuple[str, str]] = [
        ("id", event.id),
        ("source", record["source"]),
        ("kind", shown_kind(record["kind"])),
        ("start", shown_moment(event.at, utc, with_zone=True)),
        ("lasted", "still open" if event.is_open else shown_length(_length_s(event))),
        ("zones", ", ".join(record["zones"])),
        *shown_evidence(record["evidence"]),
        *files_by_role(record["files"]).items(),
        ("node", event.node),
        ("marks", marks_of(event)),
        ("note", event.note or ""),
    ]
    rows = [(name, value) for name, value in rows if value]
    if not sys.stdout.isatty():
        _tabbed(rows)
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, escape(value))
    Console(highlight=False).print(table)


def _print(header: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> None:
    if not sys.stdout.isatty():
        _tabbed([header, *rows])
    elif not rows:
        typer.echo(nothing)
    else:
        table = Table(box=HORIZONTALS, pad_edge=False)
        for number, name in enumerate(header):
            # The last gives way where the terminal is narrow.
            table.add_column(escape(name), no_wrap=number < 2, overflow="fold")
        for row in rows:
            table.add_row(*(escape(value) for value in row))
        Console(highlight=False).print(table)


def _tabbed(rows: Iterable[Sequence[str]]) -> None:
    for row in rows:
        typer.echo("\t".join(" ".join(value.split()) for value in row))


def _length_s(event: JournalEvent) -> float | None:
    end_s = event.record["end_s"]
    return None if end_s is None else end_s - event.record["start_s"]
