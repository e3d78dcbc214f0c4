"""Events: listed, shown, labelled, kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from monitor.events.event import Kind
from monitor.outputs.journal.queries import Filter, JournalEvent, exact_event, find_events
from monitor.web.routes.asked import MOST_NAMES, AskedEvent, Cameras, From, To, sources_of
from monitor.web.security.identity import SiteOf, Viewer
from monitor.web.site import Site
from monitor.web.views import EventView, view_of

router = APIRouter(prefix="/api", tags=["events"])

MOST = 1000
"""Events that one answer holds."""

_MARK = "~"
"""Between moment and id in a cursor; in neither of them."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, the newest first; `next` is given as `before` for those that follow, null at the end."""

    events: list[EventView]
    next: str | None


class Label(BaseModel):
    """Whether it was a true alarm; null takes the label away. A note that is left out stays as it is."""

    label: bool | None
    note: Annotated[str, Field(max_length=2000)] | None = None


class Keep(BaseModel):
    """Whether the event's files are kept whatever their age."""

    keep: bool


@router.get("/events")
def events(
    site: SiteOf,
    person: Viewer,
    camera: Cameras = None,
    kind: Annotated[list[Kind] | None, Query(max_length=MOST_NAMES)] = None,
    since: From = None,
    until: To = None,
    label: Literal["true", "false", "none", "any"] | None = None,
    kept: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    before: Annotated[str | None, Query(max_length=200, description="`next` of another answer.")] = None,
) -> EventPage:
    """Return the newest events first, as filtered."""
    sources = sources_of(person, camera)
    if sources is None:
        return EventPage([], None)
    wanted = Filter(
        sources=sources,
        kinds=frozenset(k.value for k in kind or ()),
        since=since,
        until=until,
        label={"true": True, "false": False}.get(label, label) if label else None,  # type: ignore[arg-type]
        kept=kept,
    )
    found = list(find_events(site.journal, wanted, limit + 1, beyond=_cursor(before)))
    shown = found[:limit]
    following = f"{shown[-1].at.isoformat()}{_MARK}{shown[-1].id}" if len(found) > limit else None
    return EventPage([view_of(event, site) for event in shown], following)


@router.get("/events/{event_id}")
def event(asked: AskedEvent, site: SiteOf) -> EventView:
    """Return one event."""
    return view_of(asked, site)


@router.put("/events/{event_id}/label")
def label(asked: AskedEvent, given: Label, site: SiteOf, request: Request) -> EventView:
    """Say whether an event was a true alarm."""
    if "note" in given.model_fields_set:
        site.journal.mark(asked.id, label=given.label, note=given.note or None)
    else:
        site.journal.mark(asked.id, label=given.label)
    return _again(asked, site, request)


@router.put("/events/{event_id}/keep")
def keep(asked: AskedEvent, given: Keep, site: SiteOf, request: Request) -> EventView:
    """Keep an event's files, or no longer."""
    site.journal.mark(asked.id, kept=given.keep)
    return _again(asked, site, request)


def _again(asked: JournalEvent, site: Site, request: Request) -> EventView:
    found = exact_event(site.journal, asked.id)
    if found is None:
        raise HTTPException(404, "The event was deleted meanwhile.")
    view, feed = view_of(found, site), request.app.state.feed
    feed.changed(view)
    return view


def _cursor(before: str | None) -> tuple[datetime, str] | None:
    if before is None:
        return None
    moment, _, event_id = before.partition(_MARK)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not event_id:
        raise HTTPException(422, "`before` is not what `next` of another answer was.")
    return at, event_id
