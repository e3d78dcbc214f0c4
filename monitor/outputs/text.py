"""Text on pictures."""

import textwrap
from typing import Any

import cv2
import numpy as np

from monitor.frames import Bgr

Colour = tuple[int, int, int]
"""Blue, green, red, 0 to 255."""

_WEIGHT = 500  # between regular and semibold: keeps thin strokes through 4:2:0 and compression
_PLAIN = str.maketrans({"σ": "sigma", "μ": "u", "≥": ">=", "≤": "<=", "±": "+-", "–": "-", "×": "x"})
_HERSHEY_HEIGHT_PX = 30.0  # of FONT_HERSHEY_SIMPLEX at scale 1, with descenders

# OpenCV 5 brings a TrueType font; before it there were only the plotter letters of Hershey.
_FONT: Any = cv2.FontFace("sans") if hasattr(cv2, "FontFace") else None
_LETTER_WIDTH = 0.66 if _FONT is None else 0.56  # room for a letter, in heights; the plotter's are wider


def draw_text(canvas: Bgr, text: str, corner_px: tuple[int, int], *, height_px: int, colour: Colour) -> None:
    """Draw one smooth line of text into `canvas` with its top left at `corner_px`."""
    left, top = corner_px
    baseline = (left, top + height_px)
    if _FONT is not None:
        cv2.putText(canvas, text, baseline, colour, _FONT, height_px, _WEIGHT)
        return
    scale = height_px / _HERSHEY_HEIGHT_PX
    plain = text.translate(_PLAIN)
    cv2.putText(canvas, plain, baseline, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, 1, cv2.LINE_AA)


def text_width(text: str, height_px: int) -> int:
    """Return the width of a line in pixels."""
    if _FONT is not None:
        box = cv2.getTextSize((0, 0), text, (0, 0), _FONT, height_px, _WEIGHT)
        return int(box[2])
    scale = height_px / _HERSHEY_HEIGHT_PX
    return cv2.getTextSize(text.translate(_PLAIN), cv2.FONT_HERSHEY_SIMPLEX, scale, 1)[0][0]


def darken(canvas: Bgr, left: int, top: int, right: int, bottom: int, share: float = 0.65) -> None:
    """Make a rectangle of `canvas` darker by `share`, 0 (as it is) to 1 (black)."""
    part = canvas[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
    if part.size:
        np.copyto(part, cv2.convertScaleAbs(part, alpha=1 - share))


def draw_label(canvas: Bgr, text: str, corner_px: tuple[int, int], *, height_px: int, colour: Colour) -> None:
    """Draw one line on a dark backing whose top left is at `corner_px`."""
    left, top = corner_px
    pad = height_px // 3
    right = left + text_width(text, height_px) + 2 * pad
    darken(canvas, left, top, right, top + height_px + 2 * pad)
    draw_text(canvas, text, (left + pad, top + pad // 2), height_px=height_px, colour=colour)


def wrapped(text: str, width_px: int, height_px: int, max_lines: int) -> list[str]:
    """Return `text` in lines that fit `width_px`, at most `max_lines`, cut off with an ellipsis."""
    letters = max(8, int(width_px / (height_px * _LETTER_WIDTH)))
    return textwrap.wrap(text, letters, max_lines=max_lines, placeholder=" …")


def time_code(time_s: float) -> str:
    """Return hours, minutes, seconds and milliseconds as 00:12:34.567."""
    whole_ms = round(time_s * 1000)
    seconds, ms = divmod(whole_ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"
