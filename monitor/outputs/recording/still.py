"""Decoded frames as they are kept and encoded: small enough, without what must not be seen."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Bgr, Frame, Size
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.video import ROUNDING_S


@dataclass(frozen=True, slots=True, eq=False)
class Still:
    """A picture of even size, I420: uint8 (H · 3/2, W), luma above both halved chroma planes.

    BT.601, limited range, as OpenCV converts; half the memory of colour, and what encoders take.
    """

    time_s: float
    planes: NDArray[np.uint8]

    @property
    def decode_s(self) -> float:
        """When it is decoded: it is."""
        return self.time_s

    @property
    def size(self) -> Size:
        """Width and height of the picture."""
        rows, width = self.planes.shape
        return Size(width, rows * 2 // 3)


def still_of(frame: Frame, max_height_px: int, privacy: Sequence[Polygon] = ()) -> Still:
    """Return the frame no higher than `max_height_px`, the polygons black; an odd line or column is lost."""
    picture = frame.bgr()
    height, width = picture.shape[:2]
    if height > max_height_px:
        size = Size(max(2, round(width * max_height_px / height)), max_height_px)
        picture = _shrunk(picture, size)
    picture = blacken(picture, privacy)
    height, width = (side // 2 * 2 for side in picture.shape[:2])
    even = np.ascontiguousarray(picture[:height, :width])
    return Still(frame.time_s, cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420))  # type: ignore[arg-type]


def _shrunk(picture: Bgr, size: Size) -> Bgr:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def bytes_of(still: Still) -> int:
    """Return how much memory a picture takes."""
    return still.planes.nbytes


class StillRing:
    """The last pictures within `span_s` seconds and `max_bytes`; for one thread at a time."""

    def __init__(self, span_s: float, max_bytes: int) -> None:
        self._span_s = span_s
        self._max_bytes = max_bytes
        self._stills: deque[Still] = deque()
        self._bytes = 0

    def add(self, still: Still) -> None:
        """Keep a picture; the oldest that are out of the limits go."""
        self._stills.append(still)
        self._bytes += bytes_of(still)
        while self._stills and self._is_over(still.time_s):
            self._bytes -= bytes_of(self._stills.popleft())

    def since(self, time_s: float) -> list[Still]:
        """Return the kept pictures from `time_s` on."""
        return [still for still in self._stills if still.time_s >= time_s - ROUNDING_S]

    def _is_over(self, newest_s: float) -> bool:
        return self._bytes > self._max_bytes or newest_s - self._stills[0].time_s > self._span_s
