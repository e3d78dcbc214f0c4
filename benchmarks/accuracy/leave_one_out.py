"""`python -m benchmarks.accuracy.leave_one_out`: are the defaults right for places they were not chosen on?

Some settings are swept, one at a time around the defaults. Of each set it is then asked what F it gets with
the settings that are best on the mean of all the others: the figure that a new place may expect.
"""

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import cv2
import typer

from benchmarks.accuracy.counts import Counts, count, rates
from benchmarks.accuracy.masksets import MaskSet, find_sets, number_of, read_grey
from benchmarks.accuracy.recorded import recorded
from benchmarks.paths import data_folder
from benchmarks.results import Cell, measured_on, table, write_sections
from monitor import app
from monitor.outputs.masks import at_source_size
from monitor.settings import load_settings

HERE = Path(__file__).parent

SWEPT: Mapping[str, Sequence[str]] = {
    "motion.k_sigma": ("3", "3.5", "4.5", "5"),
    "advanced.background.luma_floor": ("1.5", "3", "4", "6"),
    "advanced.background.learning_s": ("10", "40"),
    "advanced.background.foreground_slowdown": ("10", "200"),
    "advanced.shadow.enabled": ("false",),
    "advanced.light.compensate": ("false",),
}
"""Values tried besides the default of each setting."""

DEFAULTS = "the defaults"

Scores = Mapping[str, Mapping[str, float]]
"""F by configuration and set."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The configuration that is best on the other sets, and what the one left out gets with it."""

    left_out: str
    chosen: str
    f: float
    f_defaults: float
    f_best: float


def choices(scores: Scores) -> list[Choice]:
    """Leave each set out in turn; of equals the first configuration, the defaults, is taken."""
    sets = list(scores[DEFAULTS])
    return [_choice(scores, left_out, [one for one in sets if one != left_out]) for left_out in sets]


def _choice(scores: Scores, left_out: str, others: Sequence[str]) -> Choice:
    chosen = max(scores, key=lambda name: sum(scores[name][one] for one in others))
    return Choice(
        left_out,
        chosen,
        scores[chosen][left_out],
        scores[DEFAULTS][left_out],
        max(of_sets[left_out] for of_sets in scores.values()),
    )


def sweep(sets: Sequence[MaskSet], configurations: Sequence[str], processes: int = 2) -> Scores:
    """Return F of every configuration on every set, scored in process, each frame analysed."""
    for one in sets:
        recorded(one)
    jobs = [(one, configuration) for configuration in configurations for one in sets]
    scores: dict[str, dict[str, float]] = {configuration: {} for configuration in configurations}
    # Not forked: a child of a process in which OpenCV has started threads hangs at its first picture.
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for (one, configuration), f in zip(jobs, pool.map(f_of, *zip(*jobs, strict=True)), strict=True):
            scores[configuration][one.name] = f
            print(f"{configuration:45} {one.name:16} {f:.3f}", file=sys.stderr, flush=True)
    return scores


def f_of(of: MaskSet, configuration: str) -> float:
    """Return F of one set with the defaults or, if `configuration` is KEY=VALUE, with that one change."""
    cv2.setNumThreads(1)
    settings = load_settings(overrides=[] if configuration == DEFAULTS else [configuration])
    analyser, pictures = app.analyser_of(settings), recorded(of)
    analyser.prime(pictures.spread(settings.advanced.analysis.look_ahead_s))
    truths = {number_of(picture): truth for picture, truth in of.counting()}
    total = Counts()
    for frame, path in zip(pictures, of.pictures, strict=True):
        analyser.update(frame)
        truth = truths.get(number_of(path))
        if truth is not None:
            total += count(read_grey(truth), at_source_size(analyser.mask, pictures.size))
    return rates(total).f


def report(scores: Scores) -> str:
    """Return the table of choices and the table of all that was tried."""
    chosen = choices(scores)
    sets = list(scores[DEFAULTS])
    columns = zip(*((one.f, one.f_defaults, one.f_best) for one in chosen), strict=True)
    mean: list[Cell] = ["**mean**", "", *(sum(column) / len(chosen) for column in columns)]
    tried = [_tried_row(name, list(of_sets.values())) for name, of_sets in scores.items()]
    return "\n".join(
        [
            "Each set left out in turn: F with the one change of a setting that is best on the mean of the "
            "others, F with the defaults, and the best F that any one change would have given it.\n",
            table(["left out", "chosen on the others", *_HEAD], [*map(_row, chosen), mean]),
            "All that was tried:\n",
            table(["F", *sets, "mean"], tried),
        ]
    )


_HEAD = ("F", "F of the defaults", "best F")


def _row(one: Choice) -> list[Cell]:
    return [one.left_out, one.chosen, one.f, one.f_defaults, one.f_best]


def _tried_row(name: str, of_sets: Sequence[float]) -> list[Cell]:
    return [name, *of_sets, sum(of_sets) / len(of_sets)]


def main(
    data: Annotated[Path | None, typer.Option(help="Folder of recordings with masks/.")] = None,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
) -> None:
    """Sweep settings over all sets, leave each set out in turn, and write the tables."""
    sets = find_sets((data or data_folder()) / "masks")
    if len(sets) < 2:
        raise typer.BadParameter("no masks/ with at least two sets there; give their folder with --data.")
    configurations = [DEFAULTS, *(f"{key}={value}" for key, values in SWEPT.items() for value in values)]
    body = measured_on() + "\n" + report(sweep(sets, configurations))
    write_sections(results, "Accuracy", {"Leave one out": body})


if __name__ == "__main__":
    typer.run(main)
