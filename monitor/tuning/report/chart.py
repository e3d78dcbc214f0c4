"""The trade-off drawn: false events a day against events missed, as SVG for the page and as PNG."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import cv2
import numpy as np

from monitor.frames import Bgr
from monitor.outputs.layout import unfinished, writing
from monitor.tuning.proposal import Proposal
from monitor.tuning.report.wording import shown_rate
from monitor.tuning.tally import Tally

WIDTH, HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 24, 24, 56
_TICKS = 5
_SCALE = 2
"""Pixels of the PNG for each unit: letters drawn by OpenCV are legible so."""

_COLOURS = {
    "ground": (255, 255, 255),
    "grid": (224, 220, 216),
    "text": (60, 52, 46),
    "tried": (200, 188, 176),
    "curve": (120, 90, 40),
    "present": (40, 90, 210),
    "proposed": (70, 140, 30),
    "limit": (40, 40, 190),
}
"""Blue green red, of the PNG; the page has its own for light and dark."""


@dataclass(frozen=True, slots=True)
class _Line:
    role: str
    points: tuple[tuple[float, float], ...]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class _Dot:
    role: str
    at: tuple[float, float]
    radius: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    at: tuple[float, float]
    anchor: str = "middle"
    role: str = "text"


_Mark = _Line | _Dot | _Text


def svg_text(proposal: Proposal) -> str:
    """Return the drawing as an SVG element; colours come from the classes of its parts."""
    parts = "".join(map(_svg, _marks(proposal)))
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="False events a day against events missed">{parts}</svg>'
    )


def write_png(proposal: Proposal, path: Path) -> None:
    """Write the drawing as a PNG in the place of one that was there; raises `OutputError`."""
    picture: Bgr = np.full((HEIGHT * _SCALE, WIDTH * _SCALE, 3), 255, np.uint8)
    for mark in _marks(proposal):
        _draw(picture, mark)
    part = unfinished(path)
    with writing(path):
        part.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
        part.replace(path)


def _marks(proposal: Proposal) -> Iterator[_Mark]:
    axes = _Axes.of(proposal)
    yield from axes.marks()
    if proposal.goal.of == "false":
        y = axes.y(proposal.goal.limit)
        yield _Line("limit", ((_LEFT, y), (WIDTH - _RIGHT, y)), dashed=True)
        yield _Text(proposal.goal.text, (WIDTH - _RIGHT, y - 6), "end", "limit")
    if proposal.goal.of == "missed" and axes.truths:
        x = axes.x(proposal.goal.limit * axes.truths)
        yield _Line("limit", ((x, _TOP), (x, HEIGHT - _BOTTOM)), dashed=True)
        yield _Text(proposal.goal.text, (x + 6, _TOP + 12), "start", "limit")
    seen = sorted({(point.tally.missed, point.tally.false_per_day) for point in proposal.tried})
    for missed, rate in seen:
        yield _Dot("tried", (axes.x(missed), axes.y(rate)), 3)
    corners = [axes.at(point.tally) for point in proposal.curve]
    yield _Line("curve", tuple(corners))
    for point, corner in zip(proposal.curve, corners, strict=True):
        yield _Dot("curve", corner, 4, ", ".join(f"{c.key} {c.value:g}" for c in point.changes))
    yield from _named(axes, proposal)


def _named(axes: "_Axes", proposal: Proposal) -> Iterator[_Mark]:
    """Yield the two points that have names; as one where they are the same."""
    present, proposed = axes.at(proposal.present), axes.at(proposal.proposed)
    if proposal.steps and math.dist(present, proposed) > 1:
        yield from _label("present", "now", present)
        yield from _label("proposed", "proposed", proposed)
    elif proposal.steps:
        yield from _label("proposed", "now and proposed", proposed)
    else:
        yield from _label("present", "now", present)


def _label(role: str, text: str, at: tuple[float, float]) -> Iterator[_Mark]:
    yield _Dot(role, at, 7)
    right = at[0] > WIDTH - 160
    x, anchor = (at[0] - 12, "end") if right else (at[0] + 12, "start")
    yield _Text(text, (x, at[1] - 9), anchor, role)


@dataclass(frozen=True, slots=True)
class _Axes:
    """From misses and false alarms a day to places in the drawing; y is the square root of its value."""

    most_missed: int
    most_false: float
    truths: int

    @classmethod
    def of(cls, proposal: Proposal) -> "_Axes":
        shown = [point.tally for point in (*proposal.tried, *proposal.curve)]
        most_false = max((tally.false_per_day for tally in shown), default=0.0)
        if proposal.goal.of == "false":
            most_false = max(most_false, proposal.goal.limit)
        return cls(max(1, *(t.missed for t in shown)), most_false or 1.0, proposal.present.truths)

    def x(self, missed: float) -> float:
        return _LEFT + missed / self.most_missed * (WIDTH - _LEFT - _RIGHT)

    def y(self, per_day: float) -> float:
        # A root, so that one a day is seen beside a thousand, and none has a place.
        return HEIGHT - _BOTTOM - math.sqrt(per_day / self.most_false) * (HEIGHT - _TOP - _BOTTOM)

    def at(self, tally: Tally) -> tuple[float, float]:
        return self.x(tally.missed), self.y(tally.false_per_day)

    def marks(self) -> Iterator[_Mark]:
        step = max(1, math.ceil(self.most_missed / 10))
        for missed in range(0, self.most_missed + 1, step):
            x = self.x(missed)
            yield _Line("grid", ((x, _TOP), (x, HEIGHT - _BOTTOM)))
            yield _Text(str(missed), (x, HEIGHT - _BOTTOM + 20))
        for number in range(_TICKS):
            rate = self.most_false * (number / (_TICKS - 1)) ** 2
            y = self.y(rate)
            yield _Line("grid", ((_LEFT, y), (WIDTH - _RIGHT, y)))
            yield _Text(shown_rate(rate), (_LEFT - 8, y + 5), "end")
        yield _Text(f"events missed, of {self.truths}", ((WIDTH + _LEFT - _RIGHT) / 2, HEIGHT - 14))
        yield _Text("false events a day", (_LEFT, _TOP - 9), "start")


def _svg(mark: _Mark) -> str:
    if isinstance(mark, _Line):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in mark.points)
        dashes = ' stroke-dasharray="6 5"' if mark.dashed else ""
        return f'<polyline class="{mark.role}" points="{points}" fill="none"{dashes}/>'
    x, y = mark.at
    if isinstance(mark, _Dot):
        title = f"<title>{escape(mark.title)}</title>" if mark.title else ""
        return f'<circle class="{mark.role}" cx="{x:.1f}" cy="{y:.1f}" r="{mark.radius:g}">{title}</circle>'
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{mark.anchor}"'
    return f'<text class="{mark.role}" {place}>{escape(mark.text)}</text>'


def _draw(picture: Bgr, mark: _Mark) -> None:
    colour = _COLOURS[mark.role]
    if isinstance(mark, _Line):
        for start, end in zip(mark.points, mark.points[1:], strict=False):
            _draw_line(picture, start, end, colour, thick=mark.role != "grid", dashed=mark.dashed)
    elif isinstance(mark, _Dot):
        radius = round(mark.radius * _SCALE)
        cv2.circle(picture, _pixel(mark.at), radius, colour, cv2.FILLED, cv2.LINE_AA)
    else:
        font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.42 * _SCALE
        (width, _), _ = cv2.getTextSize(mark.text, font, size, 1)
        x, y = _pixel(mark.at)
        x -= {"start": 0, "middle": width // 2, "end": width}[mark.anchor]
        cv2.putText(picture, mark.text, (x, y), font, size, colour, 1, cv2.LINE_AA)


def _draw_line(
    picture: Bgr,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: tuple[int, int, int],
    *,
    thick: bool,
    dashed: bool,
) -> None:
    pieces = max(1, round(math.dist(start, end) / 11)) if dashed else 1
    for number in range(pieces):
        first, last = number / pieces, (number + (0.55 if dashed else 1)) / pieces
        ends = [tuple(a + part * (b - a) for a, b in zip(start, end, strict=True)) for part in (first, last)]
        width = 2 * _SCALE // 2 if thick else 1
        cv2.line(picture, _pixel(ends[0]), _pixel(ends[1]), colour, width, cv2.LINE_AA)


def _pixel(at: tuple[float, ...]) -> tuple[int, int]:
    return round(at[0] * _SCALE), round(at[1] * _SCALE)
