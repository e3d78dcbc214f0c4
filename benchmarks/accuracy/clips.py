"""Recordings with truth about what happens when, and what programs report on them."""

import csv
import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import process
from benchmarks.accuracy.matching import MOTION, Seconds, Span
from benchmarks.environments import DVR_SCAN
from monitor.capture.file import FileSource

Reports = Mapping[str, Sequence[Span]]
"""The events reported on each clip, by its name."""

_COLUMNS = ("start_frame", "end_frame", "tolerance_frames")


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A recording, the time of each of its frames, and what truly happens."""

    path: Path
    times_s: Seconds
    truth: tuple[Span, ...]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def labelled_clips(folder: Path) -> list[Clip]:
    """Return the clips that `truth.csv` in a folder names, in its order."""
    truth: dict[str, list[Span]] = {}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            first, last, tolerance = (int(row[column]) for column in _COLUMNS)
            truth.setdefault(row["file"], []).append(Span(row["kind"], first, last, tolerance))
    return [Clip(folder / name, frame_times(folder / name), tuple(spans)) for name, spans in truth.items()]


def frame_times(path: Path) -> Seconds:
    """Return the presentation time of every decoded frame in seconds; float64 (N,)."""
    with FileSource(path) as source:
        return np.array([frame.time_s for frame in source])


def by_monitor(clips: Sequence[Clip], *options: str) -> Reports:
    """Return what `monitor scan` reports by its defaults, and with the options given."""
    reports: dict[str, list[Span]] = {clip.name: [] for clip in clips}
    with tempfile.TemporaryDirectory() as folder:
        events = Path(folder) / "events.jsonl"
        paths = [clip.path for clip in clips]
        process.monitor(
            "scan", *paths, "--no-clips", "--no-annotate", "--json", events, "--out", folder, *options
        )
        for line in events.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            span = Span(record["kind"], record["start_frame"], record["end_frame"])
            reports[record["source"]].append(span)
    return reports


def by_dvr_scan(clips: Sequence[Clip]) -> Reports:
    """Return what DVR-Scan reports by its defaults, but without time added before an event and 1 s after it.

    It counts frames at the nominal rate, so its times are turned back into frames at that rate. Raises
    `PeerMissingError`.
    """
    python = DVR_SCAN.python()
    return {clip.name: _dvr_scan(python, clip) for clip in clips}


def _dvr_scan(python: Path, clip: Clip) -> list[Span]:
    command: list[str | Path] = [
        python,
        "-m",
        "dvr_scan",
        "--ignore-user-config",
        "-so",
        "-tb",
        "0s",
        "-tp",
        "1s",
        "-i",
        clip.path,
    ]
    output = process.run(command, clip.path.parent).output
    return dvr_scan_events(output, len(clip.times_s))


def dvr_scan_events(output: str, frame_count: int) -> list[Span]:
    """Return the events in DVR-Scan's output as motion spans."""
    opened = re.search(r"at ([\d.]+) FPS", output)
    listed = re.search(r"timecode values:\s*([\d:.,]+)", output)
    if opened is None or listed is None:
        return []
    frames = [round(_seconds(time) * float(opened[1])) for time in listed[1].split(",")]
    frames = [min(frame, frame_count - 1) for frame in frames]
    return [Span(MOTION, first, last) for first, last in zip(frames[::2], frames[1::2], strict=True)]


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
