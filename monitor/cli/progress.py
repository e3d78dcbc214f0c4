"""What a scan shows while it works, and when it is done; all of it on standard error."""

import signal
from collections.abc import Sequence
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from monitor.capture.opening import Input

if TYPE_CHECKING:
    from monitor.scanning import Outcome

_SHOW_EVERY = 10
"""Frames between two updates of the bar."""


class ScanReport:
    """A progress bar with frames a second, speed against real time and time left; then a table.

    Without a terminal there is no bar, and one line for each input. Ctrl-C asks the scan to end after the
    present frame, so that what is done is whole; a second Ctrl-C ends the program at once.
    """

    def __init__(self, items: Sequence[Input]) -> None:
        self._items = items
        self._console = Console(stderr=True, highlight=False)
        self._stop = False
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._number = 0
        self._seen = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._progress.start()
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._console.is_terminal:
            self._progress.stop()

    def frame_done(self, outcome: "Outcome") -> bool:
        """Show how far the scan is; return whether the user asked to stop."""
        self._seen += 1
        if self._seen % _SHOW_EVERY == 1:
            self._show(outcome)
        return self._stop

    def item_done(self, outcome: "Outcome") -> None:
        """Tell what became of one input."""
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None
        self._number += 1
        self._console.print(line_of(outcome), soft_wrap=True)
        for note in notes_of(outcome):
            self._console.print(f"  {escape(note)}", soft_wrap=True, style="yellow")

    def summarise(self, outcomes: Sequence["Outcome"]) -> None:
        """Tell of all inputs together, where there were several."""
        if len(self._items) < 2:
            return
        table = Table(box=None, pad_edge=False)
        for column in ("input", "length", "speed", "events", "result"):
            table.add_column(column, justify="left" if column in ("input", "result") else "right")
        for outcome in outcomes:
            table.add_row(
                escape(outcome.item.name),
                _span(outcome.scanned_s),
                f"{_speed(outcome):.0f} ×",
                str(outcome.events.total()),
                "ok" if outcome.is_good else "failed",
            )
        self._console.print(table)
        failed = sum(not outcome.is_good for outcome in outcomes)
        left = len(self._items) - len(outcomes)
        self._console.print(
            f"{len(outcomes)} of {len(self._items)} inputs scanned, {failed} with failures"
            + (f", {left} not begun" if left else "")
        )

    def _show(self, outcome: "Outcome") -> None:
        if not self._console.is_terminal:
            return
        duration_s = outcome.info.duration_s if outcome.info else None
        if self._task is None:
            which = f"{self._number + 1}/{len(self._items)} " if len(self._items) > 1 else ""
            self._task = self._progress.add_task(
                f"{which}{escape(_shortened(outcome.item.name))}", total=duration_s, rate=""
            )
        took_s = self._progress.tasks[-1].elapsed or 0.0
        rate = (
            f"{outcome.frames / took_s:.0f} frames/s {outcome.scanned_s / took_s:.1f} ×" if took_s > 0 else ""
        )
        self._progress.update(self._task, completed=outcome.scanned_s, rate=rate)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._stop:
            raise KeyboardInterrupt
        self._stop = True
        self._console.print("stopping after this frame; Ctrl-C again ends at once", style="yellow")


def line_of(outcome: "Outcome") -> str:
    """Return the line that tells what was found in one input and where it is."""
    name = f"[bold]{escape(outcome.item.name)}[/]"
    if outcome.error is not None and not outcome.frames:
        return f"[red]{escape(str(outcome.error))}[/]"
    kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in outcome.events.most_common())
    found = _count(outcome.events.total(), "event") + (f" ({kinds})" if kinds else "")
    missed = _count(outcome.near_misses, "near miss", "near misses")
    frames = _count(outcome.frames, "frame")
    return (
        f"{name}: {found}, {missed} in {_span(outcome.scanned_s)} "
        f"({frames}, {_speed(outcome):.1f} × real time) → {escape(str(outcome.folder))}"
    )


def notes_of(outcome: "Outcome") -> list[str]:
    """Return what went wrong with the input and was mended, skipped or given up, a sentence each.

    An output that is given up is told by the log, at the moment when it happens.
    """
    problems = outcome.problems
    counted = {
        "damaged packets skipped": problems.damaged_packets,
        "damaged pictures": problems.damaged_frames,
        "missing times filled in": problems.missing_timestamps,
        "times out of order corrected": problems.disordered_timestamps,
        "changes of the picture's size": problems.size_changes,
    }
    notes = [f"{what}: {number}" for what, number in counted.items() if number]
    if problems.truncated:
        notes.append("the file ends before the length that it states: it was cut off")
    if outcome.stopped:
        notes.append(f"stopped by the user at {_span(outcome.scanned_s)}; what was found until then is kept")
    if outcome.error is not None and outcome.frames:
        notes.append(str(outcome.error))
    return notes


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _speed(outcome: "Outcome") -> float:
    return outcome.scanned_s / outcome.took_s if outcome.took_s > 0 else 0.0


def _span(time_s: float) -> str:
    minutes, seconds = divmod(time_s, 60.0)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{seconds:04.1f}" if hours else f"{minutes}:{seconds:04.1f}"


def _shortened(name: str, most: int = 28) -> str:
    return name if len(name) <= most else f"{name[: most // 2 - 1]}…{name[-most // 2 :]}"
