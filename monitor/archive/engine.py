"""Many recordings into one folder: what is there already is not done again."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from monitor.archive.executor import Ended, Executor, Progress
from monitor.archive.fingerprint import fingerprint_of
from monitor.archive.identity import identity_of
from monitor.archive.manifest import Entry, Manifest, State
from monitor.archive.task import Task, address_of, wanted_outputs
from monitor.capture.opening import Input
from monitor.errors import OutputError
from monitor.outputs.layout import UNFINISHED
from monitor.settings import Settings

log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What is to be done with an input.

    `scan` it; or nothing, because it is `done`, was done with other settings (`stale`), or could not be read
    and is still the same (`failed`).
    """

    SCAN = "scan"
    DONE = "done"
    STALE = "stale"
    FAILED = "failed"


class Listener(Protocol):
    """Is told what becomes of each input."""

    def skipped(self, item: Input, entry: Entry, why: Verdict) -> None:
        """An input is not scanned; `entry` is what is known of it."""
        ...

    def same(self, item: Input, first: Input) -> None:
        """An input is not scanned because it holds the same as an earlier one."""
        ...

    def heard(self, task: Task, progress: Progress) -> None:
        """A scan goes on."""
        ...

    def done(self, task: Task, entry: Entry) -> None:
        """A scan has ended; its results are on disk and remembered."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """An input with the files that --scores and --masks ask for it, None where they do not."""

    item: Input
    scores: Path | None = None
    masks: Path | None = None


class Archive:
    """Scans inputs into one output folder, which is held by a lock; what it did is in the manifest."""

    def __init__(
        self,
        settings: Settings,
        manifest: Manifest,
        *,
        again: bool = False,
        threads: int | None = None,
        roots: tuple[str, ...] = (),
    ) -> None:
        self._settings = settings
        self._out = settings.outputs.folder
        self._manifest = manifest
        self._again = again
        self._threads = threads
        self._roots = roots
        self._results: dict[str, Entry] = {}
        self._first: dict[str, Input] = {}
        _clear_up(self._out, manifest.entries())

    def scan(self, wanted: Sequence[Wanted], executor: Executor, listener: Listener) -> None:
        """Scan what is not done yet, and remember each result as it comes.

        Raises `OutputError` where nothing can be remembered any more, and lets `BrokenPipeError` of the
        listener pass; what runs is then ended early and in order.
        """
        try:
            for ended in executor.run(self._tasks(wanted, listener), listener.heard):
                listener.done(*self._remember(ended))
        except (BrokenPipeError, OutputError):
            executor.stop()
            no_more: Iterator[Task] = iter(())
            with suppress(OutputError):
                for ended in executor.run(no_more, _heed_nothing):
                    self._remember(ended)
            raise
        _clear_up(self._out, self._manifest.entries())

    def results(self, wanted: Sequence[Wanted]) -> list[Entry]:
        """Return what is known of each input that was come to, in their order.

        What holds the same as an input before it is left out.
        """
        addresses = (one.item.address for one in wanted)
        return [self._results[address] for address in addresses if address in self._results]

    def _tasks(self, wanted: Sequence[Wanted], listener: Listener) -> Iterator[Task]:
        """Yield what is to be scanned, and tell of everything else.

        What is missing is remembered too; but where nothing is there, the paths are wrong, and it is no scan.
        """
        is_any_there = any(one.item.error is None for one in wanted)
        for one in wanted:
            task = self._task(one)
            if one.item.error is not None:
                self._results[one.item.address] = entry = task.failed(str(one.item.error))
                if is_any_there:
                    self._manifest.add(entry)
                listener.done(task, entry)
                continue
            if task.id is not None and (first := self._first.setdefault(task.id, one.item)) is not one.item:
                listener.same(one.item, first)
                continue
            entry_before = self._manifest.get(task.id)
            verdict = verdict_of(entry_before, task, self._out, again=self._again)
            if entry_before is None or verdict is Verdict.SCAN:
                _make_room(self._out, entry_before)
                yield task
                continue
            entry = self._at_its_place(entry_before, one.item)
            self._results[one.item.address] = entry
            listener.skipped(one.item, entry, verdict)

    def _task(self, one: Wanted) -> Task:
        return Task(
            item=one.item,
            settings=self._settings,
            id=identity_of(one.item),
            fingerprint=fingerprint_of(self._settings, images=bool(one.item.images)),
            scores=one.scores,
            masks=one.masks,
            threads=self._threads,
            roots=self._roots,
        )

    def _remember(self, ended: Ended[Task]) -> tuple[Task, Entry]:
        task = ended.job
        if ended.trace is not None:
            log.error("%s: a fault of the program, please report it\n%s", task.name, ended.trace)
        entry: Entry = ended.result or task.failed(ended.fault or "")
        self._results[task.item.address] = entry
        self._manifest.add(entry)
        if entry.folder is not None:
            (self._out / entry.folder / UNFINISHED).unlink(missing_ok=True)
        return task, entry

    def _at_its_place(self, entry: Entry, item: Input) -> Entry:
        """Return what is known of an input, and remember where it is now if it was moved."""
        address = address_of(item)
        if entry.address == address or Path(entry.address).exists():
            return entry
        moved = replace(entry, address=address, name=item.name)
        self._manifest.add(moved)
        return moved


def verdict_of(entry: Entry | None, task: Task, out: Path, *, again: bool = False) -> Verdict:
    """Return what is to be done with the input of a task, of which `entry` is known.

    With `again`, what is stale or failed is scanned anew. What lacks an output that is asked for is in any
    case, as it was only stopped or its folder is gone.
    """
    if entry is None or entry.state is State.STOPPED:
        return Verdict.SCAN
    if entry.state is State.FAILED:
        return Verdict.SCAN if again else Verdict.FAILED
    if not _has_all(entry, task, out):
        return Verdict.SCAN
    if entry.settings == task.fingerprint:
        return Verdict.DONE
    return Verdict.SCAN if again else Verdict.STALE


def _has_all(entry: Entry, task: Task, out: Path) -> bool:
    """Whether everything that is asked for was written, and the folder is still there."""
    if entry.folder is None or not (out / entry.folder).is_dir():
        return False
    if not set(wanted_outputs(task.settings)) <= set(entry.outputs):
        return False
    extras = ((task.scores, entry.scores), (task.masks, entry.masks))
    return all(path is None or (str(path.absolute()) == had and path.exists()) for path, had in extras)


def _make_room(out: Path, entry: Entry | None) -> None:
    """Remove what a scan that was stopped has left: it is about to be done again, to its end."""
    if entry is None or entry.state is not State.STOPPED:
        return
    if entry.folder is not None:
        shutil.rmtree(out / entry.folder, ignore_errors=True)
    if entry.scores is not None:
        Path(entry.scores).unlink(missing_ok=True)
    if entry.masks is not None:
        shutil.rmtree(entry.masks, ignore_errors=True)


def _clear_up(out: Path, entries: Sequence[Entry]) -> None:
    """Remove the folders that a scan has left unfinished because it, or the process that did it, died."""
    known = {entry.folder for entry in entries}
    for mark in list(out.glob(f"*/{UNFINISHED}")):
        if mark.parent.name in known:
            mark.unlink()  # killed right after it was remembered
        else:
            shutil.rmtree(mark.parent)


def _heed_nothing(task: Task, progress: Progress) -> None:
    pass
