"""Refuses, before anything looks at it, what does not come from a page or a script that means this host."""

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from monitor.web.accounts import Accounts
from monitor.web.security.hosts import Hosts, is_own_origin

_FORWARDED = ("x-forwarded-for", "forwarded", "x-forwarded-host", "x-real-ip", "via")
"""What proxies add."""

_FOREIGN = frozenset({"cross-site", "same-site"})
"""Values of Sec-Fetch-Site of another page, also one on another port of this host."""


class Guard:
    """ASGI middleware: names that are not ours, foreign pages, and proxies where there is no password."""

    def __init__(self, app: ASGIApp, hosts: Hosts, accounts: Accounts) -> None:
        self._app = app
        self._hosts = hosts
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or hand on."""
        if scope["type"] in ("http", "websocket") and (refusal := self._refusal(scope)):
            status, sentence = refusal
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 4000 + status, "reason": sentence[:120]})
                return
            await JSONResponse({"detail": sentence}, status)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        named = headers.getlist("host")
        if len(named) != 1 or not self._hosts.knows(named[0]):
            return 421, "This page does not answer to that name; add it to web.hosts in the settings."
        if self._is_foreign(scope, headers, named[0]):
            return 403, "This comes from another page."
        if any(name in headers for name in _FORWARDED) and self._accounts.is_empty:
            return 403, "This came through a proxy, and there is no password yet: monitor user add NAME"
        return None

    def _is_foreign(self, scope: Scope, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        is_harmless = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if origin is not None and not is_own_origin(origin, scope["scheme"], host):
            return True
        # A link from elsewhere may be followed; nothing else may come from there. Static files say nothing.
        if headers.get("sec-fetch-site") not in _FOREIGN or (is_harmless and _is_static(scope)):
            return False
        return not (is_harmless and headers.get("sec-fetch-mode") == "navigate")


def _is_static(scope: Scope) -> bool:
    return not scope["path"].startswith(("/api/", "/metrics", "/openapi.json"))
