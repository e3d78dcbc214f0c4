"""Pictures as files, in every form in which a user may have them."""

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray


def save(path: Path, picture: NDArray[Any], *options: int) -> Path:
    """Write a picture as the suffix says; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture, options)
    return path


def save_turned(path: Path, picture: NDArray[np.uint8]) -> Path:
    """Write a JPEG that is stored turned by a quarter and says so in EXIF (orientation 6)."""
    stored = cv2.rotate(picture, cv2.ROTATE_90_COUNTERCLOCKWISE)
    jpeg = cv2.imencode(".jpg", stored, (cv2.IMWRITE_JPEG_QUALITY, 98))[1].tobytes()
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 1) + entry + struct.pack("<I", 0)
    exif = b"Exif\0\0" + tiff
    path.write_bytes(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    return path


def save_animation(path: Path, *pictures: NDArray[np.uint8]) -> Path:
    """Write several pictures into one GIF, PNG or WebP."""
    animation = cv2.Animation()
    animation.frames = pictures
    animation.durations = [100] * len(pictures)
    ok, data = cv2.imencodeanimation(path.suffix, animation)
    assert ok
    path.write_bytes(data.tobytes())
    return path
