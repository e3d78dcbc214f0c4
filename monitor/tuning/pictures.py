"""The picture of an event, for somebody who has to say what it was."""

from collections.abc import Sequence
from pathlib import Path

import cv2

from monitor.capture.opening import Input, open_source
from monitor.frames import Bgr
from monitor.outputs.privacy import Polygon, blacken
from monitor.outputs.still import JPEG, write_still
from monitor.tuning.labels import Happening

_FRAME = (60, 220, 255)
"""Blue green red: yellow, which few places have."""

_SPARE_S = 0.001
"""Times in files are rounded to milliseconds at worst."""


def write_picture(
    item: Input, event: Happening, path: Path, *, rate_hz: float, privacy: Sequence[Polygon] = ()
) -> bool:
    """Write the frame that shows an event best, what moves in a box; returns whether there is one.

    A picture that is there is written over. Raises `SourceError`, `OutputError`.
    """
    with open_source(item, rate_hz=rate_hz, start_s=max(0.0, event.peak_s - _SPARE_S)) as source:
        frame = next(iter(source), None)
        if frame is None:
            return False
        picture = blacken(frame.bgr(), privacy)
    if event.box is not None:
        _draw_box(picture, event)
    path.unlink(missing_ok=True)
    write_still(path, picture, JPEG)
    return True


def _draw_box(picture: Bgr, event: Happening) -> None:
    assert event.box is not None
    height, width = picture.shape[:2]
    x, y, w, h = event.box
    corners = (round(x * width), round(y * height)), (round((x + w) * width), round((y + h) * height))
    cv2.rectangle(picture, *corners, _FRAME, max(2, height // 240))
