"""What `monitor compare` says to people."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.box import HORIZONTALS
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from monitor.comparing.boxes import Box
from monitor.comparing.judging import Judged
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.measures import Measures
from monitor.comparing.wording import moved, shown_measure


def show_pair(judged: Judged) -> None:
    """Print the verdict on two pictures, the boxes, and the measures."""
    found, console = judged.found, Console(highlight=False)
    console.print(coloured(judged.said, different=judged.different), soft_wrap=True)
    if found.move is not None:
        console.print(escape(moved(found.move)), soft_wrap=True)
    for note in found.notes:
        console.print(f"[yellow]{escape(note)}[/]", soft_wrap=True)
    if found.boxes:
        console.print(_boxes(found.boxes))
    console.print(measures_table(found.measures))


def show_written(written: Mapping[str, Path]) -> None:
    """Print where the files are."""
    console = Console(highlight=False)
    for role, path in written.items():
        console.print(f"{role.replace('_', ' ')}: {escape(str(path))}", soft_wrap=True)


def progress() -> Progress:
    """Return a bar on standard error with what is left to do, shown in a terminal alone."""
    console = Console(stderr=True)
    left = TimeRemainingColumn(compact=True)
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), left)
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


TimeBar = Callable[[float, float | None], None]
"""Is told of the time that is reached and of the length, in seconds."""


@contextmanager
def time_bar() -> Iterator[TimeBar]:
    """Show a bar on standard error, in a terminal alone, where the length is known."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.percentage:>3.0f} %"),
        BarColumn(bar_width=24),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None, visible=False)

        def reached(time_s: float, length_s: float | None) -> None:
            bar.update(task, completed=time_s, total=length_s, visible=bool(length_s))

        yield reached


def coloured(said: str, *, different: bool) -> str:
    """Return a verdict in markup."""
    return f"[{'red' if different else 'green'}]{escape(said)}[/]"


def measures_table(measures: Measures) -> Table:
    """Return each measure with its value and what it is."""
    return measures_rows({name: measures.value(name) for name in MEANINGS}, "value")


def measures_rows(values: Mapping[str, float | None], head: str) -> Table:
    """Return each measure with its value, under a head, and what it is."""
    table = Table(box=HORIZONTALS)
    table.add_column("measure", no_wrap=True)
    table.add_column(head, justify="right", no_wrap=True)
    table.add_column("what it is; range", ratio=1)
    for name, meaning in MEANINGS.items():
        told = f"{meaning.what}; [dim]{escape(meaning.range)}[/]"
        table.add_row(name, shown_measure(name, values[name]), told)
    return table


def _boxes(boxes: Iterable[Box]) -> Table:
    table = Table(
        box=HORIZONTALS,
        title="[bold]where, in fractions of the picture[/]",
        title_style="",
        title_justify="left",
    )
    for name in ("", "x", "y", "width", "height"):
        table.add_column(name, justify="right")
    for number, box in enumerate(boxes, 1):
        table.add_row(str(number), *(f"{value:.3f}" for value in (box.x, box.y, box.width, box.height)))
    return table
