"""Links that show one event to somebody without an account: made, listed, taken back."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, Field

from monitor.web.audit import AuditLine
from monitor.web.routes.asked import AskedEvent
from monitor.web.security.identity import Admin, SiteOf
from monitor.web.shares import LONGEST, Share

router = APIRouter(prefix="/api", tags=["sharing"])

_WEEK_HOURS = 168


class NewShare(BaseModel):
    """How long the link is to work."""

    hours: Annotated[int, Field(ge=1, le=LONGEST // timedelta(hours=1))] = _WEEK_HOURS


class MadeShare(BaseModel):
    """A new link: `path` is where the page shows it. It is told this once and never again."""

    id: str
    path: str
    ends: datetime


@router.post("/events/{event_id}/shares", status_code=201)
def share(asked: AskedEvent, given: NewShare, site: SiteOf, person: Admin) -> MadeShare:
    """Make a link that shows this event to whoever has it, until it ends or is taken back."""
    made, token = site.shares.add(asked.id, person.name, timedelta(hours=given.hours))
    site.audit.note(person, f"shared event {asked.id} until {made.ends.isoformat()}")
    return MadeShare(id=made.id, path=f"/#/shared/{token}", ends=made.ends)


@router.get("/shares")
def shares(site: SiteOf, _: Admin) -> list[Share]:
    """Return the links that still work, the newest first, without what opens them."""
    return site.shares.all()


@router.delete("/shares/{share_id}", status_code=204)
def end_share(share_id: Annotated[str, Path(max_length=100)], site: SiteOf, person: Admin) -> None:
    """Take a link back: it works no more at once."""
    ended = site.shares.end(share_id)
    if ended is None:
        raise HTTPException(404, "There is no such link; it may have ended.")
    site.audit.note(person, f"took back the link to event {ended.event}")


@router.get("/audit")
def audit(site: SiteOf, _: Admin, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[AuditLine]:
    """Return who changed what on the page, the newest first."""
    return site.audit.newest(limit)
