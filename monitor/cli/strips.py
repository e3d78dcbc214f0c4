"""Measures over time as a strip of letters, as wide as the terminal."""

from collections.abc import Sequence

from rich.text import Text

from monitor.explaining.around import Around
from monitor.explaining.graph import Measure, height_of, measures_of
from monitor.explaining.sheet import shown_time
from monitor.explaining.trace import Look
from monitor.settings import Settings

_BLOCKS = "▁▂▃▄▅▆▇█"
"""The limit is between the fourth and the fifth."""

_NAME, _LEGEND = 9, 27
"""Letters before and after the strip."""

_NARROWEST = 20


def strips(around: Around, settings: Settings, mark_s: float, width: int) -> list[Text]:
    """Return one line for each measure, one for what was judged, and one of times; none without looks."""
    looks = around.trace.looks if around.trace else ()
    if not looks:
        return []
    columns = max(width - _NAME - _LEGEND, _NARROWEST)
    first_s, last_s = looks[0].time_s, looks[-1].time_s
    cells = _cells([look.time_s for look in looks], first_s, last_s, columns)
    area, k_sigma = settings.motion.min_area_fraction, settings.motion.k_sigma
    measures = measures_of(looks, k_sigma, area, settings.advanced.histogram.kl_threshold_nats)
    names = ("σ", "area %", "KL nats")
    lines = [_strip(name, measure, cells) for name, measure in zip(names, measures, strict=True)]
    lines.append(_judged(looks, cells))
    at = min(max(round((columns - 1) * (mark_s - first_s) / max(last_s - first_s, 1e-6)), 0), columns - 1)
    times = [shown_time(around, time_s) for time_s in (first_s, mark_s, last_s)]
    lines.append(_axis(times, at, columns))
    return lines


def _cells(times_s: Sequence[float], first_s: float, last_s: float, columns: int) -> list[list[int]]:
    """Return for each column the numbers of its looks; where there are none, the last one before."""
    cells: list[list[int]] = [[] for _ in range(columns)]
    for number, time_s in enumerate(times_s):
        cells[min(int(columns * (time_s - first_s) / max(last_s - first_s, 1e-6)), columns - 1)].append(
            number
        )
    for column in range(1, columns):
        if not cells[column]:
            cells[column] = cells[column - 1][-1:]
    return cells


def _strip(name: str, measure: Measure, cells: Sequence[Sequence[int]]) -> Text:
    line = Text(f"{name:<{_NAME}}")
    for cell in cells:
        values = [value for number in cell if (value := measure.values[number]) is not None]
        height = height_of(max(values, default=0.0), measure.limit)
        beyond = height > 0.5
        block = _BLOCKS[min(int(height * 8), 7)] if height > 0 else " "
        line.append(block, style="bold yellow" if beyond else "cyan")
    legend = f"  most {measure.form.format(measure.most)}, limit {measure.limit:g}"
    return line.append(legend, style="dim")


def _judged(looks: Sequence[Look], cells: Sequence[Sequence[int]]) -> Text:
    line = Text(f"{'judged':<{_NAME}}")
    for cell in cells:
        there = [looks[number] for number in cell]
        seen = [one for look in there for one in look.seen]
        if any(one.counts for one in seen):
            line.append("█", style="bold yellow")
        elif any(look.veto for look in there):
            line.append("▒", style="red")
        else:
            line.append("░" if seen else "·", style="cyan" if seen else "dim")
    return line.append("  █ counts ░ not ▒ vetoed", style="dim")


def _axis(times: Sequence[str], at: int, columns: int) -> Text:
    """Return the first, the marked and the last time, those at the ends where there is room for them."""
    first, mark, last = times
    mark = f"▲ {mark}"
    begins = min(at, columns - len(mark)) if at > columns // 2 else at
    begins = max(begins, 0)
    line = [" "] * max(columns, begins + len(mark))
    line[begins : begins + len(mark)] = mark
    if begins > len(first) + 1:
        line[: len(first)] = first
    if begins + len(mark) + 1 < columns - len(last):
        line[columns - len(last) : columns] = last
    return Text(" " * _NAME + "".join(line), style="dim")
