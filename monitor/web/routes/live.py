"""Cameras live: pictures with what is seen in them, for as long as somebody looks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import (
    APIRouter,
    Depends,
    HTTPException,
    Query,
    Request,
    Response,
    WebSocket,
    WebSocketDisconnect,
)
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from monitor.live.spoken import FACTS, LOOK, PICTURE, Layers
from monitor.web.cameras import cameras_of
from monitor.web.hub import Hub, Looker
from monitor.web.security.identity import SiteOf, Viewer, person_of
from monitor.web.security.roles import Person
from monitor.web.site import Site

router = APIRouter(prefix="/api/cameras/{name}", tags=["cameras"])

ASK_AGAIN_S = 10.0
"""So often it is asked whether who looks still may: a log-in that was ended shows nothing for longer."""

PICTURE_S = 5.0
"""So long one picture is waited for: a camera that sends less than one in that time shows none."""

_BOUNDARY = "picture"
_HEAD = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n".encode()


def layers_of(
    mask: Annotated[bool, Query(description="With the foreground mask.")] = False,
    heat: Annotated[bool, Query(description="With the distance from μ in σ.")] = False,
) -> Layers:
    """Return what is wished beside the picture."""
    return (Layers.MASK if mask else Layers.NONE) | (Layers.HEAT if heat else Layers.NONE)


def hub_of(connection: HTTPConnection) -> Hub:
    """Return what reads the cameras."""
    hub: Hub = connection.app.state.hub
    return hub


def require_here(name: str, site: Site, person: Person) -> None:
    """Raise 404 for a camera that is not there or not to be seen, 409 for one of another machine."""
    found = [each for each in cameras_of(site) if each.name == name and person.may_see(each.name)]
    if not found:
        raise HTTPException(404, "There is no such camera.")
    if not any(each.is_here for each in found):
        raise HTTPException(409, f"The machine {found[0].node} watches this camera: open its page.")


@router.websocket("/live")
async def live(
    socket: WebSocket,
    name: str,
    layers: Annotated[Layers, Depends(layers_of)],
    site: SiteOf,
    hub: Annotated[Hub, Depends(hub_of)],
) -> None:
    """Send JSON as text (limits and zones first, then each look), pictures as bytes behind their kind."""
    try:
        await _still_allowed(socket, name, site)
    except HTTPException as refusal:
        await socket.close(4000 + refusal.status_code, str(refusal.detail)[:120])
        return
    await socket.accept()
    async with hub.looking(name, layers) as looker:
        tasks = {
            asyncio.create_task(work)
            for work in (_send(socket, looker), _listen(socket), _watch(socket, name, site))
        }
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for task in done:
            error = task.exception()
            if isinstance(error, HTTPException):
                await socket.close(4000 + error.status_code, str(error.detail)[:120])
            elif error is not None and not isinstance(error, WebSocketDisconnect | RuntimeError):
                raise error


@router.get("/live.mjpeg", response_class=StreamingResponse)
async def mjpeg(
    request: Request, name: str, site: SiteOf, person: Viewer, hub: Annotated[Hub, Depends(hub_of)]
) -> StreamingResponse:
    """Return pictures without end, as `multipart/x-mixed-replace`: what an `img` shows and recorders read."""
    await run_in_threadpool(require_here, name, site, person)

    async def parts() -> AsyncIterator[bytes]:
        async with hub.looking(name, Layers.NONE) as looker:
            while True:
                picture = (await looker.take()).get(PICTURE)
                if picture is not None:
                    yield _HEAD % len(picture) + picture + b"\r\n"

    return StreamingResponse(parts(), media_type=f"multipart/x-mixed-replace; boundary={_BOUNDARY}")


@router.get("/picture", response_class=Response)
async def picture(name: str, site: SiteOf, person: Viewer, hub: Annotated[Hub, Depends(hub_of)]) -> Response:
    """Return one picture of now as JPEG; 503 where none comes."""
    await run_in_threadpool(require_here, name, site, person)
    async with hub.looking(name, Layers.NONE) as looker:
        try:
            async with asyncio.timeout(PICTURE_S):
                while (found := (await looker.take()).get(PICTURE)) is None:
                    pass
        except TimeoutError:
            raise HTTPException(503, "No picture comes from this camera; is monitor watch running?") from None
    return Response(found, media_type="image/jpeg")


async def _still_allowed(connection: HTTPConnection, name: str, site: Site) -> None:
    person = await run_in_threadpool(person_of, connection, site)
    await run_in_threadpool(require_here, name, site, person)


async def _send(socket: WebSocket, looker: Looker) -> None:
    while True:
        came = await looker.take()
        for kind in (FACTS, LOOK):
            if kind in came:
                await socket.send_text(came.pop(kind).decode())
        for kind, content in came.items():
            await socket.send_bytes(kind + content)


async def _listen(socket: WebSocket) -> None:
    while True:
        await socket.receive_text()  # nothing is expected; the end is told here


async def _watch(socket: WebSocket, name: str, site: Site) -> None:
    while True:
        await asyncio.sleep(ASK_AGAIN_S)
        await _still_allowed(socket, name, site)
