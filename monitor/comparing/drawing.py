"""Pictures of a comparison: what differs boxed, the difference itself, both side by side."""

from collections.abc import Sequence

import cv2
import numpy as np

from monitor.comparing.boxes import Box
from monitor.comparing.images import Comparison
from monitor.frames import Bgr, Plane, Size
from monitor.outputs.overlay import ALARM
from monitor.outputs.text import Colour, draw_label

GROUND = (24, 24, 24)
INK = (235, 235, 235)
DIM = (160, 160, 160)

_LINE_SHARE = 1 / 240
"""Thickness of a line by the picture's shorter side: 2 pixels of 480 rows."""

_MARGIN_PX = 3
"""A box is drawn so far outside of what it is about, not over it."""

_LOWEST_HEAT, _HEAT_GAIN = 90, 1.3
"""The dark end of the colour map would be lost on a dark picture."""

TEXT_SHARE = 1 / 24
_SMALLEST_TEXT_PX, _LARGEST_TEXT_PX = 12, 36


def marked(picture: Bgr, boxes: Sequence[Box]) -> Bgr:
    """Return a picture with the boxes drawn, the same where there are none; uint8 (H, W, 3)."""
    canvas = picture.copy()
    height, width = canvas.shape[:2]
    line_px = max(1, round(min(height, width) * _LINE_SHARE))
    for box in boxes:
        left, top = round(box.x * width) - _MARGIN_PX, round(box.y * height) - _MARGIN_PX
        right = round((box.x + box.width) * width) + _MARGIN_PX - 1
        bottom = round((box.y + box.height) * height) + _MARGIN_PX - 1
        start = (max(0, left), max(0, top))
        end = (min(width - 1, right), min(height - 1, bottom))
        # Dark below bright: to be seen on every ground.
        cv2.rectangle(canvas, start, end, (0, 0, 0), line_px + 2)
        cv2.rectangle(canvas, start, end, ALARM, line_px)
    return canvas


def difference_picture(difference: Plane, mask: Plane) -> Bgr:
    """Return the difference in grey levels, in colour from red to yellow where the mask says that it counts.

    Both are uint8 (H, W); so is the result with three channels. What is noise alone stays as dark as it is.
    """
    grey = cv2.cvtColor(difference, cv2.COLOR_GRAY2BGR)
    levels = cv2.convertScaleAbs(difference, alpha=_HEAT_GAIN, beta=_LOWEST_HEAT)
    cv2.copyTo(cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO), mask, grey)
    return np.asarray(grey, np.uint8)


def drawn_difference(found: Comparison) -> Bgr:
    """Return the difference picture of a comparison."""
    return difference_picture(found.difference, found.mask)


def side_by_side(a: Bgr, b: Bgr, names: tuple[str, str]) -> Bgr:
    """Return two pictures of one size beside each other, each with its name; uint8 (H, 2 W + gap, 3)."""
    gap = np.full((a.shape[0], max(2, a.shape[1] // 160), 3), GROUND, np.uint8)
    labelled = [_labelled(picture, name) for picture, name in zip((a, b), names, strict=True)]
    return np.hstack([labelled[0], gap, labelled[1]])


def text_px(size: Size) -> int:
    """Return the height of letters that are read well on a picture of this size."""
    return int(np.clip(size.height * TEXT_SHARE, _SMALLEST_TEXT_PX, _LARGEST_TEXT_PX))


def _labelled(picture: Bgr, name: str, colour: Colour = INK) -> Bgr:
    canvas = picture.copy()
    height_px = text_px(Size(canvas.shape[1], canvas.shape[0]))
    if canvas.shape[0] > 4 * height_px:  # on a stamp a name would hide what is there
        draw_label(canvas, name, (0, 0), height_px=height_px, colour=colour)
    return canvas
