"""Runs the page: where it may listen, over what, and until when."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from monitor.clock import Clock
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.settings.web import Web
from monitor.web.accounts import Accounts
from monitor.web.app import create_app
from monitor.web.security.hosts import is_loopback
from monitor.web.security.patience import ImpatientProtocol
from monitor.web.site import Site
from monitor.web.userfile import FILE_NAME, UserFile

MOST_CONNECTIONS = 1000
"""At once; more are told to come again. Each viewer has one to six."""

_END_S = 2
"""So long what is being answered may take at the end; the program has to end within five seconds."""


def accounts_of(settings: Settings, clock: Clock) -> Accounts:
    """Return the users of an output folder."""
    file = UserFile(settings.outputs.folder / FILE_NAME)
    return Accounts(file, clock, session_days=settings.web.session_days)


def site_of(
    settings: Settings, load: Callable[[], Settings], clock: Clock, config: Path | None = None
) -> Site:
    """Return what the page stands on; `UsageError` where others could reach it without a password."""
    accounts = accounts_of(settings, clock)
    web = settings.web
    require_tls_files(web)
    is_private = is_loopback(web.address) and not web.trusted_proxies
    if not is_private and accounts.is_empty:
        raise UsageError(
            f"The page would be open to everybody who reaches {_reached(web)}, for there is no user with a "
            "password yet. Add one first: monitor user add NAME"
        )
    return Site(settings, load, clock, accounts, is_private, config)


def listening(web: Web) -> socket.socket:
    """Return a socket that listens where the settings say; raises `UsageError` where that cannot be."""
    family = socket.AF_INET6 if ":" in web.address else socket.AF_INET
    try:
        return socket.create_server((web.address.strip("[]"), web.port), family=family, backlog=512)
    except OSError as error:
        raise UsageError(
            f"The page cannot be served at {web.address}:{web.port}: {error.strerror or error}; "
            "give another web.port or web.address"
        ) from None


def require_tls_files(web: Web) -> None:
    """Raise `UsageError` where certificate or key cannot be used, or others may read the key."""
    if web.certificate is None or web.certificate_key is None:
        return
    try:
        if web.certificate_key.stat().st_mode & 0o077:
            raise UsageError(f"{web.certificate_key}: others may read this key; chmod 600 it.")
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            web.certificate, web.certificate_key
        )
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"{web.certificate}: cannot be used with its key: {error.strerror or error}; "
            "correct web.certificate and web.certificate_key"
        ) from None


class PageServer(uvicorn.Server):
    """The server of the page; `run(sockets=[...])` serves until `should_exit` is set."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for ever, then the rest."""
        self.config.app.state.feed.close()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def server_of(site: Site) -> PageServer:
    """Return the server of the page."""
    web = site.settings.web
    return PageServer(
        uvicorn.Config(
            create_app(site),
            http=ImpatientProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # the app does this, so that its tests try it too
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=_END_S,
            ssl_certfile=web.certificate,
            ssl_keyfile=web.certificate_key,
        )
    )


@contextmanager
def served(site: Site, listener: socket.socket) -> Iterator[None]:
    """Serve the page from a thread of its own for as long as the context lasts."""
    server = server_of(site)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="page", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_END_S + 1)


def url_of(web: Web, port: int) -> str:
    """Return the address to be typed into a browser on this machine."""
    scheme = "https" if web.certificate else "http"
    host = "127.0.0.1" if web.address in ("0.0.0.0", "::") else web.address
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"


def _reached(web: Web) -> str:
    return f"{web.address}:{web.port}" if not is_loopback(web.address) else "the proxy before it"
