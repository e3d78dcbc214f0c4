"""The three files of the report, made anew from what the scan left in its folder."""

from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from monitor.archive.report.atomic import replace_text
from monitor.archive.report.contents import contents_of
from monitor.archive.report.page import html_text
from monitor.archive.report.record import json_text
from monitor.archive.report.table import csv_text
from monitor.archive.report.thumbnails import Thumbnails


@dataclass(frozen=True, slots=True)
class Report:
    """Where the report is, and how much it tells of."""

    page: Path
    table: Path
    record: Path
    files: int
    events: int


def write_report(out: Path, zone: tzinfo | None = None) -> Report:
    """Write report.html, report.csv and report.json into `out`, each whole or as it was before.

    `zone` is that of all days and times in them, None the machine's own. Raises `UsageError` where nothing
    was scanned into `out`, `OutputError` where a file cannot be written.
    """
    contents = contents_of(out, zone)
    page, table, record = (out / f"report.{suffix}" for suffix in ("html", "csv", "json"))
    replace_text(table, csv_text(contents))
    replace_text(record, json_text(contents))
    replace_text(page, html_text(contents, Thumbnails()))
    return Report(page, table, record, len(contents.files), sum(contents.kinds.values()))
