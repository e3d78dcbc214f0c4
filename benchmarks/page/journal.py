"""A year of eight cameras: a million events, and what was watched, with some blind spans a day."""

import random
import sqlite3
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.speed.journals import BEGAN, CAMERAS, YEAR, fill
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import to_us
from monitor.outputs.journal.schema import HEAD

EVENTS = 1_000_000
END = BEGAN + YEAR

_SPAN_S = 6 * 3600.0
"""So long on average a camera is watched on end, then it is blind for some minutes, or not watched at all."""


def year_of_journal(cache: Path) -> Path:
    """Return an output folder whose journal holds the year; made when it is not in the cache yet."""
    folder = cache / f"year-{HEAD}"
    if not folder.exists():
        part = cache / f"{folder.name}.part-{uuid.uuid4().hex}"
        place = journal_url("", part)
        Journal.open(place).close()
        fill(Path(str(place.database)), EVENTS)
        _watch(Path(str(place.database)))
        part.rename(folder)
    return folder


def _watch(file: Path) -> None:
    chance = random.Random(2)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("DELETE FROM coverage")
        rows = (row for name in CAMERAS for row in _spans(chance, name))
        connection.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute("PRAGMA optimize")
    connection.close()


def _spans(chance: random.Random, name: str) -> Iterator[tuple[Any, ...]]:
    start = BEGAN
    while start < END:
        end = min(END, start + timedelta(seconds=chance.uniform(0.5, 1.5) * _SPAN_S))
        yield _row(chance, name, "watching", None, start, end)
        start = end + timedelta(seconds=chance.uniform(60, 900))
        if chance.random() < 0.5 and start < END:
            yield _row(chance, name, "blind", "the camera is covered", end, start)


def _row(
    chance: random.Random, name: str, state: str, why: str | None, start: datetime, end: datetime
) -> tuple[Any, ...]:
    row_id = uuid.UUID(int=chance.getrandbits(128))
    return str(row_id), "pi", name, state, why, to_us(start), to_us(min(end, END))
