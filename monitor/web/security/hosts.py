"""Which names the page answers to, and which pages may ask it for something."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

LOCAL_NAMES = frozenset({"localhost"})


class Hosts:
    """The names of this page: localhost, this machine's own, plain addresses, and those of the settings.

    A plain address is no danger: only names can be made to point elsewhere while a foreign page is open
    (DNS rebinding).
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        own = socket.gethostname().lower()
        self._names = LOCAL_NAMES | {own, f"{own.removesuffix('.local')}.local"} | {n.lower() for n in names}

    def knows(self, host: str) -> bool:
        """Whether the page answers to this `Host` header."""
        name = _name(host)
        return name is not None and (name in self._names or _is_address(name))


def is_own_origin(origin: str, scheme: str, host: str) -> bool:
    """Whether an `Origin` header is that of the page itself, asked at `scheme` and `host`.

    A WebSocket comes from a page at http or https.
    """
    scheme = {"ws": "http", "wss": "https"}.get(scheme, scheme)
    try:
        given, own = urlsplit(origin), urlsplit(f"{scheme}://{host}")
        return (given.scheme, given.hostname, _port(given.scheme, given.port)) == (
            own.scheme,
            own.hostname,
            _port(own.scheme, own.port),
        )
    except ValueError:
        return False


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach what listens at an address."""
    if address.lower() in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str | None:
    """Return the name of a `Host` header without its port, None for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises for what is no number
    except ValueError:
        return None
    if parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return None if parts.hostname is None else parts.hostname.removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _port(scheme: str, port: int | None) -> int | None:
    return port if port is not None else {"http": 80, "https": 443}.get(scheme)
