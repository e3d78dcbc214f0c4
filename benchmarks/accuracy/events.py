"""Events on recordings with labelled happenings: ours and DVR-Scan's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.accuracy.clips import Clip, Reports
from benchmarks.accuracy.matching import Figures, Found, judge
from benchmarks.results import Cell, table

HEAD = (
    "touched",
    "events",
    "false",
    "false / h",
    "alarms in quiet",
    "pieces per truth",
    "precision",
    "strict",
    "recall",
    "start s",
)

EXPLAINED = (
    "`touched` of the true motion events met by a reported one, `false` motion events that meet none; "
    "`alarms in quiet` are events of any kind but light_change in a span labelled quiet; `pieces per "
    "truth` is 1 at best; `start s` the median delay of starts (negative: early), only for events that "
    "begin on a truth. Time precision leaves out time without any label: the labels do not claim that "
    "nobody moves there (a person may still be half in view). `strict` counts all such time as quiet. "
    "Recall and precision allow each label's tolerance.\n"
)


@dataclass(frozen=True, slots=True)
class EventResults:
    """The figures of one program by clip."""

    by_clip: Mapping[str, Figures]

    @property
    def total(self) -> Figures:
        """All clips added up."""
        return sum(self.by_clip.values(), Figures())


def judge_all(clips: Sequence[Clip], reports: Reports) -> EventResults:
    """Hold what a program reported against the truth of each clip."""
    return EventResults(
        {clip.name: judge(clip.name, clip.times_s, clip.truth, reports[clip.name]) for clip in clips}
    )


def row(name: str, figures: Figures) -> list[Cell]:
    """Return the row of a table under `HEAD`."""
    return [
        name,
        f"{figures.touched} of {figures.truths}",
        figures.events,
        figures.false,
        _short(figures.false_per_hour, 1),
        figures.alarms,
        _short(figures.fragments, 2),
        _short(figures.precision, 2),
        _short(figures.strict_precision, 2),
        _short(figures.recall, 2),
        _short(figures.median_latency_s, 2),
    ]


def report(programs: Mapping[str, EventResults], skipped: Mapping[str, str]) -> str:
    """Return the tables of totals, of clips, and of what is not motion."""
    parts = [EXPLAINED, table(["total", *HEAD], [row(name, one.total) for name, one in programs.items()])]
    for name, results in programs.items():
        parts += [
            f"{name} by clip:\n",
            table(["clip", *HEAD], [row(*pair) for pair in results.by_clip.items()]),
        ]
    ours = next(iter(programs.values())).total
    parts += [f"What is not motion (events of these kinds that answer nothing: {ours.others_false}):\n"]
    parts += [found_table(ours.found)]
    parts += [f"{name} left out: {reason}\n" for name, reason in skipped.items()]
    return "\n".join(parts)


def found_table(found: Sequence[Found]) -> str:
    """Return a table of the truths that are not motion, and how late they were told."""
    rows = [
        (one.clip, one.kind, "no" if one.latency_s is None else "yes", _short(one.latency_s, 2))
        for one in found
    ]
    return table(["clip", "truth", "found", "after s"], rows)


def _short(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:.{digits}f}"
