"""The machine's clock set by an hour while cameras are watched."""

import shutil
import struct
import subprocess
import time
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from benchmarks.reliability.fault import MissingError, Row, judged
from benchmarks.reliability.watching import camera, configure, moment, rows, watching
from monitor.outputs.journal.schema import coverage, events

HOUR_S = 3600
TOLERANCE_S = 3.0


def set_forward(folder: Path, short: bool) -> Row:
    """Set the clock forward by an hour."""
    return _set(folder, HOUR_S, short)


def set_back(folder: Path, short: bool) -> Row:
    """Set the clock back by an hour."""
    return _set(folder, -HOUR_S, short)


def _library(folder: Path) -> Path:
    """Return what moves the time of day alone.

    libfaketime 0.9.10 lets waits by the steady clock end at once, those for Python's own lock among them: a
    watch then takes a whole processor for waiting, and pictures come too late.
    """
    compiler = shutil.which("cc")
    if compiler is None:
        raise MissingError("there is no C compiler (cc), which makes what moves the clock")
    library, source = folder / "setclock.so", Path(__file__).with_name("setclock.c")
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise MissingError(f"what moves the clock cannot be compiled: {made.stderr.strip()[-200:]}")
    return library


class TimeOfDay:
    """The time of day of a process that was started with `environment`, and how far off it is."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "moved"
        self._file.write_bytes(struct.pack("q", 0))
        self.environment = {"LD_PRELOAD": str(_library(folder)), "SETCLOCK_FILE": str(self._file)}

    def move(self, by_s: int) -> None:
        """Set its clock to so many seconds from the true time, at once."""
        with self._file.open("r+b") as file:
            file.write(struct.pack("q", by_s))


def _set(folder: Path, by_s: int, short: bool) -> Row:
    clock = TimeOfDay(folder)
    with camera(folder) as server:
        config = configure(folder, server.address, recording={"continuous": True})
        with watching(config, folder / "out", environment=clock.environment) as watch:
            watch.wait("event", lambda: watch.events(phase="closed"))
            watch.wait("second event", lambda: len(watch.events()) >= 2)
            clock.move(by_s)  # within the second event
            count = 3 if short else 5
            watch.wait("events after it", lambda: len(watch.events(phase="closed")) >= count, 60.0)
            time.sleep(1.5)
            lost, said, code = len(watch.events("signal_lost")), list(watch.said), watch.stop()
    opened = [event for event in said if event["phase"] == "opened"]
    closed = {event["id"]: event for event in said if event["phase"] == "closed"}
    lasts_s = [e["end_s"] - e["start_s"] for e in closed.values()]
    walls_s = [(moment(e, "end_time") - moment(e, "start_time")).total_seconds() for e in closed.values()]
    shifted_s = (moment(opened[-1], "start_time") - moment(opened[0], "start_time")).total_seconds() - (
        opened[-1]["start_s"] - opened[0]["start_s"]
    )
    spans = rows(folder / "out", coverage)
    covered_s = sum(row.end_us - row.start_us for row in spans if row.state == "watching") / 1e6
    watched_s = opened[-1]["start_s"]
    lost_files = [name for row in rows(folder / "out", events) for name in _missing(folder / "out", row.id)]
    return judged(
        f"the clock is set {'forward' if by_s > 0 else 'back'} by an hour within an event",
        "durations are those of the steady clock, order holds, the signal is not lost, coverage has the time "
        "that was watched and not an hour more or less, files stay",
        f"events of {min(lasts_s):.1f} to {max(lasts_s):.1f} s; by their times {min(walls_s):.1f} to "
        f"{max(walls_s):.1f} s; the last is {timedelta(seconds=round(shifted_s))} from where it was due; "
        f"{covered_s:.0f} s covered of {watched_s:.0f} s; {lost} losses of signal; exit code {code}",
        {
            "durations hold": max(lasts_s) < 6.0,
            "no event ends before its start or an hour late": min(walls_s) >= -0.001 and max(walls_s) < 60.0,
            "order holds": all(one["start_s"] < other["start_s"] for one, other in pairwise(opened)),
            "later times are of the new clock": abs(shifted_s - by_s) < TOLERANCE_S,
            "coverage holds": watched_s - 4 * TOLERANCE_S <= covered_s <= watched_s + 4 * TOLERANCE_S,
            "signal not lost": not lost,
            "files are there": not lost_files,
            "ended in order": code == 0,
        },
    )


def _missing(out: Path, event_id: str) -> list[str]:
    from monitor.outputs.journal.schema import files

    named = [row.path for row in rows(out, files) if row.event_id == event_id and row.state == "there"]
    return [path for path in named if not (out / path).is_file()]
