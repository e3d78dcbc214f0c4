"""A file that is forced to the disk, and that takes nothing more once writing it has failed."""

import contextlib
import fcntl
import os
from pathlib import Path

from monitor.outputs.layout import unfinished


class DurableFile:
    """A new file to be written, as FFmpeg's muxers want it: `write`, `seek`, `tell`; locked while it is open.

    After the first failure each `write` raises the same error without touching the file. FFmpeg would go on:
    on a full disk it could not write an index, and would then turn the head of the file into one that needs
    it. Raises `OSError`; `FileExistsError` where `path` exists.
    """

    def __init__(self, path: Path) -> None:
        # Unbuffered: what is written is known by the system, and outlives the program.
        self._raw = path.open("xb", buffering=0)
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(self._raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._is_new = False
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write all of `data`; return its length."""
        if self.error is not None:
            raise self.error
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._raw.write(rest) :]
        except OSError as error:
            self.error = error
            raise
        self._is_new = True
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place in the file; return it."""
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self._raw.tell()

    def sync(self) -> bool:
        """Return once all that was written would survive a power cut, and whether there was anything new."""
        if not self._is_new:
            return False
        self._is_new = False
        try:
            os.fsync(self._raw.fileno())
        except OSError as error:
            self.error = error
            raise
        return True

    def close(self) -> None:
        """Let the file go; safe to call twice."""
        self._raw.close()


def is_being_written(path: Path) -> bool:
    """Say whether a `DurableFile`, of this program or of another, has the file open."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False  # no locks there; then nobody can tell
    return False


def replace_whole(path: Path, content: bytes) -> None:
    """Put a file of this content at `path`, in place of what is there: the one or the other after a crash.

    Raises `OSError`, and leaves what was there.
    """
    part = unfinished(path)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Return once the names in the folder would survive a power cut; file systems without that are let be."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
