"""What a recording is known by: its content, not its name or its time of change."""

import hashlib
import os
from pathlib import Path

from monitor.capture.opening import Input

_BLOCKS = 8
"""Blocks read of each file, evenly from its first byte to its last. The first and the last hold the headers
and the index, which differ in times and sizes even where two cameras look at the same wall."""

_BLOCK_BYTES = 65536
"""Together half a megabyte a file: on a hard disk eight seeks, a tenth of a second at most."""

_PICTURES = 32
"""Of a folder of images the content of so many is sampled; the sizes of all count."""

_ID_BYTES = 16
"""128 bits: that among a billion recordings two are taken for one has a chance of 10⁻²¹."""


def identity_of(item: Input) -> str | None:
    """Return the identity of what is at an input's address: a hash of its size and a sample of its content.

    A file of up to half a megabyte is read as a whole. A URL, whose content would cost to be read twice, is
    known by itself. None is an input that is missing, empty, no file, or that may not be read.
    """
    if item.error is not None:
        return None
    if "://" in item.address:
        return _hash(b"address", item.address.encode())
    try:
        return _of_images(item.images) if item.images else _of_file(Path(item.address))
    except OSError:
        return None


def size_bytes_of(item: Input) -> int:
    """Return how many bytes are at an input's address, 0 where that is unknown."""
    try:
        return sum(path.stat().st_size for path in item.images or (Path(item.address),))
    except OSError:
        return 0


def _of_file(path: Path) -> str | None:
    return _hash(b"file", _sample(path)) if path.is_file() and path.stat().st_size else None


def _of_images(paths: tuple[Path, ...]) -> str:
    sizes = str([path.stat().st_size for path in paths]).encode()
    step = -(-len(paths) // _PICTURES)
    return _hash(b"images", sizes, *map(_sample, paths[::step]))


def _sample(path: Path) -> bytes:
    """Return a file's size and its content, all of it or in blocks."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        start = size.to_bytes(8, "little")
        if size <= _BLOCKS * _BLOCK_BYTES:
            return start + file.read(size)
        places = (number * (size - _BLOCK_BYTES) // (_BLOCKS - 1) for number in range(_BLOCKS))
        return start + b"".join(os.pread(file.fileno(), _BLOCK_BYTES, place) for place in places)


def _hash(kind: bytes, *parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=_ID_BYTES, person=kind)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
