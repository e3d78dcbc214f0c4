"""Pictures that alternate in one animated GIF."""

from collections.abc import Sequence
from pathlib import Path

import cv2

from monitor.errors import OutputError
from monitor.frames import Bgr
from monitor.outputs.layout import cannot_write, refuse_existing, writing

SHOWN_MS = 600
"""Each picture's time: long enough to look at, short enough for the eye to see what jumps."""

MAX_WIDTH_PX = 960
"""Wider pictures are made smaller: a GIF of two at 1920 pixels is larger than both of them as PNG."""


def write_flicker(path: Path, pictures: Sequence[Bgr]) -> None:
    """Write pictures of one size, uint8 (H, W, 3), to an endless GIF; raises `OutputError`."""
    refuse_existing(path)
    animation = cv2.Animation()
    animation.frames = [_small(picture) for picture in pictures]
    animation.durations = [SHOWN_MS] * len(pictures)
    animation.loop_count = 0
    try:
        ok, data = cv2.imencodeanimation(path.suffix, animation)
    except cv2.error as error:
        raise OutputError(cannot_write(path, f"it cannot be encoded ({error.err})")) from error
    if not ok:
        raise OutputError(cannot_write(path, "it cannot be encoded"))
    with writing(path):
        path.write_bytes(data.tobytes())


def _small(picture: Bgr) -> Bgr:
    scale = min(1.0, MAX_WIDTH_PX / picture.shape[1])
    if scale == 1.0:
        return picture
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
