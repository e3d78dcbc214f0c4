"""Two images compared, shown and written."""

import json
from dataclasses import replace
from pathlib import Path

import typer

from monitor.cli.comparing.request import DIFFERENT, SAME, Request
from monitor.cli.comparing.tables import show_pair, show_written
from monitor.comparing.images import Comparison, compare_images
from monitor.comparing.judging import Judged, judge
from monitor.comparing.page import Page
from monitor.comparing.pictures import read_picture
from monitor.comparing.record import pair_record
from monitor.comparing.results import REPORT, write_page, write_pictures
from monitor.comparing.sheet import sheet
from monitor.outputs.still import FAST_PNG, write_still


def run(a: Path, b: Path, request: Request) -> int:
    """Compare two images as asked; return the exit code."""
    judged = judge(compare_files(a, b, request), request.limits)
    names = (a.name, b.name) if a.name != b.name else (str(a), str(b))
    written = write(judged, names, request)
    if request.as_json:
        record = pair_record(judged.found, different=judged.different, passed=judged.passed)
        files = {role: str(path) for role, path in written.items()}
        typer.echo(json.dumps({"a": str(a), "b": str(b), **record, "files": files}, allow_nan=False))
    else:
        show_pair(judged)
        show_written(written)
    return DIFFERENT if judged.different else SAME


def compare_files(a: Path, b: Path, request: Request) -> Comparison:
    """Return what differs between two image files; the notes also tell what had to be done to read them."""
    first, second = read_picture(a), read_picture(b)
    options = replace(request.options, coded=first.is_coded or second.is_coded)
    found = compare_images(first.picture, second.picture, options)
    notes = [f"{name} {note}" for name, loaded in (("A", first), ("B", second)) for note in loaded.notes]
    return replace(found, notes=(*notes, *found.notes))


def write(judged: Judged, names: tuple[str, str], request: Request) -> dict[str, Path]:
    """Write what was asked for; return the files by their roles."""
    written: dict[str, Path] = {}
    if request.out is not None:
        written |= write_pictures(request.out, judged.found, names)
        page = Page()
        page.add(judged, names)
        written["report"] = request.out / REPORT
        write_page(written["report"], page.text(" and ".join(names), judged.said))
    if request.figure is not None:
        write_still(request.figure, sheet(judged.found, names, judged.said), FAST_PNG)
        written["figure"] = request.figure
    return written
