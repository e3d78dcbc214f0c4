"""What the service's user must be able to reach, and what to do where it cannot."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from monitor.service import NAME
from monitor.service.installing import Account
from monitor.service.places import Places, barrier
from monitor.service.unit import Unit
from monitor.settings import Settings
from monitor.settings.declare import Section


def programs() -> tuple[Path, ...]:
    """Return what must be readable for the program to run: the interpreter, its library, the package."""
    return (Path(sys.executable), Path(os.__file__), Path(__file__))


def problems_of(places: Places, file: Path, settings: Settings, unit: Unit, who: Account) -> list[str]:
    """Return a sentence for each thing that the service's user could not reach."""

    def closed(path: Path, right: Literal["read", "write"] = "read") -> Path | None:
        return barrier(path, who.uid, who.gids, right) if path.exists() else None

    other = "or name a user who can: --as USER"
    said = [
        f"{who.name} cannot reach {path}: {part} is closed. Install the program where all may read it "
        f"(python3 -m venv /opt/{NAME}), {other}"
        for path in programs()
        if (part := closed(path))
    ][:1]
    if part := closed(file):
        said.append(
            f"{who.name} cannot read {file}: {part} is closed. Move it to {places.config}, with mode "
            f"0644, {other}"
        )
    for secret in _files(settings):
        if part := closed(places.state / secret):
            said.append(
                f"{who.name} cannot read {secret}: {part} is closed. Give it to the user (sudo chown "
                f"{who.name} FILE), or keep the secret in {places.environment} and name it by …_env."
            )
    for folder in unit.writable:
        if part := closed(folder, "write"):
            said.append(
                f"{who.name} cannot write to {folder}: {part} is closed. Give it to the user (sudo "
                f"chown -R {who.name} FOLDER), {other}"
            )
    for path in (file, *unit.writable, *programs()):
        if path.is_relative_to("/tmp") or path.is_relative_to("/var/tmp"):
            said.append(f"The service does not see {path}: it has a /tmp of its own. Move it elsewhere.")
    return said


def _files(section: Section) -> Iterator[Path]:
    """Yield every file of secrets or certificates that the settings name."""
    for name, value in section:
        if isinstance(value, Path) and name.endswith("_file"):
            yield value
        parts = value.values() if isinstance(value, Mapping) else [value]
        for part in parts:
            if isinstance(part, Section):
                yield from _files(part)
