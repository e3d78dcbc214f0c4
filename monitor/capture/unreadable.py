"""Why a file cannot be read as video, in one sentence for its owner."""

import io
import struct
from errno import EACCES
from pathlib import Path
from typing import IO

from av import FFmpegError
from av.error import ProtocolNotFoundError

from monitor.errors import SourceError, SourceFormatError, SourceNotFoundError


def refuse_what_is_no_file(path: Path) -> None:
    """Raise a `SourceError` that says why, if there is no regular file with something in it at `path`."""
    if path.is_dir():
        raise SourceFormatError(f"{path} is a folder, not a video file; name the files in it.")
    if not path.exists():
        raise SourceNotFoundError(f"{path} does not exist; check the path.")
    if not path.is_file():
        raise SourceFormatError(f"{path} is a device or a pipe, not a file; record it to a file first.")
    if path.stat().st_size == 0:
        raise SourceFormatError(f"{path} is empty (0 bytes): nothing was recorded; leave it out.")


def reason(name: str, file: IO[bytes] | None, error: FFmpegError) -> SourceError:
    """Return the error that says why FFmpeg could not open `name`.

    `file` is what it holds, None where only FFmpeg can read it.
    """
    if error.errno == EACCES:
        return SourceError(f"{name} cannot be read: permission denied; grant read permission to it.")
    if isinstance(error, ProtocolNotFoundError):
        return SourceFormatError(
            f"{name}: neither FFmpeg nor an installed package reads such addresses; correct it, or install "
            "what does (`monitor doctor` lists what is plugged in)."
        )
    if file is not None and _lacks_its_index(file):
        return SourceFormatError(
            f"{name} is an MP4 without its index (moov): the recording was cut off before it was finished; "
            "recover it with a tool such as untrunc."
        )
    return SourceFormatError(
        f"{name} is not a video that FFmpeg can read ({error.strerror}); "
        "check that it plays elsewhere, or copy it again from where it came."
    )


def _lacks_its_index(file: IO[bytes]) -> bool:
    """Tell whether the file is made of MP4 boxes (ISO/IEC 14496-12, 4.2) but has no movie box."""
    names = set()
    end_bytes = file.seek(0, io.SEEK_END)
    file.seek(0)
    while len(header := file.read(8)) == 8:
        size_bytes, name = struct.unpack(">I4s", header)
        names.add(name)
        header_bytes = 8
        if size_bytes == 1:
            size_bytes, header_bytes = int.from_bytes(file.read(8)), 16
        next_bytes = file.tell() - header_bytes + size_bytes
        if size_bytes < header_bytes or next_bytes >= end_bytes:
            break
        file.seek(next_bytes)
    return b"ftyp" in names and b"moov" not in names
