"""The running strip: the last seconds of two measures with their limits."""

from collections import deque
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Bgr
from monitor.outputs.text import Colour, draw_text, text_width

SPAN_S = 10.0
"""Seconds that the strip shows."""

_GROUND: Colour = (28, 26, 24)
_SHADE: Colour = (38, 44, 84)
_GRID: Colour = (60, 56, 52)
_LIMIT: Colour = (90, 130, 255)
_INK: Colour = (215, 215, 215)


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
        """Draw the plot over the whole of `panel`."""
        panel[:] = _GROUND
        self._shade_events(panel)
        self._draw_scale(panel)
        self._draw_line(panel)
        self._draw_words(panel, text_px)

    def _shade_events(self, panel: Bgr) -> None:
        x = self._columns(panel)
        samples = list(self._samples)
        for i, sample in enumerate(samples):
            if sample.in_event:
                right = x[i + 1] if i + 1 < len(samples) else panel.shape[1]
                panel[:, x[i] : right] = _SHADE

    def _draw_scale(self, panel: Bgr) -> None:
        height, width = panel.shape[:2]
        for second in range(1, int(SPAN_S)):
            x = round(width * second / SPAN_S)
            cv2.line(panel, (x, height - height // 12), (x, height), _GRID, 1)
        cv2.line(panel, (0, height // 2), (width, height // 2), _LIMIT, 1)

    def _draw_line(self, panel: Bgr) -> None:
        x = self._columns(panel)
        lines: list[list[tuple[int, int]]] = [[]]
        for column, sample in zip(x, self._samples, strict=True):
            if sample.value is None:
                lines.append([])
            else:
                lines[-1].append((int(column), self._row(sample.value, panel.shape[0])))
        drawn = [np.array(line, np.int32) for line in lines if line]
        cv2.polylines(panel, drawn, False, self._colour, 1, cv2.LINE_AA)

    def _draw_words(self, panel: Bgr, text_px: int) -> None:
        height, width = panel.shape[:2]
        newest = self._samples[-1].value if self._samples else None
        value = "–" if newest is None else f"{newest:.{self._decimals}f} {self._unit}"
        draw_text(panel, f"{self._name}  {value}", (8, 2), height_px=text_px, colour=self._colour)
        limit = f"limit {self._limit:g} {self._unit}"
        left = width - text_width(limit, text_px) - 8
        draw_text(panel, limit, (left, height // 2 + 1), height_px=text_px, colour=_LIMIT)
        draw_text(panel, f"{SPAN_S:.0f} s", (8, height - text_px - 6), height_px=text_px, colour=_INK)

    def _columns(self, panel: Bgr) -> NDArray[np.int32]:
        times = np.array([sample.time_s for sample in self._samples])
        if not times.size:
            return np.empty(0, np.int32)
        columns: NDArray[np.float64] = (1 - (times[-1] - times) / SPAN_S) * (panel.shape[1] - 1)
        return np.rint(columns).astype(np.int32)

    def _row(self, value: float, height: int) -> int:
        share = 1.0 if not np.isfinite(value) else max(value, 0.0) / (max(value, 0.0) + self._limit)
        return round((height - 3) * (1 - share)) + 1


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
