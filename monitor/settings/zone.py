"""Names of time zones."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def known_zone(name: str | None) -> str | None:
    """Return the name as it is; raises `ValueError` where no time zone is called so."""
    if name is not None:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"no time zone is called {name!r}; write one as Europe/Vienna or UTC") from None
    return name
