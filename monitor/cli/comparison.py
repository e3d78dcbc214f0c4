"""What was found in the demonstration beside what truly happens, for people and for machines."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from monitor.demonstration import QUIET, Comparison, Finding
from monitor.outputs.records import EventRecord, NearMissRecord

_RIGHT, _WRONG = "[green]✓[/]", "[red]✗[/]"


def show(console: Console, found: Comparison, results: Path) -> None:
    """Print the true events with what was found, the suppressed candidates, and where the pictures are."""
    console.print(_found_table(found))
    if found.near_misses:
        console.print(_suppressed_table(found.near_misses))
    true = [finding for finding in found.findings if finding.truth.kind != QUIET]
    right = sum(finding.is_right for finding in true)
    colour = "green" if found.is_perfect else "red"
    console.print(
        f"[{colour}]{right} of {len(true)} true events found, {len(found.false_events)} false.[/]\n"
        f"Look at it: {escape(str(results / 'annotated.mp4'))}\n"
        f"At a glance: {escape(str(results / 'contact.jpg'))}\n"
        "Your own: monitor scan VIDEO",
        soft_wrap=True,
        highlight=False,
    )


def as_record(found: Comparison, recording: Path, results: Path) -> dict[str, Any]:
    """Return the comparison as plain values for JSON."""
    return {
        "perfect": found.is_perfect,
        "recording": str(recording),
        "annotated": str(results / "annotated.mp4"),
        "contact": str(results / "contact.jpg"),
        "true": [
            {
                "kind": finding.truth.kind,
                "start_s": finding.truth.start_s,
                "end_s": finding.truth.end_s,
                "note": finding.truth.note,
                "found": list(finding.events),
            }
            for finding in found.findings
        ],
        "false": list(found.false_events),
        "near_misses": list(found.near_misses),
    }


def _found_table(found: Comparison) -> Table:
    table = _table("What happens, and what was found")
    table.add_column("what truly happens", ratio=2)
    table.add_column("found", no_wrap=True)
    table.add_column("why it fired", ratio=3)
    for finding in found.findings:
        _add_finding(table, finding)
    shown = [event for finding in found.findings for event in finding.events]
    for event in (event for event in found.false_events if event not in shown):
        table.add_row(f"{_WRONG} [red]nothing of the kind[/]", *_told(event))
    return table


def _add_finding(table: Table, finding: Finding) -> None:
    true = finding.truth
    mark = _RIGHT if finding.is_right else _WRONG
    what = f"{mark} {escape(true.note)}\n[dim]{true.start_s:.1f}–{true.end_s:.1f} s[/]"
    if not finding.events:
        quiet = true.kind == QUIET
        table.add_row(what, "[dim]nothing[/]" if quiet else "[red]missed[/]", "")
    for number, event in enumerate(finding.events):
        table.add_row("" if number else what, *_told(event))


def _told(event: EventRecord) -> tuple[str, str]:
    end_s = event["end_s"]
    until = "" if end_s is None else f"–{end_s:.1f}"
    when = f"{event['kind'].replace('_', ' ')}\n[dim]{event['start_s']:.1f}{until} s[/]"
    return when, escape(event["evidence"]["opened_by"])


def _suppressed_table(misses: Iterable[NearMissRecord]) -> Table:
    by_rule: dict[str, list[NearMissRecord]] = defaultdict(list)
    for miss in misses:
        by_rule[miss["rule"]].append(miss)
    table = _table("What almost was an event, and the rule that stopped it")
    table.add_column("rule", no_wrap=True)
    table.add_column("times", justify="right")
    table.add_column("for example", ratio=1)
    for rule, stopped in sorted(by_rule.items(), key=lambda pair: -len(pair[1])):
        example = f"at {stopped[0]['start_s']:.1f} s: {stopped[0]['reason']}"
        table.add_row(escape(rule), str(len(stopped)), escape(example))
    return table


def _table(title: str) -> Table:
    return Table(
        title=f"[bold]{title}[/]", title_style="", title_justify="left", box=HORIZONTALS, show_lines=True
    )
