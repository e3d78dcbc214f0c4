"""What a scan tells in the end."""

from collections.abc import Iterable
from io import StringIO

import pytest
from rich.console import Console

from monitor.archive.manifest import Entry, State
from monitor.cli.summary import Tally


def entry(name: str, state: State = State.DONE, error: str | None = None) -> Entry:
    return Entry(id=name, address=name, name=name, state=state, settings="", frames=1, error=error)


def told(entries: Iterable[Entry]) -> str:
    tally = Tally(2)
    for one in entries:
        tally.done(one)
    console = Console(file=StringIO(), width=100)
    for line in tally.told("out"):
        console.print(line)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("one", "result"),
    [
        (entry("a.mp4"), "ok"),
        (entry("a.mp4", State.STOPPED), "stopped"),
        (entry("a.mp4", State.FAILED, "it is damaged."), "failed"),
        (entry("a.mp4", State.STOPPED, "the disk is full."), "failed"),
    ],
)
def test_the_table_tells_what_became_of_each_input(one: Entry, result: str) -> None:
    row = next(line for line in told([one, entry("b.mp4")]).splitlines() if line.startswith("a.mp4"))
    assert row.split()[-1] == result


def test_a_name_of_two_lines_takes_one_row() -> None:
    assert "a\\nb.mp4" in told([entry("a\nb.mp4"), entry("c.mp4")])
