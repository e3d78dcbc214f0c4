"""An event while it happens: what is known so far, and the record it becomes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.analysis.scores import Box, Scores
from monitor.events.event import Event, EventChange, Evidence, Kind, Phase


@dataclass(frozen=True, slots=True)
class Moment:
    """A frame's place in time."""

    index: int
    time_s: float
    wall_time: datetime | None

    @classmethod
    def of(cls, scores: Scores) -> "Moment":
        """Return the place of the frame that was measured."""
        return cls(scores.index, scores.time_s, scores.wall_time)


class EventMaker:
    """Makes the events of one source; `new_id` gives each its id."""

    def __init__(self, source: str, new_id: Callable[[], str]) -> None:
        self._source = source
        self._new_id = new_id

    @property
    def source(self) -> str:
        """The name that events and near misses carry."""
        return self._source

    def open(
        self,
        kind: Kind,
        start: Moment,
        evidence: Evidence,
        peak: Moment,
        *,
        box: Box | None = None,
        zones: tuple[str, ...] = (),
        track_ids: tuple[int, ...] = (),
    ) -> EventChange:
        """Return a new open event."""
        event = Event(
            id=self._new_id(),
            source=self._source,
            kind=kind,
            start_s=start.time_s,
            start_frame=start.index,
            start_time=start.wall_time,
            peak_s=peak.time_s,
            peak_frame=peak.index,
            evidence=evidence,
            box=box,
            zones=zones,
            track_ids=track_ids,
        )
        return EventChange(Phase.OPENED, event)


def closed(event: Event, end: Moment, closed_by: str) -> EventChange:
    """Return the event as it ended."""
    return EventChange(
        Phase.CLOSED,
        replace(
            event,
            end_s=end.time_s,
            end_frame=end.index,
            end_time=_end_time(event, end),
            evidence=replace(event.evidence, closed_by=closed_by),
        ),
    )


def _end_time(event: Event, end: Moment) -> datetime | None:
    """Return when an event ended: the machine's clock may be set meanwhile, how long it lasted stays."""
    if event.start_time is None:
        return end.wall_time
    return event.start_time + timedelta(seconds=end.time_s - event.start_s)
