"""What a file's path says of it: the time of its start, and the camera."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import unquote, urlsplit

from monitor.archive.recorders import PATTERNS, WORDS, NamePattern

_SIGNS = " -_.,()[]{}@#+"
_DATE_FIRST = re.compile(r"(?:19|20)\d\d(?:\D|[01]\d(?:\D|$)|[01]\d[0-3]\d)")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_OFFSET = re.compile(r"([+-])(\d\d?)[:_-]?(\d\d)?$")


@dataclass(frozen=True, slots=True)
class Named:
    """What the path says: the possible starts, two where the clock ran through this hour twice, and a camera.

    `camera` was named by its pattern, `prefix` is what stands before the time, which may be a camera too.
    """

    starts: tuple[datetime, ...]
    camera: str | None = None
    prefix: str | None = None


def read_name(address: str, own: Iterable[str] = (), zone: tzinfo | None = None) -> Named | None:
    """Return what a path or URL says by the patterns of the settings, then by those of common recorders.

    `zone` is that of clocks that name none, None the machine's. None where no pattern gives a real time.
    """
    path = path_of(address)
    for pattern in (*(NamePattern(re.compile(text)) for text in own), *PATTERNS):
        for found in pattern.expression.finditer(path):
            parts = {name: text for name, text in found.groupdict().items() if text is not None}
            if starts := _starts(parts, pattern.zone or zone):
                return Named(starts, parts.get("camera"), parts.get("prefix"))
    return None


def path_of(address: str) -> str:
    """Return the path in an address, with / between folders; of a URL without host and query."""
    return unquote(urlsplit(address).path) if "://" in address else address.replace("\\", "/")


def camera_of(address: str, root: str, named: Named | None) -> str:
    """Return the name of the camera that made a file below `root`, the path that was given to the scan.

    It is the group of a pattern, else what stands before the time in the file's name, behind the folders that
    are no date and no common word; without any of these the name of the root's own folder. Two cameras
    never become one unless their files lie side by side and are named alike.
    """
    path, top = path_of(address), path_of(root).rstrip("/")
    inside = path.removeprefix(top).strip("/").split("/") if path != top else [path.rsplit("/", 1)[-1]]
    folders = [part for part in inside[:-1] if _is_name(part)]
    own = (named.camera if named else None) or _cleaned(named.prefix if named else None)
    if own and own in inside[:-1] and own not in folders:
        folders = [part for part in folders if part != own]
    if own and own.casefold() not in (part.casefold() for part in folders):
        folders.append(own)
    return "/".join(folders) or _folder_of(path, top) or "camera"


def _folder_of(path: str, top: str) -> str:
    """Return the name of the folder that was given or, where a file was, of the one around it."""
    folders = (top.rsplit("/", 1)[0] if path == top and "/" in top else "" if path == top else top).split("/")
    return next((part for part in reversed(folders) if _is_name(part)), "")


def _is_name(part: str) -> bool:
    return bool(_cleaned(part)) and not _DATE_FIRST.match(part)


def _cleaned(text: str | None) -> str | None:
    """Return the text without signs around it; None if empty, a common word, or a number (but no IP)."""
    bare = (text or "").strip(_SIGNS)
    words = [word for word in re.split(r"[ _.\-]+", bare) if word]
    common = all(word.isdigit() or WORDS.fullmatch(word.casefold()) for word in words)
    return None if common and not _IP.match(bare) else bare


def _starts(parts: Mapping[str, str], zone: tzinfo | None) -> tuple[datetime, ...]:
    """Return the moments that the parts may mean; none where there is no such date."""
    try:
        fraction = timedelta(seconds=float(f"0.{parts.get('fraction') or 0}"))
        if "epoch" in parts:
            return (datetime.fromtimestamp(int(parts["epoch"]), UTC) + fraction,)
        year = int(parts["year"])
        naive = datetime(
            year if year > 99 else 2000 + year,
            int(parts["month"]),
            int(parts["day"]),
            _hour(parts),
            int(parts["minute"]),
            int(parts.get("second", 0)),
        )
        if told := parts.get("zone"):
            return (naive.replace(tzinfo=_zone(told)).astimezone(UTC) + fraction,)
        return tuple(moment + fraction for moment in _instants(naive, zone))
    except (ValueError, OverflowError, OSError):
        return ()


def _hour(parts: Mapping[str, str]) -> int:
    hour, half = int(parts["hour"]), parts.get("ampm", "").lower()
    if half and 1 <= hour <= 12:
        return hour % 12 + 12 * (half == "pm")
    return hour


def _zone(text: str) -> tzinfo:
    found = _OFFSET.search(text)
    if found is None:
        return UTC
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return timezone(-offset if found[1] == "-" else offset)


def _instants(wall: datetime, zone: tzinfo | None) -> tuple[datetime, ...]:
    """Return the moment at which a clock of this zone showed this, the two where it did so twice."""
    first, second = (
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if zone
        else wall.replace(fold=fold).astimezone(UTC)
        for fold in (0, 1)
    )
    # In the hour that is left out in spring the second is the earlier: such a clock was not put forward.
    return (first, second) if first < second else (first,)
