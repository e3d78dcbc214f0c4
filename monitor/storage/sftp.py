"""Files on a host that speaks SFTP; paramiko speaks it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from monitor.storage.address import Address
from monitor.storage.ranges import Fetch

SSH_FOLDER = Path("~/.ssh")
"""Where the hosts that the user trusts are known, as for ssh itself."""


class KnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]  # paramiko has no types
    """Trusts the hosts of ~/.ssh/known_hosts and no others, so that nobody can stand in between."""

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
        """Raise unless the host is known with this key."""
        known = paramiko.HostKeys()
        file = SSH_FOLDER.expanduser() / "known_hosts"
        if file.exists():
            known.load(str(file))
        if not known.check(hostname, key):
            raise paramiko.SSHException(
                f"the key of the host is not in {file}; connect to it once with ssh and confirm the key"
            )


_connections: dict[tuple[int, Address], SFTPFileSystem] = {}
"""By process, because a child must not speak on the line of its parent."""


def connection(place: Address, limit_s: float) -> SFTPFileSystem:
    """Return the connection to a host, one for each process; keys come from the agent and from ~/.ssh.

    A connection that was lost is made anew.
    """
    key = os.getpid(), Address(place.scheme, place.host, "", place.port, place.username, place.password)
    files = _connections.get(key)
    transport = files and files.client.get_transport()
    if files is None or transport is None or not transport.is_active():
        files = _connections[key] = _connect(place, limit_s)
    return files


def _connect(place: Address, limit_s: float) -> SFTPFileSystem:
    given = {"port": place.port, "username": place.username, "password": place.password}
    return SFTPFileSystem(
        place.host,
        skip_instance_cache=True,
        host_key_policy=KnownHosts(),
        timeout=limit_s,
        banner_timeout=limit_s,
        auth_timeout=limit_s,
        **{name: value for name, value in given.items() if value is not None},
    )


def ranges_of(files: SFTPFileSystem, path: str) -> tuple[Fetch, Callable[[], None]]:
    """Return what fetches ranges of a file, on a channel of its own, and what lets go of it."""
    channel = files.client.open_sftp()
    file = channel.open(path, "rb")

    def fetch(start: int, end: int) -> bytes:
        # Asks for all parts of the range before the first answer: a round trip each would cost far more.
        return b"".join(file.readv([(start, end - start)]))

    return fetch, channel.close
