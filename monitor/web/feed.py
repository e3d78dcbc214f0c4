"""What happens, told to all who listen as it happens: one look at the journal a second for all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from fastapi.encoders import jsonable_encoder
from starlette.concurrency import run_in_threadpool

from monitor.errors import MonitorError
from monitor.outputs.journal.queries import Filter, find_events
from monitor.web.cameras import cameras_of
from monitor.web.site import Site
from monitor.web.views import EventView, view_of

LOOK_S = 1.0
"""The journal is written within milliseconds of what happens; a second later it is on every page."""

_LOOKED_AT = 100
"""Newest events that are looked at: what is labelled in an older one is told when it happens on this page."""

_MOST_WAITING = 200
"""For a listener that is slower than what happens; then it is told to ask anew for all."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened: an "event", a "camera", or "again", which says that news were lost.

    `source` is the camera that it is about, None for all.
    """

    kind: str
    source: str | None
    body: dict[str, Any]


class Listener:
    """One page or script that listens."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[News | None] = asyncio.Queue(_MOST_WAITING)

    def tell(self, news: News | None) -> None:
        """Add news; None is the end. Where too many wait they are lost, and that is told."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(News("again", None, {}))
        self._queue.put_nowait(news)

    async def next(self, limit_s: float) -> News | None:
        """Return the next news; raises `TimeoutError` where there are none for so long. None is the end."""
        async with asyncio.timeout(limit_s):
            return await self._queue.get()


class Feed:
    """Looks while somebody listens. Belongs to the server's event loop, but for `changed`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events: dict[str, EventView] | None = None
        self._cameras: dict[tuple[str, str], tuple[object, ...]] | None = None
        self._is_closed = False

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Give a listener, which hears of everything from now on."""
        listener = Listener()
        self._listeners.add(listener)
        if self._is_closed:
            listener.tell(None)
        elif self._task is None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._look())
        try:
            yield listener
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._task is not None:
                self._task.cancel()
                self._task = self._events = self._cameras = None

    def changed(self, event: EventView) -> None:
        """Tell of an event that was changed on the page itself; from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with suppress(RuntimeError):  # the server ends
                loop.call_soon_threadsafe(self._tell, _event_news(event))

    def close(self) -> None:
        """Let all listeners end."""
        self._is_closed = True
        for listener in self._listeners:
            listener.tell(None)

    async def _look(self) -> None:
        while True:
            with suppress(MonitorError):  # the journal is away: what happened is told when it is back
                for news in await run_in_threadpool(self._news):
                    self._tell(news)
            await asyncio.sleep(LOOK_S)

    def _tell(self, news: News) -> None:
        for listener in self._listeners:
            listener.tell(news)

    def _news(self) -> list[News]:
        found = find_events(self._site.journal, Filter(), _LOOKED_AT)
        events = {event.id: view_of(event, self._site) for event in found}
        news = []
        if self._events is not None:
            before = self._events
            news = [_event_news(view) for key, view in events.items() if before.get(key) != view]
        self._events = events
        return news[::-1] + self._camera_news()

    def _camera_news(self) -> list[News]:
        cameras = {(camera.node, camera.name): camera for camera in cameras_of(self._site)}
        essence: dict[tuple[str, str], tuple[object, ...]] = {
            key: (camera.state, camera.why, camera.since, camera.recording, camera.open_events)
            for key, camera in cameras.items()
        }
        before, self._cameras = self._cameras, essence
        if before is None:
            return []
        return [
            News("camera", camera.name, jsonable_encoder(camera))
            for key, camera in cameras.items()
            if before.get(key) != essence[key]
        ]


def _event_news(view: EventView) -> News:
    return News("event", view.source, jsonable_encoder(view))
