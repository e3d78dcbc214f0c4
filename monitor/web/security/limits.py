"""How large a request may be, and how long its body may take to arrive."""

import asyncio

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY_BYTES = 1_000_000
"""As `LARGEST_BYTES` of a settings file: the largest that anybody sends. Nothing is uploaded."""

BODY_S = 10.0
"""So long a body may take: a megabyte over a bad mobile connection."""


class Limits:
    """ASGI middleware: refuses bodies that are too large or too slow before anything waits for them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the whole body, or refuse; then hand on."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(BODY_S):
                body = await _whole(scope, receive)
        except TimeoutError:
            await _refuse(408, "The request took too long to arrive.")(scope, receive, send)
            return
        if body is None:
            sentence = f"The request is larger than {LARGEST_BODY_BYTES} bytes."
            await _refuse(413, sentence)(scope, receive, send)
            return
        first = True

        async def replay() -> Message:
            nonlocal first
            if first:
                first = False
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self._app(scope, replay, send)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def _whole(scope: Scope, receive: Receive) -> bytes | None:
    """Return the body, None for one that is too large."""
    told = Headers(scope=scope).get("content-length", "0")
    if not told.isdecimal() or int(told) > LARGEST_BODY_BYTES:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY_BYTES:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _refuse(status: int, sentence: str) -> JSONResponse:
    # What is still on its way is not waited for.
    return JSONResponse({"detail": sentence}, status, {"Connection": "close"})
