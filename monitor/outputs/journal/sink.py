"""Writes what happens at one source into the journal as it happens: opened, updated, closed."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.analysis.scores import State
from monitor.clock import Clock
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Gap
from monitor.outputs.files import EventFiles, FileLedger
from monitor.outputs.journal.entries import (
    CoverageEntry,
    Entry,
    EventEntry,
    GapEntry,
    NearMissEntry,
    clean,
    without_files,
)
from monitor.outputs.journal.moments import to_us
from monitor.outputs.records import event_record, files_by_role, json_line, near_miss_record, rfc3339
from monitor.outputs.sink import Observation

HEARTBEAT_S = 5.0
"""What is still going on is written so often: a crash loses so many seconds of coverage, and no more."""

_SILENCE_S = 3 * HEARTBEAT_S
"""After a longer silence nothing is known of the time between: the program hung, or the machine slept."""


class Watch(StrEnum):
    """Whether a source was watched."""

    WATCHING = "watching"
    WARMING_UP = "warming_up"
    BLIND = "blind"


class Takes(Protocol):
    """A `JournalWriter`, or a `JournalWorker` before one."""

    node: str
    run: str

    def write(self, entries: Sequence[Entry]) -> None:
        """Take the entries; never raises because the journal is away."""
        ...


@dataclass(slots=True)
class _Open:
    """An event that is open, or closed and waiting for its files."""

    event: Event
    at_us: int
    seen_us: int | None


class JournalSink:
    """Takes the observations of one source; sinks that write files stand before it.

    It never fails because the journal is away: see `JournalWriter`, which all sinks of a program share; live
    it stands behind a `JournalWorker`, so that nothing waits for the disk.
    Coverage follows from the frames that have a wall time; the live loop adds what frames cannot tell, by
    `gap` and `coverage`. `source` names the source as its events do.
    """

    def __init__(self, writer: Takes, source: str, ledger: FileLedger, clock: Clock) -> None:
        self._writer = writer
        self._source = source
        self._ledger = ledger
        self._clock = clock
        self._open: dict[str, _Open] = {}
        self._closed: dict[str, _Open] = {}
        self._span: CoverageEntry | None = None
        self._span_written_us = 0
        self._last: tuple[float, datetime] | None = None
        self._next_beat_s = float("-inf")
        self._session = uuid.uuid4()

    def take(self, observation: Observation) -> None:
        """Write what opened and closed, and now and then that all the rest goes on."""
        frame = observation.frame
        if frame.wall_time is not None:
            self._last = frame.time_s, frame.wall_time
            watching = observation.scores.state is State.WATCHING
            self.coverage(Watch.WATCHING if watching else Watch.WARMING_UP, frame.wall_time)
        self.finish(observation.changes, observation.near_misses)
        if frame.time_s >= self._next_beat_s:
            self._next_beat_s = frame.time_s + HEARTBEAT_S
            self._beat(frame.wall_time)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Write what opened and closed, and the near misses."""
        entries: list[Entry] = [entry for change in changes for entry in self._changed(change)]
        entries += [self._missed(miss) for miss in near_misses]
        for event_id in [event_id for event_id in self._closed if self._ledger.settled(event_id)]:
            entries.append(self._event_entry(self._closed.pop(event_id), is_open=False))
        self._write(entries)

    def tick(self) -> None:
        """Name the files that became whole though no frame came."""
        self.finish((), ())

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Write a gap as it begins or has ended, and what the judge made of it."""
        self.gap(gap)
        self.finish(changes, near_misses)

    def gap(self, gap: Gap) -> None:
        """Write a span without a picture; once more when it has ended. Its wall time must be known.

        While it lasts, `coverage` is to be told as always: a crash in the meantime then loses seconds.
        """
        if gap.wall_time is None:
            return
        if gap.end_s is None:
            self.coverage(Watch.BLIND, gap.wall_time, gap.why)
        lasted = None if gap.end_s is None else timedelta(seconds=gap.end_s - gap.start_s)
        self._write(
            [
                GapEntry(
                    id=str(uuid.uuid5(self._session, f"{gap.start_s!r} {gap.wall_time.isoformat()}")),
                    node=self._writer.node,
                    source=clean(self._source),
                    start_us=to_us(gap.wall_time),
                    end_us=None if lasted is None else to_us(gap.wall_time + lasted),
                    why=clean(gap.why),
                )
            ]
        )

    def coverage(self, state: Watch, at: datetime, why: str | None = None) -> None:
        """Say what the source is in at this moment; to be called at least every few seconds.

        A state lasts until the next one is told. `why` is a clause, wanted where it is blind.
        """
        at_us, span, why = to_us(at), self._span, None if why is None else clean(why)
        entries: list[Entry] = []
        if span is not None and 0 <= at_us - span.end_us <= _SILENCE_S * 1e6:
            span = self._span = replace(span, end_us=at_us)
            if (span.state, span.why) == (state, why):
                if at_us - self._span_written_us < HEARTBEAT_S * 1e6:
                    return
            else:
                entries.append(span)
                span = None
        else:
            span = None
        if span is None:
            source, node = clean(self._source), self._writer.node
            span = self._span = CoverageEntry(str(uuid.uuid4()), node, source, state, why, at_us, at_us)
        self._span_written_us = at_us
        self._write([*entries, span])

    def close(self) -> None:
        """Write what is left with the files that there are; safe to call twice."""
        left = [self._event_entry(waiting, is_open=False) for waiting in self._closed.values()]
        self._closed.clear()
        span, self._span = self._span, None
        self._write([*left, *([span] if span is not None else [])])

    def _changed(self, change: EventChange) -> Iterable[Entry]:
        event = change.event
        seen = self._wall_of(event.end_s) or self._now()
        known = self._open.get(event.id)
        at_us = known.at_us if known else to_us(event.start_time or seen)
        now = _Open(event, at_us, to_us(seen))
        if change.phase is Phase.CLOSED:
            self._open.pop(event.id, None)
            self._closed[event.id] = now
            if not self._ledger.settled(event.id):
                yield self._event_entry(now, is_open=False)
            return
        self._open[event.id] = now
        # A better peak may come with every frame: it goes with the next beat.
        if change.phase is Phase.OPENED:
            yield self._event_entry(now, is_open=True)

    def _beat(self, wall_time: datetime | None) -> None:
        for going_on in self._open.values():
            going_on.seen_us = to_us(wall_time or self._clock.wall())
        self._write([self._event_entry(going_on, is_open=True) for going_on in self._open.values()])

    def _event_entry(self, held: _Open, *, is_open: bool) -> EventEntry:
        event = held.event
        record = event_record(event, EventFiles())
        files = event_record(event, self._ledger.files(event.id))["files"]
        return EventEntry(
            id=event.id,
            node=self._writer.node,
            run=self._writer.run,
            source=clean(event.source),
            kind=event.kind.value,
            at_us=held.at_us,
            start_us=to_us(event.start_time),
            end_us=to_us(event.end_time),
            seen_us=held.seen_us,
            is_open=is_open,
            record=without_files(record),
            files={role: clean(path) for role, path in files_by_role(files).items()},
        )

    def _missed(self, miss: NearMiss) -> NearMissEntry:
        start, end = self._wall_of(miss.start_s), self._wall_of(miss.end_s)
        record = {**near_miss_record(miss), "start_time": rfc3339(start), "end_time": rfc3339(end)}
        return NearMissEntry(
            id=str(uuid.uuid4()),
            node=self._writer.node,
            source=clean(miss.source),
            kind=miss.kind.value,
            at_us=to_us(start or self._now()),
            start_us=to_us(start),
            end_us=to_us(end),
            record=clean(json_line(record)),
        )

    def _wall_of(self, time_s: float | None) -> datetime | None:
        """Return the wall time of a moment of the source, as the last frame's clocks tell."""
        if time_s is None or self._last is None:
            return None
        return self._last[1] + timedelta(seconds=time_s - self._last[0])

    def _now(self) -> datetime:
        return self._last[1] if self._last else self._clock.wall()

    def _write(self, entries: list[Entry]) -> None:
        if entries:
            self._writer.write(entries)
