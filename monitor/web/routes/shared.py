"""One event for whoever has a link to it: to look at, without an account, and nothing else."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from fastapi.responses import FileResponse

from monitor.outputs.journal.queries import JournalEvent, exact_event
from monitor.web.routes.explained import ExplainedView, explained_view
from monitor.web.routes.files import FileView, file_answer, file_views
from monitor.web.security.identity import SiteOf
from monitor.web.shares import ends_of
from monitor.web.timezone import own_timezone
from monitor.web.views import EventView, view_of

router = APIRouter(prefix="/api/shared/{token}", tags=["sharing"])

SHOWN = frozenset({"clip", "annotated", "snapshot"})
"""What a link shows; what a clip goes on in too. Scores are for whoever tunes."""

_NO_MORE = (
    "This link does not work: it has ended, was taken back, or was cut off on its way. "
    "Ask whoever sent it for a new one."
)

Token = Annotated[str, Path(max_length=300)]
Role = Annotated[str, Path(pattern=r"^(clip|clip-[0-9]{1,4}|annotated|snapshot)$")]


@dataclass(frozen=True, slots=True)
class SharedView:
    """An event without what people say of it, its files, and until when this link works.

    `timezone` is the camera's, null where it is on another machine.
    """

    event: EventView
    files: list[FileView]
    timezone: str | None
    ends: datetime


def shared_event(token: Token, site: SiteOf) -> JournalEvent:
    """Return the event that a link shows; 404 where it shows none."""
    event_id = site.shares.event_of(token)
    event = None if event_id is None else exact_event(site.journal, event_id)
    if event is None:
        raise HTTPException(404, _NO_MORE)
    return event


Shared = Annotated[JournalEvent, Depends(shared_event)]


@router.get("")
def shared(event: Shared, token: Token, site: SiteOf) -> SharedView:
    """Return what a link shows."""
    base = f"/api/shared/{token}/files"
    files = [each for each in file_views(event, site, base) if _is_shown(each.role)]
    view = replace(
        view_of(event, site),
        label=None,
        note=None,
        kept=False,
        files={each.role: each.url for each in files},
    )
    zone = own_timezone() if view.is_here else None
    return SharedView(view, files, zone, ends_of(token))


@router.get("/explained")
def shared_reasons(event: Shared, site: SiteOf) -> ExplainedView:
    """Return why it fired, look by look."""
    return explained_view(event, site)


@router.get("/files/{role}", response_class=FileResponse)
def shared_file(
    event: Shared, role: Role, site: SiteOf, request: Request, download: bool = False
) -> Response:
    """Return a file of it, whole or in parts (Range)."""
    return file_answer(event, role, site, request, download=download)


def _is_shown(role: str) -> bool:
    return role in SHOWN or role.startswith("clip-")
