"""What is written into the journal, as values that can wait in a file until the journal takes them."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event as it is now. `record` is its JSON without files, `files` names those that are whole by role.

    `at_us` is where it is sorted, `seen_us` until when an open one is known to have gone on.
    """

    id: str
    node: str
    run: str
    source: str
    kind: str
    at_us: int
    start_us: int | None
    end_us: int | None
    seen_us: int | None
    is_open: bool
    record: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NearMissEntry:
    """A candidate that was suppressed."""

    id: str
    node: str
    source: str
    kind: str
    at_us: int
    start_us: int | None
    end_us: int | None
    record: str


@dataclass(frozen=True, slots=True)
class GapEntry:
    """A span without a picture; `end_us` is None while the signal is gone."""

    id: str
    node: str
    source: str
    start_us: int
    end_us: int | None
    why: str


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """A span in which a source was in one state, as long as is known by now."""

    id: str
    node: str
    source: str
    state: str
    why: str | None
    start_us: int
    end_us: int


Entry = EventEntry | NearMissEntry | GapEntry | CoverageEntry

_KINDS: Final[dict[str, type[Entry]]] = {
    "event": EventEntry,
    "near_miss": NearMissEntry,
    "gap": GapEntry,
    "coverage": CoverageEntry,
}
_NAMES: Final = {kind: name for name, kind in _KINDS.items()}


def to_line(entry: Entry) -> str:
    """Return the entry as one line of JSON, without the line's end."""
    return json.dumps({"entry": _NAMES[type(entry)], **asdict(entry)})


def from_line(line: str) -> Entry:
    """Return the entry of a line; ValueError where it is none."""
    try:
        values = json.loads(line)
        return _KINDS[values.pop("entry")](**values)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not an entry of a journal: {error}") from None


def clean(text: str) -> str:
    """Return text that every database takes: without NUL and without half characters of file names."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def without_files(record: Mapping[str, Any]) -> str:
    """Return an event's record as the journal keeps it: its files are rows of their own."""
    kept = {key: value for key, value in record.items() if key != "files"}
    return clean(json.dumps(kept, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
