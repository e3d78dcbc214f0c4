"""Videos that are kept in a store: what is at an address, and one of them as a file object."""

import io
from collections.abc import Iterable
from glob import has_magic
from pathlib import Path, PurePosixPath

from monitor.capture.listing import is_image, is_video, natural_order
from monitor.errors import SourceFormatError, SourceNotFoundError
from monitor.storage.address import parse, shown
from monitor.storage.ranges import RangeReader
from monitor.storage.store import Entry, Store


def videos_at(address: str) -> list[str]:
    """Return the addresses of the videos that an address names: itself, those below it, those that match it.

    They are in natural order, and hidden ones are left out. Raises `SourceError` where there are none.
    """
    store = Store(address)
    if store.is_folder(address):
        folder = parse(address).path.rstrip("/")
        found = [entry for entry in store.files_below(address) if not _is_hidden(entry, folder)]
        return _videos(found) or _refuse(address, found)
    if has_magic(address) and not store.exists(address):
        if videos := _videos(store.matching(address)):
            return videos
        raise SourceNotFoundError(f"No video matches {shown(address)}; check the pattern.")
    store.size_bytes(address)
    return [address]


def _is_hidden(entry: Entry, folder: str) -> bool:
    below = PurePosixPath(parse(entry.address).path.removeprefix(folder))
    return any(part.startswith(".") for part in below.parts)


def _videos(entries: Iterable[Entry]) -> list[str]:
    paths = {Path(entry.address): entry.address for entry in entries}
    return [paths[path] for path in natural_order(paths) if is_video(path)]


def _refuse(address: str, found: list[Entry]) -> list[str]:
    name = shown(address)
    if any(is_image(Path(entry.address)) for entry in found):
        raise SourceFormatError(f"{name} holds images only; copy them to a disk and name that folder.")
    raise SourceFormatError(f"{name} holds no video; name another folder.")


def open_stored(address: str) -> RangeReader:
    """Return a stored video as a file object that fetches only what is read, to be closed.

    Raises `SourceError` where there is none, or an empty one; so does reading where the store fails.
    """
    file = Store(address).open(address)
    if file.seek(0, io.SEEK_END) == 0:
        file.close()
        raise SourceFormatError(f"{shown(address)} is empty (0 bytes): nothing was recorded; leave it out.")
    file.seek(0)
    return file
