"""Questions to a journal of many events: how long each takes, and so whether it has the index it needs."""

import itertools
import json
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.results import Cell, table
from monitor.outputs.journal.address import journal_url
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.lately import last_states
from monitor.outputs.journal.moments import to_us
from monitor.outputs.journal.queries import Filter, find_event, find_events, find_near_misses
from monitor.outputs.journal.timeline import counts, grid_of

BEGAN = datetime(2025, 11, 21, tzinfo=UTC)
YEAR = timedelta(days=365)
CAMERAS = tuple(f"camera{number}" for number in range(8))

KINDS = (("motion", 0.96), ("light_change", 0.03), ("object_left", 0.0099), ("covered", 0.0001))
"""With their shares; the last are so rare that they have to be searched for."""

_LABELLED = 0.01
_BATCH = 20_000
_PARTS = 400
_REPEATS = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the journal, in words and as a call that returns how many rows came."""

    words: str
    ask: Callable[[Journal], int]


def questions() -> tuple[Question, ...]:
    """Return what the list, a day's timeline and the labels ask for; all of them read the rows they find."""
    noon = BEGAN + YEAR / 2
    day, month = (noon, noon + timedelta(days=1)), (noon, noon + timedelta(days=30))

    def found(limit: int | None = None, **wanted: Any) -> Callable[[Journal], int]:
        return lambda journal: sum(1 for _ in find_events(journal, Filter(**wanted), limit))

    def within(span: tuple[datetime, datetime], **wanted: Any) -> dict[str, Any]:
        return {"since": span[0], "until": span[1], **wanted}

    one, rare = frozenset(CAMERAS[:1]), frozenset({"covered"})
    return (
        Question("newest 50", found(50)),
        Question("50 from the middle of the year on", found(50, until=noon)),
        Question("a day of one camera, all", found(**within(day, sources=one))),
        Question("a day of all cameras, all", found(**within(day))),
        Question("a month of one camera, newest 50", found(50, **within(month, sources=one))),
        Question("a rare kind, newest 50", found(50, kinds=rare)),
        Question("a rare kind of one camera, newest 50", found(50, kinds=rare, sources=one)),
        Question(
            "a rare kind of one camera in a month, all", found(**within(month, kinds=rare, sources=one))
        ),
        Question("false alarms, newest 50", found(50, label=False)),
        Question("labelled in a month, all", found(**within(month, label="any"))),
        Question("without a label, newest 50", found(50, label="none")),
        Question("timeline of a day in 400 parts", _timeline(*day)),
        Question("timeline of a day of one camera in 400 parts", _timeline(*day, one)),
        Question("timeline of a month in 400 parts", _timeline(*month)),
        Question("timeline of the year in 400 parts", _timeline(BEGAN, BEGAN + YEAR)),
        Question("one event by the beginning of its id", _one_event),
        Question("near misses of a day of one camera", _near_misses(Filter(**within(day, sources=one)))),
        Question("the last state of each camera", lambda journal: len(last_states(journal))),
    )


def _timeline(
    since: datetime, until: datetime, sources: frozenset[str] = frozenset()
) -> Callable[[Journal], int]:
    grid = grid_of(since, until, _PARTS)
    return lambda journal: sum(len(parts) for parts in counts(journal, grid, sources).values())


def _one_event(journal: Journal) -> int:
    find_event(journal, "00000042-")
    return 1


def _near_misses(wanted: Filter) -> Callable[[Journal], int]:
    return lambda journal: sum(1 for _ in find_near_misses(journal, wanted))


def fill(file: Path, count: int) -> None:
    """Put so many events of a year into a journal, two files for each, a near miss and coverage for some."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")  # it need not outlive a power cut
    rows = _rows(count, random.Random(1))
    while batch := list(itertools.islice(rows, _BATCH)):
        with connection:
            connection.executemany(f"INSERT INTO events VALUES ({','.join('?' * 14)})", batch)
            files = [(row[0], role, f"x/{role}/{row[0]}") for row in batch for role in ("clip", "snapshot")]
            connection.executemany("INSERT INTO event_files VALUES (?, ?, ?, 'there')", files)
            misses = [(*row[:2], *row[3:8], row[-1]) for row in batch[::10]]
            connection.executemany("INSERT INTO near_misses VALUES (?, ?, ?, ?, ?, ?, ?, ?)", misses)
            watched = [(row[0], row[1], row[3], "watching", None, row[5], row[7]) for row in batch[::10]]
            connection.executemany("INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?)", watched)
    connection.execute("PRAGMA analysis_limit = 400")
    connection.execute("PRAGMA optimize")  # as the program does when it closes a journal
    connection.close()


def _rows(count: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    kinds, shares = [kind for kind, _ in KINDS], [share for _, share in KINDS]
    first_us, year_us = to_us(BEGAN), YEAR // timedelta(microseconds=1)
    for number in range(count):
        at_us = first_us + number * year_us // count
        source, (kind,) = rng.choice(CAMERAS), rng.choices(kinds, shares)
        label = rng.random() < 0.5 if rng.random() < _LABELLED else None
        event_id = f"{number:08x}-0000-4000-8000-000000000000"
        end_us = at_us + 5_000_000
        times = (at_us, at_us, end_us, end_us)
        record = _RECORD.replace("ID", event_id).replace("SOURCE", source).replace("KIND", kind)
        yield event_id, "pi", "run", source, kind, *times, False, label, None, False, record


_RECORD = json.dumps(
    {
        "schema": 1, "id": "ID", "source": "SOURCE", "kind": "KIND", "start_s": 12.48, "end_s": 19.2,
        "start_time": "2026-11-21T03:05:12.480Z", "end_time": "2026-11-21T03:05:19.200Z",
        "start_frame": 312, "end_frame": 480, "peak_s": 14.0, "zones": ["gate"],
        "box": [0.31, 0.40, 0.12, 0.22],
        "evidence": {
            "peak_sigma": 14.2, "area_fraction": 0.021, "displacement_fraction": 0.34, "coherence": 0.91,
            "kl_nats": 0.004, "opened_by": "region 3: 1.27% of the frame (limit 0.08%)",
            "closed_by": "it left over the edge",
        },
    }
)  # fmt: skip


def report(count: int) -> str:
    """Return the table of questions to a journal of so many events."""
    with tempfile.TemporaryDirectory() as folder:
        place = journal_url("", Path(folder))
        Journal.open(place).close()
        file = Path(str(place.database))
        fill(file, count)
        size_mb = file.stat().st_size / 1e6
        with Journal.open(place) as journal:
            rows = [_row(question, journal) for question in questions()]
    head = ("question", "rows", "wall ms", "CPU ms")
    about = (
        f"A journal in SQLite with {count:,} events of a year of {len(CAMERAS)} cameras, {size_mb:.0f} MB; "
        f"medians of {_REPEATS} after one to warm up.\n"
    )
    return about + "\n" + table(head, rows, digits=1)


def _row(question: Question, journal: Journal) -> Sequence[Cell]:
    count = question.ask(journal)
    taken = [_taken_ms(question, journal) for _ in range(_REPEATS)]
    walls, cpus = zip(*taken, strict=True)
    return question.words, count, median(walls), median(cpus)


def _taken_ms(question: Question, journal: Journal) -> tuple[float, float]:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    question.ask(journal)
    return (time.perf_counter() - wall_s) * 1e3, (time.process_time() - cpu_s) * 1e3
