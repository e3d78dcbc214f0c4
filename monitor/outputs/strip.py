"""The running strip: the last seconds of two measures with their limits."""

import math
from collections import deque
from typing import NamedTuple

import cv2
import numpy as np

from monitor.frames import Bgr
from monitor.outputs.text import Colour, draw_text, text_width

SPAN_S = 10.0
"""Seconds that the strip shows."""

_GROUND: Colour = (28, 26, 24)
_SHADE: Colour = (38, 44, 84)
_GRID: Colour = (60, 56, 52)
_LIMIT: Colour = (90, 130, 255)


class _Sample(NamedTuple):
    time_s: float
    value: float | None
    in_event: bool


class Plot:
    """One measure over the last `SPAN_S` seconds, newest at the right.

    `limit` is its threshold, drawn at half the height: the scale is value / (value + limit), so that
    small values are told apart and no peak leaves the picture. `unit` follows the numbers.
    """

    def __init__(self, name: str, unit: str, limit: float, decimals: int, colour: Colour) -> None:
        self._name = name
        self._unit = unit
        self._limit = limit
        self._decimals = decimals
        self._colour = colour
        self._samples: deque[_Sample] = deque()

    def add(self, time_s: float, value: float | None, in_event: bool) -> None:
        """Add the newest value; None (not measured) leaves a hole in the line."""
        self._samples.append(_Sample(time_s, value, in_event))
        while self._samples[0].time_s < time_s - SPAN_S:
            self._samples.popleft()

    def draw(self, panel: Bgr, text_px: int) -> None:
        """Draw the plot over the whole of `panel`: a row of words, the curve below it."""
        panel[:] = _GROUND
        curve = panel[text_px + 6 :]
        columns = self._columns(panel.shape[1])
        self._shade_events(curve, columns)
        _draw_scale(curve)
        self._draw_line(curve, columns)
        self._draw_words(panel, text_px)

    def _shade_events(self, curve: Bgr, columns: list[int]) -> None:
        for sample, left, right in zip(self._samples, columns, [*columns[1:], curve.shape[1]], strict=False):
            if sample.in_event:
                curve[:, left:right] = _SHADE

    def _draw_line(self, curve: Bgr, columns: list[int]) -> None:
        lines: list[list[tuple[int, int]]] = [[]]
        for column, sample in zip(columns, self._samples, strict=True):
            if sample.value is None:
                lines.append([])
            else:
                lines[-1].append((column, self._row(sample.value, curve.shape[0])))
        drawn = [np.array(line, np.int32) for line in lines if line]
        cv2.polylines(curve, drawn, False, self._colour, 1, cv2.LINE_AA)

    def _draw_words(self, panel: Bgr, text_px: int) -> None:
        newest = self._samples[-1].value if self._samples else None
        value = "–" if newest is None else f"{newest:.{self._decimals}f} {self._unit}"
        draw_text(panel, f"{self._name}  {value}", (8, 2), height_px=text_px, colour=self._colour)
        limit = f"limit {self._limit:g} {self._unit}   last {SPAN_S:.0f} s"
        left = panel.shape[1] - text_width(limit, text_px) - 8
        draw_text(panel, limit, (left, 2), height_px=text_px, colour=_LIMIT)

    def _columns(self, width: int) -> list[int]:
        """Return where each sample stands, the newest at the right edge."""
        newest_s = self._samples[-1].time_s if self._samples else 0.0
        px_per_s = (width - 1) / SPAN_S
        return [round(width - 1 - (newest_s - sample.time_s) * px_per_s) for sample in self._samples]

    def _row(self, value: float, height: int) -> int:
        value = max(value, 0.0)
        share = value / (value + self._limit) if math.isfinite(value) else 1.0
        return round((height - 3) * (1 - share)) + 1


def _draw_scale(curve: Bgr) -> None:
    """Draw the limit at half height and a tick for each second."""
    height, width = curve.shape[:2]
    for second in range(1, int(SPAN_S)):
        x = round(width * second / SPAN_S)
        cv2.line(curve, (x, height - height // 10), (x, height), _GRID, 1)
    cv2.line(curve, (0, height // 2), (width, height // 2), _LIMIT, 1)


class Strip:
    """The strongest track's peak in units of σ at the left, the KL distance in nats at the right."""

    def __init__(self, k_sigma: float, kl_nats: float) -> None:
        self._peak = Plot("peak", "σ", k_sigma, 1, (90, 220, 255))
        self._kl = Plot("KL distance", "nats", kl_nats, 4, (255, 200, 110))

    def add(self, time_s: float, peak_sigma: float, kl_nats: float | None, in_event: bool) -> None:
        """Add the newest measures; `peak_sigma` is 0 without a track."""
        self._peak.add(time_s, peak_sigma, in_event)
        self._kl.add(time_s, kl_nats, in_event)

    def draw(self, canvas: Bgr, text_px: int) -> None:
        """Draw both plots side by side over the whole of `canvas`."""
        middle = canvas.shape[1] // 2
        self._peak.draw(canvas[:, : middle - 1], text_px)
        self._kl.draw(canvas[:, middle + 1 :], text_px)
        canvas[:, middle - 1 : middle + 1] = _GRID
