"""`python -m benchmarks.speed`: whole processes against bare decoding and peers, written into RESULTS.md."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from benchmarks.environments import PeerMissingError
from benchmarks.paths import data_folder
from benchmarks.process import Run
from benchmarks.results import Cell, measured_on, table, write_sections
from benchmarks.speed import deblocking, growth, journals, motion, reports, scaling, shards, ssim, videos
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
    """Return the table: medians, and the median of each round's ratio to bare decoding in the same round."""
    bare = measured.runs[BARE]
    rows = [_row(name, runs, bare, frames) for name, runs in measured.runs.items()]
    left_out = "".join(f"\n{name} left out: {reason}\n" for name, reason in measured.skipped.items())
    return table(_HEAD, rows, digits=2) + left_out


_HEAD = ("whole process", "runs", "wall s", "frames / s", "CPU s", "wall / bare", "CPU / bare", "peak MB")


def _row(name: str, runs: Sequence[Run], bare: Sequence[Run], frames: int) -> list[Cell]:
    wall_s = median(run.wall_s for run in runs)
    return [
        name,
        len(runs),
        wall_s,
        f"{frames / wall_s:.0f}",
        median(run.cpu_s for run in runs),
        # A slow program runs in the first round alone, which has its own bare decoding.
        median(run.wall_s / own.wall_s for run, own in zip(runs, bare, strict=False)),
        median(run.cpu_s / own.cpu_s for run, own in zip(runs, bare, strict=False)),
        f"{median(run.peak_mb for run in runs):.0f}",
    ]


class Part(StrEnum):
    """What may be measured by itself."""

    VIDEOS = "videos"
    SSIM = "ssim"
    SCALING = "scaling"
    SHARDS = "shards"
    GROWTH = "growth"
    DEBLOCKING = "deblocking"
    JOURNAL = "journal"
    REPORT = "report"


SCALING_MINUTES = 1.0
"""Most of each recording that workers scan: they scan four of them in turn and again in pairs."""

GROWTH_MINUTES = 1.0
"""Most of each of seven videos, of which 4K alone takes half of the time."""

EVENTS = 1_000_000
RECORDINGS = (100, 1_000, 10_000)


def main(
    minutes: Annotated[float, typer.Option(help="Length of the videos.")] = 3.0,
    rounds: Annotated[int, typer.Option(help="How often each program runs; DVR-Scan runs once.")] = 3,
    only: Annotated[list[Part] | None, typer.Option(help="Measure this part; may be repeated.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of recordings with raw/.")] = None,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Measure whole processes on 1080p videos, SSIM against scikit-image, workers, a journal, a report.

    Each part replaces its own sections of the results, and leaves the others as they are.
    """
    folder = data or data_folder()
    parts: dict[Part, Callable[[], dict[str, str]]] = {
        Part.VIDEOS: lambda: _videos(minutes, rounds, folder),
        Part.SSIM: lambda: {
            "SSIM": measured_on(("numpy", "opencv-python", "scikit-image")) + "\n" + ssim.report()
        },
        Part.SCALING: lambda: {"Workers": _scaling(min(minutes, SCALING_MINUTES), rounds, folder)},
        Part.SHARDS: lambda: {"One recording in parts": _shards(minutes, rounds, folder)},
        Part.GROWTH: lambda: {
            "Sizes and codecs": _growth(min(minutes, GROWTH_MINUTES), rounds, folder),
            "Motion on the same file": _motion(GROWTH_MINUTES, folder),
        },
        Part.DEBLOCKING: lambda: {"Without the deblocking filter": _deblocking(minutes, folder)},
        Part.JOURNAL: lambda: {
            "A journal of a million events": measured_on(("sqlalchemy",)) + "\n" + journals.report(EVENTS)
        },
        Part.REPORT: lambda: {
            "The report on ever more recordings": measured_on() + "\n" + reports.report(RECORDINGS)
        },
    }
    for part in only or list(Part):
        write_sections(results, "Speed", parts[part]())


def _videos(minutes: float, rounds: int, data: Path) -> dict[str, str]:
    inputs: Mapping[str, Path] = {
        "Busy 1080p": videos.busy(minutes, data),
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
    return sections


def _shards(minutes: float, rounds: int, data: Path) -> str:
    inputs = {"busy": videos.busy(minutes, data), "quiet": videos.quiet(minutes)}
    about = (
        f"One recording of {minutes * shards.TIMES:g} minutes of 1080p H.264, with its clips and pictures. "
        "One process decodes with a thread for each core. Interleaved runs.\n"
    )
    return "\n".join((measured_on(), about, shards.report(inputs, rounds)))


def _growth(minutes: float, rounds: int, data: Path) -> str:
    about = f"The busy video, {minutes:g} min of it at 25 frames a second, as many bits a pixel each.\n"
    return "\n".join((measured_on(), about, growth.report(minutes, rounds, data)))


def _motion(minutes: float, data: Path) -> str:
    about = "1080p, 25 frames a second, as above; Motion plays a file at its own pace.\n"
    return "\n".join((measured_on(), about, motion.report(minutes, data)))


def _deblocking(minutes: float, data: Path) -> str:
    ours = (videos.busy(minutes, data), videos.quiet(minutes))
    return "\n".join(
        (measured_on(), deblocking.ABOUT, deblocking.report([*deblocking.recordings(data), *ours]))
    )


def _scaling(minutes: float, rounds: int, data: Path) -> str:
    about = f"The busy 1080p video, {minutes:g} minutes of it; every frame is decoded.\n"
    measured = scaling.report(videos.busy(minutes, data), minutes, rounds)
    return "\n".join((measured_on(("av", "distributed")), about, measured))


if __name__ == "__main__":
    typer.run(main)
