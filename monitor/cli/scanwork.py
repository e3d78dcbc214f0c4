"""A scan as a whole: its inputs, who does it, where its results go, and what is written at its end."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import typer

from monitor.archive.cores import CORES_OF_A_SCAN, split_cores
from monitor.archive.elsewhere import Elsewhere, into
from monitor.archive.engine import Archive
from monitor.archive.lock import FolderLock
from monitor.archive.manifest import Entry, Manifest
from monitor.archive.records import Follower, near_miss_lines
from monitor.archive.shards.executor import Shards
from monitor.archive.starting import Started
from monitor.archive.starttime import zone_of
from monitor.archive.workers import executor_of
from monitor.capture.opening import Input, inputs_of
from monitor.cli.extrafiles import ExtraFiles
from monitor.cli.progress import ScanReport
from monitor.settings import Settings
from monitor.storage.address import is_stored


@dataclass(frozen=True, slots=True)
class Work:
    """How many jobs at a time, whose workers do them, where results go, and whether to scan anew.

    `first` is a process of this machine that was already started.
    """

    jobs: int
    scheduler: str | None
    out: str
    again: bool = False
    first: Started | None = None


def carry_out(paths: Sequence[str], settings: Settings, files: ExtraFiles, work: Work) -> None:
    """Scan what the paths name, tell of it, and end the program with its exit code if that is not 0."""
    with ExitStack() as stack:
        elsewhere = stack.enter_context(Elsewhere(work.out)) if is_stored(work.out) else None
        out = Path(work.out) if elsewhere is None else elsewhere.folder
        place = str(out) if elsewhere is None else elsewhere.shown
        settings = into(settings, out)
        files.refuse_existing(out)
        items = inputs_of(paths)
        split = split_cores(work.jobs)
        wanted = files.wanted(items)
        locks = [] if all(item.error for item in items) else [stack.enter_context(FolderLock(out)).fd]
        workers = stack.enter_context(
            executor_of(
                work.scheduler,
                split.processes,
                hang_s=settings.archive.hang_s,
                memory_mb=settings.archive.memory_mb,
                keep=locks,
                sees=_seen(work.out, items),
                first=work.first,
            )
        )
        if elsewhere is not None:
            workers = elsewhere.executor(workers)
        # Elsewhere each worker has a core of its own.
        is_here = work.scheduler in (None, "local")
        cores = split.processes * split.threads if is_here else 1
        parts = cores // CORES_OF_A_SCAN if is_here and not work.jobs else None
        # Into a store, recordings are put as a whole.
        executor = Shards(workers, cores, parts=parts if elsewhere is None else 1)
        manifest = stack.enter_context(Manifest(out) if elsewhere is None else elsewhere.manifest())
        archive = Archive(settings, manifest, again=work.again, roots=tuple(paths))
        stack.enter_context(_in_the_end(lambda: files.write(archive.results(wanted), out)))
        if settings.outputs.report:
            stack.enter_context(_in_the_end(lambda: _report_on(manifest, settings)))
        events = Follower(typer.get_text_stream("stdout")) if files.json == "-" else None
        with ScanReport(items, executor.stop, out, events, place=place) as report:
            archive.scan(wanted, executor, report)
        executor.close()  # what is written in the end needs memory of its own
        if files.near_misses:
            _tell_near_misses(archive.results(wanted), out, as_json=files.json == "-")
    report.summarise()
    if len(items) > 1 and settings.outputs.report and manifest.entries():
        typer.echo(f"report on all in {place}: {place}/report.html", err=True)
    if report.is_stopped:
        raise typer.Exit(130)
    if not report.tally.is_good:
        raise typer.Exit(3)


def _tell_near_misses(entries: Sequence[Entry], out: Path, *, as_json: bool) -> None:
    """Print what almost was an event in each recording, and the rule that stopped it."""
    from monitor.cli.eventview import json_line, show_near_misses

    records = [json.loads(line) for entry in entries for line in near_miss_lines(entry, out)]
    if not as_json:
        show_near_misses(records, utc=False)
        return
    for record in records:
        typer.echo(json_line(record))


def _seen(out: str, items: Sequence[Input]) -> list[Path]:
    """Return what a worker on another machine must see: the output folder, and the first of the inputs."""
    first = (item.address for item in items if item.error is None and "://" not in item.address)
    return [Path(path) for path in (out, *islice(first, 1)) if "://" not in path]


@contextmanager
def _in_the_end(finish: Callable[[], None]) -> Iterator[None]:
    """Finish also after an error, but not where Ctrl-C came twice: that is an end at once."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException:
        finish()
        raise
    finish()


def _report_on(manifest: Manifest, settings: Settings) -> None:
    """Write the report on all that is known of the output folder, if that is anything."""
    if manifest.entries():
        # Loaded at the end: it needs OpenCV for its pictures, for which no scan has to wait.
        from monitor.archive.report.write import write_report

        write_report(settings.outputs.folder, zone_of(settings.archive))
