"""Results that are kept in a store: put there recording by recording, each whole before it counts.

In the store it looks as on a disk, but for the manifest, to which nothing can be added there: one object a
recording, `manifest/KEY.json`, is put after all that it tells of. What lies there without one does not count.
"""

import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from monitor.archive import manifest
from monitor.archive.executor import Ended, Executor, J, Progress, Report
from monitor.archive.manifest import Entry, Manifest, State
from monitor.errors import OutputError
from monitor.outputs.layout import UNFINISHED
from monitor.settings import Settings
from monitor.storage.address import joined, shown
from monitor.storage.store import Store

_MANIFEST = "manifest"

_RECORDS = frozenset({".csv", ".jpg", ".jsonl"})
"""Endings of what is read again for the report; of all else it is enough to know that it is there."""

_LEFT = timedelta(days=1)
"""An unfinished folder of another scan is taken for one that was killed after so long; no file takes
a day."""


class Elsewhere:
    """The results at an address, and a copy of what is read of them in a folder of this machine.

    A context manager: entering fetches what is known already, leaving removes the copy and what the scan has
    left unfinished. Raises `SourceError` and `OutputError` where the store fails.
    """

    def __init__(self, address: str) -> None:
        self.shown = shown(address)
        self._address = address
        self._scan = uuid.uuid4().hex

    @property
    def folder(self) -> Path:
        """The folder with the copy; there once this is entered."""
        return Path(self._copy.name)

    def __enter__(self) -> Self:
        self._store = Store(self._address)
        self._copy = tempfile.TemporaryDirectory(prefix="monitor-")
        try:
            self._fetch()
        except BaseException:
            self._copy.cleanup()
            raise
        return self

    def __exit__(self, *unused: object) -> None:
        try:
            for report in self.folder.glob("report.*"):
                self._store.put(report, joined(self._address, report.name))
            known = {entry.folder for entry in manifest.read(self.folder)}
            self._clear_up(known, lambda mark: self._store.read(mark).decode() == self._scan)
        finally:
            self._copy.cleanup()

    def manifest(self) -> Manifest:
        """Return the manifest, to be entered; what is added to it is put into the store."""
        return _StoredManifest(self.folder, self._put, self._remove)

    def executor(self, executor: Executor) -> Executor:
        """Return an executor of tasks that puts their results into the store, from wherever they run."""
        return _Publishing(executor, self._address, self._scan, self._fetch_folder)

    def _fetch(self) -> None:
        """Copy the manifest and the records of all that it tells of."""
        below = [entry.address for entry in self._store.files_below(joined(self._address, _MANIFEST))]
        lines = self._store.read_all(sorted(below))
        self.folder.joinpath(manifest.NAME).write_bytes(b"".join(line.strip() + b"\n" for line in lines))
        known = {entry.folder for entry in manifest.read(self.folder)}
        oldest = datetime.now(UTC) - _LEFT
        self._clear_up(known, lambda mark: (self._store.modified(mark) or datetime.now(UTC)) < oldest)
        names = self._names_below(self._address)
        self._fetch_files([name for name in names if name.partition("/")[0] in known])

    def _fetch_folder(self, folder: str) -> None:
        self._fetch_files([f"{folder}/{name}" for name in self._names_below(joined(self._address, folder))])

    def _names_below(self, address: str) -> list[str]:
        start = len(address.rstrip("/")) + 1
        return [entry.address[start:] for entry in self._store.files_below(address)]

    def _fetch_files(self, names: list[str]) -> None:
        """Copy records, and leave an empty file in the place of everything else."""
        wanted = []
        for name in names:
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.suffix in _RECORDS:
                wanted.append((joined(self._address, name), place))
            elif place.name != UNFINISHED:
                place.touch()
        self._store.get_all(wanted)

    def _put(self, entry: Entry) -> None:
        """Make a recording count, then take its folder's mark away."""
        place = joined(self._address, _MANIFEST, f"{entry.key}.json")
        self._store.write(place, entry.to_line().encode() + b"\n")
        if entry.folder is not None:
            self._store.remove_below(joined(self._address, entry.folder, UNFINISHED))

    def _remove(self, *names: str) -> None:
        self._store.remove_below(joined(self._address, *names))

    def _clear_up(self, known: set[str | None], is_left: Callable[[str], bool]) -> None:
        """Remove unfinished folders that nobody works on any more, and the marks of those that count."""
        for mark in self._store.matching(joined(self._address, "*", UNFINISHED)):
            folder = mark.address.rpartition("/")[0]
            if folder.rpartition("/")[2] in known:
                self._store.remove_below(mark.address)
            elif is_left(mark.address):
                self._store.remove_below(folder)


