"""Measures over time with their limits, drawn into a picture."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from monitor.explaining.trace import Look
from monitor.frames import Bgr
from monitor.outputs.text import Colour, draw_text, text_width

GROUND: Colour = (28, 26, 24)
_SHADE: Colour = (38, 44, 84)
_LIMIT: Colour = (90, 130, 255)
_GRID: Colour = (60, 56, 52)
_MARK: Colour = (240, 240, 240)


class Measure(NamedTuple):
    """One measure: its name, the values and the limit as they are written, and its colour.

    `values` are None where nothing was measured.
    """

    name: str
    values: Sequence[float | None]
    limit: float
    form: str
    colour: Colour

    @property
    def most(self) -> float:
        """The largest value, 0 without any."""
        return max((value for value in self.values if value is not None), default=0.0)


def measures_of(looks: Sequence[Look], k_sigma: float, area_fraction: float, kl_nats: float) -> list[Measure]:
    """Return what is shown of looks, each with its limit."""
    return [
        Measure("peak, σ", [look.peak_sigma for look in looks], k_sigma, "{:.1f}", (90, 220, 255)),
        Measure(
            "area, % of the frame",
            [100 * look.area_fraction for look in looks],
            100 * area_fraction,
            "{:.2f}",
            (120, 230, 120),
        ),
        Measure("KL distance, nats", [look.kl_nats for look in looks], kl_nats, "{:.4f}", (255, 200, 110)),
    ]


def height_of(value: float, limit: float) -> float:
    """Return how high a value stands, 0 to 1: its limit at one half, and no peak outside."""
    value = max(value, 0.0)
    return value / (value + limit) if math.isfinite(value) else 1.0


def draw_measure(
    panel: Bgr,
    measure: Measure,
    times_s: Sequence[float],
    in_event: Sequence[bool],
    mark_s: float,
    text_px: int,
) -> None:
    """Draw one measure over the whole of `panel`: a row of words, the curve below it.

    `mark_s` is the moment that is told of.
    """
    panel[:] = GROUND
    curve = panel[text_px + 8 :]
    first_s, last_s = times_s[0], times_s[-1]
    height, width = curve.shape[:2]

    def column(time_s: float) -> int:
        return int((width - 1) * (time_s - first_s) / max(last_s - first_s, 1e-6))

    columns = [column(time_s) for time_s in times_s]
    for left, right, inside in zip(columns, [*columns[1:], width], in_event, strict=True):
        if inside:
            curve[:, left:right] = _SHADE
    cv2.line(curve, (0, height // 2), (width, height // 2), _LIMIT, 1)
    cv2.line(curve, (column(mark_s), 0), (column(mark_s), height), _MARK, 1)
    lines: list[list[tuple[int, int]]] = [[]]
    for x, value in zip(columns, measure.values, strict=True):
        if value is None:
            lines.append([])
        else:
            lines[-1].append((x, round((height - 3) * (1 - height_of(value, measure.limit))) + 1))
    drawn = [np.array(line, np.int32) for line in lines if line]
    cv2.polylines(curve, drawn, False, measure.colour, 2, cv2.LINE_AA)
    words = f"{measure.name}   most {measure.form.format(measure.most)}"
    draw_text(panel, words, (8, 3), height_px=text_px, colour=measure.colour)
    limit = f"limit {measure.limit:g}"
    left = panel.shape[1] - text_width(limit, text_px) - 8
    draw_text(panel, limit, (left, 3), height_px=text_px, colour=_LIMIT)


def draw_axis(panel: Bgr, times: Sequence[tuple[float, str]], text_px: int) -> None:
    """Write times below the curves; each is a share of the width, 0 to 1, and what stands there."""
    panel[:] = GROUND
    width = panel.shape[1]
    for share, words in times:
        left = round(share * (width - 1)) - text_width(words, text_px) // 2
        left = max(4, min(left, width - text_width(words, text_px) - 4))
        draw_text(panel, words, (left, 3), height_px=text_px, colour=_MARK)
