"""From what a call names to cameras: those of the settings, addresses, and recordings for trying."""

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from monitor.errors import UsageError
from monitor.settings.cameras import WatchedCamera
from monitor.settings.model import Settings

_UNFIT = re.compile(r"[^\w-]+")


def with_sources(settings: Settings, sources: Sequence[str]) -> Settings:
    """Return the settings with these cameras alone; without any, with those that they have.

    A source is the name or the address of a camera in the settings, another address, or the path of a
    recording. Raises `UsageError` for what is none of these.
    """
    if not sources:
        return settings
    cameras: dict[str, WatchedCamera] = {}
    by_address = {camera.address: name for name, camera in reversed(settings.cameras.items())}
    for source in sources:
        known = source if source in settings.cameras else by_address.get(source)
        name = known or _free(_name_of(source), cameras)
        cameras[name] = settings.cameras[known] if known else _camera(source)
    return settings.model_copy(update={"cameras": cameras})


def _camera(source: str) -> WatchedCamera:
    kind = "file" if Path(source).is_file() else "auto"
    try:
        return WatchedCamera.model_validate({"address": source, "kind": kind})
    except ValidationError:
        raise UsageError(
            f"{_shown(source)} is no camera: neither a name in the settings, rtsp://, http://, "
            "/dev/videoN, a number, picamera, what an installed package reads, nor a recording that exists."
        ) from None


def _name_of(source: str) -> str:
    """Return a name fit for a folder: the file's, the host's, or the device's."""
    if "://" in source:
        name = urlsplit(source).hostname or "camera"
    elif source.isdecimal():
        name = f"video{source}"
    else:
        name = Path(source).stem
    return _UNFIT.sub("-", name).strip("-")[:30] or "camera"


def _free(name: str, taken: dict[str, WatchedCamera]) -> str:
    number = 1
    while (free := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return free


def _shown(source: str) -> str:
    return source.partition("://")[0] + "://…" if "://" in source else source
