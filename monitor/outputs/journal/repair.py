"""Puts in order what `check` found; deletes nothing that was recorded, and says each thing it did."""

import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, update

from monitor.clock import Clock
from monitor.errors import MonitorError
from monitor.events.event import Event, Evidence, Kind
from monitor.outputs.files import EventFiles
from monitor.outputs.journal.check import LOST_AND_FOUND, Check, Disorder, Finding, Progress, fault_of, quiet
from monitor.outputs.journal.entries import EventEntry, without_files
from monitor.outputs.journal.held import NamedFile, events_without, name_file, set_state
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us, to_us
from monitor.outputs.journal.schema import events
from monitor.outputs.journal.writer import JournalWriter
from monitor.outputs.layout import relative, writing
from monitor.outputs.recording.leftovers import settle
from monitor.outputs.records import event_record, rfc3339
from monitor.outputs.retention import finish_going

_NAMED = re.compile(
    r"(?P<folder>clips|snapshots)/(?P<day>\d{4}-\d\d-\d\d)/(?P<time>\d\d-\d\d-\d\d\.\d{3})-(?P<kind>[a-z_]+)"
    r"(-(?P<number>\d+))?(\.incomplete)?\.\w+$"
)
"""What the names of live recordings say: day, time in UTC, kind, and a number where a name was taken."""

_ROLES = {"clips": "clip", "snapshots": "snapshot"}

_MILLISECOND_US = 1000
"""A name tells the start to the millisecond, cut off."""

CLOSED_BY = "the program ended without closing it; it was known to go on until then"

