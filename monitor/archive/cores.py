"""How the cores of a machine are shared among what is scanned at the same time."""

import os
from dataclasses import dataclass

from monitor.health.machine import available_bytes as free_bytes

PROCESS_BYTES = 400_000_000
"""Memory that is wanted for each: a scan of 1080p takes about 300 MB."""

CORES_OF_A_SCAN = 2
"""A scan keeps as many busy by itself, 1.7 of 2 on average: one decodes while the other analyses. In parts on
two cores a quiet recording was not done sooner, and a motorway, whose parts never agree, 1.6 times later."""


@dataclass(frozen=True, slots=True)
class Split:
    """So many processes at a time, in each of which a recording is decoded by so many threads."""

    processes: int
    threads: int


def split_cores(wanted: int = 0, *, cores: int | None = None, available_bytes: int | None = None) -> Split:
    """Return the split into `wanted` processes, 0 for as many as there are cores and memory for."""
    cores = cores or len(os.sched_getaffinity(0))
    if not wanted:
        room = available_bytes if available_bytes is not None else free_bytes()
        wanted = cores if room is None else min(cores, room // PROCESS_BYTES)
    processes = max(1, wanted)
    return Split(processes, max(1, cores // processes))
