"""What is drawn over a picture: zones, heat, flow, tracks."""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.scores import FlowVector, TrackScore
from monitor.frames import Bgr, Plane, Size
from monitor.outputs.privacy import Polygon, corners_px
from monitor.outputs.text import Colour, draw_label

CANDIDATE: Colour = (190, 190, 190)
ALARM: Colour = (48, 96, 255)
"""Boxes: thin grey while only measured, strong orange-red once part of an open event."""

FLOW: Colour = (120, 230, 120)
_ZONES: dict[str, Colour] = {"include": (80, 200, 80), "exclude": (200, 140, 60), "privacy": (150, 150, 150)}

_FLOW_S = 0.25  # arrows show the way of a quarter of a second
_SHORTEST_ARROW_PX = 3.0
_HEAT_OPACITY = 0.5
_HOTTEST_IN_K = 4.0  # the colour map ends at four times the threshold


class ZoneOutline(NamedTuple):
    """A zone as it is drawn: its name, its role, its corners as fractions of the frame."""

    name: str
    role: Literal["include", "exclude", "privacy"]
    polygon: Polygon


def draw_zones(canvas: Bgr, zones: Iterable[ZoneOutline], text_px: int) -> None:
    """Outline zones with their names into `canvas`; excluded ones are dimmed inside."""
    height, width = canvas.shape[:2]
    for zone in zones:
        corners = corners_px(zone.polygon, Size(width, height))
        if zone.role == "exclude":
            _dim(canvas, corners)
        cv2.polylines(canvas, [corners], True, _ZONES[zone.role], 1, cv2.LINE_AA)
        # Below the head line, where the time stands.
        left, top = int(corners[:, 0].min()), max(int(corners[:, 1].min()), 3 * text_px)
        label = zone.name if zone.role == "include" else f"{zone.name} ({zone.role})"
        draw_label(canvas, label, (left, top), height_px=text_px, colour=_ZONES[zone.role])


def _dim(canvas: Bgr, corners: NDArray[np.int32]) -> None:
    """Darken the inside of a polygon by a third."""
    left, top, width, height = cv2.boundingRect(corners)
    part = canvas[max(0, top) : top + height, max(0, left) : left + width]
    inside = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(inside, [corners - (max(0, left), max(0, top))], 255)
    cv2.copyTo(cv2.convertScaleAbs(part, alpha=0.67), inside, part)


def draw_heat(canvas: Bgr, sigma: NDArray[np.float32], mask: Plane, k_sigma: float) -> None:
    """Colour the foreground of `canvas` by its distance from μ, translucent.

    `sigma` is float32 (h, w) in units of σ, `mask` uint8 (h, w), 0 or 255, both at analysis size. From
    `k_sigma` (dark red) to four times that (pale yellow); only pixels beyond `k_sigma` are coloured.
    """
    left, top, width, height = cv2.boundingRect(mask)
    if not width:
        return
    z = np.abs(sigma[top : top + height, left : left + width])
    hot = np.where(z > k_sigma, mask[top : top + height, left : left + width], np.uint8(0))
    part = _scaled_part(canvas, mask.shape, (left, top, width, height))
    size = (part.shape[1], part.shape[0])
    # From 90 of 255 on: the dark end of the map would only dirty the picture.
    level = cv2.convertScaleAbs(z, alpha=165 / (k_sigma * _HOTTEST_IN_K), beta=90.0)
    colours = cv2.applyColorMap(cv2.resize(level, size), cv2.COLORMAP_INFERNO)
    smooth = cv2.threshold(cv2.resize(hot, size), 127, 255, cv2.THRESH_BINARY)[1]
    cv2.copyTo(cv2.addWeighted(part, 1 - _HEAT_OPACITY, colours, _HEAT_OPACITY, 0), smooth, part)


def _scaled_part(canvas: Bgr, shape: Sequence[int], box: tuple[int, int, int, int]) -> Bgr:
    """Return the view of `canvas` that a box at another size covers."""
    across, down = canvas.shape[1] / shape[1], canvas.shape[0] / shape[0]
    left, top, width, height = box
    return canvas[
        round(top * down) : max(round((top + height) * down), round(top * down) + 1),
        round(left * across) : max(round((left + width) * across), round(left * across) + 1),
    ]


def draw_flow(canvas: Bgr, flow: Iterable[FlowVector]) -> None:
    """Draw the way of each followed corner in the next quarter of a second; still ones are left out."""
    height, width = canvas.shape[:2]
    for vector in flow:
        dx, dy = vector.dx_per_s * _FLOW_S * width, vector.dy_per_s * _FLOW_S * height
        if dx * dx + dy * dy < _SHORTEST_ARROW_PX**2:
            continue
        x, y = vector.x * width, vector.y * height
        start, end = (round(x), round(y)), (round(x + dx), round(y + dy))
        cv2.arrowedLine(canvas, start, end, FLOW, 1, cv2.LINE_AA, tipLength=0.3)


def draw_tracks(canvas: Bgr, tracks: Iterable[TrackScore], in_event: Collection[int], text_px: int) -> None:
    """Box each track with its number and age; those of open events strong, unseen ones not at all."""
    for track in tracks:
        if not track.visible:
            continue
        alarm = track.id in in_event
        colour = ALARM if alarm else CANDIDATE
        left, top, right, bottom = _box_px(canvas, track)
        cv2.rectangle(canvas, (left, top), (right, bottom), colour, 2 if alarm else 1, cv2.LINE_AA)
        label = f"#{track.id}  {track.age_s:.1f} s"
        above = top - text_px * 5 // 3 - 1
        draw_label(
            canvas, label, (left, above if above >= 0 else bottom + 1), height_px=text_px, colour=colour
        )


def _box_px(canvas: Bgr, track: TrackScore) -> tuple[int, int, int, int]:
    height, width = canvas.shape[:2]
    box = track.box
    left, top = round(box.x * width), round(box.y * height)
    right, bottom = round((box.x + box.width) * width), round((box.y + box.height) * height)
    return left, top, min(right, width - 1), min(bottom, height - 1)
