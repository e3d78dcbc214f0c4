"""Entries that wait on disk while the journal is away, and the sign that a program is running."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from monitor.outputs.layout import writing

FOLDER_NAME = "journal.spool"
"""Beside the output folder's journal; one file for each running program, named by its run."""


class Spool:
    """The entries that one run of the program could not write yet, a line each, flushed to the disk.

    The file is locked as long as the run lives: whoever can lock it knows that the run has ended.
    """

    def __init__(self, folder: Path, run: str) -> None:
        """Make the file, empty; raises `OutputError`."""
        self.path = folder / f"{run}.jsonl"
        with writing(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            self._file = _locked(self.path)
        self._size_bytes = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return self._size_bytes == 0

    def append(self, lines: list[str]) -> None:
        """Add lines; they are on the disk afterwards, or none is and `OutputError` is raised."""
        content = "".join(f"{line}\n" for line in lines).encode()
        with writing(self.path):
            self._file.truncate(self._size_bytes)  # what was added last may have gone in by half
            self._file.seek(self._size_bytes)
            if self._file.write(content) != len(content):
                raise OSError(f"only a part of {len(content)} bytes went in")
            os.fsync(self._file.fileno())
        self._size_bytes += len(content)

    def lines(self) -> list[str]:
        """Return all that waits, in the order in which it came."""
        self._file.seek(0)
        return _whole_lines(self._file.read(self._size_bytes))

    def clear(self) -> None:
        """Forget what waits: the journal has it. A file whose disk was mounted anew is made anew."""
        self._size_bytes = 0
        with suppress(OSError):  # a disk that takes nothing: once more is harmless to the journal
            if self._is_in_place():
                self._file.truncate(0)
            else:
                self._file.close()
                self._file = _locked(self.path)

    def close(self) -> None:
        """Release the file, and remove it where nothing waits; safe to call twice."""
        if self._file.closed:
            return
        if self.is_empty and self._is_in_place():
            with suppress(OSError):
                self.path.unlink()
        self._file.close()

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(self.path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False


class LeftSpool:
    """What a run that has ended left behind, locked so that one program alone takes it over."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.run = path.stem
        self.path = path
        self._file = file

    def lines(self) -> list[str]:
        """Return what waits; a last line that a crash cut off is left out."""
        self._file.seek(0)
        return _whole_lines(self._file.read())

    def remove(self) -> None:
        """Remove the file: all is in the journal."""
        with suppress(OSError):  # it stays on a disk that takes nothing; once more is harmless to the journal
            self.path.unlink()
        self._file.close()

    def close(self) -> None:
        """Leave the file to the next one; safe to call twice."""
        self._file.close()


def left_spools(folder: Path) -> Iterator[LeftSpool]:
    """Yield, oldest first, what ended runs left; those of running programs are passed over."""
    for path in sorted(folder.glob("*.jsonl"), key=_age_key):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # its owner or another program has just removed it
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        if path.exists():
            yield LeftSpool(path, file)
        file.close()


def running(folder: Path) -> set[str]:
    """Return the runs of programs that are writing into this output folder now."""
    left = set()
    for spool in left_spools(folder):
        left.add(spool.run)
        spool.close()
    return {path.stem for path in folder.glob("*.jsonl")} - left


def _locked(path: Path) -> FileIO:
    while True:
        file = path.open("x+b", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():
            return file
        # Before it was locked, a program that takes over what ended runs left has removed it.
        file.close()


def _age_key(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except FileNotFoundError:
        return 0, path.name


def _whole_lines(content: bytes) -> list[str]:
    *whole, _cut_off = content.decode("utf-8", "replace").split("\n")
    return whole
