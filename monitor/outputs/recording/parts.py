"""What is recorded under one name: one file, or several where the format changed or the disk failed."""

import logging
from collections.abc import Sequence
from pathlib import Path

from av import FFmpegError

from monitor.capture.coded import CodedFormat, CodedPicture
from monitor.errors import OutputError
from monitor.outputs.copying import suffix_of
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.layout import unfinished, writing
from monitor.outputs.recording.codedfile import FRAGMENT_S, CodedFile
from monitor.outputs.recording.durable import sync_folder
from monitor.outputs.recording.headers import can_begin
from monitor.outputs.recording.leftovers import settle
from monitor.outputs.recording.names import free_name

log = logging.getLogger(__name__)


class Parts:
    """Writes coded pictures under the name of `path`, whose suffix follows the codec.

    While a file grows it has a hidden name. It gets its own once it is whole, `name.incomplete.mp4` where
    pictures are missing in it or before it. Where the format changes or the disk comes back, the recording
    goes on in another file, `name-2.mp4`, from the next key picture. Nothing raises: a fault of the disk is
    told to the guard, and nothing is written while that says no. For one thread at a time.
    """

    def __init__(self, path: Path, guard: DiskGuard, *, fragment_s: float = FRAGMENT_S) -> None:
        self._path = path
        self._guard = guard
        self._fragment_s = fragment_s
        self._file: CodedFile | None = None
        self._target = path
        self._has_hole = False
        self._waits_for_key = True
        self._refused: CodedFormat | None = None
        self._written: list[Path] = []

    def write(self, pictures: Sequence[CodedPicture]) -> None:
        """Add the pictures, and force to the disk what has become whole."""
        try:
            for picture in pictures:
                self._write(picture)
            if self._file is not None:
                self._file.sync()
        except OutputError as error:
            self._fail(error)

    def lost(self) -> None:
        """Note that pictures are missing here; it goes on with the next key picture."""
        self._has_hole = self._waits_for_key = True

    def complete(self) -> tuple[Path, ...]:
        """Finish; return the files that there are, in order."""
        self._finish()
        return tuple(self._written)

    def _write(self, picture: CodedPicture) -> None:
        if not self._guard.may_write():
            self._interrupt()
            return
        if self._file is not None and picture.format != self._file.format:
            self._finish()
        if self._waits_for_key:
            if picture.format == self._refused or not can_begin(picture):
                return
            self._waits_for_key = False
        if self._file is None:
            self._file = self._begun(picture)
        self._file.write(picture)

    def _begun(self, first: CodedPicture) -> CodedFile:
        with writing(self._path):
            self._target = free_name(self._path.with_suffix(suffix_of(first.format.codec)))
        try:
            return CodedFile(unfinished(self._target), first, self._fragment_s)
        except OutputError as error:
            if isinstance(error.__cause__, ValueError):
                self._refused = first.format
            raise

    def _fail(self, error: OutputError) -> None:
        self._blame(error)
        self._interrupt()

    def _blame(self, error: OutputError) -> None:
        cause = error.__cause__
        if isinstance(cause, OSError) and not isinstance(cause, FFmpegError):
            self._guard.failed(cause)
        else:
            log.warning("%s", error)

    def _interrupt(self) -> None:
        """Leave the file as far as it plays; what comes after goes into another, which lacks its start."""
        self._has_hole = True
        self._finish()
        self._has_hole = True

    def _finish(self) -> None:
        file, self._file = self._file, None
        self._waits_for_key = True
        if file is None:
            return
        try:
            file.close()
        except OutputError as error:
            self._blame(error)
            self._has_hole = True
        has_hole, self._has_hole = self._has_hole, False
        try:
            done = settle(file.path) if has_hole else file.path.rename(self._target)
            sync_folder(self._target.parent)
        except OSError as error:
            log.warning("%s keeps its hidden name for now: %s", file.path, error.strerror)
            return
        if done is not None:
            self._written.append(done)
