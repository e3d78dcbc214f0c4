"""Between colour pictures and coded planes: BT.601, limited or full range, 4:2:0."""

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.frames import Bgr, Chroma, Plane

FloatImage = NDArray[np.float32]

_KB, _KR = 0.114, 0.299
"""Weights of blue and red in luma, ITU-R BT.601-7, 2.5.1."""


def _matrix(full_range: bool) -> NDArray[np.float64]:
    """Return the 3x4 matrix from blue, green, red, 1 to luma, U, V in coded levels."""
    luma = np.array([_KB, 1 - _KB - _KR, _KR])
    blue, red = np.eye(3)[0], np.eye(3)[2]
    coded = np.array([luma, (blue - luma) / (2 - 2 * _KB), (red - luma) / (2 - 2 * _KR)])
    scale, offset = ([1, 1, 1], 0) if full_range else ([219 / 255, 224 / 255, 224 / 255], 16)
    return np.column_stack([coded * np.array(scale)[:, None], [offset, 128, 128]])


def code(bgr: FloatImage, full_range: bool) -> tuple[FloatImage, FloatImage]:
    """Return luma (H, W) and chroma (2, H/2, W/2) in coded levels, not yet rounded."""
    luma, u, v = cv2.split(cv2.transform(bgr, _matrix(full_range)))
    half = (bgr.shape[1] // 2, bgr.shape[0] // 2)
    chroma = np.stack([cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in (u, v)])
    return np.asarray(luma, np.float32), np.asarray(chroma, np.float32)


def bgr_of(luma: Plane, chroma: Chroma, full_range: bool) -> Bgr:
    """Return the planes as a colour picture in new memory."""
    size = luma.shape[::-1]
    wide = [cv2.resize(plane, size, interpolation=cv2.INTER_LINEAR) for plane in chroma]
    matrix = _matrix(full_range)
    back = np.linalg.inv(matrix[:, :3])
    inverse = np.column_stack([back, -back @ matrix[:, 3]])
    # Saturates to 0..255 on its way to 8 bits.
    coloured = cv2.transform(cv2.merge([luma, *wide]).astype(np.float32), inverse)
    return np.clip(np.rint(coloured), 0, 255).astype(np.uint8)
