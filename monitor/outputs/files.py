"""Which files were written for which event, so that a record never names one that is not there."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.events.event import Event, EventChange, Phase
from monitor.outputs.layout import relative


@dataclass(frozen=True, slots=True)
class EventFiles:
    """The files of one event, relative to the output folder; None was not written.

    `clip` is the first file of the clip, `more_clips` are those it goes on in: another begins where the
    camera's pictures change their size or codec, or the disk comes back.
    """

    clip: str | None = None
    annotated: str | None = None
    snapshot: str | None = None
    scores: str | None = None
    more_clips: tuple[str, ...] = ()


KEPT = 1000
"""Files are known of so many events: of all that are open or just closed, and not of a whole year."""


class FileLedger:
    """What the sinks of one source have written for its last `KEPT` events.

    A sink that writes a file tells it here once the file is whole (or, for a file that grows, once it
    is there). A sink that needs more frames holds the event until it is done. Sinks that write files
    stand before those that write records, so that an event is settled when its record is due.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._common = EventFiles()
        self._own: dict[str, EventFiles] = {}
        self._held: Counter[str] = Counter()

    def wrote_annotated(self, path: Path) -> None:
        """Name the annotated video in the record of every event."""
        self._common = replace(self._common, annotated=relative(path, self._folder))

    def wrote_scores(self, path: Path) -> None:
        """Name the score file in the record of every event."""
        self._common = replace(self._common, scores=relative(path, self._folder))

    def wrote_clip(self, event_id: str, path: Path, *more: Path) -> None:
        """Name the clip of an event, and the files it goes on in."""
        clip, *others = (relative(each, self._folder) for each in (path, *more))
        self._keep(event_id, replace(self._files_of(event_id), clip=clip, more_clips=tuple(others)))

    def wrote_snapshot(self, event_id: str, path: Path) -> None:
        """Name the picture of an event."""
        self._keep(event_id, replace(self._files_of(event_id), snapshot=relative(path, self._folder)))

    def hold(self, event_id: str) -> None:
        """Keep an event's record back until `release`; each sink that holds it releases it once."""
        self._held[event_id] += 1

    def release(self, event_id: str) -> None:
        """Let an event's record be written; safe where it was not held."""
        self._held[event_id] -= 1
        if self._held[event_id] <= 0:
            del self._held[event_id]

    def settled(self, event_id: str) -> bool:
        """Say whether all files of a closed event are written or given up."""
        return event_id not in self._held

    def files(self, event_id: str) -> EventFiles:
        """Return what was written for an event so far."""
        own = self._files_of(event_id)
        return replace(self._common, clip=own.clip, more_clips=own.more_clips, snapshot=own.snapshot)

    def _keep(self, event_id: str, files: EventFiles) -> None:
        self._own[event_id] = files
        if len(self._own) > KEPT:
            del self._own[next(iter(self._own))]

    def _files_of(self, event_id: str) -> EventFiles:
        return self._own.get(event_id, EventFiles())


class ClosedEvents:
    """Closed events in their order, each handed out once, when its files are settled."""

    def __init__(self, ledger: FileLedger) -> None:
        self._ledger = ledger
        self._waiting: deque[Event] = deque()

    def add(self, changes: Iterable[EventChange]) -> None:
        """Take the events that closed among `changes`."""
        self._waiting.extend(change.event for change in changes if change.phase is Phase.CLOSED)

    def settled(self) -> Iterator[tuple[Event, EventFiles]]:
        """Hand out events up to the first that still waits for a file."""
        while self._waiting and self._ledger.settled(self._waiting[0].id):
            yield self._next()

    def remaining(self) -> Iterator[tuple[Event, EventFiles]]:
        """Hand out all that is left, with the files that there are."""
        while self._waiting:
            yield self._next()

    def _next(self) -> tuple[Event, EventFiles]:
        event = self._waiting.popleft()
        return event, self._ledger.files(event.id)
