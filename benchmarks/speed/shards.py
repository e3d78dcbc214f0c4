"""One long recording scanned in parts, by processes at the same time."""

import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from statistics import median

import av

from benchmarks.process import Run, monitor
from benchmarks.results import Cell, table

JOBS = (1, 2, 4)

TIMES = 3
"""So often the videos of 3 minutes are repeated: four parts need 8 minutes."""


def repeated(video: Path, times: int = TIMES) -> Path:
    """Return a video that shows another so often, its packets copied; made once, beside it."""
    path = video.with_name(f"{video.stem}-{times}-times.mp4")
    if not path.exists():
        unfinished = path.with_suffix(".part.mp4")
        _write(video, unfinished, times)
        unfinished.rename(path)
    return path


def _write(video: Path, path: Path, times: int) -> None:
    with av.open(str(video)) as source, av.open(str(path), "w") as sink:
        stream = source.streams.video[0]
        copy = sink.add_stream_from_template(stream)
        lasts = round(Fraction(stream.duration or 0))
        for number in range(times):
            source.seek(0, stream=stream)
            for packet in source.demux(stream):
                if packet.dts is None or packet.pts is None:
                    continue
                packet.pts += number * lasts
                packet.dts += number * lasts
                packet.stream = copy
                sink.mux(packet)


def measure(video: Path, rounds: int) -> dict[int, list[Run]]:
    """Scan a video with each number of processes in turn, `rounds` times."""
    runs: dict[int, list[Run]] = {jobs: [] for jobs in JOBS}
    for _ in range(rounds):
        for jobs in JOBS:
            with tempfile.TemporaryDirectory() as folder:
                command = ("scan", video, "--no-annotate", "--jobs", str(jobs), "--out", folder)
                runs[jobs].append(monitor(*command))
    return runs


def report(inputs: Mapping[str, Path], rounds: int) -> str:
    """Return the table: medians, and medians of each round's ratios to one process in the same round."""
    rows: list[list[Cell]] = []
    for name, video in inputs.items():
        runs = measure(repeated(video), rounds)
        rows += [_row(name, jobs, own, runs[1]) for jobs, own in runs.items()]
    return table(_HEAD, rows, digits=2)


_HEAD = ("video", "processes", "runs", "wall s", "CPU s", "wall / one process", "CPU / one process")


def _row(name: str, jobs: int, runs: list[Run], one: list[Run]) -> list[Cell]:
    return [
        name,
        jobs,
        len(runs),
        median(run.wall_s for run in runs),
        median(run.cpu_s for run in runs),
        median(run.wall_s / own.wall_s for run, own in zip(runs, one, strict=True)),
        median(run.cpu_s / own.cpu_s for run, own in zip(runs, one, strict=True)),
    ]
