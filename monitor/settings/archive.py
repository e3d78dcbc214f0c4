"""How a scan reads an archive: when each file began, and which camera made it."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from monitor.settings.declare import Section, key
from monitor.settings.zone import known_zone

PARTS = frozenset(
    {"year", "month", "day", "hour", "minute", "second", "fraction", "ampm", "zone", "epoch", "camera"}
)
"""Names of the groups that a pattern may have."""

_NEEDED = ("year", "month", "day", "hour", "minute")

_PATTERN = (
    "a list of regular expressions with the groups year, month, day, hour and minute (or epoch), and "
    "perhaps second, fraction, ampm, zone and camera"
)


def _fit(text: str) -> str:
    """Raise `ValueError` with what is wrong with a pattern."""
    try:
        found = set(re.compile(text).groupindex)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    if unknown := sorted(found - PARTS):
        raise ValueError(f"{text!r} has a group {unknown[0]}; there are {', '.join(sorted(PARTS))}")
    missing = [part for part in _NEEDED if part not in found]
    if missing and "epoch" not in found:
        raise ValueError(f"{text!r} has no group {missing[0]}; write (?P<{missing[0]}>…)")
    return text


Pattern = Annotated[str, Field(max_length=1000), AfterValidator(_fit)]
Origin = Literal["metadata", "name", "mtime"]


def _word(value: object) -> object:
    """Return what was meant by on and off, which YAML reads as true and false."""
    return {True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value


class Archive(Section):
    """Recorded files: how much is decoded, when each began, which camera made it, when one is given up."""

    triage: Annotated[Literal["auto", "on", "off"], BeforeValidator(_word)] = key(
        "off",
        "Whether only those parts of a video are decoded in which its packets and key frames show something. "
        "auto: where they are known to tell, else all is decoded; on: in any case, at the risk of losing "
        "events; off: all is decoded. An annotated video, masks or scores need every frame. auto is not the "
        "default: what is not decoded has no near misses, and no real recording to try it on was both long "
        "and telling.",
    )

    start_from: tuple[Origin, ...] = key(
        ("metadata", "name", "mtime"),
        "Where the time of a recording's start comes from, the first that has one: the container's metadata, "
        "the file's name, or the time of its last write less its length. Put name first where a recorder's "
        "metadata are wrong.",
        allowed='a list of "metadata", "name" and "mtime"',
    )
    name_patterns: tuple[Pattern, ...] = key(
        (),
        "How your recorder names its files, tried before the patterns of common recorders; searched for in "
        "the whole path, with / between folders.",
        allowed=_PATTERN,
        examples=[
            (
                r"(?P<camera>[^/]+)/(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)/"
                r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)\.mkv$",
            )
        ],
    )
    timezone: Annotated[str | None, AfterValidator(known_zone)] = key(
        None,
        "Time zone of the clocks that the files are named by, and of the report; null: the machine's.",
        allowed="a name such as Europe/Vienna or UTC, or null",
    )
    hang_s: float = key(
        120.0,
        "A recording that gives no picture for so long is given up, and the others go on: it hangs its "
        "decoder. Lower: a disk that has to spin up, or a slow machine at 4K, may be taken for that.",
        unit="seconds",
        ge=10.0,
        le=86_400.0,
    )
    memory_mb: int = key(
        4096,
        "Most memory that a process may take for one recording: one that takes more is ended, its recording "
        "has failed, and the others go on. Workers that were started elsewhere have their own limit. "
        "Lower: the machine stays usable whatever a damaged file makes of it; 4K takes about 1,000.",
        unit="MB",
        ge=300,
        le=1_000_000,
    )
