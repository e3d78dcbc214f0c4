"""When a recording began, and how that is known."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.archive.names import Named, camera_of, read_name
from monitor.capture.opening import Input
from monitor.capture.source import SourceInfo
from monitor.settings.archive import Archive, Origin
from monitor.storage.address import is_stored
from monitor.storage.store import Store

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing recorded digitally is older: a clock that shows less (1904, 1970, 1980) was never set."""

_RESET_DAYS = {(1999, 12, 31), (2000, 1, 1)}
"""Where the clock of a recorder begins that lost its power, in UTC or in a zone east or west of it."""

_AHEAD = timedelta(days=1)
"""A recording from more than a day after now comes from a clock that was set wrong; less may be its zone."""

_AGREE = timedelta(minutes=2)
"""What metadata and name may differ: some recorders read the clock anew after they named the file."""

_TWICE = timedelta(minutes=30)
"""Half of the hour between the two moments at which a clock that was put back showed the same."""


@dataclass(frozen=True, slots=True)
class Start:
    """When the first picture was taken, and where that is known from; both None where it is unknown.

    `doubt` is a sentence where another origin says something else.
    """

    time: datetime | None = None
    origin: Origin | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a file's time: what each origin says, None where it says nothing.

    `written` is the time of the last write; pictures in a row have one for the first of them, and a
    `duration_s` of 0.
    """

    metadata: datetime | None = None
    named: Named | None = None
    written: datetime | None = None
    duration_s: float | None = None


def start_of(item: Input, info: SourceInfo | None, settings: Archive) -> Start:
    """Return when an input began; reads the time of its last write where it is a file here or in a store.

    Without `info` it could not be opened, and has no length: that moment is all that it has besides its name.
    """
    length_s = info.duration_s if info and not item.images else 0.0
    path = str(item.images[0]) if item.images else item.address
    return chosen(
        Known(
            metadata=info.start_time if info else None,
            named=read_name(path, settings.name_patterns, zone_of(settings)),
            written=_last_write(path),
            duration_s=length_s,
        ),
        settings.start_from,
        datetime.now(UTC),
    )


def camera_name(item: Input, roots: Iterable[str], settings: Archive) -> str:
    """Return the camera of an input; `roots` are the paths that were given to the scan."""
    path = _whole(str(item.images[0]) if item.images else item.address)
    around = [root for root in map(_whole, roots) if path == root or path.startswith(f"{root.rstrip('/')}/")]
    root = max(around, key=len, default=path)
    return camera_of(path, root, read_name(path, settings.name_patterns, zone_of(settings)))


def _whole(path: str) -> str:
    """Return a path with all of its folders, a URL as it is."""
    return path if "://" in path else os.path.abspath(path)  # noqa: PTH100  (resolve() follows links)


def zone_of(settings: Archive) -> tzinfo | None:
    """Return the zone of names and report; None is the machine's own."""
    return ZoneInfo(settings.timezone) if settings.timezone else None


def chosen(known: Known, order: Iterable[Origin], now: datetime) -> Start:
    """Return the first plausible start in this order of origins."""
    said = {origin: moment for origin in order if (moment := _said(origin, known)) and is_set(moment, now)}
    if not said:
        return Start()
    origin, time = next(iter(said.items()))
    return replace(Start(time, origin), doubt=_doubt(said, known.duration_s))


def is_set(moment: datetime, now: datetime) -> bool:
    """Return whether a clock that shows this was set: neither where clocks begin nor in the future."""
    utc = moment.astimezone(UTC)
    return _EARLIEST <= utc <= now + _AHEAD and (utc.year, utc.month, utc.day) not in _RESET_DAYS


def _said(origin: Origin, known: Known) -> datetime | None:
    if origin == "metadata":
        return known.metadata
    ended = known.written
    length = None if known.duration_s is None else timedelta(seconds=known.duration_s)
    if origin == "mtime":
        # Written until its end: without a length the start is unknown.
        return ended - length if ended is not None and length is not None else None
    return _of_name(known.named, ended, length)


def _of_name(named: Named | None, written: datetime | None, length: timedelta | None) -> datetime | None:
    """Return what the name says; of an hour that came twice the one in which the file was written."""
    if named is None:
        return None
    if len(named.starts) > 1 and written is not None:
        began = written - (length or timedelta())
        nearest = min(named.starts, key=lambda start: abs(start - began))
        if abs(nearest - began) < _TWICE:
            return nearest
    return named.starts[0]


def _doubt(said: dict[Origin, datetime], duration_s: float | None) -> str | None:
    """Return a sentence where metadata and name do not mean the same recording."""
    if "metadata" not in said or "name" not in said:
        return None
    apart = abs(said["metadata"] - said["name"])
    if apart <= _AGREE + timedelta(seconds=duration_s or 0.0):
        return None
    return (
        f"its metadata say that it began at {said['metadata']:%Y-%m-%d %H:%M:%S} UTC, its name "
        f"{said['name']:%Y-%m-%d %H:%M:%S} UTC; archive.start_from and archive.timezone say which is meant"
    )


def _last_write(path: str) -> datetime | None:
    try:
        if is_stored(path):
            return Store(path).modified(path)
        return datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None
