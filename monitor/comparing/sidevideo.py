"""Two videos beside each other in one, with what differs boxed."""

from pathlib import Path

import cv2
import numpy as np

from monitor.comparing.drawing import marked, side_by_side
from monitor.comparing.judging import Judged
from monitor.frames import Bgr, Size
from monitor.outputs.text import time_code
from monitor.outputs.video import VideoWriter

MAX_WIDTH_PX = 960
"""Of each picture: two of them fill a full HD screen."""


class SideVideo:
    """Writes a video at `path`, opened with the first pair; raises `OutputError`."""

    def __init__(self, path: Path, names: tuple[str, str]) -> None:
        self._path = path
        self._names = names
        self._writer: VideoWriter | None = None
        self._first_s = 0.0

    def add(self, time_s: float, judged: Judged) -> None:
        """Add a pair; times grow and begin anywhere."""
        found = judged.found
        pair = [_small(marked(picture, found.boxes)) for picture in (found.a, found.b)]
        names = (f"{self._names[0]}  {time_code(max(time_s, 0))}", self._names[1])
        picture = side_by_side(pair[0], pair[1], names)
        if self._writer is None:
            self._first_s = time_s
            self._writer = VideoWriter(self._path, Size(picture.shape[1], picture.shape[0]))
        self._writer.write(picture, time_s - self._first_s)

    def close(self) -> None:
        """Complete the file; safe to call twice, and where nothing was added."""
        if self._writer is not None:
            self._writer.close()


def _small(picture: Bgr) -> Bgr:
    scale = min(1.0, MAX_WIDTH_PX / picture.shape[1])
    if scale == 1.0:
        return picture
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
