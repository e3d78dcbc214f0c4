"""A scan on ever more workers: measured on one and two, and reasoned from there which resource ends first."""

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.results import Cell, table
from monitor.archive.cluster.connection import LOCAL, Connection
from monitor.archive.cluster.executor import DaskWorkers
from monitor.archive.executor import Progress, Report
from monitor.archive.identity import identity_of
from monitor.archive.manifest import Entry, Manifest, State
from monitor.archive.task import Task
from monitor.capture.opening import Input
from monitor.settings import load_settings

WORKERS = (10, 100, 1000)

LINKS = {"1 Gbit/s": 125e6, "10 Gbit/s": 1250e6}
"""Storage that all workers share, in bytes a second."""

FILE_S = 600.0
"""Recorders begin a new file every five to sixty minutes."""

REPORTS_PER_S = 200.0
"""So many messages a second about progress the workers send at most, however many they are."""

_EMPTY = 500
_MESSAGES = 2000
_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Empty:
    """A job with nothing to do but to say something so many times."""

    messages: int = 0
    name: str = "empty"

    def run(self, report: Report) -> int:
        """Send the messages; nothing slows them down, as it does progress."""
        for number in range(self.messages):
            logging.getLogger("monitor.benchmark").warning("%d", number)
        return self.messages


@dataclass(slots=True)
class Rounds:
    """Scans by so many workers: seconds of each as a whole, and processor seconds of the workers for each."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Costs:
    """What one thing costs: `wait_s` a worker between two jobs, the others the machine with the scheduler.

    `dispatch_s` and `message_s` are processor time of scheduler and program together, `append_s` and
    `identity_s` are how long the program does nothing else.
    """

    wait_s: float
    dispatch_s: float
    message_s: float
    append_s: float
    identity_s: float

    @property
    def each_s(self) -> float:
        """What each recording takes of the one thread that hands out jobs."""
        return self.dispatch_s + self.append_s + self.identity_s


def report(video: Path, minutes: float, rounds: int) -> str:
    """Measure with copies of a video that lasts so long, and return the section."""
    with tempfile.TemporaryDirectory() as folder:
        copies = [_copy(video, Path(folder), number) for number in range(4)]
        measured = measure(copies, Path(folder), rounds)
        costs = costs_of(copies[0], Path(folder))
    busy_s = median(measured[1].wall_s) / len(copies)
    speed = 60.0 * minutes / busy_s
    bytes_per_s = video.stat().st_size / busy_s
    return "\n".join(
        (
            _measured(measured, len(copies)),
            _costs(costs, speed, bytes_per_s),
            _limits(costs, speed, bytes_per_s),
        )
    )


def _copy(video: Path, folder: Path, number: int) -> Input:
    path = folder / f"{number}.mp4"
    shutil.copy(video, path)
    with path.open("ab") as file:
        file.write(b"\0\0\0\x08free" * (number + 1))  # another recording, by its content
    return Input(str(path))


def measure(items: Sequence[Input], folder: Path, rounds: int) -> dict[int, Rounds]:
    """Scan all with one worker and with two in turn, so that the machine's load meets both alike."""
    measured = {1: Rounds(), 2: Rounds()}
    outs = (folder / f"out{number}" for number in count())
    with _workers(1) as one, _workers(2) as two:
        for connection in (one, two):
            _scan(items[:2], next(outs), connection)  # loads what it needs
        for _ in range(rounds):
            for number, connection in ((1, one), (2, two)):
                cpu_s, wall_s = _cpu_s(connection), time.perf_counter()
                _scan(items, next(outs), connection)
                measured[number].wall_s.append(time.perf_counter() - wall_s)
                measured[number].cpu_s.append(_cpu_s(connection) - cpu_s)
    return measured


@contextmanager
def _workers(number: int) -> Iterator[Connection]:
    with Connection(LOCAL, number) as connection:
        connection.client.wait_for_workers(number)
        for core, worker in enumerate(connection.client.scheduler_info(n_workers=-1)["workers"]):
            connection.client.run(_stay_on, core, workers=[worker])
        yield connection


def _stay_on(core: int) -> None:
    """Keep this process on one core: beside its decoding thread it has one that analyses."""
    for thread in os.listdir("/proc/self/task"):  # noqa: PTH208
        os.sched_setaffinity(int(thread), {core})


def _cpu_s(connection: Connection) -> float:
    return float(sum(connection.client.run(time.process_time).values()))


def _scan(items: Sequence[Input], out: Path, connection: Connection) -> None:
    out.mkdir()
    settings = load_settings(
        None, None, ["outputs.annotate=false", "archive.triage=off", f"outputs.folder={out}"]
    )
    tasks = (Task(item, settings, identity_of(item), threads=1) for item in items)
    workers = DaskWorkers(connection.client)
    with Manifest(out) as manifest:
        for ended in workers.run(tasks, _heed_nothing):
            manifest.add(ended.result)
    workers.close()


def costs_of(item: Input, folder: Path) -> Costs:
    """Measure what a job costs besides its work."""
    logging.getLogger("monitor.benchmark").addHandler(logging.NullHandler())
    logging.getLogger("monitor.benchmark").propagate = False
    with _workers(1) as connection:
        _do(connection, 20)
        wall_s, cpu_s = _do(connection, _EMPTY)
        _, told_s = _do(connection, 1, _MESSAGES)
    return Costs(
        wait_s=wall_s / _EMPTY,
        dispatch_s=cpu_s / _EMPTY,
        message_s=max(told_s - cpu_s / _EMPTY, 0.0) / _MESSAGES,
        append_s=_append_s(folder / "manifest"),
        identity_s=median(_timed(lambda: identity_of(item)) for _ in range(20)),
    )


