"""`python -m benchmarks.triage`: what triage loses and what it saves, written into RESULTS.md.

The archive is made on the first run (6 hours of video, ten minutes of computing) and kept in the cache, as
are the full scans; a run that was interrupted goes on where it was.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.paths import data_folder
from benchmarks.process import Run, monitor, run
from benchmarks.results import Cell, measured_on, table, write_sections
from benchmarks.triage.compare import Compared, Found, compare, found_of
from benchmarks.triage.generate import path_of
from benchmarks.triage.recordings import Recording, archive, for_speed
from monitor.archive.triage.plan import Mode

HERE = Path(__file__).parent
DECODE = Path(__file__).parents[1] / "speed/decode.py"

_HEAD = ("recording", "growth / needed", "decoded", "true", "events", "lost", "gained", "CPU s", "full")


def report(compared: Sequence[Compared]) -> str:
    """Return the table of recordings, and all of them together."""
    rows = [_row(one) for one in compared]
    lost, events = sum(len(one.lost) for one in compared), sum(len(one.full) for one in compared)
    parts = [one for one in compared if one.plan.parts is not None]
    among = sum(len(one.full) for one in parts)
    return (
        f"{lost} of {events} events of the full scan lost; {len(parts)} of {len(compared)} recordings, with "
        f"{among} of these events, were decoded in part.\n\n" + table(_HEAD, rows, digits=1)
    )


def _row(one: Compared) -> list[Cell]:
    growth = one.plan.growth
    told = "–" if growth is None else f"{growth.smallest:.0%} / {growth.least:.0%}"
    return [
        one.name,
        told,
        "all" if one.plan.parts is None else f"{one.plan.decoded_share:.0%}",
        f"{found_of(one.truth, one.triaged)} of {len(one.truth)}" if one.truth else "–",
        len(one.full),
        len(one.lost),
        len(one.gained),
        one.triaged_cpu_s,
        one.full_cpu_s,
    ]


def generated(recordings: Iterable[Recording], mode: Mode, *, fresh: bool) -> list[Compared]:
    """Make the recordings where they are not there yet, and compare on each of them."""
    compared = []
    for recording in recordings:
        path = path_of(recording)
        truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
        happens = [Found(one["note"], one["start_s"], one["end_s"]) for one in truth]
        compared.append(_told(compare(path, happens, mode, fresh=fresh)))
    return compared


def real(data: Path, mode: Mode, *, fresh: bool) -> list[Compared]:
    """Compare on all real videos."""
    videos = [path for folder in ("events", "raw") for path in sorted((data / folder).glob("*.*"))]
    kinds = {".mp4", ".avi", ".mkv", ".wmv"}
    return [_told(compare(path, [], mode, fresh=fresh)) for path in videos if path.suffix in kinds]


def _told(one: Compared) -> Compared:
    print(f"{one.name}: {len(one.lost)} of {len(one.full)} lost; {one.plan.reason}", file=sys.stderr)
    return one


def speed(recordings: Sequence[Recording]) -> str:
    """Return what whole processes cost on a quiet archive, against bare decoding of all of it."""
    folder = path_of(recordings[0]).parent / "speed"
    folder.mkdir(exist_ok=True)
    for recording in recordings:
        path = path_of(recording)
        if not (folder / path.name).exists():
            (folder / path.name).hardlink_to(path)
    bare = [run([sys.executable, DECODE, path_of(recording)]) for recording in recordings]
    bare_cpu_s = sum(one.cpu_s for one in bare)
    rows: list[list[Cell]] = [["bare decoding", bare_cpu_s, 1.0]]
    for mode in ("off", "auto"):
        scan = _scan(folder, mode)
        rows.append([f"monitor scan --triage {mode}", scan.cpu_s, bare_cpu_s / scan.cpu_s])
    return table(("whole process", "CPU s", "× bare decoding"), rows, digits=2)


def _scan(folder: Path, mode: str) -> Run:
    out = Path(tempfile.mkdtemp())
    try:
        return monitor("scan", folder, "--out", out, "--no-annotate", "--jobs", "1", "--triage", mode)
    finally:
        shutil.rmtree(out)


def main(
    data: Annotated[Path | None, typer.Option(help="Folder of real recordings.")] = None,
    fresh: Annotated[bool, typer.Option(help="Scan in full again: the engine has changed.")] = False,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Compare triage with full scans on a generated archive and on real recordings, and measure its speed."""
    sections = {}
    modes: tuple[Mode, ...] = ("auto", "on")
    for mode in modes:
        made = generated(archive(), mode, fresh=fresh and mode == "auto")
        sections[f"Generated archive, {mode}"] = f"{measured_on()}\n{report(made)}"
    if (folder := data or data_folder()).exists():
        for mode in modes:
            found = real(folder, mode, fresh=fresh and mode == "auto")
            sections[f"Real recordings, {mode}"] = f"{measured_on()}\n{report(found)}"
    sections["Speed"] = f"{measured_on()}\n{speed(for_speed())}"
    write_sections(results, "Triage", sections)


if __name__ == "__main__":
    typer.run(main)
