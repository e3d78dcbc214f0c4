"""Two folders of images compared, pair by pair."""

import json
from collections.abc import Iterable
from html import escape as html
from pathlib import Path
from typing import Any

import typer
from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from monitor.cli.comparing.images import compare_files
from monitor.cli.comparing.request import CANNOT_COMPARE, DIFFERENT, SAME, Request
from monitor.cli.comparing.tables import coloured, progress, show_written
from monitor.comparing.folders import Pair, Pairing, paired
from monitor.comparing.judging import Judged, judge
from monitor.comparing.page import Page
from monitor.comparing.record import pair_record
from monitor.comparing.results import REPORT, write_page, write_pictures
from monitor.comparing.sheet import sheet
from monitor.comparing.wording import counted, shown_measure
from monitor.errors import UsageError
from monitor.outputs.still import FAST_PNG, write_still


class _Results:
    """What came of the pairs so far. Pictures are written as they come, and those of the worst pair kept."""

    def __init__(self, pairing: Pairing, request: Request) -> None:
        self.pairing = pairing
        self.records: list[dict[str, Any]] = []
        self.written: dict[str, Path] = {}
        self._request = request
        self._page = Page()
        self._worst: tuple[float, Judged, tuple[str, str]] | None = None

    def compare(self, pair: Pair) -> None:
        """Compare a pair; one that cannot be is told, and the others go on."""
        try:
            judged = judge(compare_files(pair.a, pair.b, self._request), self._request.limits)
        except UsageError as error:
            self.records.append({"name": pair.name, "error": str(error)})
            return
        record = pair_record(judged.found, different=judged.different, passed=judged.passed)
        self.records.append({"name": pair.name, "said": judged.said, **record})
        names = (str(pair.a), str(pair.b))
        badness = -(judged.found.measures.ssim or 0.0)
        if judged.different and self._request.out is not None:
            write_pictures(self._request.out / pair.name, judged.found, names)
            self._page.add(judged, names, pair.name)
        if self._worst is None or (judged.different, badness) > (self._worst[1].different, self._worst[0]):
            self._worst = (badness, judged, names)

    def write(self) -> None:
        """Write what is about all pairs: the report, and the worst one on a sheet."""
        if self._request.out is not None:
            self.written = {"pictures": self._request.out, "report": self._request.out / REPORT}
            title = "Two folders"
            write_page(self.written["report"], self._page.text(title, self.said, _missing_html(self.pairing)))
        if self._request.figure is not None and self._worst is not None:
            _, judged, names = self._worst
            write_still(self._request.figure, sheet(judged.found, names, judged.said), FAST_PNG)
            self.written["figure"] = self._request.figure

    @property
    def different(self) -> int:
        """How many pairs differ."""
        return sum(bool(record.get("different")) for record in self.records)

    @property
    def failed(self) -> int:
        """How many pairs could not be compared."""
        return sum("error" in record for record in self.records)

    @property
    def missing(self) -> int:
        """How many pictures have no partner."""
        return len(self.pairing.only_in_a) + len(self.pairing.only_in_b)

    @property
    def code(self) -> int:
        """The exit code."""
        if self.failed:
            return CANNOT_COMPARE
        return DIFFERENT if self.different or self.missing else SAME

    @property
    def said(self) -> str:
        """The verdict on all pairs."""
        said = [
            f"{self.different} of {counted(len(self.records), 'pair')} differ{'s' * (self.different == 1)}"
        ]
        for pictures, side in ((self.pairing.only_in_a, "A"), (self.pairing.only_in_b, "B")):
            said += [f"{len(pictures)} only in {side}"] if pictures else []
        said += [f"{self.failed} cannot be compared"] if self.failed else []
        return "; ".join(said)


def run(a: Path, b: Path, request: Request) -> int:
    """Compare two folders as asked; return the exit code."""
    pairing = paired(a, b)
    results = _Results(pairing, request)
    with progress() as bar:
        _compare_all(results, pairing.pairs, bar)
    results.write()
    if request.as_json:
        typer.echo(json.dumps(_record(a, b, results), allow_nan=False))
    else:
        _show(results)
        show_written(results.written)
    return results.code


def _compare_all(results: _Results, pairs: Iterable[Pair], bar: Progress) -> None:
    for pair in bar.track(list(pairs), description="pairs"):
        results.compare(pair)


def _record(a: Path, b: Path, results: _Results) -> dict[str, Any]:
    return {
        "a": str(a),
        "b": str(b),
        "different": results.code != SAME,
        "pairs": results.records,
        "only_in_a": list(results.pairing.only_in_a),
        "only_in_b": list(results.pairing.only_in_b),
        "files": {role: str(path) for role, path in results.written.items()},
    }


def _show(results: _Results) -> None:
    console = Console(highlight=False)
    table = Table(box=HORIZONTALS)
    table.add_column("pair", ratio=2)
    table.add_column("verdict", ratio=3)
    table.add_column("SSIM", justify="right", no_wrap=True)
    for record in results.records:
        table.add_row(escape(record["name"]), _verdict(record), _ssim(record))
    for names, side in ((results.pairing.only_in_a, "A"), (results.pairing.only_in_b, "B")):
        for name in names:
            table.add_row(escape(name), f"[yellow]only in {side}[/]", "")
    console.print(table)
    console.print(coloured(results.said, different=results.code != SAME), soft_wrap=True)


def _verdict(record: dict[str, Any]) -> str:
    if "error" in record:
        return f"[red]{escape(record['error'])}[/]"
    return coloured(record["said"], different=record["different"])


def _ssim(record: dict[str, Any]) -> str:
    return shown_measure("ssim", record["measures"]["ssim"]) if "measures" in record else ""


def _missing_html(pairing: Pairing) -> str:
    rows = [
        (name, side) for side, names in (("A", pairing.only_in_a), ("B", pairing.only_in_b)) for name in names
    ]
    return "".join(f'<p class="note">{html(name)}: only in {side}</p>\n' for name, side in rows)
