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
from monitor.web.cameras import Camera, cameras_of
from monitor.web.site import Site
from monitor.web.views import EventView, view_of

LOOK_S = 1.0
"""The journal is written within milliseconds of what happens; a second later it is on every page."""

_LOOKED_AT = 100
"""Newest events that are looked at: what is labelled in an older one is told when it happens on this page."""

_ALERTS_LOOKED_AT = 20
"""Newest alerts that are looked at; older ones that wait are tried again with these."""

_MOST_WAITING = 200
"""For a listener that is slower than what happens; then it is told to ask anew for all."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened: an "event", a "camera", "alerts", or "again", which says that news were lost.

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
        self._seen = _Seen()
        self._waiting: News | None = None
        self._is_closed = False

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Give a listener, which hears of everything from now on."""
        listener = Listener()
        self._listeners.add(listener)
        if self._waiting is not None:
            listener.tell(self._waiting)
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
                self._task = self._waiting = None
                self._seen = _Seen()

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
        now = self._looked()  # whole or not at all: what is not seen now is news the next time
        before, self._seen = self._seen, now
        if now.alerts != before.alerts:
            self._waiting = News("alerts", None, {"waiting": self._site.outbox.waiting()})
        told = [] if now.alerts == before.alerts or self._waiting is None else [self._waiting]
        if before.events is None or before.cameras is None:
            return told
        events = [
            _event_news(view) for key, view in (now.events or {}).items() if before.events.get(key) != view
        ]
        cameras = [
            News("camera", camera.name, jsonable_encoder(camera))
            for key, camera in (now.cameras or {}).items()
            if key not in before.cameras or _essence(before.cameras[key]) != _essence(camera)
        ]
        return events[::-1] + cameras + told

    def _looked(self) -> "_Seen":
        site = self._site
        found = find_events(site.journal, Filter(), _LOOKED_AT)
        alerts = tuple((each.id, each.state, each.attempts) for each in site.outbox.latest(_ALERTS_LOOKED_AT))
        return _Seen(
            events={event.id: view_of(event, site) for event in found},
            cameras={(camera.node, camera.name): camera for camera in cameras_of(site)},
            alerts=alerts,
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen at the last look; None before the first."""

    events: dict[str, EventView] | None = None
    cameras: dict[tuple[str, str], Camera] | None = None
    alerts: tuple[object, ...] | None = None


def _essence(camera: Camera) -> tuple[object, ...]:
    """Return what of a camera is news; its counts change all the while."""
    return camera.state, camera.why, camera.since, camera.recording, camera.open_events


def _event_news(view: EventView) -> News:
    return News("event", view.source, jsonable_encoder(view))
