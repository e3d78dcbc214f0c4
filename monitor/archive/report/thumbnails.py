"""Small pictures of events, to be kept inside of the page itself."""

import base64
from pathlib import Path

import cv2
import numpy as np

WIDTH_PX, HEIGHT_PX = 224, 126
"""Shown at that size at most; on a screen with finer pixels it is still plain what is to be seen."""

LIMIT_BYTES = 12_000_000
"""Of all pictures within one page: some two thousand. A page of that size opens within a second or two and
can still be sent by mail; the pictures beyond are shown from their files beside the page."""

_QUALITY = (cv2.IMWRITE_JPEG_QUALITY, 60)

_REDUCED = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}
"""What JPEG decodes at a fraction of its size, in a fraction of the time."""


class Thumbnails:
    """Makes pictures for one page, until their limit is reached."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._left_bytes = limit_bytes

    def of(self, picture: Path) -> str | None:
        """Return a picture as a data URI; None where it cannot be read or the limit is reached."""
        if self._left_bytes <= 0 or (jpeg := _small(picture)) is None:
            return None
        uri = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"
        self._left_bytes -= len(uri)
        return uri


def _small(picture: Path) -> bytes | None:
    try:
        data = np.fromfile(picture, np.uint8)
        image = cv2.imdecode(data, _REDUCED[_divisor(data)])
    except (OSError, cv2.error):
        return None
    if image is None:
        return None
    height, width = image.shape[:2]
    scale = min(WIDTH_PX / width, HEIGHT_PX / height, 1.0)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return cv2.imencode(".jpg", small, _QUALITY)[1].tobytes()


def _divisor(jpeg: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> int:
    """Return by how much a JPEG may be reduced while it is decoded and still be large enough."""
    size = _size_of(jpeg.tobytes())
    if size is None:
        return 1
    return next((by for by in (8, 4, 2) if size[0] >= by * WIDTH_PX or size[1] >= by * HEIGHT_PX), 1)


def _size_of(jpeg: bytes) -> tuple[int, int] | None:
    """Return width and height of a JPEG by its frame header (ITU-T T.81, B.2.2); None without one."""
    place = 2
    while place + 9 < len(jpeg) and jpeg[place] == 0xFF:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(jpeg[place + at : place + at + 2], "big") for at in (5, 7))
            return width, height
        place += 2 + length
    return None
