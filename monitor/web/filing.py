"""Cameras that were named when the program was started come into its settings file with what is set."""

from pathlib import Path

from fastapi import HTTPException

from monitor.capture.live.redaction import redacted
from monitor.settings.cameras import WatchedCamera
from monitor.settings.load import load_settings
from monitor.web.configfile import Change, Rename
from monitor.web.site import Site


def with_addresses(changes: list[Change | Rename], file: Path, site: Site) -> list[Change | Rename]:
    """Return the changes; before those of a camera that the file lacks its address, without which it is none.

    Raises 409 where the file has another camera of that name, or others could read a password in it.
    """
    named = {one.path[1] for one in changes if one.path[0] == "cameras" and len(one.path) > 2}
    filed = load_settings(file).cameras if file.exists() else {}
    added: list[Change | Rename] = []
    for name in sorted(named & set(site.settings.cameras)):
        camera = site.settings.cameras[name]
        if name not in filed:
            _require_room(camera, file, name)
            added.append(Change(("cameras", name, "address"), camera.address))
            added += [Change(("cameras", name, "kind"), camera.kind) for _ in range(camera.kind != "auto")]
        elif filed[name].address != camera.address:
            raise HTTPException(
                409,
                f"{file.name} has another camera {name!r}, at another address: rename one of the two there.",
            )
    return added + changes


def _require_room(camera: WatchedCamera, file: Path, name: str) -> None:
    is_secret = redacted(camera.address) != camera.address
    if is_secret and file.exists() and file.stat().st_mode & 0o077:
        raise HTTPException(
            409,
            f"The address of {name} holds a password, and others may read {file.name}: chmod 600 it first, "
            "or add the camera to it with password_file or password_env.",
        )
