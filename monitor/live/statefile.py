"""How each camera is doing, in a small file for whoever shows it in another process."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.clock import Clock
from monitor.live.status import CameraStatus
from monitor.outputs.records import rfc3339

FOLDER_NAME = ".state"
"""In the output folder, with a folder for each camera."""

FILE_NAME = "status.json"

WRITE_S = 5.0
"""So often the file is written while nothing changes: each second would wear a memory card for nothing."""

STALE_S = 3 * WRITE_S + 15.0
"""Nobody has written for so long: the program has ended without a word, or hangs."""


@dataclass(frozen=True, slots=True)
class KnownStatus:
    """What a camera's watch said at `written`; it has been in its state `since` then.

    `process_id` is that of the program that wrote it.
    """

    status: CameraStatus
    since: datetime
    written: datetime
    process_id: int

    def is_stale(self, now: datetime) -> bool:
        """Whether nothing was heard for too long to believe it."""
        return now - self.written > timedelta(seconds=STALE_S)


def state_folder(folder: Path, camera: str) -> Path:
    """Return where a camera's process keeps what others on this machine may ask of it."""
    return folder / FOLDER_NAME / camera


class StatusFile:
    """The file of one camera; `write` is to be called with every status, from one thread at a time."""

    def __init__(self, folder: Path, camera: str, clock: Clock) -> None:
        self._path = state_folder(folder, camera) / FILE_NAME
        self._clock = clock
        self._since = clock.wall()
        self._last: tuple[object, ...] | None = None
        self._written_s = float("-inf")

    def write(self, status: CameraStatus) -> None:
        """Write the status where it says something new or is due; a disk that takes nothing is let be."""
        essence = (status.state, status.why, status.width_px, status.open_events, status.recording)
        now_s = self._clock.monotonic_s()
        if essence == self._last and now_s - self._written_s < WRITE_S:
            return
        now = self._clock.wall()
        if self._last is None:
            self._since = self._state_began(status, now)
        elif self._last[0] != status.state:
            self._since = now
        self._last, self._written_s = essence, now_s
        known = {
            "written": rfc3339(now),
            "since": rfc3339(self._since),
            "process_id": os.getpid(),
            "status": status.to_json(),
        }
        with suppress(OSError):
            self._replace(json.dumps(known))

    def _state_began(self, status: CameraStatus, now: datetime) -> datetime:
        """Return since when it is in this state: settings that are read anew do not begin it anew."""
        with suppress(OSError, ValueError, TypeError, KeyError):
            before = _read(self._path)
            if before.status.state is status.state and not before.is_stale(now):
                return before.since
        return now

    def _replace(self, text: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_name(f".{FILE_NAME}.part")
        part.write_text(text, encoding="utf-8")
        part.replace(self._path)


def known_statuses(folder: Path) -> Iterator[KnownStatus]:
    """Yield what is on file of each camera of an output folder, by name; what cannot be read is left out."""
    for path in sorted((folder / FOLDER_NAME).glob(f"*/{FILE_NAME}")):
        with suppress(OSError, ValueError, TypeError, KeyError):
            yield _read(path)


def _read(path: Path) -> KnownStatus:
    known = json.loads(path.read_text(encoding="utf-8"))
    return KnownStatus(
        status=CameraStatus.from_json(known["status"]),
        since=datetime.fromisoformat(known["since"]),
        written=datetime.fromisoformat(known["written"]),
        process_id=int(known["process_id"]),
    )
