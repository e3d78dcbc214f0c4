"""What happens, as server-sent events (WHATWG HTML, 9.2)."""

import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from monitor.web.feed import Feed, News
from monitor.web.security.identity import SiteOf, Viewer, person_of
from monitor.web.security.roles import Person
from monitor.web.site import Site

router = APIRouter(prefix="/api", tags=["events"])

BEAT_S = 15.0
"""So often a listener who hears nothing gets a sign of life, and is asked whether it still may listen."""


@router.get("/stream", response_class=StreamingResponse)
async def stream(request: Request, site: SiteOf, person: Viewer) -> StreamingResponse:
    """Tell what happens from now on: `event` (new, changed), `camera` (its state), `alerts`, `again`.

    Each carries what `/api/events/{id}` or `/api/cameras` would; `alerts` says how many are `waiting`,
    and `again` that news were lost: ask anew for all.
    """
    feed: Feed = request.app.state.feed
    return StreamingResponse(
        _told(request, site, feed, person),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},  # proxies would wait for more
    )


async def _told(request: Request, site: Site, feed: Feed, person: Person) -> AsyncIterator[str]:
    async with feed.listening() as listener:
        yield f"retry: {round(BEAT_S * 200)}\n\n"
        while True:
            try:
                news = await listener.next(BEAT_S)
            except TimeoutError:
                if not await _may_still(request, site):
                    return
                yield ": still here\n\n"
                continue
            if news is None:
                return
            if news.source is None or person.may_see(news.source):
                yield _text(news)


async def _may_still(request: Request, site: Site) -> bool:
    try:
        await run_in_threadpool(person_of, request, site)
    except HTTPException:
        return False
    return True


def _text(news: News) -> str:
    return f"event: {news.kind}\ndata: {json.dumps(news.body)}\n\n"
