"""Files that a crash, a full disk or a power cut left unfinished: cut to what plays, marked as incomplete."""

import logging
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from monitor.outputs.recording.durable import is_being_written
from monitor.outputs.recording.names import free_name, marked_incomplete

log = logging.getLogger(__name__)

_MARK = ".part"

_CLUSTER = b"\x1f\x43\xb6\x75"
"""The id of a Matroska cluster (RFC 9559): the first pictures."""

_HEAD_BYTES = 65_536
"""The head of a Matroska file is shorter by far."""


def settle_leftovers(folder: Path) -> list[Path]:
    """Settle every unfinished recording below the folder that nobody is writing; return those that play.

    Call it when the program starts and when the disk has come back. What cannot be settled is logged and
    stays for the next time.
    """
    settled = []
    for path in sorted(folder.rglob(f".*{_MARK}.*")):
        try:
            if not is_being_written(path) and (kept := settle(path)) is not None:
                settled.append(kept)
        except OSError as error:
            log.warning("%s stays unfinished: %s", path, error.strerror)
    return settled


def settle(path: Path) -> Path | None:
    """Cut an unfinished file to what plays and give it a name that says so; return that.

    What holds no picture is removed and gives None. Raises `OSError`.
    """
    playable_bytes = _playable_bytes(path)
    if not playable_bytes:
        path.unlink()
        return None
    if playable_bytes < path.stat().st_size:
        os.truncate(path, playable_bytes)
    own = path.with_name(path.stem.removeprefix(".").removesuffix(_MARK) + path.suffix)
    return path.rename(free_name(marked_incomplete(own)))


def _playable_bytes(path: Path) -> int:
    """Return up to where a file plays; 0 where it holds no picture or is none of ours."""
    with path.open("rb") as file:
        if path.suffix == ".mp4":
            return _fragments_end(file)
        # Players take a torn cluster as far as it goes.
        return path.stat().st_size if path.suffix == ".mkv" and _CLUSTER in file.read(_HEAD_BYTES) else 0


def _fragments_end(file: BinaryIO) -> int:
    """Return where the last whole fragment ends, or a file that is whole."""
    indexed = filled = False
    playable = 0
    for kind, end in _boxes(file):
        if kind == b"moov":
            if indexed:
                break  # the fragments before it play without this one
            indexed = True
        filled = filled or kind == b"mdat"
        if indexed and filled and kind in (b"mdat", b"moov"):
            playable = end
    return playable


def _boxes(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Yield kind and end of the whole boxes at the top of an MP4 file (ISO/IEC 14496-12, 4.2)."""
    size = file.seek(0, os.SEEK_END)
    start = 0
    while start + 16 <= size:
        file.seek(start)
        length, kind, long_length = struct.unpack(">I4sQ", file.read(16))
        length = long_length if length == 1 else length
        if length < 8 or start + length > size:
            return
        start += length
        yield kind, start