def _do(connection: Connection, jobs: int, messages: int = 0) -> tuple[float, float]:
    """Return wall time and this process's processor time (program and scheduler) of so many empty jobs."""
    workers = DaskWorkers(connection.client)
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    ended = list(workers.run(iter([Empty(messages)] * jobs), _heed_nothing))
    taken = time.perf_counter() - wall_s, time.process_time() - cpu_s
    assert len(ended) == jobs
    workers.close()
    return taken


def _append_s(out: Path) -> float:
    out.mkdir()
    with Manifest(out) as manifest:
        entries = (
            Entry(f"{n}", f"/a/{n}.mp4", f"{n}.mp4", State.DONE, "f", folder=f"{n}") for n in range(_ENTRIES)
        )
        return median(_timed(lambda entry=entry: manifest.add(entry)) for entry in entries)


def _timed(do: Any) -> float:
    began_s = time.perf_counter()
    do()
    return time.perf_counter() - began_s


def _heed_nothing(job: object, progress: Progress) -> None:
    pass


def _measured(measured: dict[int, Rounds], files: int) -> str:
    one, two = measured[1], measured[2]
    fraction = median(a / (2.0 * b) for a, b in zip(one.wall_s, two.wall_s, strict=True))
    more = median(b / a for a, b in zip(one.cpu_s, two.cpu_s, strict=True))
    head = ("workers", "wall s", "processor s", "efficiency", "processor s / those of one worker")
    rows: list[list[Cell]] = [
        [1, median(one.wall_s), median(one.cpu_s), 1.0, 1.0],
        [2, median(two.wall_s), median(two.cpu_s), fraction, more],
    ]
    load = os.getloadavg()[0]
    about = (
        f"{files} recordings by Dask's workers on this machine, each kept on a core of its own, "
        f"{len(one.wall_s)} interleaved rounds, medians; efficiency is (wall of one) / (2 × wall of two) "
        "within a round. "
        f"Work of others at the end of it: a load of {max(load - 1.0, 0.0):.1f} on {os.cpu_count()} cores"
        f"{', so that the efficiency is that of a machine that is shared' if load > 3.0 else ''}.\n"
    )
    return about + "\n" + table(head, rows, digits=2)


def _costs(costs: Costs, speed: float, bytes_per_s: float) -> str:
    rows: list[list[Cell]] = [
        ["v: a worker's speed, × real time", f"{speed:.1f}"],
        ["b: what a worker reads, MB / s", f"{bytes_per_s / 1e6:.2f}"],
        [f"w: a recording of {FILE_S:.0f} s on a worker, s", f"{FILE_S / speed:.1f}"],
        ["d: a worker's wait between two jobs, ms", f"{costs.wait_s * 1e3:.1f}"],
        ["c: scheduler and program for a job, processor ms", f"{costs.dispatch_s * 1e3:.2f}"],
        ["m: the same for a message of progress, processor ms", f"{costs.message_s * 1e3:.3f}"],
        ["a: a line of the manifest, down to the disk, ms", f"{costs.append_s * 1e3:.2f}"],
        ["i: to know a recording by its content, ms", f"{costs.identity_s * 1e3:.2f}"],
    ]
    return table(("measured", "value"), rows)


def _limits(costs: Costs, speed: float, bytes_per_s: float) -> str:
    work_s = FILE_S / speed
    rows = [limit(number, costs, work_s, bytes_per_s) for number in WORKERS]
    head = (
        "workers",
        "recordings / s",
        "hours / hour",
        "of the time at work",
        "of the thread that hands out",
        "storage MB / s",
        "gives out first",
    )
    ends = "; ".join(f"{name} is full at N = {room / bytes_per_s:,.0f}" for name, room in LINKS.items())
    talk = REPORTS_PER_S * costs.message_s
    most = (1.0 - talk) * work_s / costs.each_s if talk < 1.0 else 0.0
    return (
        "N workers do N / w recordings a second. Of the time at work: w / (w + d). Of the thread that hands "
        f"out jobs: (N / w) × (c + a + i) + min(2 N, {REPORTS_PER_S:.0f}) × m, full at N = {most:,.0f}. "
        f"Storage that all share: N × b; {ends}. "
        "Each worker takes a core; decoding needs no other machine's. These are sums of what was measured, "
        "no measurement of so many machines.\n\n" + table(head, rows, digits=2)
    )


def limit(number: int, costs: Costs, work_s: float, bytes_per_s: float) -> list[Cell]:
    """Return the row of so many workers, each `work_s` at a recording; last is which resources are over."""
    share = number / work_s * costs.each_s + min(2.0 * number, REPORTS_PER_S) * costs.message_s
    uses = {"the thread that hands out": share}
    uses |= {f"storage at {name}": number * bytes_per_s / room for name, room in LINKS.items()}
    full = [name for name, use in uses.items() if use > 1.0]
    return [
        number,
        number / work_s,
        f"{number * FILE_S / work_s:,.0f}",
        f"{work_s / (work_s + costs.wait_s):.2%}",
        f"{share:.1%}",
        f"{number * bytes_per_s / 1e6:.0f}",
        ", ".join(full) or "the workers themselves",
    ]
