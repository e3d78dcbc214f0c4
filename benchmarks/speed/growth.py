"""How the cost grows with the size of the picture, and what it is in other codecs."""

import sys
from pathlib import Path
from statistics import median

from benchmarks.process import Run
from benchmarks.results import Cell, table
from benchmarks.speed import videos
from benchmarks.speed.programs import BARE, MONITOR, PROGRAMS
from monitor.frames import Size

VIDEOS = (
    ("h264", Size(640, 360)),
    ("h264", Size(1280, 720)),
    ("h264", Size(1920, 1080)),
    ("h264", Size(3840, 2160)),
    ("hevc", Size(1280, 720)),
    ("hevc", Size(1920, 1080)),
    ("mjpeg", Size(1280, 720)),
)


def report(minutes: float, rounds: int, data: Path) -> str:
    """Return the table: medians of whole processes, and of each round's ratios to bare decoding."""
    rows = [_row(codec, size, minutes, rounds, data) for codec, size in VIDEOS]
    return table(_HEAD, rows, digits=2)


_HEAD = ("video", "bare: CPU s", "scan: CPU s", "wall / bare", "CPU / bare", "× real time", "peak MB")


def _row(codec: str, size: Size, minutes: float, rounds: int, data: Path) -> list[Cell]:
    video = videos.coded(codec, size, minutes, data)
    bare: list[Run] = []
    scans: list[Run] = []
    for _ in range(rounds):
        bare.append(PROGRAMS[BARE].look(video))
        scans.append(PROGRAMS[MONITOR].look(video))
        print(f"{video.stem}: {bare[-1].wall_s:.1f} s, {scans[-1].wall_s:.1f} s", file=sys.stderr)
    pairs = list(zip(scans, bare, strict=True))
    return [
        f"{size.height}p {codec}",
        median(run.cpu_s for run in bare),
        median(run.cpu_s for run in scans),
        median(scan.wall_s / own.wall_s for scan, own in pairs),
        median(scan.cpu_s / own.cpu_s for scan, own in pairs),
        f"{60 * minutes / median(run.wall_s for run in scans):.0f}",
        f"{median(run.peak_mb for run in scans):.0f}",
    ]
