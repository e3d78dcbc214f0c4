"""`monitor coverage`: what was watched, what was blind, and why."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import typer

from monitor.cli.config import File, Json
from monitor.cli.journal import (
    Address,
    Since,
    Sources,
    Until,
    Utc,
    moment_of,
    open_journal,
    shown_moment,
    zone_name,
    zone_of,
)
from monitor.outputs.wording import shown_length, shown_share

if TYPE_CHECKING:
    from monitor.outputs.journal.coverage import Coverage, DayCoverage
    from monitor.outputs.journal.spans import Span

EPILOG = "Example: [cyan]monitor coverage --since 30d --source driveway[/]"

_SHOWN_S = timedelta(days=7)

_MOST_SPANS = 20
"""Blind spans that are listed on a terminal: the longest, in their order."""


def coverage(
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    journal: Address = None,
    config: File = None,
    utc: Utc = False,
    as_json: Json = False,
) -> None:
    """Say what was really watched, by camera and day; and where it was blind, for how long and why.

    The last seven days, unless told otherwise. A day counts from when a camera was first heard of, up to now.
    """
    from monitor.outputs.journal.coverage import coverage_of

    now = datetime.now(UTC)
    start = moment_of(since, "--since", utc) or now - _SHOWN_S
    end = min(moment_of(until, "--until", utc) or now, now)
    with open_journal(config, journal) as opened:
        found = coverage_of(opened, start, end, sources=frozenset(source or ()), zone=zone_of(utc))
    if as_json:
        typer.echo(json.dumps(_as_record(found), indent=2, ensure_ascii=False))
    else:
        _show(found, utc)


def _as_record(found: "Coverage") -> dict[str, Any]:
    from monitor.outputs.records import rfc3339

    return {
        "days": [
            {
                "source": day.source,
                "day": f"{day.day:%Y-%m-%d}",
                "watched_fraction": day.fraction,
                "watching_s": day.watching_s,
                "warming_up_s": day.warming_up_s,
                "blind_s": dict(day.blind_s),
            }
            for day in found.days
        ],
        "blind": [
            {"source": source, "start_time": rfc3339(s.start), "end_time": rfc3339(s.end), "why": s.why}
            for source, spans in found.blind.items()
            for s in spans
        ],
    }


def _show(found: "Coverage", utc: bool) -> None:
    days = [_day_row(day) for day in found.days]
    spans = [(source, span) for source, own in found.blind.items() for span in own]
    longest = sorted(spans, key=lambda pair: -pair[1].lasts_s)
    if sys.stdout.isatty():
        longest = longest[:_MOST_SPANS]
    rows = [_span_row(source, span, utc) for source, span in spans if (source, span) in longest]
    day_header = ("source", f"day ({zone_name(utc)})", "watched", "learning", "blind", "mostly because")
    span_header = ("source", f"blind from ({zone_name(utc)})", "for", "why")
    if not sys.stdout.isatty():
        for row in (day_header, *days, (), span_header, *rows):
            typer.echo("\t".join(row))
        return
    if not days:
        typer.echo("Nothing was watched in this time.")
        return
    _print_table(day_header, days, right=(2, 3, 4))
    if rows:
        _print_table(span_header, rows, right=(2,))
    if len(rows) < len(spans):
        typer.echo(f"The longest {len(rows)} of {len(spans)}; --json has all.")


def _day_row(day: "DayCoverage") -> tuple[str, ...]:
    blind_s = sum(day.blind_s.values())
    share = "—" if day.fraction is None else shown_share(day.fraction)
    first = next(iter(day.blind_s), "")
    return (
        day.source,
        f"{day.day:%Y-%m-%d}",
        share,
        shown_length(day.warming_up_s),
        shown_length(blind_s),
        first,
    )


def _span_row(source: str, span: "Span", utc: bool) -> tuple[str, ...]:
    return source, shown_moment(span.start, utc), shown_length(span.lasts_s), span.why or "no reason told"


def _print_table(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> None:
    from rich.box import HORIZONTALS
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=HORIZONTALS, pad_edge=False)
    for number, name in enumerate(header):
        justify: Any = "right" if number in right else "left"
        table.add_column(name, justify=justify, no_wrap=0 < number < len(header) - 1)
    for row in rows:
        table.add_row(*(escape(value) for value in row))
    Console(highlight=False).print(table)
