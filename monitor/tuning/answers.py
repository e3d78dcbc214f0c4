"""What somebody answered, written down at once; and the questions as a table to be filled in."""

from collections.abc import Iterable
from pathlib import Path

from monitor.outputs.layout import unfinished, writing
from monitor.outputs.table import csv_line
from monitor.tuning.questions import Question

COLUMNS = ("source", "start", "end", "kind", "label", "picture", "told_by", "note")

_TOLD = {True: "true", False: "false", None: "unclear"}


def write_sheet(path: Path, questions: Iterable[tuple[str, Question, str]]) -> None:
    """Write the questions with the column label empty; each with its recording and its picture.

    Raises `OutputError`.
    """
    part = unfinished(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [csv_line(COLUMNS), *(_line(*question, "") for question in questions)]
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.replace(path)


def append_answer(path: Path, source: str, question: Question, picture: str, is_true: bool | None) -> None:
    """Add one answer to the file of answers, which is made where there is none; raises `OutputError`."""
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            if is_new:
                file.write(csv_line(COLUMNS) + "\n")
            file.write(_line(source, question, picture, _TOLD[is_true]) + "\n")


def _line(source: str, question: Question, picture: str, answer: str) -> str:
    event = question.event
    values = (source, f"{event.start_s:.3f}", f"{event.end_s:.3f}", event.kind.value, answer, picture)
    return csv_line((*values, f"{question.share:.0%}", ""))
