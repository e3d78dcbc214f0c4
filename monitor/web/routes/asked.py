"""What several routes ask for in the same way: cameras, spans of time, an event."""

from typing import Annotated

from fastapi import Depends, HTTPException, Path, Query
from pydantic import AwareDatetime

from monitor.outputs.journal.queries import JournalEvent, exact_event
from monitor.web.security.identity import SiteOf, Viewer
from monitor.web.security.roles import Person

MOST_NAMES = 100
"""Cameras or kinds that one question names."""

Cameras = Annotated[
    list[Annotated[str, Query(max_length=200)]] | None,
    Query(alias="camera", description="Only these cameras; may be repeated.", max_length=MOST_NAMES),
]
From = Annotated[AwareDatetime | None, Query(alias="from", description="From then on, with a time zone.")]
To = Annotated[AwareDatetime | None, Query(alias="to", description="Before then, with a time zone.")]
EventId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,100}$", description="The event's id.")]


def sources_of(person: Person, cameras: list[str] | None) -> frozenset[str] | None:
    """Return the cameras that are meant and may be seen, empty for all; None where none is left."""
    asked = frozenset(cameras or ())
    if person.is_admin or person.cameras is None:
        return asked
    return (asked & person.cameras if asked else person.cameras) or None


def event_of(event_id: EventId, site: SiteOf, person: Viewer) -> JournalEvent:
    """Return the event of this id; 404 where there is none, or none that may be seen."""
    event = exact_event(site.journal, event_id)
    if event is None or not person.may_see(event.record["source"]):
        raise HTTPException(404, "There is no such event.")
    return event


AskedEvent = Annotated[JournalEvent, Depends(event_of)]
