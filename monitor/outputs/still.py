"""One picture into one image file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.errors import OutputError
from monitor.outputs.layout import cannot_write, refuse_existing, writing

JPEG = (cv2.IMWRITE_JPEG_QUALITY, 90)
"""Hardly to be told from the original, at a tenth of its size."""

FAST_PNG = ()
"""For masks. With a compression level named, OpenCV tries every filter and takes four times as long."""


def write_still(path: Path, picture: NDArray[np.uint8], options: Sequence[int]) -> None:
    """Write a picture, uint8 (H, W) or (H, W, 3) blue green red, as its suffix says; makes the folder.

    Raises `OutputExistsError` where `path` exists, `OutputError`.
    """
    refuse_existing(path)
    # Encoded to memory first: cv2.imwrite says false on a full disk, but not why.
    try:
        data: Any = cv2.imencode(path.suffix, picture, options)[1]
    except cv2.error as error:
        raise OutputError(cannot_write(path, f"it cannot be encoded ({error.err})")) from error
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.write_bytes(data)
        except OSError:
            path.unlink(missing_ok=True)  # no half of a picture, nor an empty one on a full disk
            raise
