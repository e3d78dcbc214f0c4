"""What FFmpeg reads packets from: a file, an address that it opens itself, a file in a store."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

import av
from av import FFmpegError
from av.container import InputContainer

from monitor.capture.stored import open_stored
from monitor.capture.unreadable import reason, refuse_what_is_no_file
from monitor.errors import SourceError
from monitor.storage.address import is_stored, shown
from monitor.storage.ranges import RangeReader


@contextmanager
def opened_container(address: str | Path) -> Iterator[InputContainer]:
    """Open a recording for reading and close it afterwards; of one in a store only what is read is fetched.

    Raises `SourceError` that says why it cannot be opened.
    """
    address = str(address)
    if is_stored(address):
        with open_stored(address) as file, _Guarded(file) as guarded:
            content = cast("IO[bytes]", guarded)
            with closing(_opened(content, shown(address), content)) as container:
                yield container
    elif "://" in address:
        with closing(_opened(address, address, None)) as container:
            yield container
    else:
        refuse_what_is_no_file(Path(address))
        # "file:" keeps a colon in a file's name from being taken for a protocol.
        with closing(_opened(f"file:{address}", address, Path(address))) as container:
            yield container


class _Guarded:
    """A stored file as FFmpeg reads it: for FFmpeg it ends where the store fails; leaving raises why.

    FFmpeg would take a failed read for damage and search on; here what is missing is never taken for the end.
    """

    def __init__(self, file: RangeReader) -> None:
        self._file = file
        self._failure: SourceError | None = None
        self.seek = file.seek
        self.tell = file.tell

    def read(self, size: int = -1) -> bytes:
        if self._failure is not None:
            return b""
        try:
            return self._file.read(size)
        except SourceError as failure:
            self._failure = failure
            return b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._failure is not None and (error is None or isinstance(error, (SourceError, FFmpegError))):
            raise self._failure


def _opened(place: str | IO[bytes], name: str, content: Path | IO[bytes] | None) -> InputContainer:
    try:
        return av.open(place, mode="r", metadata_errors="replace")
    except FFmpegError as error:
        raise _reason(name, content, error) from error


def _reason(name: str, content: Path | IO[bytes] | None, error: FFmpegError) -> SourceError:
    if not isinstance(content, Path):
        return reason(name, content, error)
    try:
        with content.open("rb") as file:
            return reason(name, file, error)
    except OSError:
        return reason(name, None, error)
