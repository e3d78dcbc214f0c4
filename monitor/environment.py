"""The environment of the processes that the program starts of itself."""

import os
from pathlib import Path

import monitor

_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""glibc gives each thread an arena of its own, of which much lies free: 20 MB of 195 in a scan's process with
decoder, reader and analysis, 14 MB in a camera's (mallopt(3)). They ask for little memory while they work, so
that two arenas are no slower."""


def own_environment() -> dict[str, str]:
    """Return this process's environment, in which the package is found from where it was found here."""
    above = str(Path(monitor.__file__).parents[1])
    path = os.pathsep.join(part for part in (above, os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, **_FEW_ARENAS, "PYTHONPATH": path}
