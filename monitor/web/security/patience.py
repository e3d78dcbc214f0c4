"""Connections of clients that say or take nothing: ended, so that a thousand of them keep nobody out."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_S = 10.0
"""So long the head of a request may take to arrive, from the connection or from its first byte on."""

TAKE_S = 30.0
"""So long a client may take nothing of an answer: a paused video takes its buffer full and then asks anew."""


class ImpatientProtocol(H11Protocol):
    """HTTP over one connection, which is cut when it is too slow in either direction."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._asking: asyncio.TimerHandle | None = None
        self._taking: asyncio.TimerHandle | None = None
        self._has_upgraded = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._asking = self.loop.call_later(REQUEST_S, self._cut)

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on for the rest of a request's head."""
        super().data_received(data)
        is_answering = self.cycle is not None and not self.cycle.response_complete
        if is_answering or self._has_upgraded:
            self._asking = _ended(self._asking)
        elif self._asking is None and not self.transport.is_closing():
            self._asking = self.loop.call_later(REQUEST_S, self._cut)

    def on_response_complete(self) -> None:
        """Leave the connection to the next request, for which there is a shorter limit while nothing came."""
        super().on_response_complete()
        self._asking = _ended(self._asking)

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over; WebSockets have their own sign of life."""
        self._has_upgraded = True
        self._asking = _ended(self._asking)
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what is written."""
        super().pause_writing()
        self._taking = self._taking or self.loop.call_later(TAKE_S, self._cut)

    def resume_writing(self) -> None:
        """The client takes it."""
        super().resume_writing()
        self._taking = _ended(self._taking)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._asking, self._taking = _ended(self._asking), _ended(self._taking)
        super().connection_lost(exc)

    def _cut(self) -> None:
        self.transport.abort()


def _ended(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Cancel a timer; return what stands in its place, which is none."""
    if timer is not None:
        timer.cancel()
    return None
