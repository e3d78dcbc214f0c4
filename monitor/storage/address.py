"""Addresses of stored files: scheme://user:password@host:port/path."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from monitor.errors import UsageError

SCHEMES = frozenset({"s3", "sftp", "memory"})
"""What is read and written by range here; FFmpeg itself opens all other addresses (http, rtsp …)."""

_WITH_PASSWORD = re.compile(r"(://)[^/]*:.*@")
"""To the last @, for people write passwords as they are, with slashes too: better
too much than a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; `path` begins with a slash or is empty.

    `host` is the bucket in an object store. What is percent-coded in the userinfo is
    decoded, the path is taken as it is written.
    """

    scheme: str
    host: str
    path: str
    port: int | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def is_stored(address: str) -> bool:
    """Tell whether the address names something in a store, by its scheme."""
    return address.partition("://")[0].lower() in SCHEMES and "://" in address


def parse(address: str) -> Address:
    """Return the parts of an address of a store.

    Raises `UsageError` where it names no host or bucket, or a port that is no number.
    """
    scheme, _, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    userinfo, _, host = authority.rpartition("@")
    username, colon, password = userinfo.partition(":")
    scheme = scheme.lower()
    port = None
    if scheme == "sftp" and ":" in host.rpartition("]")[2]:
        host, _, number = host.rpartition(":")
        if not number.isdecimal():
            raise UsageError(
                f"{shown(address)}: what follows the last colon is no port; "
                "write a password's own / : and @ as %2F %3A and %40."
            )
        port = int(number)
    if not host and scheme != "memory":
        example = "s3://bucket/folder" if scheme == "s3" else "sftp://user@host/folder"
        raise UsageError(f"{shown(address)} names no host or bucket; write it like {example}.")
    return Address(
        scheme,
        host.strip("[]"),
        slash + path,
        port,
        unquote(username) if userinfo else None,
        unquote(password) if colon else None,
    )


def shown(address: str) -> str:
    """Return the address without name and password where it holds a password, else as it is."""
    return _WITH_PASSWORD.sub(r"\1", address, count=1) if is_stored(address) else address


def joined(address: str, *names: str) -> str:
    """Return the address of what has these names below `address`."""
    return "/".join([address.rstrip("/"), *names])
