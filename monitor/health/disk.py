"""Can the output folder be written to, how much goes in, and how fast."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from monitor.health.check import Check, State

LEAST_FREE_BYTES = 1_000_000_000
"""About half an hour of an annotated 1080p video."""

LEAST_BYTES_PER_S = 5_000_000
"""A 1080p camera gives 0.5 MB a second; an annotated video, clips and other cameras come on top."""

PROBE_BYTES = 16_000_000
"""Large enough to be felt by a slow card, small enough to take a few seconds at most."""


def disk_check(folder: Path, seconds: Callable[[], float] = time.perf_counter) -> Check:
    """Write a file into the folder, or into its nearest one that exists, and return how that went.

    The file is removed again. `seconds` is the clock by which the speed is measured.
    """
    place = _nearest(folder)
    try:
        took_s = _write_probe(place, seconds)
    except OSError as error:
        step = "grant write permission, free some space, or set outputs.folder to another one"
        return Check("output folder", State.PROBLEM, f"{folder}: {error.strerror}", step)
    free, speed = shutil.disk_usage(place).free, PROBE_BYTES / max(took_s, 1e-9)
    found = f"{folder}: {free / 1e9:.1f} GB free, written at {speed / 1e6:.0f} MB/s"
    if free < LEAST_FREE_BYTES:
        return Check("output folder", State.WARNING, found, "free some space: 1 GB or more")
    if speed < LEAST_BYTES_PER_S:
        return Check("output folder", State.WARNING, found, "use a faster disk, or --no-annotate")
    return Check("output folder", State.OK, found)


def _nearest(folder: Path) -> Path:
    absolute = folder.absolute()
    return next(place for place in (absolute, *absolute.parents) if place.exists())


def _write_probe(place: Path, seconds: Callable[[], float]) -> float:
    """Return the time that it took until all was on the disk."""
    content = os.urandom(1_000_000)  # random, lest a file system that compresses looks fast
    with tempfile.TemporaryFile(dir=place) as file:
        began_s = seconds()
        for _ in range(PROBE_BYTES // len(content)):
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
        return seconds() - began_s
