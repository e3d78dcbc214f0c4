"""All events of a source on one picture, each with its caption."""

import math
from pathlib import Path

import cv2
import numpy as np

from monitor.events.event import Event
from monitor.frames import Bgr
from monitor.outputs.still import JPEG, write_still
from monitor.outputs.text import draw_text, time_code

_TILE_PX = (320, 180)
_CAPTION_PX = 26
_COLUMNS, _ROWS = 4, 10
_GROUND = (24, 24, 24)
_INK = (235, 235, 235)


class ContactSheet:
    """Collects pictures and lays them out, 4 beside and 10 below each other; more make further pages.

    Tiles wait as JPEG, about 20 kB each, so that a thousand events stay small.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tiles: list[bytes] = []
        self._written = False

    def add(self, event: Event, picture: Bgr) -> None:
        """Add the picture of an event, uint8 (H, W, 3) of any size."""
        tile = _tile(picture, _caption(event))
        self._tiles.append(cv2.imencode(".jpg", tile, (cv2.IMWRITE_JPEG_QUALITY, 95))[1].tobytes())

    def write(self) -> list[Path]:
        """Write the pages once and return their names: path, then path-2, path-3 …; none without events.

        Raises `OutputError`.
        """
        if self._written:
            return []
        self._written = True
        per_page = _COLUMNS * _ROWS
        pages = [self._tiles[i : i + per_page] for i in range(0, len(self._tiles), per_page)]
        return [self._write_page(number, tiles) for number, tiles in enumerate(pages, 1)]

    def _write_page(self, number: int, tiles: list[bytes]) -> Path:
        name = f"{self._path.stem}{f'-{number}' if number > 1 else ''}{self._path.suffix}"
        path = self._path.with_name(name)
        write_still(path, _page(tiles), JPEG)
        return path


def _page(tiles: list[bytes]) -> Bgr:
    from imutils import build_montages

    pictures = [cv2.imdecode(np.frombuffer(tile, np.uint8), cv2.IMREAD_COLOR) for tile in tiles]
    columns = min(_COLUMNS, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    pictures += [_ground()] * (columns * rows - len(pictures))
    size = (_TILE_PX[0], _TILE_PX[1] + _CAPTION_PX)
    page: Bgr = build_montages(pictures, size, (columns, rows))[0]
    return page


def _tile(picture: Bgr, caption: str) -> Bgr:
    """Return the picture, its shape kept, centred on a dark ground with the caption below."""
    width, height = _TILE_PX
    tile = _ground()
    scale = min((width - 4) / picture.shape[1], (height - 4) / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    top, left = (height - small.shape[0]) // 2, (width - small.shape[1]) // 2
    tile[top : top + small.shape[0], left : left + small.shape[1]] = small
    draw_text(tile, caption, (6, height + 3), height_px=14, colour=_INK)
    return tile


def _ground() -> Bgr:
    return np.full((_TILE_PX[1] + _CAPTION_PX, _TILE_PX[0], 3), _GROUND, np.uint8)


def _caption(event: Event) -> str:
    lasting = "" if event.end_s is None else f"  {event.end_s - event.start_s:.1f} s"
    sigma = event.evidence.peak_sigma
    peak = "" if sigma is None else f"  {sigma:.1f} σ"
    return f"{time_code(event.start_s)}  {event.kind.replace('_', ' ')}{lasting}{peak}"
