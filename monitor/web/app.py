"""The page put together: its routes, behind all that guards them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from monitor import __version__
from monitor.errors import MissingPackageError, MonitorError, OutputError, UsageError
from monitor.web.feed import Feed
from monitor.web.hub import Hub
from monitor.web.routes import (
    alerts,
    cameras,
    coverage,
    events,
    explained,
    files,
    health,
    live,
    pages,
    session,
    settings,
    shared,
    shares,
    stream,
    timeline,
    tuning,
    users,
    zones,
)
from monitor.web.security.gate import Gate
from monitor.web.security.guard import Guard
from monitor.web.security.headers import SafeHeaders
from monitor.web.security.hosts import Hosts
from monitor.web.security.limits import Limits
from monitor.web.site import Site
from monitor.web.statics import Statics

PARTS = (
    session,
    cameras,
    live,
    events,
    explained,
    stream,
    timeline,
    files,
    coverage,
    health,
    alerts,
    settings,
    zones,
    tuning,
    users,
    shares,
    shared,
    pages,
)
"""What answers, each with its `router`."""

_STATUS = {UsageError: 400, MissingPackageError: 501, OutputError: 503}
"""What an error raised on purpose means over HTTP; any other is 500."""


def create_app(site: Site) -> FastAPI:
    """Return the page over `site`, which it closes at its end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.hub = Hub(site.folder)
        try:
            yield
        finally:
            await app.state.hub.close()
            site.close()

    app = FastAPI(
        title="Motion and change monitor",
        description="All that the page does. Scripts send `Authorization: Bearer TOKEN`.",
        version=__version__,
        # The usual page of documents loads its scripts from elsewhere; ours is in `pages`.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.site = site
    app.state.statics = Statics()
    app.state.feed = Feed(site)
    app.state.gate = Gate(site.accounts, site.clock)
    for part in PARTS:
        app.include_router(part.router)
    app.add_exception_handler(MonitorError, _told)
    # The last one added is the first that a request meets.
    web = site.settings.web
    app.add_middleware(Limits)
    app.add_middleware(Guard, hosts=Hosts(web.hosts), accounts=site.accounts)
    app.add_middleware(SafeHeaders)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(web.trusted_proxies))
    return app


async def _told(request: Request, error: Exception) -> JSONResponse:
    """Answer what was raised on purpose with its sentence."""
    status = next((number for kind, number in _STATUS.items() if isinstance(error, kind)), 500)
    return JSONResponse({"detail": str(error)}, status)
