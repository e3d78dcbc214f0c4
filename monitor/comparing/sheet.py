"""Both pictures, the difference and the measures on one sheet."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from monitor.comparing.drawing import DIM, GROUND, INK, drawn_difference, marked
from monitor.comparing.images import Comparison
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.wording import shown_measure
from monitor.frames import Bgr
from monitor.outputs.text import draw_text, text_width, wrapped

_TILE_PX = 620
"""Width of a picture on the sheet; narrower ones are enlarged, wider ones are made smaller."""

_GAP_PX = 16
_TITLE_PX, _TEXT_PX = 20, 16
_LINE_PX = 24


def sheet(found: Comparison, names: tuple[str, str], verdict: str) -> Bgr:
    """Return the sheet, uint8 (H, W, 3): A and B with boxes above, the difference and the measures below."""
    tiles = [_tile(marked(found.a, found.boxes)), _tile(marked(found.b, found.boxes))]
    below = _tile(drawn_difference(found))
    lines = _lines(found)
    tile_height = tiles[0].shape[0]
    body_height = max(tile_height, (len(lines) + 1) * _LINE_PX)
    head_px, title_px = 2 * _TITLE_PX + _GAP_PX, _TITLE_PX + 12
    height = head_px + tile_height + body_height + 2 * title_px + 3 * _GAP_PX
    canvas = np.full((height, 2 * _TILE_PX + 3 * _GAP_PX, 3), GROUND, np.uint8)
    draw_text(canvas, _cut(verdict, canvas.shape[1]), (_GAP_PX, _GAP_PX), height_px=_TITLE_PX, colour=INK)
    second = 2 * _GAP_PX + _TILE_PX
    for left, name, tile in zip((_GAP_PX, second), names, tiles, strict=True):
        _put(canvas, tile, _cut(name, _TILE_PX), (left, head_px))
    row = head_px + title_px + tile_height + _GAP_PX
    _put(canvas, below, "difference in grey levels; coloured where it counts", (_GAP_PX, row))
    draw_text(canvas, "measures", (second, row), height_px=_TITLE_PX - 2, colour=INK)
    for number, (name, value) in enumerate(lines):
        at = row + title_px + number * _LINE_PX
        draw_text(canvas, name, (second, at), height_px=_TEXT_PX, colour=DIM)
        left = second + _TILE_PX - text_width(value, _TEXT_PX)
        draw_text(canvas, value, (left, at), height_px=_TEXT_PX, colour=INK)
    return canvas


def _lines(found: Comparison) -> Sequence[tuple[str, str]]:
    return [
        (f"{name}: {meaning.what}", shown_measure(name, found.measures.value(name)))
        for name, meaning in MEANINGS.items()
    ]


def _tile(picture: Bgr) -> Bgr:
    scale = _TILE_PX / picture.shape[1]
    height = max(1, math.ceil(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(picture, (_TILE_PX, height), interpolation=how), np.uint8)


def _put(canvas: Bgr, tile: Bgr, title: str, corner: tuple[int, int]) -> None:
    left, top = corner
    draw_text(canvas, title, (left, top), height_px=_TITLE_PX - 2, colour=INK)
    top += _TITLE_PX + 12
    canvas[top : top + tile.shape[0], left : left + tile.shape[1]] = tile


def _cut(text: str, width_px: int) -> str:
    return (wrapped(text, width_px, _TITLE_PX, 1) or [""])[0]
