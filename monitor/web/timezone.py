"""The name of this machine's time zone, as browsers know it."""

import os
from pathlib import Path
from zoneinfo import available_timezones

_LINK = Path("/etc/localtime")


def own_timezone(link: Path = _LINK) -> str | None:
    """Return a name as Europe/Vienna, None where the machine tells none."""
    if (named := os.environ.get("TZ", "").lstrip(":")) and _is_known(named):
        return named
    _, _, name = str(link.resolve()).partition("zoneinfo/")
    return name if name and _is_known(name) else None


def _is_known(name: str) -> bool:
    return name == "UTC" or name in available_timezones()
