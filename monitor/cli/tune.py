"""`monitor tune`: which settings suit a place, by what people say of its events."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.config import File, Json, Overrides, Preset
from monitor.cli.journal import Address
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.settings import Settings
    from monitor.tuning.labelfile import Entry

EPILOG = (
    "Example: [cyan]monitor tune yard.mp4 --labels truth.csv --target 'false<1/day'[/]\n\n"
    "LABELS are CSV with a header: source (the recording's name), start, end (75.5, 1:15.5, or a moment as "
    "2026-11-21 03:05:12), kind (motion, covered … or quiet), and note. Such a file says all that happens: "
    "what is told besides is a false alarm. With a column label (true, false, unclear) it is about single "
    "events and says nothing of the rest; so is what `monitor events export` writes. Also read: start_frame, "
    "end_frame, tolerance (seconds), tolerance_frames.\n\n"
    "Exit code: 0 done, also where nothing is proposed; 2 wrong use, or no labels; 3 a recording could not "
    "be read or a result not be written; 130 interrupted, with the results so far."
)

OUT = Path("monitor-tuning")
ANSWERS = "labels.csv"
"""In the folder of results: what was answered to --ask, which later calls go by."""


def tune(
    recordings: Annotated[
        list[str], typer.Argument(metavar="RECORDING", help="Videos, folders, globs, folders of images.")
    ],
    labels: Annotated[
        list[Path] | None,
        typer.Option("--labels", "-l", metavar="FILE", help="What happens when; may be repeated."),
    ] = None,
    journal: Address = None,
    ask: Annotated[
        bool,
        typer.Option(
            "--ask", help="Ask about the fewest events that decide most; without a terminal, write a table."
        ),
    ] = False,
    questions: Annotated[
        int, typer.Option("--questions", metavar="N", min=1, max=1000, help="Ask about at most so many.")
    ] = 10,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="LIMIT",
            help="'false<1/day', /hour, /week, or 'missed<5%'; else the fewest mistakes.",
        ),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Do not try what must be measured anew (k, picture size)."),
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where results and measured scores go.")
    ] = OUT,
    jobs: Annotated[
        int,
        typer.Option("--jobs", "-j", metavar="N", min=0, max=256, help="Processes; 0: one for each core."),
    ] = 0,
    config: File = None,
    preset: Preset = None,
    overrides: Overrides = None,
    as_json: Json = False,
) -> None:
    """Find the settings that suit a place, and what each change would gain and lose.

    Recordings are measured once and judged again with hundreds of settings. Labels say what is right: a file,
    what `monitor events label` and the page say in the journal, or answers to --ask. What is proposed has
    proved itself on labels that were set aside, or nothing is proposed. DIR gets tuning.html, tradeoff.png,
    tuning.json and proposal.yaml, each written over at the next call; scores are kept there, so that the
    next call need not measure again.
    """
    from monitor.cli.tuneask import Asking
    from monitor.cli.tuneshow import finish
    from monitor.cli.tunework import measured
    from monitor.settings import load_settings
    from monitor.tuning.goal import goal_of

    goal = goal_of(target)
    settings = load_settings(config, preset, overrides or ())
    answers = out / ANSWERS
    files = labels or ([answers] if answers.exists() else [])
    entries = _read(files, settings, journal)
    if not entries and not ask:
        raise UsageError(
            "There are no labels, so nothing says what is right: give --labels FILE, label events with "
            "`monitor events label ID false`, or let yourself be asked with --ask."
        )
    session = measured(recordings, settings, entries, out, quick=quick, jobs=jobs, asks=ask)
    asking = Asking(session, entries, out, questions)
    if ask and (as_json or not asking.has_terminal):
        asking.write_sheet(as_json=as_json)
    else:
        if ask:
            entries += asking.ask()
        finish(session, entries, goal, out, as_json=as_json)
    if session.is_stopped:
        raise typer.Exit(130)
    if session.errors:
        raise typer.Exit(3)


def _read(files: Sequence[Path], settings: "Settings", journal: str | None) -> list["Entry"]:
    """Return the labels of the files; without any, those of the journal, where there is one."""
    from monitor.cli.eventview import as_record
    from monitor.cli.journal import journal_of
    from monitor.outputs.journal.journal import Journal
    from monitor.outputs.journal.queries import Filter, find_events
    from monitor.tuning.labelfile import entry_of_record, read_labels

    entries = [entry for file in files for entry in read_labels(file)]
    if files and journal is None:
        return entries
    try:
        opened = Journal.open(journal_of(settings, journal), create=False)
    except UsageError:
        if journal is not None:
            raise
        return entries
    with opened:
        records = (as_record(event) for event in find_events(opened, Filter(label="any")))
        said = (entry_of_record(record, f"event {record['id']}") for record in records)
        return entries + [entry for entry in said if entry is not None]
