"""Where the benchmarks find recordings and keep what is costly to make."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The project's root; the program is run from there."""


def data_folder() -> Path:
    """Return the folder of real recordings, which may be absent: `MONITOR_DATA`, or ../shared/data."""
    return Path(os.environ.get("MONITOR_DATA", ROOT / "../shared/data")).resolve()


def cache_folder() -> Path:
    """Return the folder, made if need be, for what can be made again: peers' environments, test videos."""
    default = Path.home() / ".cache/monitor-benchmarks"
    folder = Path(os.environ.get("MONITOR_BENCHMARK_CACHE", default))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
