"""What is known of each recording that was scanned into a folder: `manifest.jsonl`, one line for each.

Lines are only ever added, and the last one of an `id` holds. What could not be read at an address is
forgotten when another line tells of that address, and so is a recording that was scanned while it was still
being written, when more of it is scanned. A line is written, down to the disk, when all
that it tells of is there; a last line without its end, as a power cut leaves it, is no line. So a scan may
be killed at any moment, and the next one goes on from what is true.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from errno import ENOSPC
from io import FileIO
from pathlib import Path
from typing import Any, Final, Self

from monitor.frames import Size
from monitor.outputs.layout import writing

NAME = "manifest.jsonl"

SCHEMA: Final = 1
"""Version of the lines; grows when a key changes its meaning."""


_SAME_START_S = 2.0
"""What two starts of one recording may differ, where the time of its last write tells: recorders write every
second or so. That time is read when the scan is over, which comes on top of it."""


class State(StrEnum):
    """How the scan of a recording ended.

    `done`: to its end. `failed`: it cannot be read (any further), which will not change by itself.
    `stopped`: by the user, or because an output could not be written; the next scan does it again.
    """

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Triage:
    """How much of a recording was decoded, and why that was enough; `spans` in seconds, None is all."""

    mode: str
    reason: str
    decoded_share: float
    spans: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one recording; unknown is None.

    `id` is the identity of its content, None where it has none: it is missing, empty, or may not be read.
    It is then known by its address. `folder` is
    where its results are, relative to the output folder, None where it has none. `start_time` is RFC 3339
    in UTC, `start_time_from` says where that is known from: "metadata", "name" or "mtime". `events` counts
    them by kind. `problems` are sentences about what was mended or skipped. `settings` is the fingerprint of
    the settings, `outputs` names the optional ones that were written besides the records, `scores` and
    `masks` are the paths that --scores and --masks asked for. `error` is a sentence.
    """

    id: str | None
    address: str
    name: str
    state: State
    settings: str
    folder: str | None = None
    camera: str | None = None
    start_time: str | None = None
    start_time_from: str | None = None
    duration_s: float | None = None
    scanned_s: float = 0.0
    frames: int = 0
    rate_hz: float | None = None
    size: Size | None = None
    codec: str | None = None
    events: Mapping[str, int] = field(default_factory=dict)
    near_misses: int = 0
    problems: tuple[str, ...] = ()
    error: str | None = None
    took_s: float = 0.0
    triage: Triage | None = None
    outputs: tuple[str, ...] = ()
    scores: str | None = None
    masks: str | None = None

    @property
    def key(self) -> str:
        """What the entry is known by, fit for a file's name: its identity, else a hash of its address."""
        return self.id or f"at-{hashlib.blake2b(os.fsencode(self.address), digest_size=16).hexdigest()}"

    def to_line(self) -> str:
        """Return the entry as one line of JSON, without its end."""
        line = json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, allow_nan=False)
        # Bytes of a path that are no text become \udcxx, which is how JSON writes them too.
        return line.encode(errors="backslashreplace").decode()

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Return the entry of a line; raises `ValueError` or `TypeError` for what is none."""
        values: dict[str, Any] = json.loads(line)
        if values.pop("schema") != SCHEMA:
            raise ValueError("an entry of another version")
        values["state"] = State(values["state"])
        values["size"] = values["size"] and Size(*values["size"])
        if (triage := values["triage"]) is not None:
            spans = triage["spans"] and tuple((start, end) for start, end in triage["spans"])
            values["triage"] = Triage(**{**triage, "spans": spans})
        return cls(**{**values, "problems": tuple(values["problems"]), "outputs": tuple(values["outputs"])})


def read(out: Path) -> list[Entry]:
    """Return what is known of each recording scanned into `out`, in the order in which they were first done.

    Without a manifest there is none. Lines that cannot be understood are left out: their recordings are
    scanned again.
    """
    return list(_known(out / NAME).entries.values())


class _Known:
    """Entries by their keys, in the order in which they came first."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._last_at: dict[str, str] = {}

    def take(self, entry: Entry) -> Entry | None:
        """Take an entry for the last word, and return the one of another key that is forgotten for it."""
        before = self.entries.get(self._last_at.get(entry.address, entry.key))
        self._last_at[entry.address] = entry.key
        self.entries[entry.key] = entry
        if before is None or before.key == entry.key or before.address != entry.address:
            return None
        if before.state is State.FAILED or _is_start_of(before, entry):
            return self.entries.pop(before.key)
        return None


def _is_start_of(before: Entry, entry: Entry) -> bool:
    """Whether what was at an address is the beginning of the longer recording that is there now."""
    if before.start_time is None or entry.start_time is None or before.scanned_s >= entry.scanned_s:
        return False
    apart = datetime.fromisoformat(entry.start_time) - datetime.fromisoformat(before.start_time)
    return abs(apart.total_seconds()) <= _SAME_START_S + before.took_s


def _known(path: Path) -> _Known:
    known = _Known()
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except (FileNotFoundError, NotADirectoryError):
        return known
    for line in lines:
        try:
            known.take(Entry.from_line(line.decode()))
        except (ValueError, TypeError, KeyError):
            continue
    return known


class Manifest:
    """The manifest of an output folder, to be added to; a context manager.

    To be held by one process at a time: see `lock`. The file is made with the first entry.
    """

    def __init__(self, out: Path) -> None:
        self._path = out / NAME
        self._known = _known(self._path)
        self._file: FileIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: object) -> None:
        if self._file is not None:
            self._file.close()

    def entries(self) -> list[Entry]:
        """Return what is known of each recording, as `read` does."""
        return list(self._known.entries.values())

    def get(self, key: str | None) -> Entry | None:
        """Return what is known of a recording by its identity, or by the key of an entry."""
        return None if key is None else self._known.entries.get(key)

    def add(self, entry: Entry) -> Entry | None:
        """Remember an entry, also if the power fails right after; return the one that is forgotten for it.

        Raises `OutputError`.
        """
        if self.get(entry.key) == entry:
            return None
        with writing(self._path):
            file = self._file = self._file or _opened(self._path)
            _append(file, entry.to_line())
        return self._known.take(entry)


def _opened(path: Path) -> FileIO:
    """Open for appending; what a kill has left of a last line becomes a line of its own, which is none."""
    file = FileIO(path, "a+")
    if size := file.seek(0, os.SEEK_END):
        file.seek(size - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")
    return file


def _append(file: FileIO, text: str) -> None:
    line = f"{text}\n".encode()
    before = file.seek(0, os.SEEK_END)
    try:
        written = file.write(line)
        if written != len(line):
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        os.fsync(file.fileno())
    except OSError:
        file.truncate(before)  # a full disk may take a part of a line
        raise