OPENED_BY = "its file was found on the disk; what else was known of it is lost"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A finding with what was done about it, or why nothing could be."""

    finding: Finding
    did: str | None
    error: str | None = None


class Repair:
    """Puts one output folder and its journal in order.

    `opener` opens the journal once more, for what waits in the folder to be written into it.
    """

    def __init__(
        self, folder: Path, journal: Journal, opener: Callable[[], Journal], node: str, clock: Clock
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._opener = opener
        self._node = node
        self._clock = clock

    def run(self, progress: Progress = quiet, *, try_clips: bool = True) -> Iterator[Outcome]:
        """Find and repair, one thing after the other, until nothing is left that can be.

        To be run before a `JournalWriter` is opened where a program starts, without `try_clips` to be quick.
        What waits to be written goes first: it may be what the journal lacks.
        """
        if waiting := list(self._check().spools()):
            yield from self._write_spools(waiting)
        for finding in list(self._check().findings(progress, try_clips=try_clips)):
            if finding.what is not Disorder.SPOOL:
                yield self._repaired(finding)

    def _check(self) -> Check:
        return Check(self._folder, self._journal, self._node, self._clock.wall())

    def _repaired(self, finding: Finding) -> Outcome:
        try:
            return Outcome(finding, self._repair(finding))
        except (MonitorError, OSError) as error:
            return Outcome(finding, None, str(error))

    def _repair(self, finding: Finding) -> str:
        match finding.what:
            case Disorder.OPEN:
                return self._close(finding.subject)
            case Disorder.GOING:
                finish_going(self._folder, self._journal, self._node)
                return "deleted, as was begun"
            case Disorder.MISSING:
                self._forget(finding)
                return "no event names it any more"
            case Disorder.UNPLAYABLE:
                moved = self._lose(self._folder / finding.subject)
                self._forget(finding)
                return f"moved to {moved}; no event names it any more"
            case Disorder.LEFTOVER:
                return self._settle(self._folder / finding.subject)
            case _:
                return self._adopt(self._folder / finding.subject)

    def _write_spools(self, found: list[Finding]) -> Iterator[Outcome]:
        with JournalWriter(self._opener, self._folder, self._clock, self._node) as writer:
            away = writer.away
        for finding in found:
            yield Outcome(finding, None if away else "written into the journal", away)

    def _close(self, event_id: str) -> str:
        with self._journal.writing() as connection:
            row = connection.execute(select(events).where(events.c.id == event_id)).one()
            record = json.loads(row.record)
            end_us = max(row.seen_us or 0, row.start_us or 0) or None
            if end_us is not None and row.start_us is not None:
                record["end_s"] = round(record["start_s"] + (end_us - row.start_us) / 1e6, 6)
            record["end_time"] = rfc3339(from_us(end_us))
            record["evidence"]["closed_by"] = CLOSED_BY
            values = {"is_open": False, "end_us": end_us, "record": without_files(record)}
            connection.execute(update(events).where(events.c.id == event_id).values(values))
        return f"closed at {record['end_time'] or 'an unknown time'}, the last moment known"

    def _forget(self, finding: Finding) -> None:
        # Of these, `set_state` needs the path and the events alone.
        nameless = NamedFile(finding.subject, "", self._clock.wall(), False, False, finding.event_ids)
        set_state(self._journal, [nameless], "gone")

    def _settle(self, part: Path) -> str:
        """Cut an unfinished file to what plays and name it; one that does not is lost and found."""
        kept = self._free_place(part)
        with writing(kept):
            try:
                os.link(part, kept)
            except OSError:  # a file system without links
                shutil.copy2(part, kept)
            # It removes what does not play: then there is still the other name.
            whole = settle(part)
        if whole is None:
            return f"does not play; moved to {relative(kept, self._folder)}"
        kept.unlink()
        _remove_empty(kept.parent, self._folder)
        return f"plays; it is {relative(whole, self._folder)} now, and {self._adopt(whole)}"

    def _adopt(self, file: Path) -> str:
        """Name a file in the event that its own name tells, or in a new one; else move it away."""
        path = relative(file, self._folder)
        camera, _, rest = path.partition("/")
        said = _NAMED.match(rest)
        if said is None or said["kind"] not in set(Kind):
            if rest.startswith(tuple(_ROLES)):
                return f"moved to {self._lose(file)}"
            return "belongs to no event"  # a segment, and the like
        if said["folder"] == "clips" and (fault := fault_of(file)):
            return f"does not play ({fault}); moved to {self._lose(file)}"
        start = datetime.strptime(f"{said['day']} {said['time']}", "%Y-%m-%d %H-%M-%S.%f").replace(tzinfo=UTC)
        role = _ROLES[said["folder"]]
        event_id = self._event_of(camera, Kind(said["kind"]), start, role)
        if event_id is None and said["number"] and (event_id := self._event_of(camera, said["kind"], start)):
            role = f"{role}-{said['number']}"  # a clip in several files
        if event_id is not None:
            name_file(self._journal, event_id, role, path)
            return f"named in event {event_id[:8]}"
        event_id = self._new_event(camera, Kind(said["kind"]), start)
        name_file(self._journal, event_id, role, path)
        return f"named in a new event, {event_id[:8]}"

    def _event_of(self, camera: str, kind: str, start: datetime, role: str | None = None) -> str | None:
        """Return the event that began then, of those that lack a file for the role."""
        start_us = to_us(start)
        query = select(events.c.id).where(
            events.c.source == camera,
            events.c.kind == str(kind),
            events.c.start_us.between(start_us, start_us + _MILLISECOND_US - 1),
        )
        with self._journal.reading() as connection:
            ids = list(connection.execute(query.order_by(events.c.id)).scalars())
        if role is not None:
            lacking = events_without(self._journal, role, ids)
            ids = [event_id for event_id in ids if event_id in lacking]
        return ids[0] if ids else None

    def _new_event(self, camera: str, kind: Kind, start: datetime) -> str:
        event = Event(
            id=str(uuid.uuid4()),
            source=camera,
            kind=kind,
            start_s=0.0,
            start_frame=0,
            peak_s=0.0,
            peak_frame=0,
            evidence=Evidence(opened_by=OPENED_BY, closed_by=OPENED_BY),
            start_time=start,
        )
        start_us = to_us(start)
        self._journal.write(
            [
                EventEntry(
                    id=event.id,
                    node=self._node,
                    run="",
                    source=camera,
                    kind=kind.value,
                    at_us=start_us,
                    start_us=start_us,
                    end_us=None,
                    seen_us=start_us,
                    is_open=False,
                    record=without_files(event_record(event, EventFiles())),
                    files={},
                )
            ]
        )
        return event.id

    def _lose(self, file: Path) -> str:
        """Move a file to lost+found; return where it is now."""
        target = self._free_place(file)
        with writing(target):
            return relative(file.rename(target), self._folder)

    def _free_place(self, file: Path) -> Path:
        """Return the same place below lost+found, under a name that is free; its folder is there."""
        place = target = self._folder / LOST_AND_FOUND / relative(file, self._folder)
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        number = 2
        while target.exists():
            target, number = place.with_name(f"{place.stem}-{number}{place.suffix}"), number + 1
        return target


def _remove_empty(folder: Path, above: Path) -> None:
    """Remove the folder and those around it, as far as they are empty, up to `above`."""
    while folder != above and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
