"""`monitor demo`: a generated scene with known truth through the whole program."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import Json

if TYPE_CHECKING:
    from monitor.demonstration import Demonstration

SHORTEST_S = 40.0
"""The last thing to be found is a box left at 19 s: it must lie still for 10 s to be called left, and what
happens around it must be over first."""

EPILOG = (
    "Example: [cyan]monitor demo --out first-look[/]\n\n"
    "Exit code: 0 all that truly happens was found and nothing else, 1 something was missed or made up, "
    "3 the results could not be written, 130 interrupted."
)


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="New folder for the recording and its results.")
    ] = Path("monitor-demo"),
    seconds: Annotated[
        float,
        typer.Option(min=SHORTEST_S, max=600.0, help="Length of the recording; all happens in the first 40."),
    ] = SHORTEST_S,
    as_json: Json = False,
) -> None:
    """Make a recording in which it is known what happens, scan it, and show what was found and why.

    People walk, a box is left, a lamp goes on; leaves, a cloud, dusk and an insect must not alarm. Takes
    about half a minute.
    """
    from rich.console import Console

    from monitor.cli.comparison import as_record, show
    from monitor.demonstration import make_recording, read_comparison

    with Console(stderr=True).status(f"making a recording of {seconds:.0f} s"):
        made = make_recording(out, seconds)
    results = _scan(made)
    found = read_comparison(made.truth, results)
    if as_json:
        typer.echo(json.dumps(as_record(found, made.recording, results), indent=2))
    else:
        show(Console(), found, results)
    if not found.is_perfect:
        raise typer.Exit(1)


def _scan(made: "Demonstration") -> Path:
    """Scan the recording with everything on and return where the results are; ends the program otherwise."""
    from monitor.app import Extras
    from monitor.archive.running import entry_of, progress_of
    from monitor.archive.task import Task
    from monitor.capture.opening import Input
    from monitor.cli.progress import ScanReport
    from monitor.scanning import Outcome, scan
    from monitor.settings import Settings

    plain = Settings()
    settings = plain.model_copy(update={"outputs": plain.outputs.model_copy(update={"folder": made.folder})})
    task = Task(Input(str(made.recording)), settings, scores=made.folder / "scores.jsonl")
    with ScanReport([task.item], lambda: None, made.folder) as report:

        def watch(outcome: Outcome) -> bool:
            report.heard(task, progress_of(outcome))
            return report.is_stopped

        outcome = scan(task.item, settings, Extras(scores=task.scores), watch)
        report.done(task, entry_of(task, outcome))
    if outcome.error is not None:
        raise outcome.error
    if outcome.stopped:
        raise KeyboardInterrupt
    if outcome.failures or outcome.folder is None:
        raise typer.Exit(3)
    return outcome.folder
