"""What the commands over a journal share: which journal, which times, how a time is shown."""

import re
import socket
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.outputs.journal.address import Place
    from monitor.outputs.journal.journal import Journal
    from monitor.settings import Settings
    from monitor.settings.journal import Journal as JournalSettings

Address = Annotated[
    str | None,
    typer.Option("--journal", metavar="URL|PATH", help="The journal; without it that of the settings."),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="WHEN", help="From then on: 2026-11-21, '2026-11-21 03:05', today, 3h, 7d (ago)."
    ),
]
Until = Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Before then.")]
Sources = Annotated[
    list[str] | None, typer.Option("--source", "-s", metavar="NAME", help="This camera; may be repeated.")
]
Utc = Annotated[bool, typer.Option("--utc", help="Show and read times in UTC, not in local time.")]

_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def section_of(settings: "Settings") -> "JournalSettings":
    """Return what the settings say of the journal."""
    from monitor.settings.journal import Journal as JournalSettings

    section: JournalSettings = getattr(settings, "journal", JournalSettings())
    return section


def journal_of(settings: "Settings", address: str | None) -> "Place":
    """Return where the journal is: as the call says, else as the settings do."""
    from monitor.outputs.journal.address import journal_url

    return journal_url(address or section_of(settings).url, settings.outputs.folder)


def open_journal(config: Path | None, address: str | None) -> "Journal":
    """Open the journal that is meant; raises `UsageError` where there is none."""
    from monitor.outputs.journal.journal import Journal
    from monitor.settings import load_settings

    return Journal.open(journal_of(load_settings(config), address), create=False)


def node_of(settings: "Settings") -> str:
    """Return the name of this machine in the journal."""
    return section_of(settings).node or socket.gethostname()


def zone_of(utc: bool) -> tzinfo | None:
    """Return the zone in which times are read and shown; None is the machine's own."""
    return UTC if utc else None


def moment_of(text: str | None, option: str, utc: bool) -> datetime | None:
    """Return the moment that an option names: a date, a date with a time, or a span before now."""
    if text is None:
        return None
    zone = zone_of(utc)
    now = datetime.now(UTC).astimezone(zone)
    if ago := _AGO.match(text.strip()):
        return now - timedelta(seconds=float(ago[1]) * _SECONDS[ago[2]])
    days = {"now": now, "today": _midnight(now.date(), zone)}
    days["yesterday"] = _midnight(now.date() - timedelta(days=1), zone)
    if text.strip() in days:
        return days[text.strip()]
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(
            f"{option} {text!r}: is not a time; give 2026-11-21, '2026-11-21 03:05', today, yesterday, or a "
            "span before now as 30m, 3h or 7d."
        ) from None
    return moment if moment.tzinfo else _placed(moment, zone)


def _midnight(day: date, zone: tzinfo | None) -> datetime:
    return _placed(datetime.combine(day, time()), zone)


def _placed(moment: datetime, zone: tzinfo | None) -> datetime:
    return moment.replace(tzinfo=zone) if zone else moment.astimezone()


def shown_moment(moment: datetime, utc: bool, *, with_zone: bool = False) -> str:
    """Return a moment as 2026-11-21 03:05:12, with the zone's name where asked."""
    there = moment.astimezone(zone_of(utc))
    return f"{there:%Y-%m-%d %H:%M:%S}" + (f" {there.tzname()}" if with_zone else "")


def zone_name(utc: bool) -> str:
    """Return the name of the zone in which times are shown."""
    return datetime.now(UTC).astimezone(zone_of(utc)).tzname() or "local time"
