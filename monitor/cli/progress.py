"""What a scan shows while it works; all of it on standard error."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from monitor.archive.engine import Verdict
from monitor.archive.executor import Progress as Reached
from monitor.archive.identity import size_bytes_of
from monitor.archive.manifest import Entry
from monitor.archive.records import Follower
from monitor.archive.task import Task
from monitor.capture.opening import Input
from monitor.cli.pace import Pace, Standing, share_of
from monitor.cli.printed import printed
from monitor.cli.summary import Tally, line_of, notes_of, shortened
from monitor.clock import shown_span

_SHOW_EVERY_S = 0.1
"""Time between two updates of the bars."""


class ScanReport:
    """A bar for each input that is being scanned and one for all, with speed and time left.

    Without a terminal there are no bars, and one line for each input. Ctrl-C calls `stop`, so that what is
    done is whole; a second Ctrl-C ends the program at once. `events` is given the records of events as they
    are found, where that is wanted; `out` is the folder that entries count from, and `place` what
    it is called before the user.
    """

    def __init__(
        self,
        items: Sequence[Input],
        stop: Callable[[], None],
        out: Path,
        events: Follower | None = None,
        place: str | None = None,
    ) -> None:
        self.tally = Tally(len(items))
        self._console = Console(stderr=True, highlight=False)
        self._stop = stop
        self._out = out
        self._place = place or str(out)
        self._events = events
        self._is_stopping = False
        self._pace = Pace({item.address: size_bytes_of(item) for item in items}, time.monotonic())
        self._bars = _Bars(self._console, overall=len(items) > 1)

    def __enter__(self) -> Self:
        self._bars.start()
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *unused: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self._bars.close()

    @property
    def is_stopped(self) -> bool:
        """Whether the user asked for an early end."""
        return self._is_stopping

    def heard(self, task: Task, progress: Reached) -> None:
        """Show how far a scan is."""
        self._pace.heard(task.item.address, progress)
        self._bars.show(task, progress, self._pace)
        if self._events is not None and progress.folder is not None:
            self._events.follow(Path(progress.folder))

    def done(self, task: Task, entry: Entry) -> None:
        """Tell what became of one input."""
        self.tally.done(entry)
        self._pace.done(task.item.address, entry.frames, entry.scanned_s)
        self._bars.remove(task)
        self._give_events(entry)
        self._console.print(line_of(entry, self._place), soft_wrap=True)
        for note in notes_of(entry):
            self._console.print(f"  {printed(note)}", soft_wrap=True, style="yellow")

    def skipped(self, item: Input, entry: Entry, why: Verdict) -> None:
        """Take that an input is not scanned, to be told in the end."""
        self.tally.skipped(entry, why)
        self._pace.skipped(item.address)
        self._give_events(entry)

    def same(self, item: Input, first: Input) -> None:
        """Take that an input holds the same as one before it, to be told in the end."""
        self.tally.same(item, first)
        self._pace.skipped(item.address)

    def summarise(self) -> None:
        """Tell of all inputs together."""
        for line in self.tally.told(self._place):
            self._console.print(line, soft_wrap=True)

    def _give_events(self, entry: Entry) -> None:
        if self._events is not None and entry.folder is not None:
            self._events.follow(self._out / entry.folder)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._is_stopping:
            raise KeyboardInterrupt
        self._is_stopping = True
        self._stop()
        self._console.print("stopping after this frame; Ctrl-C again ends at once", style="yellow")


class _Bars:
    """The bars, where there is a terminal."""

    def __init__(self, console: Console, *, overall: bool) -> None:
        self._is_shown = console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[told]}"),
            console=console,
            transient=True,
        )
        self._overall = self._progress.add_task("all", total=1.0, told="") if overall else None
        self._running: dict[str, TaskID] = {}
        self._shown_s = 0.0

    def start(self) -> None:
        """Show them."""
        if self._is_shown:
            self._progress.start()

    def close(self) -> None:
        """Take them away."""
        if self._is_shown:
            self._progress.stop()

    def show(self, task: Task, reached: Reached, pace: Pace) -> None:
        """Show how far the scan of an input is, and all of them."""
        now_s = time.monotonic()
        if not self._is_shown or now_s - self._shown_s < _SHOW_EVERY_S:
            return
        self._shown_s = now_s
        address, standing = task.item.address, pace.standing(now_s)
        if address not in self._running:
            name = printed(shortened(task.name))
            self._running[address] = self._progress.add_task(name, total=1.0, told="")
        told = shown_span(reached.scanned_s) + (
            f" of {shown_span(reached.duration_s)}" if reached.duration_s else ""
        )
        if self._overall is None:
            told = _told(standing)
        else:
            self._progress.update(self._overall, completed=standing.share, told=_told(standing))
        total = 1.0 if reached.duration_s else None
        self._progress.update(self._running[address], completed=share_of(reached), total=total, told=told)

    def remove(self, task: Task) -> None:
        """Take the bar of an input away."""
        if (bar := self._running.pop(task.item.address, None)) is not None:
            self._progress.remove_task(bar)


def _told(standing: Standing) -> str:
    left = "" if standing.left_s is None else f", {shown_span(standing.left_s).partition('.')[0]} left"
    return f"{standing.frames_per_s:.0f} frames/s, {standing.speed:.1f} ×{left}"
