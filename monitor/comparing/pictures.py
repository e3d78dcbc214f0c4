"""Still pictures read for comparing: upright, in 8 bits, with a clause on whatever had to be changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from cv2.utils import logging
from numpy.typing import NDArray

from monitor.capture.listing import is_image
from monitor.errors import UsageError
from monitor.frames import Bgr, Plane

_AS_STORED = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH
"""Grey stays grey, 16 bits stay 16, EXIF orientation is applied; alpha is left away."""

_ANIMATIONS = (b"GIF8", b"\x89PNG", b"RIFF")
"""First bytes of the formats in which several pictures are an animation and not pages: GIF, PNG, WebP."""

_CMYK = 4
_WHITE = 255


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A picture, uint8, grey (H, W) or blue green red (H, W, 3), with clauses on what was done to it.

    `is_coded` is set where it comes from a JPEG, which never is exact.
    """

    picture: NDArray[np.uint8]
    notes: tuple[str, ...] = ()
    is_coded: bool = False

    def bgr(self) -> Bgr:
        """Return it in colour, (H, W, 3)."""
        if self.picture.ndim == 3:
            return self.picture
        return np.asarray(cv2.cvtColor(self.picture, cv2.COLOR_GRAY2BGR), np.uint8)


def read_picture(path: Path) -> Loaded:
    """Return a still picture. Of 16 bits the upper 8 are kept; what is transparent is laid on white.

    Raises `UsageError` where it cannot be read, is no picture, or is several.
    """
    data = _bytes_of(path)
    with _quiet():
        picture: NDArray[Any] | None = _decoded(data, _AS_STORED)
        count = _count(path)
    if picture is None:
        raise UsageError(
            f"{path} cannot be read as an image: {_why(path, data)}; give a JPEG, PNG, TIFF, WebP or BMP."
        )
    if count > 1:
        raise UsageError(
            f"{path} holds {count} pictures; save the one that is meant as a file of its own, or compare "
            "two animations."
        )
    notes = []
    if picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
        notes.append("has 16 bits a channel: the upper 8 are compared")
    if picture.dtype != np.uint8:
        raise UsageError(
            f"{path} holds values of type {picture.dtype}; convert it to 8 or 16 bits a channel."
        )
    if _channels_of_jpeg(data) == _CMYK:
        notes.append("is in CMYK: converted to RGB without its colour profile")
    if (alpha := _alpha(data, picture)) is not None:
        picture = _on_white(picture, alpha)
        notes.append("is transparent in parts: laid on white")
    return Loaded(np.asarray(picture, np.uint8), tuple(notes), _is_jpeg(data))


def is_animation(path: Path) -> bool:
    """Return whether a file is an image of a kind that moves and holds more than one picture."""
    try:
        with path.open("rb") as file:
            first = file.read(4)
    except OSError:
        return False
    with _quiet():
        return first in _ANIMATIONS and _count(path) > 1


def is_picture(path: Path) -> bool:
    """Return whether a file is a still picture by its name or, whatever it is called, by its content."""
    with _quiet():
        return not is_animation(path) and (is_image(path) or bool(cv2.haveImageReader(str(path))))


def _bytes_of(path: Path) -> NDArray[np.uint8]:
    if path.is_dir():
        raise UsageError(f"{path} is a folder; give an image, or two folders.")
    try:
        return np.fromfile(path, np.uint8)
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; check the path.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None


def _why(path: Path, data: NDArray[np.uint8]) -> str:
    if not data.size:
        return "the file is empty"
    known = bool(cv2.haveImageReader(str(path)))
    return "it is damaged or cut off" if known else "it holds no picture of a known format"


def _decoded(data: NDArray[np.uint8], how: int) -> NDArray[Any] | None:
    try:
        return cv2.imdecode(data, how)
    except cv2.error:  # empty, or more pixels than OpenCV takes
        return None


def _count(path: Path) -> int:
    try:
        return int(cv2.imcount(str(path)))
    except cv2.error:
        return 1


def _channels_of_jpeg(data: NDArray[np.uint8]) -> int | None:
    """Return the channels that a JPEG's frame header states (ITU-T T.81, B.2.2); None for other formats."""
    jpeg = data.tobytes()
    place = 2
    while jpeg[:2] == b"\xff\xd8" and place + 9 < len(jpeg) and jpeg[place] == 0xFF:
        marker = jpeg[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return jpeg[place + 9]
        place += 2 + int.from_bytes(jpeg[place + 2 : place + 4], "big")
    return None


def _is_jpeg(data: NDArray[np.uint8]) -> bool:
    return data[:2].tobytes() == b"\xff\xd8"


def _alpha(data: NDArray[np.uint8], picture: NDArray[Any]) -> Plane | None:
    """Return how opaque each pixel is, uint8 (H, W), or None where all of it is."""
    if _is_jpeg(data):  # it has none, and need not be decoded twice
        return None
    whole = _decoded(data, cv2.IMREAD_UNCHANGED)
    # Another shape: stored turned, and OpenCV turns all but this channel.
    if whole is None or whole.ndim != 3 or whole.shape[2] != 4 or whole.shape[:2] != picture.shape[:2]:
        return None
    alpha = whole[..., 3]
    alpha = (alpha >> 8).astype(np.uint8) if alpha.dtype == np.uint16 else alpha
    return None if (alpha == _WHITE).all() else np.asarray(alpha, np.uint8)


def _on_white(picture: NDArray[Any], alpha: Plane) -> NDArray[np.uint8]:
    share = alpha.astype(np.float32)[..., None] / _WHITE
    levels = picture if picture.ndim == 3 else picture[..., None]
    laid = np.rint(levels * share + _WHITE * (1 - share)).astype(np.uint8)
    return laid if picture.ndim == 3 else laid[..., 0]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCV silent: what it cannot read is told in a sentence, and need not be told twice."""
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        yield
    finally:
        logging.setLogLevel(level)
