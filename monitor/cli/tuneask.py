"""`monitor tune --ask`: the fewest events that decide most, one after the other, or as a table."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from monitor.app import privacy_of
from monitor.clock import shown_span
from monitor.errors import SourceError
from monitor.outputs.wording import shown_kind
from monitor.tuning.answers import append_answer, write_sheet
from monitor.tuning.labelfile import Entry, read_labels
from monitor.tuning.labelling import place_labels
from monitor.tuning.pictures import write_picture
from monitor.tuning.questions import Panel, Question
from monitor.tuning.report.record import questions_record
from monitor.tuning.session import Session, by_name

ANSWERS, SHEET, PICTURES = "labels.csv", "questions.csv", "pictures"

_ANSWERS: dict[str, bool | None] = {
    "t": True,
    "true": True,
    "f": False,
    "false": False,
    "u": None,
    "unclear": None,
}
"""What may be typed, and what it says; None is "I do not know". Anything that begins with q ends it."""


@dataclass(slots=True)
class Asking:
    """Asks about what the trials of a session disagree on; answers and pictures go to the folder `out`."""

    session: Session
    entries: Sequence[Entry]
    out: Path
    most: int

    @property
    def has_terminal(self) -> bool:
        """Whether there is somebody who can answer now."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def ask(self) -> list[Entry]:
        """Ask one after the other, write each answer down at once, and return them."""
        console, panel, names = Console(stderr=True, highlight=False), self._panel(), self._names()
        answers, answered = self.out / ANSWERS, 0
        while answered < self.most and (question := panel.next()) is not None:
            picture = self._picture(question)
            console.print(_told(question, names, answered + 1, self.most), soft_wrap=True)
            console.print(f"   {escape(picture or 'no picture of it')}", style="dim", soft_wrap=True)
            typed = _typed()
            if typed.startswith("q"):
                break
            panel.answer(question, _ANSWERS[typed])
            append_answer(answers, names[question.recording], question, picture, _ANSWERS[typed])
            answered += 1
        else:
            if answered < self.most:
                console.print("There is nothing more to ask: the settings that were tried agree on the rest.")
        return read_labels(answers)[-answered:] if answered else []

    def write_sheet(self, *, as_json: bool) -> None:
        """Write the questions as a table to be filled in, and say so."""
        names, questions = self._names(), self._panel().sheet(self.most)
        path = self.out / SHEET
        write_sheet(path, [(names[one.recording], one, self._picture(one)) for one in questions])
        if as_json:
            record = {"sheet": str(path), "questions": questions_record(questions, names)}
            typer.echo(json.dumps(record, indent=2, ensure_ascii=False))
            return
        if not questions:
            typer.echo(
                "There is nothing to ask: all settings that were tried tell the same of these recordings. "
                "Take recordings of times when there were too many events, or too few."
            )
            return
        typer.echo(
            f"{path}: {len(questions)} events that decide most. Fill in the column label with true, false or "
            f"unclear, then call again with --labels {path}."
        )

    def _panel(self) -> Panel:
        panel = Panel(self.session.told())
        panel.take(place_labels(self.entries, self.session.places()).recordings)
        return panel

    def _names(self) -> list[str]:
        return by_name(self.session.plan.items[at] for at in self.session.recordings)

    def _picture(self, question: Question) -> str:
        """Write the picture of an event and return its path; empty where there is none."""
        plan = self.session.plan
        item = plan.items[self.session.recordings[question.recording]]
        event = question.event
        name = f"{Path(item.name).stem}-{event.start_s:09.3f}-{event.kind}.jpg"
        path = self.out / PICTURES / name
        try:
            there = write_picture(
                item, event, path, rate_hz=plan.settings.images.rate_hz, privacy=privacy_of(plan.settings)
            )
        except SourceError:
            return ""
        return str(path) if there else ""


def _told(question: Question, names: Sequence[str], number: int, most: int) -> str:
    event = question.event
    return (
        f"[bold]{number}[/] of at most {most}: {shown_kind(event.kind)} at {shown_span(event.start_s)}–"
        f"{shown_span(event.end_s)} in {escape(names[question.recording])}, "
        f"told by {100 * question.share:.0f} % of the settings in question"
    )


def _typed() -> str:
    """Return what was typed, once it is an answer."""
    while True:
        typed = typer.prompt("   true alarm, false alarm, unclear, quit [t/f/u/q]", err=True).strip().lower()
        if typed in _ANSWERS or typed.startswith("q"):
            return str(typed)
