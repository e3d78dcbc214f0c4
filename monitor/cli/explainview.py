"""Explanations as people see them: words, strips, a sheet; and as JSON."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from monitor.explaining.answer import Answer
from monitor.explaining.around import Around
from monitor.explaining.asked import Explained
from monitor.explaining.record import answer_record, explained_record
from monitor.explaining.sheet import shown_time, write_sheet
from monitor.explaining.story import look_at
from monitor.outputs.wording import shown_evidence, shown_kind, shown_length
from monitor.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

Rows = Sequence[tuple[str, str]]


def show_explained(
    explained: Explained, settings: Settings, *, figure: Path | None, utc: bool, as_json: bool
) -> None:
    """Print why an event fired, and write the sheet where one is wanted."""
    around, record = explained.around, explained.record
    rows = _explained_rows(explained, utc)
    title = f"{shown_kind(record['kind'])} at {around.source}, {_when(around, explained.start_s, utc)}"
    if figure is not None:
        write_sheet(figure, f"Why it fired: {title}", rows, around, explained.peak_s, settings)
    if as_json:
        _print_json({**explained_record(explained), "figure": figure and str(figure)})
        return
    _print(title, rows, around, settings, explained.peak_s, figure)


def show_answer(
    answer: Answer,
    around: Around,
    at_s: float,
    settings: Settings,
    *,
    figure: Path | None,
    utc: bool,
    as_json: bool,
) -> None:
    """Print why nothing fired, and write the sheet where one is wanted."""
    title = f"{around.source}, {_when(around, at_s, utc)}"
    rows: list[tuple[str, str]] = [("answer", answer.sentence)]
    if answer.rule is not None:
        rows.append(("rule", answer.rule))
    if answer.measured is not None and answer.limit is not None:
        rows.append(("measured", f"{answer.measured:.4g}, limit {answer.limit:.4g}"))
    if answer.setting is not None:
        rows.append(("setting", answer.setting))
    if answer.seen is not None:
        rows.append(("seen at", _when(around, answer.at_s, utc)))
    others = len(around.near_misses) - (answer.rule is not None and answer.seen is None)
    if others > 0:
        rows.append(("near misses", f"{len(around.near_misses)} on record around then"))
    rows += _sources(around)
    if figure is not None:
        write_sheet(figure, f"Why nothing fired: {title}", rows, around, at_s, settings)
    if as_json:
        _print_json({**answer_record(answer, around, at_s), "figure": figure and str(figure)})
        return
    _print(title, rows, around, settings, at_s, figure)


def _explained_rows(explained: Explained, utc: bool) -> list[tuple[str, str]]:
    around, record = explained.around, explained.record
    lasted_s = None if record["end_s"] is None else record["end_s"] - record["start_s"]
    rows = [
        ("id", str(record["id"])),
        ("lasted", "still open" if lasted_s is None else shown_length(lasted_s)),
        ("zones", ", ".join(record["zones"])),
        *shown_evidence(record["evidence"]),
    ]
    for step in explained.steps:
        why = "it counts" if step.rule is None else f"{step.rule}: {step.reason}"
        rows.append((f"{shown_time(around, step.start_s)}–{shown_time(around, step.end_s)}", why))
    look = None if around.trace is None else look_at(around.trace, explained.peak_s)
    if look is not None and look.seen:
        one = look.seen[0]
        where = f", in {', '.join(one.zones)}" if one.zones else ""
        peak = (
            f"{_when(around, look.time_s, utc)}: region {one.id}, {one.peak_sigma:.1f} σ, "
            f"{one.area_fraction:.2%} of the frame, {one.height_fraction:.0%} of its height{where}"
        )
        rows.append(("at the peak", peak))
    return [*((name, value) for name, value in rows if value), *_sources(around)]


def _sources(around: Around) -> list[tuple[str, str]]:
    return [("scores", around.origin), *(("note", note) for note in around.notes)]


def _when(around: Around, time_s: float, utc: bool) -> str:
    """Return a time: of the recording with that of the day in brackets, or of the day."""
    from monitor.cli.journal import shown_moment

    moment: datetime | None = around.moment(time_s)
    if around.is_live and moment is not None:
        return shown_moment(moment, utc)
    return shown_time(around, time_s) + (f" ({shown_moment(moment, utc)})" if moment else "")


def _print_json(record: dict[str, Any]) -> None:
    typer.echo(json.dumps(record, indent=2, ensure_ascii=False))


def _print(
    title: str, rows: Rows, around: Around, settings: Settings, mark_s: float, figure: Path | None
) -> None:
    if not sys.stdout.isatty():
        for name, value in [("what", title), *rows]:
            typer.echo(f"{name}\t{' '.join(value.split())}")
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from monitor.cli.strips import strips

    console = Console(highlight=False)
    console.print(f"[bold]{escape(title)}[/]")
    lines: list[Text] = strips(around, settings, mark_s, console.width)
    for line in lines:
        console.print(line, no_wrap=True, overflow="crop")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(escape(name), escape(value))
    console.print(table)
    if figure is not None:
        console.print(f"written: {escape(str(figure))}", soft_wrap=True)
