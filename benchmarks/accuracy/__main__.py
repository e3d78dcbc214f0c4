"""`python -m benchmarks.accuracy`: everything about accuracy, written into RESULTS.md."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import cv2
import typer

from benchmarks.accuracy import clips, events, integrity, masks, quick, scenes
from benchmarks.accuracy.masksets import find_sets
from benchmarks.accuracy.methods import METHODS, OURS
from benchmarks.accuracy.sheet import write_sheet
from benchmarks.accuracy.tampering import TRIALS
from benchmarks.environments import PeerMissingError
from benchmarks.paths import data_folder
from benchmarks.process import ProcessFailedError
from benchmarks.results import measured_on, write_sections
from monitor.capture.scene.library import SCENES

HERE = Path(__file__).parent

TITLE = "Accuracy"

Part = Literal["masks", "events", "scenes", "integrity"]


def main(
    data: Annotated[Path | None, typer.Option(help="Folder of recordings with masks/ and events/.")] = None,
    short: Annotated[
        bool, typer.Option("--quick", help="A short run; exit code 1 below the floors.")
    ] = False,
    only: Annotated[Part | None, typer.Option(help="One part alone.")] = None,
    peers: Annotated[
        str, typer.Option(help=f"Peers, with commas, of {', '.join(METHODS)}, dvr-scan; all or none.")
    ] = "all",
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Measure how right the monitor is, against peers, and write the tables."""
    # One thread: what a frame costs is then the same whatever the number of cores.
    cv2.setNumThreads(1)
    data = data or data_folder()
    if short:
        _quick(data)
        return
    chosen = _chosen(peers)
    if only in (None, "masks"):
        _masks(data, chosen, results)
    if only in (None, "events"):
        _events(data, chosen, results)
    if only in (None, "scenes"):
        _scenes(chosen, results)
    if only in (None, "integrity"):
        _integrity(data, results)


def _quick(data: Path) -> None:
    values = quick.measure(data)
    print(quick.report(values))
    if not quick.passes(values):
        raise typer.Exit(1)


def _chosen(peers: str) -> tuple[str, ...]:
    known = [*METHODS, "dvr-scan"]
    names = {"all": known, "none": []}.get(peers, peers.split(","))
    if unknown := set(names) - set(known):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: not among {', '.join(known)}, all, none.")
    return tuple(name for name in known if name in names)


def _masks(data: Path, chosen: tuple[str, ...], path: Path) -> None:
    sets = find_sets(data / "masks") if (data / "masks").is_dir() else find_sets(data)
    if not sets:
        print(f"no sets with temporalROI.txt in {data}: masks are left out", file=sys.stderr)
        return
    measured = masks.measure(sets, _methods(chosen))
    sheet = path.with_name("worst.png")
    write_sheet(measured.worst, sheet)
    note = (
        "\nThe worst frame of each set is in `worst.png` beside this file; it shows real recordings and is "
        "therefore not in the repository.\n"
    )
    write_sections(
        path, TITLE, {"Masks on real recordings": measured_on() + "\n" + masks.report(measured) + note}
    )


def _events(data: Path, chosen: tuple[str, ...], path: Path) -> None:
    if not (data / "events/truth.csv").exists():
        print(f"no events/truth.csv in {data}: events are left out", file=sys.stderr)
        return
    labelled = clips.labelled_clips(data / "events")
    programs = {"monitor scan": events.judge_all(labelled, clips.by_monitor(labelled))}
    skipped = {}
    if "dvr-scan" in chosen:
        try:
            programs["DVR-Scan"] = events.judge_all(labelled, clips.by_dvr_scan(labelled))
        except (PeerMissingError, ProcessFailedError) as error:
            skipped["DVR-Scan"] = str(error)
    body = measured_on() + "\n" + events.report(programs, skipped)
    write_sections(path, TITLE, {"Events on real recordings": body})


def _scenes(chosen: tuple[str, ...], path: Path) -> None:
    # SuBSENSE takes minutes on what plain peers do in seconds, and learns nothing new here.
    methods = tuple(name for name in _methods(chosen) if name != "subsense")
    measured = scenes.measure(SCENES, scenes.CURVES, methods)
    write_sheet(measured.masks.worst, path.with_name("worst_scenes.png"))
    write_sections(path, TITLE, {"Generated scenes": measured_on() + "\n" + scenes.report(measured)})


def _integrity(data: Path, path: Path) -> None:
    measured = integrity.measure(TRIALS, data)
    write_sections(path, TITLE, {"Integrity": measured_on() + "\n" + integrity.report(measured)})


def _methods(chosen: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in METHODS if name == OURS or name in chosen)


if __name__ == "__main__":
    typer.run(main)
