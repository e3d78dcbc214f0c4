"""Masks of many methods on many sets, scored as CDnet does."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy.counts import Counts, Rates, mean_rates, rates
from benchmarks.accuracy.masksets import MaskSet, score
from benchmarks.accuracy.methods import METHODS, OURS, TITLES, Cost
from benchmarks.accuracy.sheet import WorstFrame, worst_frame
from benchmarks.environments import PeerMissingError
from benchmarks.process import ProcessFailedError
from benchmarks.results import Cell, table


@dataclass(frozen=True, slots=True)
class Scored:
    """One method on one set."""

    counts: Counts
    cost: Cost
    frames: int


@dataclass(slots=True)
class MaskResults:
    """What was measured: by method and set, why methods were left out, and our worst frame of each set."""

    scored: dict[str, dict[str, Scored]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    worst: list[WorstFrame] = field(default_factory=list)

    def rates_of(self, method: str) -> dict[str, Rates]:
        """Return the measures of a method by set."""
        return {name: rates(one.counts) for name, one in self.scored[method].items()}

    def mean_of(self, method: str) -> Rates:
        """Return the mean of a method over the sets."""
        return mean_rates(self.rates_of(method).values())


def measure(sets: Sequence[MaskSet], methods: Sequence[str]) -> MaskResults:
    """Run each method on each set and score it; a peer that cannot be run is left out with the reason."""
    results = MaskResults()
    for method in methods:
        try:
            results.scored[method] = {one.name: _measure_one(one, method, results) for one in sets}
        except (PeerMissingError, ProcessFailedError) as error:
            if method == OURS:
                raise
            results.skipped[method] = str(error)
    return results


def _measure_one(of: MaskSet, method: str, results: MaskResults) -> Scored:
    with tempfile.TemporaryDirectory() as folder:
        masks = Path(folder) / "masks"
        masks.mkdir()
        cost = METHODS[method](of, masks)
        scored = Scored(score(of, masks), cost, len(of.pictures))
        if method == OURS:
            results.worst.append(worst_frame(of, masks))
    print(f"{method:9} {of.name:16} F {rates(scored.counts).f:.3f}", file=sys.stderr)
    return scored


def report(results: MaskResults) -> str:
    """Return the tables of methods, of sets, and of ours in detail."""
    parts = [
        "Scored as CDnet does: pixels summed over all counting frames of a set, then the mean over sets. "
        "`ms` is processor time for a frame on one thread, reading and writing pictures not counted; ours is "
        "analyser and judge together, with every frame analysed (the default looks at 15 a second). "
        "Memory is that of the whole process.\n",
        table(["mean over sets", *_HEAD, "ms", "peak MB"], [_mean_row(results, m) for m in results.scored]),
        "F by set:\n",
        table(["F", *_sets(results)], [_f_row(results, method) for method in results.scored]),
        "Ours by set:\n",
        table(["set", *_HEAD], [[name, *one] for name, one in results.rates_of(OURS).items()]),
    ]
    parts += [f"{TITLES[method]} left out: {reason}\n" for method, reason in results.skipped.items()]
    return "\n".join(parts)


_HEAD = ("recall", "specificity", "FPR", "FNR", "PWC %", "precision", "F")


def _sets(results: MaskResults) -> list[str]:
    return list(results.scored[OURS])


def _mean_row(results: MaskResults, method: str) -> list[Cell]:
    of_sets = results.scored[method].values()
    frames = sum(one.frames for one in of_sets)
    ms = sum(one.cost.ms_per_frame * one.frames for one in of_sets) / frames
    peaks = [one.cost.peak_mb for one in of_sets if one.cost.peak_mb is not None]
    peak = f"{max(peaks):.0f}" if peaks else None
    return [TITLES[method], *results.mean_of(method), f"{ms:.2f}", peak]


def _f_row(results: MaskResults, method: str) -> list[Cell]:
    return [TITLES[method], *(one.f for one in results.rates_of(method).values())]
