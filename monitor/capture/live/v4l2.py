"""Webcams: what a driver offers, and the one for Linux (V4L2) on OpenCV."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.errors import SourceError, SourceNotFoundError
from monitor.frames import Size

MJPEG = "MJPG"
YUYV = "YUYV"


@dataclass(frozen=True, slots=True)
class Mode:
    """Size, rate and four-letter pixel format of a webcam; as a wish, None leaves it to the camera."""

    size: Size | None = None
    rate_hz: float | None = None
    pixels: str = MJPEG


class WebcamDriver(Protocol):
    """A webcam that is open."""

    mode: Mode
    """What the camera really gives; size and format are known."""

    def read(self) -> NDArray[np.uint8] | None:
        """Return the next picture as the camera sent it, None where none came.

        A JPEG is one row of bytes, perhaps with padding after its end; YUYV is (H, W, 2).
        """
        ...

    def close(self) -> None:
        """Give the camera free."""
        ...


class V4l2Driver:
    """A webcam through V4L2, which hands on pictures as they were sent, unconverted."""

    def __init__(self, address: str, wish: Mode) -> None:
        """Open `/dev/videoN` or number N; raises `SourceError`."""
        path = f"/dev/video{address}" if address.isdecimal() else address
        _refuse_what_cannot_be_opened(Path(path))
        self._capture = cv2.VideoCapture(path, cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise SourceError(f"{path} cannot be opened as a camera; check that no other program uses it.")
        self._set(wish)
        self.mode = self._given()
        if self.mode.pixels not in (MJPEG, YUYV):
            self.close()
            raise SourceError(
                f"{path} sends neither MJPEG nor YUYV but {self.mode.pixels!r}; read it with format: v4l2."
            )

    def read(self) -> NDArray[np.uint8] | None:
        """Return the next picture; waits at most ten seconds, which is OpenCV's own limit."""
        came, picture = self._capture.read()
        return np.asarray(picture, np.uint8) if came else None

    def close(self) -> None:
        """Give the camera free."""
        self._capture.release()

    def _set(self, wish: Mode) -> None:
        # The format comes first: it decides which sizes and rates there are.
        fourcc = cv2.VideoWriter.fourcc(*wish.pixels)
        self._capture.set(cv2.CAP_PROP_FOURCC, fourcc)
        if wish.size is not None:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.size.width)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.size.height)
        if wish.rate_hz is not None:
            self._capture.set(cv2.CAP_PROP_FPS, wish.rate_hz)
        self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)

    def _given(self) -> Mode:
        get = self._capture.get
        size = Size(int(get(cv2.CAP_PROP_FRAME_WIDTH)), int(get(cv2.CAP_PROP_FRAME_HEIGHT)))
        pixels = int(get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").decode("ascii", "replace")
        return Mode(size, get(cv2.CAP_PROP_FPS) or None, pixels)


def _refuse_what_cannot_be_opened(path: Path) -> None:
    """Raise a `SourceError` that says why; OpenCV would only print a warning, at every try."""
    if not path.is_char_device():
        raise SourceNotFoundError(f"{path} is no camera that is plugged in; `monitor doctor` lists those.")
    if not os.access(path, os.R_OK | os.W_OK):
        raise SourceError(
            f"There is no permission for {path}; join the group video: sudo usermod -aG video $USER"
        )
