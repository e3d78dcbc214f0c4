"""The events of many recordings put together, read from where the scans wrote them."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TextIO

from monitor.archive.manifest import Entry
from monitor.outputs.layout import Layout, refuse_existing, unfinished, writing
from monitor.outputs.table import COLUMNS, csv_line, record_row


class Follower:
    """Copies the events of recordings to a stream as they are found; each once, in whole lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._read_bytes: dict[Path, int] = {}

    def follow(self, folder: Path) -> None:
        """Copy what has been added since the last time to the events of a folder of results."""
        path = Layout(folder).events
        read_bytes = self._read_bytes.get(path, 0)
        try:
            with path.open("rb") as file:
                file.seek(read_bytes)
                added = file.read()
        except FileNotFoundError:
            return  # none is written yet
        whole = added[: added.rfind(b"\n") + 1]
        if not whole:
            return
        self._read_bytes[path] = read_bytes + len(whole)
        self._stream.write(whole.decode())
        self._stream.flush()


def write_json(path: Path, entries: Iterable[Entry], out: Path) -> None:
    """Write the events of all entries to a new file, a record a line; raises `OutputError`."""
    _write(path, (line for entry in entries for line in event_lines(entry, out)))


def write_csv(path: Path, entries: Iterable[Entry], out: Path) -> None:
    """Write the events of all entries to a new file, as a table; raises `OutputError`."""
    rows = (record_row(json.loads(line)) for entry in entries for line in event_lines(entry, out))
    _write(path, map(csv_line, chain([COLUMNS], rows)))


def event_lines(entry: Entry, out: Path) -> Iterator[str]:
    """Yield the records of an entry's events, without the lines' ends; `out` is the output folder."""
    if entry.folder is not None:
        yield from _lines(Layout(out / entry.folder).events)


def near_miss_lines(entry: Entry, out: Path) -> Iterator[str]:
    """Yield the records of an entry's near misses, without the lines' ends."""
    if entry.folder is not None:
        yield from _lines(Layout(out / entry.folder).near_misses)


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from (line[:-1] for line in file if line.endswith("\n"))
    except FileNotFoundError:
        return


def _write(path: Path, lines: Iterable[str]) -> None:
    """Write a file that has its name only once it is whole, so that a kill leaves none."""
    refuse_existing(path)
    part = unfinished(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="") as file:
            file.writelines(f"{line}\n" for line in lines)
        part.rename(path)
