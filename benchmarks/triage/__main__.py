"""`python -m benchmarks.triage`: what triage loses and what it saves, written into RESULTS.md.

The archive is made on the first run (hours of video, half an hour of computing) and kept in the cache,
as are the full scans; a run that was interrupted goes on where it was.
"""

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.paths import data_folder
from benchmarks.process import monitor, run
from benchmarks.results import Cell, measured_on, table, write_sections
from benchmarks.triage.compare import DECODE, Compared, Found, compare
from benchmarks.triage.generate import path_of
from benchmarks.triage.hour import WALKS, hour_of
from benchmarks.triage.labels import labelled
from benchmarks.triage.recordings import Recording, archive, for_speed
from benchmarks.triage.report import report
from benchmarks.triage.stretched import stretched
from monitor.archive.triage.plan import Mode

HERE = Path(__file__).parent


def generated(recordings: Iterable[Recording], mode: Mode, *, fresh: bool) -> list[Compared]:
    """Make the recordings where they are not there yet, and compare on each of them."""
    compared = []
    for recording in recordings:
        path = path_of(recording)
        truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
        happens = [Found(one["note"], one["start_s"], one["end_s"]) for one in truth]
        compared.append(_told(compare(path, happens, mode, fresh=fresh)))
    return compared


def real(data: Path) -> Iterator[tuple[Path, list[Found]]]:
    """Yield all real videos with what is labelled of them."""
    kinds = {".mp4", ".avi", ".mkv", ".wmv"}
    for folder in ("events", "raw"):
        for path in sorted((data / folder).iterdir()):
            if path.suffix in kinds:
                yield path, labelled(path)


def _told(one: Compared) -> Compared:
    print(f"{one.name}: {len(one.lost)} of {len(one.full)} lost; {one.plan.reason}", file=sys.stderr)
    return one


def speed(recordings: Sequence[Recording]) -> str:
    """Return what whole processes cost on hours of which 95 % are quiet, against bare decoding of all."""
    rows: list[list[Cell]] = []
    for recording in recordings:
        path = hour_of(recording)
        bare_s = run([sys.executable, DECODE, path]).cpu_s
        cpu_s, entry = _scan(path)
        triage = entry["triage"]
        rows.append(
            [
                recording.name,
                path.stat().st_size * 8 / 3.6e9,
                1000 * bare_s / entry["frames"],
                f"{triage['decoded_share']:.1%}",
                f"{sum(entry['events'].values())} of {WALKS}",
                bare_s,
                cpu_s,
                bare_s / cpu_s,
            ]
        )
        print(rows[-1], file=sys.stderr)
    head = (
        "an hour of",
        "Mbit/s",
        "bare ms / frame",
        "decoded",
        "events",
        "bare CPU s",
        "scan CPU s",
        "× bare",
    )
    return table(head, rows, digits=2)


def _scan(path: Path) -> tuple[float, dict[str, Any]]:
    """Return the processor time of a scan and what its manifest says."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        done = monitor("scan", path, "--out", out, "--no-annotate", "--jobs", "1", "--triage", "auto")
        lines = (out / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return done.cpu_s, json.loads(lines[-1])


class Part(StrEnum):
    """What is measured."""

    GENERATED = "generated"
    REAL = "real"
    LONG = "long"
    SPEED = "speed"


def main(
    parts: Annotated[list[Part] | None, typer.Option("--part", help="Only this; may be repeated.")] = None,
    mode: Annotated[
        Mode, typer.Option(help="auto, or on: also where packets are known not to tell.")
    ] = "auto",
    data: Annotated[Path | None, typer.Option(help="Folder of real recordings.")] = None,
    fresh: Annotated[bool, typer.Option(help="Scan in full again: the engine has changed.")] = False,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Compare triage with full scans on a generated archive and on real recordings, and measure its speed."""
    folder = data or data_folder()

    def write(heading: str, body: str) -> None:
        write_sections(results, "Triage", {heading: f"{measured_on()}\n{body}"})

    for part in parts or list(Part):
        if part is Part.SPEED:
            write("Speed", speed(for_speed()))
        elif part is Part.GENERATED:
            encoders = [recording.encoder.name for recording in archive()]
            made = generated(archive(), mode, fresh=fresh)
            write(f"Generated archive, {mode}", report(made, encoders))
        elif folder.exists():
            given = real(folder) if part is Part.REAL else stretched(folder)
            compared = [_told(compare(path, truth, mode, fresh=fresh)) for path, truth in given]
            title = "Real recordings" if part is Part.REAL else "Real recordings made long"
            write(f"{title}, {mode}", report(compared))


if __name__ == "__main__":
    typer.run(main)
