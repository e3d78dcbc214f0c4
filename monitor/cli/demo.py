"""`monitor demo`: a generated scene with known truth through the whole program."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import Json

if TYPE_CHECKING:
    from monitor.demonstration import Demonstration
    from monitor.scanning import Outcome

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
    outcome = _scan(made)
    assert outcome.folder is not None  # the scan raised otherwise
    found = read_comparison(made.truth, outcome.folder)
    if as_json:
        typer.echo(json.dumps(as_record(found, made.recording, outcome.folder), indent=2))
    else:
        show(Console(), found, outcome.folder)
    if not found.is_perfect:
        raise typer.Exit(1)


def _scan(made: "Demonstration") -> "Outcome":
    """Scan the recording with everything on; ends the program where that failed or was stopped."""
    from monitor.app import Extras
    from monitor.capture.opening import Input
    from monitor.cli.progress import ScanReport
    from monitor.scanning import scan
    from monitor.settings import Settings

    item = Input(str(made.recording))
    plain = Settings()
    settings = plain.model_copy(update={"outputs": plain.outputs.model_copy(update={"folder": made.folder})})
    with ScanReport([item]) as report:
        outcome = scan(item, settings, Extras(scores=made.folder / "scores.jsonl"), report.frame_done)
        report.item_done(outcome)
    if outcome.error is not None:
        raise outcome.error
    if outcome.stopped:
        raise KeyboardInterrupt
    if outcome.failures:
        raise typer.Exit(3)
    return outcome
