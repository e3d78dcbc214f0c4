"""What `monitor tune` shows while it measures; all of it on standard error."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from monitor.archive.identity import size_bytes_of
from monitor.capture.opening import inputs_of
from monitor.cli.summary import shortened
from monitor.clock import shown_span
from monitor.errors import SourceError, UsageError
from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.tuning.labelfile import Entry, kinds_of
from monitor.tuning.labelling import nothing_fits
from monitor.tuning.session import Plan, Session
from monitor.tuning.work import Job
from monitor.tuning.workers import Workers

SCORES = "scores"
"""Folder for what was measured, in that of the results."""


def measured(
    recordings: Sequence[str],
    settings: Settings,
    entries: Sequence[Entry],
    out: Path,
    *,
    quick: bool,
    jobs: int,
    asks: bool,
) -> Session:
    """Measure all recordings and judge them with all trials, and say how far it is.

    Raises the error of a recording where none could be read, `KeyboardInterrupt` where it was stopped before
    any was judged, and, unless it `asks`, `UsageError` before anything is measured where no label can be of
    use.
    """
    # The results of before are no recordings, also where they lie among them.
    items = [item for item in inputs_of(recordings) if not _is_within(item.address, out)]
    if not items:
        raise UsageError(f"There are no recordings but the results in {out}; name the recordings.")
    stray = None if asks else nothing_fits(entries, [(item.name, item.shown) for item in items])
    if stray is not None:
        raise UsageError(stray)
    kinds = frozenset({Kind.MOTION}) | kinds_of(entries)
    processes = jobs or len(os.sched_getaffinity(0))
    # Where there is a process for each core, none needs more threads than one to decode.
    threads = 1 if processes > 1 else None
    plan = Plan(tuple(items), settings, kinds, out / SCORES, measures=not quick, threads=threads)
    session, todo = Session(plan), plan.jobs()
    began = time.monotonic()
    with Workers(min(processes, len(todo))) as workers, _Bar(todo, workers) as bar:
        for done in workers.run(todo, bar.heard):
            session.take(done)
        session.is_stopped = workers.is_stopped
    bar.summarise(session, time.monotonic() - began)
    if not session.recordings:
        if session.is_stopped:
            raise KeyboardInterrupt
        raise SourceError("None of the recordings could be read.")
    return session


def _is_within(address: str, folder: Path) -> bool:
    return "://" not in address and Path(address).absolute().is_relative_to(folder.absolute())


class _Bar:
    """One bar for all jobs. Ctrl-C stops them, and what is over is kept; a second one ends at once."""

    def __init__(self, jobs: Sequence[Job], workers: Workers) -> None:
        self._jobs = jobs
        self._workers = workers
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        sizes = {job.item.address: max(1, size_bytes_of(job.item)) for job in jobs}
        self._weights = [sizes[job.item.address] for job in jobs]
        self._shares = [0.0] * len(jobs)
        self._task = self._bar.add_task("measuring", total=float(sum(self._weights)))

    def __enter__(self) -> Self:
        self._bar.start()
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *unused: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        self._bar.stop()

    def heard(self, number: int, share: float) -> None:
        """Show how far a job is."""
        self._shares[number] = max(self._shares[number], share)
        over = sum(weight * part for weight, part in zip(self._weights, self._shares, strict=True))
        job = self._jobs[number]
        others = ", ".join(f"{change.key.rpartition('.')[2]} {change.value:g}" for change in job.measured)
        about = f"{shortened(job.item.name)}{f' with {others}' if others else ''}"
        self._bar.update(self._task, completed=over, description=escape(about))

    def summarise(self, session: Session, took_s: float) -> None:
        """Say what was done, and what could not be."""
        for sentence in session.errors.values():
            self._console.print(f"[red]{escape(sentence)}[/]", soft_wrap=True)
        number, tried = len(session.recordings), len(session.told())
        if number:
            self._console.print(
                f"{number} recording{'s' * (number != 1)} judged with {tried} settings "
                f"in {shown_span(took_s)}",
                soft_wrap=True,
            )

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._workers.is_stopped:
            raise KeyboardInterrupt
        self._workers.stop()
        self._console.print("stopping; what is judged is used, Ctrl-C again ends at once", style="yellow")
