"""Entries and observations for the tests of the journal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.events.event import Event, EventChange, Kind, NearMiss
from monitor.outputs.files import EventFiles
from monitor.outputs.journal.entries import CoverageEntry, EventEntry, without_files
from monitor.outputs.journal.moments import to_us
from monitor.outputs.records import event_record
from monitor.outputs.sink import Observation
from tests.outputs import scene

NOON = datetime(2025, 11, 21, 12, 0, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """The moment so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def event(number: int = 1, start_s: float = 0.0, end_s: float | None = None, **fields: Any) -> Event:
    """An event of the yard, `start_s` and `end_s` in seconds after noon."""
    made = scene.event(f"{number:08x}-0000-4000-8000-000000000000")
    times: dict[str, Any] = {
        "start_s": start_s,
        "start_time": at(start_s),
        "end_s": end_s,
        "end_time": None if end_s is None else at(end_s),
    }
    return replace(made, **({"source": "yard"} | times | fields))


def entry(happening: Event, *, node: str = "pi", run: str = "a run", **files: str) -> EventEntry:
    """The event as the journal takes it, with files by role."""
    start_us, end_us = to_us(happening.start_time), to_us(happening.end_time)
    return EventEntry(
        id=happening.id,
        node=node,
        run=run,
        source=happening.source,
        kind=happening.kind.value,
        at_us=start_us or 0,
        start_us=start_us,
        end_us=end_us,
        seen_us=end_us or start_us,
        is_open=happening.end_s is None,
        record=without_files(event_record(happening, EventFiles())),
        files=files,
    )


def closed_entry(
    number: int = 1, start_s: float = 0.0, *, kind: Kind = Kind.MOTION, **files: str
) -> EventEntry:
    """A closed event of two seconds."""
    return entry(event(number, start_s, start_s + 2, kind=kind), **files)


def watched(start_s: float, end_s: float, source: str = "yard", state: str = "watching") -> CoverageEntry:
    """A span of coverage in seconds after noon."""
    name = f"{source} {state} {start_s}"
    return CoverageEntry(name, "pi", source, state, None, to_us(at(start_s)), to_us(at(end_s)))


def seen(
    seconds: float, changes: tuple[EventChange, ...] = (), near_misses: tuple[NearMiss, ...] = ()
) -> Observation:
    """A frame of the yard so many seconds after noon, with what happened on it."""
    observation = scene.observation(0, changes, near_misses)
    frame = replace(observation.frame, time_s=seconds, wall_time=at(seconds))
    return replace(observation, frame=frame)
