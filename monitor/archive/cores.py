"""How the cores of a machine are shared among the recordings that are scanned at the same time."""

import os
from dataclasses import dataclass

from monitor.health.machine import available_bytes as free_bytes

PROCESS_BYTES = 400_000_000
"""Memory that is wanted for each: a scan of 1080p takes about 300 MB."""


@dataclass(frozen=True, slots=True)
class Split:
    """So many recordings at a time, each decoded by so many threads."""

    processes: int
    threads: int


def split_cores(
    inputs: int, wanted: int = 0, *, cores: int | None = None, available_bytes: int | None = None
) -> Split:
    """Return the split for so many inputs; with `wanted` that many at a time, never more than inputs."""
    cores = cores or len(os.sched_getaffinity(0))
    if not wanted:
        room = available_bytes if available_bytes is not None else free_bytes()
        wanted = cores if room is None else min(cores, room // PROCESS_BYTES)
    processes = max(1, min(wanted, inputs))
    return Split(processes, max(1, cores // processes))
