"""Where the parts of the service are, and who can reach them."""

import os
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from monitor.service import NAME

_HOMES = ("/home", "/root", "/run/user")
"""What systemd's ProtectHome hides."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of a service, of the system's or of one user's."""

    unit: Path
    config: Path
    environment: Path
    state: Path


def system_places(root: Path = Path("/")) -> Places:
    """Return the places of the system's service; `root` is another one in tests."""
    etc = root / "etc"
    return Places(
        unit=etc / "systemd/system" / f"{NAME}.service",
        config=etc / NAME / "monitor.yaml",
        environment=etc / NAME / "environment",
        state=root / "var/lib" / NAME,
    )


def user_places(home: Path, environ: Mapping[str, str] = os.environ) -> Places:
    """Return the places of one user's service, by the XDG base directory specification."""
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    return Places(
        unit=config / "systemd/user" / f"{NAME}.service",
        config=config / NAME / "monitor.yaml",
        environment=config / NAME / "environment",
        state=data / NAME,
    )


def is_in_a_home(path: Path) -> bool:
    """Return whether a path, or what it links to, is in a home folder."""
    return any(one.is_relative_to(home) for one in (path, path.resolve()) for home in _HOMES)


def barrier(
    path: Path, uid: int | None, gids: Collection[int], right: Literal["read", "write"] = "read"
) -> Path | None:
    """Return the first part of a path that such a user may not pass, read or write; None if all is open.

    The path must exist. A user that is not made yet has no `uid`, and the rights of others.
    """
    if uid == 0:
        return None
    last = stat.S_IROTH if right == "read" else stat.S_IWOTH
    for way in (path.absolute(), path.resolve()):
        for step in (*reversed(way.parents), way):
            wanted = last if step == way else stat.S_IXOTH
            status = step.stat()
            if status.st_uid == uid:
                wanted <<= 6
            elif status.st_gid in gids:
                wanted <<= 3
            if not status.st_mode & wanted:
                return step
    return None
