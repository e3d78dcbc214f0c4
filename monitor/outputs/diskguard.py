"""May recordings be written: they stop with one notice when the disk is full or gone, and resume with one."""

import contextlib
import errno
import logging
import os
import shutil
import tempfile
import threading
from pathlib import Path

from monitor.clock import Clock
from monitor.outputs.notice import Notice, NoticeKind, Notify

log = logging.getLogger(__name__)

CHECK_S = 5.0
"""So often is the disk looked at: 5 s of eight cameras at 8 Mbit/s are 40 MB, less than is kept free."""

MIN_FREE_BYTES = 200_000_000
"""Kept free for the journal, the outbox of alerts and the system; a full disk stops these too."""

RESUME_FACTOR = 1.5
"""Recording resumes only with so much more than `min_free_bytes`, or it would stop again at once."""

RESUME_BYTES = 1_000_000
"""A disk that was full must have gained so much: two seconds of a camera."""

PROBE_BYTES = 65_536
"""Before recording resumes so much is written for a trial: several blocks of every usual file system."""


class DiskGuard:
    """Says whether recordings may be written below `folder`, to all that write there; safe from any thread.

    Once something failed or less than `min_free_bytes` are free, `may_write` is false and one notice has
    told why. While it is so the disk is tried every `check_s` seconds; when it takes files again
    `may_write` is true and one notice says so. A folder that vanished is made anew, but not where its disk
    was unmounted: that would fill the disk beneath.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        notify: Notify,
        *,
        min_free_bytes: int = MIN_FREE_BYTES,
        check_s: float = CHECK_S,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._notify = notify
        self._min_free_bytes = min_free_bytes
        self._check_s = check_s
        self._mount = _mount_of(folder)
        self._lock = threading.Lock()
        self._why: str | None = None
        self._needed_bytes = 0
        self._checked_s: float | None = None

    def may_write(self) -> bool:
        """Say whether a recording may be written to now; looks at the disk when that is due."""
        with self._lock:
            now_s = self._clock.monotonic_s()
            if self._checked_s is None or now_s - self._checked_s >= self._check_s:
                self._checked_s = now_s
                self._change(self._fault())
            return self._why is None

    def failed(self, error: OSError) -> None:
        """Stop recording: writing failed with this error; the disk is tried again in `check_s` seconds."""
        with self._lock:
            self._checked_s = self._clock.monotonic_s()
            if error.errno == errno.ENOSPC:
                with contextlib.suppress(OSError):
                    self._needed_bytes = shutil.disk_usage(self._folder).free + RESUME_BYTES
            self._change(error.strerror or str(error))

    def _change(self, why: str | None) -> None:
        before, self._why = self._why, why
        if before is None and why is not None:
            self._tell(
                NoticeKind.RECORDING_STOPPED,
                f"Recording to {self._folder} has stopped: {why}. Detection and alerts go on; recording "
                "resumes by itself once the disk takes files again.",
            )
        elif before is not None and why is None:
            self._tell(NoticeKind.RECORDING_RESUMED, f"Recording to {self._folder} has resumed.")

    def _tell(self, kind: NoticeKind, message: str) -> None:
        log.warning("%s", message)
        self._notify(Notice(kind, message))

    def _fault(self) -> str | None:
        """Return why nothing should be written now, None where all is well."""
        if _mount_of(self._folder) != self._mount:
            return f"the disk at {self._mount} is not mounted"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._why is not None:
                _try_writing(self._folder)
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            return error.strerror or str(error)
        needed = self._min_free_bytes
        if self._why is not None:
            needed = max(round(needed * RESUME_FACTOR), self._needed_bytes)
        if free < needed:
            return f"{free / 1e6:.1f} MB are free, fewer than {needed / 1e6:.1f} MB"
        self._needed_bytes = 0
        return None


def _mount_of(folder: Path) -> Path:
    """Return where the disk is mounted that holds the folder, or would if it existed."""
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.is_mount())


def _try_writing(folder: Path) -> None:
    """Write a file of `PROBE_BYTES` through to the disk, which removes itself."""
    with tempfile.TemporaryFile(dir=folder) as probe:
        probe.write(b"\0" * PROBE_BYTES)
        probe.flush()
        os.fsync(probe.fileno())
