"""Two videos compared, shown and written."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from monitor.cli.comparing.moving import Outputs, show_notes, show_spans
from monitor.cli.comparing.request import DIFFERENT, INTERRUPTED, SAME, Request
from monitor.cli.comparing.tables import coloured, measures_rows, show_written, time_bar
from monitor.comparing.faults import Fault, Faulty
from monitor.comparing.videorecord import mean_measures, video_record
from monitor.comparing.videos import VideoComparison
from monitor.comparing.wording import counted


def run(a: Path, b: Path, request: Request, *, sync: bool) -> int:
    """Compare two videos as asked; return the exit code."""
    comparison = VideoComparison(a, b, request.options, request.limits, sync=sync)
    outputs = Outputs(request, (a.name, b.name))
    interrupted = _compare(comparison, outputs)
    comparison.close()
    outputs.finish(_said(comparison), comparison.rows, comparison.spans, comparison.faults)
    if request.as_json:
        files = {role: str(path) for role, path in outputs.written.items()}
        record = {"a": str(a), "b": str(b), **video_record(comparison), "files": files}
        typer.echo(json.dumps(record, allow_nan=False))
    else:
        _show(comparison)
        show_written(outputs.written)
    return INTERRUPTED if interrupted else DIFFERENT if comparison.different else SAME


def _compare(comparison: VideoComparison, outputs: Outputs) -> bool:
    """Go through both; return whether the user ended it before."""
    with time_bar() as bar:
        try:
            for moment in comparison:
                outputs.add(moment, len(comparison.spans))
                bar(moment.time_s, comparison.length_s)
        except KeyboardInterrupt:
            return True
        finally:
            outputs.close()
    return False


def _said(found: VideoComparison) -> str:
    frames = f"{counted(len(found.rows), 'pair')} of pictures compared"
    if not found.different:
        return f"same: {frames}"
    if found.limits_passed:
        return f"different: beyond {', '.join(sorted(found.limits_passed))}; {frames}"
    counts = Counter(fault.kind for fault in found.faults)
    said = [counted(len(found.spans), "span")] if found.spans else []
    said += [f"{counts[kind]} {kind.value}" for kind in Fault if counts[kind]]
    return f"different: {', '.join(said)}; {frames}"


def _show(found: VideoComparison) -> None:
    console = Console(highlight=False)
    console.print(coloured(_said(found), different=found.different), soft_wrap=True)
    if found.offset_s:
        console.print(f"B began {found.offset_s:+.3f} s after A, by what both show")
    show_notes(console, found.notes)
    for kind in Fault:
        for side in ("a", "b"):
            faults = [fault for fault in found.faults if fault.kind is kind and fault.side == side]
            if faults:
                console.print(f"{kind.value} in {side.upper()}: {escape(_numbers(faults))}", soft_wrap=True)
    show_spans(console, found.spans)
    console.print(measures_rows(mean_measures(found.rows), "mean"))


def _numbers(faults: Iterable[Faulty]) -> str:
    """Return runs of pictures with their time, as 'picture 12 at 0.48 s, 20 to 24 at 0.80 s'."""
    runs: list[list[Faulty]] = []
    for fault in faults:
        if runs and fault.frame == runs[-1][-1].frame + 1:
            runs[-1].append(fault)
        else:
            runs.append([fault])
    told = []
    for run_ in runs:
        to = f" to {run_[-1].frame}" if len(run_) > 1 else ""
        told.append(f"{run_[0].frame}{to} at {run_[0].time_s:.2f} s")
    return f"picture {', '.join(told)}"
