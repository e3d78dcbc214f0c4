"""`monitor events`: what the journal holds, and what people say of it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

from monitor.cli import explain
from monitor.cli.config import File, Json
from monitor.cli.journal import (
    Address,
    Since,
    Sources,
    Until,
    Utc,
    moment_of,
    open_journal,
)
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.outputs.journal.queries import Filter

app = typer.Typer(
    help="List, show, export and label the events of the journal.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Kinds = Annotated[
    list[str] | None, typer.Option("--kind", "-k", metavar="KIND", help="This kind; may be repeated.")
]
LabelIs = Annotated[
    Literal["true", "false", "none", "any"] | None,
    typer.Option("--label", help="Labelled so: true or false alarm, not labelled, or either."),
]
Identity = Annotated[str, typer.Argument(metavar="ID", help="The event's id, or enough of its beginning.")]
NearMisses = Annotated[
    bool, typer.Option("--near-misses", help="What almost was an event, and the rule that stopped it.")
]

_LISTED = 50
"""Newest events that are listed without --limit: a screen or two."""


@app.command("list", epilog="Example: [cyan]monitor events list --since today --kind motion[/]")
def list_events(
    source: Sources = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    label: LabelIs = None,
    near_misses: NearMisses = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = _LISTED,
    journal: Address = None,
    config: File = None,
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """List events, the newest first; tab-separated when piped, one JSON record a line with --json."""
    from monitor.cli.eventview import as_record, json_line, show_events, show_near_misses
    from monitor.outputs.journal.queries import find_events, find_near_misses

    wanted = _filter(source, kind, since, until, label, utc)
    with open_journal(config, journal) as opened:
        missed = list(find_near_misses(opened, wanted, limit)) if near_misses else []
        found = [] if near_misses else list(find_events(opened, wanted, limit))
    if as_json:
        for record in [*missed, *map(as_record, found)]:
            typer.echo(json_line({**record}))
    elif near_misses:
        show_near_misses(missed, utc)
    else:
        show_events(found, utc, is_cut=len(found) == limit)


@app.command(epilog="Example: [cyan]monitor events show 5f3a[/]")
def show(
    event_id: Identity, journal: Address = None, config: File = None, utc: Utc = False, as_json: Json = False
) -> None:
    """Show one event with its evidence and its files."""
    from monitor.cli.eventview import as_record, show_event
    from monitor.outputs.journal.queries import find_event

    with open_journal(config, journal) as opened:
        event = find_event(opened, event_id)
    if as_json:
        typer.echo(json.dumps(as_record(event), indent=2, ensure_ascii=False))
    else:
        show_event(event, utc)


@app.command(epilog="Example: [cyan]monitor events export --format csv --since 7d > week.csv[/]")
def export(
    format: Annotated[  # noqa: A002
        Literal["csv", "jsonl"], typer.Option("--format", "-f", help="A table, or one JSON record a line.")
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="A new file, not standard output.")
    ] = None,
    source: Sources = None,
    kind: Kinds = None,
    since: Since = None,
    until: Until = None,
    label: LabelIs = None,
    near_misses: NearMisses = False,
    journal: Address = None,
    config: File = None,
    utc: Utc = False,
) -> None:
    """Write all events that are asked for, the newest first, with their labels."""
    from monitor.cli.eventview import as_record, csv_lines, json_line
    from monitor.outputs.journal.queries import find_events, find_near_misses
    from monitor.outputs.textfile import TextFile

    wanted = _filter(source, kind, since, until, label, utc)
    stdout: TextIO = typer.get_text_stream("stdout")
    with open_journal(config, journal) as opened:
        records: Iterable[Mapping[str, Any]] = (
            find_near_misses(opened, wanted)
            if near_misses
            else (as_record(event) for event in find_events(opened, wanted))
        )
        file = TextFile(out or stdout, flush=False)
        try:
            is_csv = format == "csv"
            for line in csv_lines(records, near_misses=near_misses) if is_csv else map(json_line, records):
                file.line(line)
        finally:
            file.close()


@app.command(epilog="Example: [cyan]monitor events label 5f3a false --note 'the cat'[/]")
def label(
    event_id: Identity,
    value: Annotated[Literal["true", "false", "none"], typer.Argument(help="A true alarm, a false one.")],
    note: Annotated[str | None, typer.Option("--note", help="What it was; '' removes the note.")] = None,
    journal: Address = None,
    config: File = None,
    as_json: Json = False,
) -> None:
    """Say whether an event was a true alarm; `monitor tune` learns from it, and it is deleted last."""
    changes: dict[str, Any] = {"label": {"true": True, "false": False, "none": None}[value]}
    if note is not None:
        changes["note"] = note or None
    _mark(event_id, journal, config, as_json, **changes)


@app.command(epilog="Example: [cyan]monitor events keep 5f3a[/]")
def keep(
    event_id: Identity,
    unkeep: Annotated[bool, typer.Option("--unkeep", help="No longer.")] = False,
    journal: Address = None,
    config: File = None,
    as_json: Json = False,
) -> None:
    """Keep an event's files: they are never deleted for their age, and for want of room as the last."""
    _mark(event_id, journal, config, as_json, kept=not unkeep)


app.command(epilog=explain.EPILOG)(explain.explain)


def _mark(event_id: str, journal: str | None, config: Path | None, as_json: bool, **changes: Any) -> None:
    from monitor.cli.eventview import as_record, json_line, marks_of
    from monitor.outputs.journal.queries import find_event

    with open_journal(config, journal) as opened:
        found = find_event(opened, event_id)
        opened.mark(found.id, **changes)
        found = find_event(opened, found.id)
    if as_json:
        typer.echo(json_line(as_record(found)))
    else:
        typer.echo(f"{found.id}: {marks_of(found) or 'not labelled, not kept'}")


def _filter(
    source: list[str] | None,
    kind: list[str] | None,
    since: str | None,
    until: str | None,
    label: Literal["true", "false", "none", "any"] | None,
    utc: bool,
) -> "Filter":
    from monitor.events.event import Kind
    from monitor.outputs.journal.queries import Filter

    known = {str(k) for k in Kind}
    kinds = frozenset(k.replace(" ", "_") for k in kind or ())
    if unknown := sorted(kinds - known):
        raise UsageError(f"--kind {unknown[0]}: there is no such kind; there are {', '.join(sorted(known))}.")
    return Filter(
        sources=frozenset(source or ()),
        kinds=kinds,
        since=moment_of(since, "--since", utc),
        until=moment_of(until, "--until", utc),
        label={"true": True, "false": False}.get(label, label) if label else None,  # type: ignore[arg-type]
    )