class _StoredManifest(Manifest):
    """A manifest whose entries are put into a store as they are added."""

    def __init__(self, out: Path, put: Callable[[Entry], None], remove: Callable[..., None]) -> None:
        super().__init__(out)
        self._put = put
        self._remove = remove

    def add(self, entry: Entry) -> Entry | None:
        """Remember an entry once the store has it.

        What is forgotten for it leaves the store, and so do the results of a scan that was stopped when those
        of another count.
        """
        before = self.get(entry.key)
        if before != entry:
            self._put(entry)
        forgotten = super().add(entry)
        if forgotten is not None:
            self._remove(_MANIFEST, f"{forgotten.key}.json")
        if before is not None and before.state is State.STOPPED and before.folder not in (None, entry.folder):
            self._remove(str(before.folder))
        return forgotten


@dataclass(frozen=True, slots=True)
class _Published:
    """A task whose results are put into a store by whoever does it."""

    task: Any
    out: str
    scan: str

    @property
    def name(self) -> str:
        return str(self.task.name)

    def __repr__(self) -> str:
        return f"_Published({self.task!r})"  # the address may hold a password

    def run(self, report: Report) -> Entry:
        """Scan into a folder of this machine, and put it into the store as a whole.

        Its name there is one that no other attempt has, so that none writes into what another has begun.
        """
        with tempfile.TemporaryDirectory(prefix="monitor-") as scratch:
            task = replace(
                self.task, settings=into(self.task.settings, Path(scratch)), token=uuid.uuid4().hex[:8]
            )
            entry: Entry = task.run(report)
            if entry.folder is None:
                return entry
            try:
                self._publish(Path(scratch), entry.folder)
            except OutputError as error:
                return replace(entry, state=State.STOPPED, error=str(error), folder=None)
            return entry

    def _publish(self, scratch: Path, folder: str) -> None:
        store = Store(self.out)
        mark = scratch / folder / UNFINISHED
        store.write(joined(self.out, folder, UNFINISHED), self.scan.encode())
        for path in sorted(scratch.joinpath(folder).rglob("*")):
            if path.is_file() and path != mark:
                store.put(path, joined(self.out, *path.relative_to(scratch).parts))


def into(settings: Settings, folder: Path) -> Settings:
    """Return the settings with this output folder."""
    outputs = settings.outputs.model_copy(update={"folder": folder})
    return settings.model_copy(update={"outputs": outputs})


class _Publishing:
    """An executor of tasks whose results come into a store."""

    def __init__(self, executor: Executor, out: str, scan: str, fetch: Callable[[str], None]) -> None:
        self._executor = executor
        self._out = out
        self._scan = scan
        self._fetch = fetch

    @property
    def size(self) -> int:
        return self._executor.size

    def run(self, jobs: Iterator[J], heard: Callable[[J, Progress], None]) -> Iterator[Ended[J]]:
        published = (_Published(job, self._out, self._scan) for job in jobs)
        for ended in self._executor.run(published, lambda job, progress: heard(job.task, progress)):
            if ended.result is not None and ended.result.folder is not None:
                self._fetch(ended.result.folder)
            yield Ended(ended.job.task, ended.result, ended.fault, ended.trace)

    def stop(self) -> None:
        self._executor.stop()

    def close(self) -> None:
        self._executor.close()
