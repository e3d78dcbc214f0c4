"""A page served over real sockets, in a thread of the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.web.serving import listening, server_of
from monitor.web.site import Site

PATIENCE_S = 20.0
"""So long a test waits for what must come, on a machine that is busy."""


@contextmanager
def served(site: Site) -> Iterator[int]:
    """Serve the page; gives its port."""
    listener = listening(site.settings.web.model_copy(update={"port": 0}))
    server = server_of(site)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)


def connected(port: int) -> socket.socket:
    """Return a connection to the page."""
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)


def request(method: str, path: str, port: int, *headers: str, body: str = "") -> bytes:
    """Return a request as it goes over the line, with a right Host unless the headers have one."""
    has_host = any(header.lower().startswith("host:") for header in headers)
    own = () if has_host else (f"Host: 127.0.0.1:{port}",)
    lines = (f"{method} {path} HTTP/1.1", *own, *headers, "", body)
    return "\r\n".join(lines).encode()


def answer(port: int, sent: bytes) -> bytes:
    """Send bytes and return all that comes back until the page ends the connection."""
    with connected(port) as connection:
        connection.sendall(sent)
        return all_of(connection)


def all_of(connection: socket.socket) -> bytes:
    """Return what comes until the other side ends the connection, in whatever way."""
    found = b""
    try:
        while chunk := connection.recv(65536):
            found += chunk
    except ConnectionError:
        pass
    return found


def status(raw: bytes) -> int:
    """Return the status of an answer."""
    return int(raw.split(b" ", 2)[1])
