"""The files of events: clips that play at once and can be searched, pictures, scores."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.responses import FileResponse

from monitor.errors import SourceError
from monitor.outputs.journal.queries import JournalEvent
from monitor.outputs.playing import VideoFacts, media_type_of, video_facts
from monitor.outputs.records import files_by_role
from monitor.web.routes.asked import AskedEvent
from monitor.web.security.identity import SiteOf
from monitor.web.site import Site
from monitor.web.stored import stored_file

router = APIRouter(prefix="/api/events/{event_id}/files", tags=["files"])

Role = Annotated[str, Path(pattern=r"^(clip|clip-[0-9]{1,4}|annotated|snapshot|scores)$")]

_CACHED = "private, no-cache"
"""Kept by the browser of whoever may see it, and asked for again each time, which costs a few bytes."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of an event. `video` is what it holds and where it plays, null for others.

    `problem` says why it is not to be had, or why no browser plays it and what to do instead.
    """

    role: str
    url: str
    size_bytes: int | None = None
    media_type: str | None = None
    video: VideoFacts | None = None
    problem: str | None = None


@router.get("")
def files(asked: AskedEvent, site: SiteOf) -> list[FileView]:
    """Return all files of an event, with what is known of them."""
    return file_views(asked, site, f"/api/events/{asked.id}/files")


@router.get("/{role}", response_class=FileResponse)
def file(asked: AskedEvent, role: Role, site: SiteOf, request: Request, download: bool = False) -> Response:
    """Return a file, whole or in parts (Range); with `download` browsers save it instead of showing it."""
    return file_answer(asked, role, site, request, download=download)


def file_views(event: JournalEvent, site: Site, base: str) -> list[FileView]:
    """Return the files of an event, each to be had at `base`/ROLE."""
    return [_view(event, role, site, f"{base}/{role}") for role in files_by_role(event.record["files"])]


def file_answer(event: JournalEvent, role: str, site: Site, request: Request, *, download: bool) -> Response:
    """Return a file as it is asked for; raises as `stored_file` does."""
    path = stored_file(event, role, site)
    name = f"{event.record['source']}-{path.name}"
    kind = "attachment" if download else "inline"
    answer = FileResponse(
        path,
        media_type=media_type_of(path),
        filename=name,
        content_disposition_type=kind,
        stat_result=path.stat(),
        headers={"Cache-Control": _CACHED},
    )
    if request.headers.get("If-None-Match") == answer.headers["etag"] and "Range" not in request.headers:
        return Response(status_code=304, headers={"ETag": answer.headers["etag"], "Cache-Control": _CACHED})
    return answer


def _view(event: JournalEvent, role: str, site: Site, url: str) -> FileView:
    try:
        path = stored_file(event, role, site)
    except HTTPException as refusal:
        return FileView(role, url, problem=str(refusal.detail))
    media_type = media_type_of(path)
    video, problem = None, None
    if media_type.startswith("video/"):
        try:
            video = video_facts(path)
        except SourceError as error:
            problem = str(error)
    return FileView(role, url, path.stat().st_size, media_type, video, problem or _advice(video))


def _advice(video: VideoFacts | None) -> str | None:
    if video is None or video.plays == "everywhere":
        return None
    some = "Not every browser plays" if video.plays == "some" else "No browser plays"
    return (
        f"{some} {video.codec.upper()} as the camera sends it: download it, or watch the annotated video. "
        "With clips.mode: encode future clips play everywhere."
    )
