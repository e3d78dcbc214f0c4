"""What `monitor tune` found: shown, and written into its folder."""

import json
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.archive.report.atomic import replace_text
from monitor.errors import UsageError
from monitor.outputs.layout import writing
from monitor.tuning.effects import Effect
from monitor.tuning.goal import Goal
from monitor.tuning.labelfile import Entry
from monitor.tuning.labelling import place_labels
from monitor.tuning.labels import Labelled
from monitor.tuning.proposal import Proposal
from monitor.tuning.report.chart import write_png
from monitor.tuning.report.page import html_text
from monitor.tuning.report.patch import patch_text
from monitor.tuning.report.record import as_record
from monitor.tuning.report.wording import (
    confidence_texts,
    effect_text,
    labels_text,
    shown_rate,
    shown_value,
    verdict_text,
)
from monitor.tuning.session import Session
from monitor.tuning.tally import Tally

_MOST = 12
"""Events of a change that are named on a terminal; the page names all."""


def finish(session: Session, entries: Sequence[Entry], goal: Goal, out: Path, *, as_json: bool) -> None:
    """Propose, write the results into `out`, and show them.

    Raises `UsageError` where no label is about any of the recordings.
    """
    placed = place_labels(entries, session.places())
    if not placed.is_known:
        raise UsageError(" ".join(placed.problems) or "Nothing was answered, so nothing can be proposed.")
    proposal = session.propose(placed.recordings, goal)
    notes = list(placed.problems) + _notes(session, proposal)
    record = as_record(proposal, placed.recordings, notes)
    files = _write(proposal, placed.recordings, notes, record, out)
    if as_json:
        typer.echo(json.dumps({**record, "files": {path.stem: str(path) for path in files}}, indent=2))
        return
    console = Console(highlight=False)
    _show(console, proposal, placed.recordings, notes)
    for path in files:
        console.print(f"  {escape(str(path))}", soft_wrap=True)


def _notes(session: Session, proposal: Proposal) -> list[str]:
    notes = list(session.errors.values())
    if session.is_stopped:
        notes.append(f"Stopped early: of all that was to be tried, {len(proposal.tried)} settings were.")
    if session.rescanned:
        notes.append(
            f"{session.rescanned} recording(s) were scanned with proposed settings: what moves was so plain "
            "there that a scan takes fewer looks, and other settings might have taken other ones."
        )
    return notes


def _write(
    proposal: Proposal,
    recordings: Sequence[Labelled],
    notes: Sequence[str],
    record: dict[str, object],
    out: Path,
) -> list[Path]:
    """Write all results and return them, the page first."""
    page, chart, document = out / "tuning.html", out / "tradeoff.png", out / "tuning.json"
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    about = [labels_text(recordings), *confidence_texts(proposal, recordings)]
    replace_text(page, html_text(proposal, recordings, notes))
    write_png(proposal, chart)
    replace_text(document, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    patch = out / "proposal.yaml"
    replace_text(patch, patch_text(proposal, about))
    return [page, chart, document, patch]


def _show(console: Console, proposal: Proposal, recordings: Sequence[Labelled], notes: Sequence[str]) -> None:
    console.print(f"[bold]{escape(verdict_text(proposal))}[/]\n[dim]{escape(labels_text(recordings))}[/]")
    console.print(_figures(proposal))
    if proposal.steps:
        console.print(_steps(proposal))
    if len(proposal.curve) > 1:
        console.print(_curve(proposal))
    for text in (*confidence_texts(proposal, recordings), *notes):
        console.print(f"• {escape(text)}")


def _figures(proposal: Proposal) -> Table:
    table = _table("What the labels say", "", "missed", "false alarms", "a day")
    _add(table, "present settings", proposal.present)
    if proposal.steps:
        _add(table, "proposed", proposal.proposed)
    if proposal.parts > 1 and proposal.steps:
        _add(table, f"chosen without them, on labels set aside ({proposal.parts} parts)", proposal.held_out)
    return table


def _add(table: Table, name: str, tally: Tally) -> None:
    missed = f"{tally.missed} of {tally.truths}"
    table.add_row(name, missed, str(tally.false), shown_rate(tally.false_per_day))


def _steps(proposal: Proposal) -> Table:
    table = Table(title="[bold]What each change gains and loses[/]", title_style="", title_justify="left",
                  box=HORIZONTALS, pad_edge=False, show_lines=True)  # fmt: skip
    for name in ("setting", "now", "proposed", "events, where it alone stays as it is"):
        table.add_column(name, justify="right" if name in ("now", "proposed") else "left")
    for step in proposal.steps:
        values = (shown_value(step.present), shown_value(step.proposed))
        table.add_row(step.key, *values, _effects(step.effects))
    return table


def _effects(effects: Sequence[Effect]) -> str:
    lines = [
        f"[green]+[/] {escape(effect_text(effect))}"
        if effect.turn.is_gain
        else f"[red]−[/] {escape(effect_text(effect))}"
        for effect in effects[:_MOST]
    ]
    if len(effects) > _MOST:
        lines.append(f"… and {len(effects) - _MOST} more")
    return "\n".join(lines) or "none of the labelled ones"


def _curve(proposal: Proposal) -> Table:
    table = _table("The trade-off", "with", "missed", "false alarms", "a day")
    for point in proposal.curve:
        changes = ", ".join(f"{c.key.rpartition('.')[2]} {shown_value(c.value)}" for c in point.changes)
        _add(table, changes or "present settings", point.tally)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=f"[bold]{title}[/]", title_style="", title_justify="left", box=HORIZONTALS, pad_edge=False
    )
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=place > 0)
    return table
