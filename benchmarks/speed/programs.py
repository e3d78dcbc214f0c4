"""The programs whose speed is compared, each a whole process that looks at a whole video."""

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import process
from benchmarks.environments import DVR_SCAN
from benchmarks.process import Run


@dataclass(frozen=True, slots=True)
class Program:
    """`look` raises `PeerMissingError` where it cannot be run; a `slow` one runs once."""

    look: Callable[[Path], Run]
    slow: bool = False


def _bare(video: Path) -> Run:
    return process.run([sys.executable, Path(__file__).with_name("decode.py"), video])


def _monitor_scan(video: Path) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        return process.monitor("scan", video, "--no-clips", "--no-annotate", "--out", folder)


def _dvr_scan(*options: str) -> Callable[[Path], Run]:
    """Only scan, by the defaults and the options given."""

    def look(video: Path) -> Run:
        scan_only = ("-m", "dvr_scan", "--ignore-user-config", "-so", "-q")
        return process.run([DVR_SCAN.python(), *scan_only, *options, "-i", video], video.parent)

    return look


BARE = "bare decoding (PyAV)"
MONITOR = "**monitor scan**"

PROGRAMS: Mapping[str, Program] = {
    BARE: Program(_bare),
    MONITOR: Program(_monitor_scan),
    "DVR-Scan": Program(_dvr_scan(), slow=True),
    "DVR-Scan -df 4": Program(_dvr_scan("-df", "4"), slow=True),
}
