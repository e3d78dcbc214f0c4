"""What a recording is known by: its content, not its name or its time of change."""

import hashlib
import os
from pathlib import Path

from monitor.capture.opening import Input
from monitor.storage.address import is_stored
from monitor.storage.store import Store

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

    A file of up to half a megabyte is read as a whole. The same in a store is the same; any other URL, whose
    content would cost to be read twice, is known by itself. None is an input that is missing, empty, no file,
    or that may not be read.
    """
    if item.error is not None:
        return None
    if "://" in item.address and not is_stored(item.address):
        return _hash(b"address", item.address.encode())
    try:
        if is_stored(item.address):
            return _of_stored(item.address)
        return _of_images(item.images) if item.images else _of_file(Path(item.address))
    except OSError:
        return None


def size_bytes_of(item: Input) -> int:
    """Return how many bytes are at an input's address, 0 where that is unknown."""
    try:
        if is_stored(item.address):
            return Store(item.address).size_bytes(item.address)
        return sum(path.stat().st_size for path in item.images or (Path(item.address),))
    except OSError:
        return 0


def _of_file(path: Path) -> str | None:
    return _hash(b"file", _sample(path)) if path.is_file() and path.stat().st_size else None


def _of_stored(address: str) -> str | None:
    store = Store(address)
    size = store.size_bytes(address)
    parts = store.parts(address, [(place, place + length) for place, length in _places(size)])
    return _hash(b"file", size.to_bytes(8, "little") + b"".join(parts)) if size else None


def _of_images(paths: tuple[Path, ...]) -> str:
    sizes = str([path.stat().st_size for path in paths]).encode()
    step = -(-len(paths) // _PICTURES)
    return _hash(b"images", sizes, *map(_sample, paths[::step]))


def _sample(path: Path) -> bytes:
    """Return a file's size and its content, all of it or in blocks."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        parts = (os.pread(file.fileno(), length, place) for place, length in _places(size))
        return size.to_bytes(8, "little") + b"".join(parts)


def _places(size: int) -> list[tuple[int, int]]:
    """Return where a file of this size is looked at, and how many bytes from there."""
    if size <= _BLOCKS * _BLOCK_BYTES:
        return [(0, size)]
    last = size - _BLOCK_BYTES
    return [(number * last // (_BLOCKS - 1), _BLOCK_BYTES) for number in range(_BLOCKS)]


def _hash(kind: bytes, *parts: bytes) -> str:
    digest = hashlib.blake2b(digest_size=_ID_BYTES, person=kind)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
