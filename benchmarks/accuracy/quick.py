"""The short run with floors: fails where the program has become clearly worse."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.accuracy import clips, events, masks, scenes
from benchmarks.accuracy.masksets import MaskSet, excerpt, find_sets
from benchmarks.accuracy.methods import OURS
from benchmarks.results import Cell, table
from monitor.capture.scene.library import SCENES


@dataclass(frozen=True, slots=True)
class Bound:
    """The worst value that passes, and what was measured when it was set. `at_most` turns it round."""

    limit: float
    measured: float
    date: str
    at_most: bool = False

    def holds(self, value: float) -> bool:
        """Return whether a value passes."""
        return value <= self.limit if self.at_most else value >= self.limit


BOUNDS: Mapping[str, Bound] = {
    "highway, F": Bound(0.95, 0.980, "2026-11-21"),
    "traffic, F": Bound(0.80, 0.853, "2026-11-21"),
    "recordings, share of motion found": Bound(1.0, 1.0, "2026-11-21"),
    "recordings, share of motion time": Bound(0.92, 0.960, "2026-11-21"),
    "recordings, false motion events": Bound(0, 0, "2026-11-21", at_most=True),
    "recordings, alarms in quiet": Bound(0, 0, "2026-11-21", at_most=True),
    "scenes, F": Bound(0.74, 0.791, "2026-11-21"),
    "scenes, share of motion found": Bound(1.0, 1.0, "2026-11-21"),
    "scenes, share of motion time": Bound(0.95, 1.0, "2026-11-21"),
    "scenes, false motion events": Bound(1, 0, "2026-11-21", at_most=True),
    "scenes, alarms in quiet": Bound(2, 1, "2026-11-21", at_most=True),
    "scenes, other kinds not found": Bound(0, 0, "2026-11-21", at_most=True),
}
"""A twentieth below what was measured; on recordings what is aimed at; on scenes one false event more."""

EXCERPTS = {"highway": (300, 600, 800), "traffic": (800, 1000, 1200)}
"""For each set: the first picture shown, the first and the last that count."""

QUICK_SCENES = ("walker", "two_walkers", "cloud", "leaves", "exposure", "covered", "object_left", "shake")


def measure(data: Path) -> dict[str, float]:
    """Return what is measured by the names in `BOUNDS`; without real recordings the scenes alone."""
    values = _real(data) if (data / "masks").is_dir() else {}
    figures = scenes.measure_scenes({name: SCENES[name]() for name in QUICK_SCENES}).total
    generated = scenes.measure_masks(("walker", "shake"), (OURS,))
    return values | {
        "scenes, F": generated.mean_of(OURS).f,
        "scenes, share of motion found": figures.touched / figures.truths,
        "scenes, other kinds not found": sum(one.latency_s is None for one in figures.found),
        "scenes, false motion events": figures.false,
        "scenes, alarms in quiet": figures.alarms,
        "scenes, share of motion time": figures.recall or 0.0,
    }


def report(values: Mapping[str, float]) -> str:
    """Return the table of values and bounds."""
    rows: list[list[Cell]] = [
        [
            name,
            float(value),
            f"{'≤' if BOUNDS[name].at_most else '≥'} {BOUNDS[name].limit:g}",
            _verdict(name, value),
        ]
        for name, value in values.items()
    ]
    return table(["measured", "value", "bound", ""], rows)


def passes(values: Mapping[str, float]) -> bool:
    """Return whether every value keeps its bound."""
    return all(BOUNDS[name].holds(value) for name, value in values.items())


def _verdict(name: str, value: float) -> str:
    return "holds" if BOUNDS[name].holds(value) else "**broken**"


def _real(data: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        parts = [_part(whole, Path(folder)) for whole in find_sets(data / "masks") if whole.name in EXCERPTS]
        rates = masks.measure(parts, (OURS,)).rates_of(OURS)
    return {f"{name}, F": one.f for name, one in rates.items()} | _events(data)


def _events(data: Path) -> dict[str, float]:
    if not (data / "events/truth.csv").exists():
        return {}
    labelled = clips.labelled_clips(data / "events")
    figures = events.judge_all(labelled, clips.by_monitor(labelled)).total
    return {
        "recordings, share of motion found": figures.touched / figures.truths,
        "recordings, share of motion time": figures.recall or 0.0,
        "recordings, false motion events": figures.false,
        "recordings, alarms in quiet": figures.alarms,
    }


def _part(whole: MaskSet, folder: Path) -> MaskSet:
    return excerpt(whole, *EXCERPTS[whole.name], folder)
