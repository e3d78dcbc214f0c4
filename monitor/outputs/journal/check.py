"""The journal against the disk, both ways: what a crash, a full disk or a hand left in disorder."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import av
from av.error import FFmpegError
from sqlalchemy import select

from monitor.outputs.journal.errors import JournalDamagedError
from monitor.outputs.journal.held import NamedFile, is_inside, named_files
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.schema import events
from monitor.outputs.journal.spool import FOLDER_NAME, left_spools, running
from monitor.outputs.layout import relative
from monitor.outputs.recording.durable import is_being_written
from monitor.outputs.records import files_by_role

LOST_AND_FOUND = "lost+found"
"""Where repairs put what belongs to nothing."""

FRESH_S = 600.0
"""While the program runs, a younger file without an event may be one that is not written down yet."""

_OWN = ("clips", "snapshots")
"""Folders of a camera in which every file belongs to an event."""

_PART = re.compile(r"\.part(\.\w+)?$")

_MOVING = frozenset({".mp4", ".mkv", ".webm", ".avi", ".mov"})


class Disorder(StrEnum):
    """What kind of thing is not in order."""

    JOURNAL = "damaged journal"
    OPEN = "event left open"
    MISSING = "missing file"
    UNPLAYABLE = "clip does not play"
    ORPHAN = "file of no event"
    LEFTOVER = "unfinished file"
    GOING = "deletion not finished"
    SPOOL = "entries not written"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not in order. `subject` is a path relative to the output folder, or an event's id."""

    what: Disorder
    subject: str
    why: str
    event_ids: tuple[str, ...] = ()


Progress = Callable[[int, int], None]
"""Is told how many files have been looked into, and of how many."""


def quiet(done: int, of: int) -> None:
    """Show nothing."""


class Check:
    """Looks through one output folder and its journal; changes nothing.

    `now` decides how fresh a file is. Raises `JournalError` where the journal is away.
    """

    def __init__(self, folder: Path, journal: Journal, node: str, now: datetime) -> None:
        self._folder = folder
        self._journal = journal
        self._node = node
        self._now = now
        self._running = running(folder / FOLDER_NAME)
        self._named = named_files(journal, node)
        self._going = named_files(journal, node, state="going")

    def findings(self, progress: Progress = quiet, *, try_clips: bool = True) -> Iterator[Finding]:
        """Yield what is not in order; without `try_clips`, which takes a while, not what does not play."""
        yield from self.spools()
        yield from self._open_events()
        yield from self._half_deleted()
        yield from self._missing()
        if try_clips:
            yield from self._unplayable(progress)
        yield from self._unnamed()

    def spools(self) -> Iterator[Finding]:
        """Yield what programs that have ended could not write into the journal."""
        for spool in left_spools(self._folder / FOLDER_NAME):
            waiting = len(spool.lines())
            path = relative(spool.path, self._folder)
            spool.close()
            if waiting:
                yield Finding(Disorder.SPOOL, path, f"{waiting} entries wait for the journal")

    def _open_events(self) -> Iterator[Finding]:
        query = select(events.c.id, events.c.run, events.c.source, events.c.kind).where(events.c.is_open)
        if not self._journal.is_file:
            query = query.where(events.c.node == self._node)
        with self._journal.reading() as connection:
            rows = connection.execute(query.order_by(events.c.at_us)).all()
        for row in rows:
            if row.run not in self._running:
                why = f"{row.source}, {row.kind}: the program that wrote it has ended"
                yield Finding(Disorder.OPEN, row.id, why, (row.id,))

    def _half_deleted(self) -> Iterator[Finding]:
        for path, named in self._going.items():
            yield Finding(Disorder.GOING, path, "was being deleted to make room", named.event_ids)

    def _missing(self) -> Iterator[Finding]:
        for path, named in self._inside().items():
            if not (self._folder / path).is_file():
                yield Finding(Disorder.MISSING, path, _named_by(named), named.event_ids)

    def _unplayable(self, progress: Progress) -> Iterator[Finding]:
        clips = {p: n for p, n in self._inside().items() if Path(p).suffix in _MOVING and not n.is_open}
        for number, (path, named) in enumerate(clips.items()):
            progress(number, len(clips))
            file = self._folder / path
            if file.is_file() and (fault := fault_of(file)):
                yield Finding(Disorder.UNPLAYABLE, path, fault, named.event_ids)
        progress(len(clips), len(clips))

    def _unnamed(self) -> Iterator[Finding]:
        for camera in sorted(path for path in self._folder.glob("*") if path.is_dir()):
            if camera.name in (LOST_AND_FOUND, FOLDER_NAME) or camera.is_symlink():
                continue
            logged = _logged(camera)
            for file in sorted(path for path in camera.rglob("*") if path.is_file()):
                path = relative(file, self._folder)
                known = path in self._named or path in self._going or path in logged
                if known or self._is_busy(file):
                    continue
                if _PART.search(file.name):
                    yield Finding(Disorder.LEFTOVER, path, "was never finished")
                elif file.relative_to(camera).parts[0] in _OWN:
                    yield Finding(Disorder.ORPHAN, path, "no event names it")

    def _inside(self) -> Mapping[str, NamedFile]:
        return {path: named for path, named in self._named.items() if is_inside(path)}

    def _is_busy(self, file: Path) -> bool:
        """Say whether a running program may be about to finish the file or to write it down."""
        try:
            if is_being_written(file):
                return True
            age = self._now - datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError:
            return True  # it has gone meanwhile, or may not be looked at
        return bool(self._running) and age < timedelta(seconds=FRESH_S)


def damage_of(journal: Journal) -> str | None:
    """Return what the database itself finds wrong with its file; None where it is whole, or elsewhere."""
    if not journal.is_file:
        return None
    try:
        with journal.reading() as connection:
            said = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    except JournalDamagedError as error:
        return str(error)
    return None if said == "ok" else " ".join(str(said).split())


def fault_of(clip: Path) -> str | None:
    """Return why a clip does not play, None where it opens and all its packets can be read."""
    try:
        with av.open(f"file:{clip}") as container:
            if not container.streams.video:
                return "there is no picture in it"
            sizes = [packet.size for packet in container.demux(video=0)]
    except (FFmpegError, OSError, ValueError) as error:
        return " ".join(str(error.args[1] if len(error.args) > 1 else error).split())
    return None if any(sizes) else "there is no picture in it"


def _named_by(named: NamedFile) -> str:
    first, *others = named.event_ids
    return f"named by event {first[:8]}" + (f" and {len(others)} more" if others else "")


def _logged(folder: Path) -> set[str]:
    """Return the files that the event log beside them names: a scanned recording is a journal of its own."""
    found: set[str] = set()
    with suppress(OSError):
        for line in (folder / "events.jsonl").read_text("utf-8", "replace").splitlines():
            with suppress(ValueError, AttributeError, TypeError):
                found.update(files_by_role(json.loads(line)["files"]).values())
    return found
