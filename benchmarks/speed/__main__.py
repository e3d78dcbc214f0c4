"""`python -m benchmarks.speed`: whole processes against bare decoding and peers, written into RESULTS.md."""

import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.environments import PeerMissingError
from benchmarks.paths import data_folder
from benchmarks.process import Run
from benchmarks.results import Cell, measured_on, table, write_sections
from benchmarks.speed import ssim, videos
from benchmarks.speed.programs import BARE, PROGRAMS

HERE = Path(__file__).parent

LIMIT_S = 10 * 60.0
"""After so long no further round is begun."""


@dataclass(slots=True)
class Measured:
    """The runs of each program on one video, and why programs were left out."""

    runs: dict[str, list[Run]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def measure(video: Path, rounds: int, ends_at_s: float) -> Measured:
    """Run all programs in turn, `rounds` times, so that a change of the machine's load meets all alike.

    No second round is begun after `ends_at_s`, a reading of the monotonic clock.
    """
    measured = Measured()
    for number in range(rounds):
        if number and time.monotonic() > ends_at_s:
            break
        for name, program in PROGRAMS.items():
            if number == 0 or not program.slow:
                _run(name, video, measured)
    return measured


def _run(name: str, video: Path, measured: Measured) -> None:
    try:
        run = PROGRAMS[name].look(video)
    except PeerMissingError as error:
        measured.skipped[name] = str(error)
    else:
        measured.runs.setdefault(name, []).append(run)
        print(f"{video.stem} {name}: {run.wall_s:.1f} s", file=sys.stderr)


def report(measured: Measured, frames: int) -> str:
    """Return the table of medians and of ratios to bare decoding."""
    medians = {name: median(runs) for name, runs in measured.runs.items()}
    rows = [_row(name, one, medians[BARE], frames, len(measured.runs[name])) for name, one in medians.items()]
    left_out = "".join(f"\n{name} left out: {reason}\n" for name, reason in measured.skipped.items())
    return table(_HEAD, rows, digits=2) + left_out


def median(runs: Sequence[Run]) -> Run:
    """Return the median of each figure."""
    wall_s, cpu_s, peak_mb = (
        statistics.median(values)
        for values in zip(*((run.wall_s, run.cpu_s, run.peak_mb) for run in runs), strict=True)
    )
    return Run(wall_s, cpu_s, peak_mb, "")


_HEAD = ("whole process", "runs", "wall s", "frames / s", "CPU s", "wall / bare", "CPU / bare", "peak MB")


def _row(name: str, run: Run, bare: Run, frames: int, count: int) -> list[Cell]:
    rate, peak = f"{frames / run.wall_s:.0f}", f"{run.peak_mb:.0f}"
    ratios = (run.wall_s / bare.wall_s, run.cpu_s / bare.cpu_s)
    return [name, count, run.wall_s, rate, run.cpu_s, *ratios, peak]


def main(
    minutes: Annotated[float, typer.Option(help="Length of the videos.")] = 3.0,
    rounds: Annotated[int, typer.Option(help="How often each program runs; DVR-Scan runs once.")] = 3,
    data: Annotated[Path | None, typer.Option(help="Folder of recordings with raw/.")] = None,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Measure whole processes on a busy and on a quiet 1080p video, and SSIM against scikit-image."""
    inputs: Mapping[str, Path] = {
        "Busy 1080p": videos.busy(minutes, data or data_folder()),
        "Quiet 1080p": videos.quiet(minutes),
    }
    ends_at_s = time.monotonic() + LIMIT_S
    frames = round(60 * minutes * videos.RATE_HZ)
    sections = {}
    for title, video in inputs.items():
        mbit_s = video.stat().st_size * 8e-6 / (60 * minutes)
        about = f"{minutes:g} minutes, {frames} frames of H.264, {mbit_s:.1f} Mbit/s; interleaved runs.\n"
        measured = measure(video, rounds, ends_at_s)
        sections[title] = "\n".join((measured_on(), about, report(measured, frames)))
    sections["SSIM"] = measured_on(("numpy", "opencv-python", "scikit-image")) + "\n" + ssim.report()
    write_sections(results, "Speed", sections)


if __name__ == "__main__":
    typer.run(main)
