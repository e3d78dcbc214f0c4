"""Still pictures in a row as a source: a folder of frames, a glob, a time lapse."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from cv2.utils import logging
from numpy.typing import NDArray

from monitor.capture.listing import natural_order
from monitor.capture.planes import planes_of_bgr
from monitor.capture.source import Problems, SourceInfo
from monitor.errors import SourceFormatError, UsageError
from monitor.frames import Bgr, Chroma, Frame, Plane, Size

_AS_STORED = cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH
"""Grey stays grey, 16 bits stay 16, alpha is left away, EXIF orientation is applied."""

_Picture = NDArray[np.uint8]
"""Grey (H, W) or blue green red (H, W, 3)."""

_ROUNDING = 1e-6
"""A start this near to a picture's time is on it."""


class ImageFolderSource:
    """Image files in natural order as frames at a fixed rate, `rate_hz`.

    Colour pictures give full-range BT.601 luma (as in JFIF) and chroma in 4:4:4; grey ones luma alone. Of 16
    bits the upper 8 are kept; alpha is ignored. A picture that cannot be read is counted in
    `problems.damaged_frames` and left out together with its index and its time, so that
    `index` always names the same file. Pictures before `start_s` are left out in the same way.
    """

    def __init__(
        self,
        paths: Sequence[str | Path],
        *,
        name: str,
        rate_hz: float = 25.0,
        start_s: float = 0.0,
    ) -> None:
        if rate_hz <= 0:
            raise UsageError(f"rate_hz is {rate_hz}; give pictures per second, above 0.")
        self._paths = natural_order(Path(path) for path in paths)
        self._name = name
        self._rate_hz = rate_hz
        self._start_s = start_s
        self._info: SourceInfo
        self.problems = Problems()

    @property
    def info(self) -> SourceInfo:
        """What is known of the pictures; `size` is that of the first one that can be read."""
        return self._info

    def begin_at(self, start: datetime | None) -> None:
        """Take this for the time of the first picture; see `RecordedSource`."""
        self._info = replace(self._info, start_time=start)

    def stem_of(self, index: int) -> str:
        """Return the name, without folder and suffix, of the file that the frame of this index came from."""
        return self._paths[index].stem

    def __enter__(self) -> Self:
        if not self._paths:
            raise SourceFormatError(f"{self._name} holds no images; name a folder with JPEG or PNG files.")
        self._pictures = self._read_all()
        first = next(self._pictures, None)
        if first is None:
            raise SourceFormatError(
                f"{self._name}: none of its {len(self._paths)} images can be read; "
                "check that they open elsewhere."
            )
        self._first = first
        self._size = _size_of(first[1])
        count = len(self._paths)
        self._info = SourceInfo(self._name, self._size, self._rate_hz, count / self._rate_hz, count)
        return self

    def __exit__(self, *unused: object) -> None:
        self._pictures.close()

    def __iter__(self) -> Iterator[Frame]:
        for index, picture in chain([self._first], self._pictures):
            if _size_of(picture) != self._size:
                self._size = _size_of(picture)
                self.problems.size_changes += 1
                self.problems.note(
                    f"from {self._paths[index].name} on pictures are {'x'.join(map(str, self._size))}"
                )
            time_s, start = index / self._rate_hz, self._info.start_time
            yield frame_of(picture, index, time_s, start and start + timedelta(seconds=time_s))

    def _read_all(self) -> Generator[tuple[int, _Picture]]:
        first = ceil(self._start_s * self._rate_hz - _ROUNDING)
        for index, path in enumerate(self._paths[first:], first):
            picture = _read(path)
            if picture is None:
                self.problems.damaged_frames += 1
                self.problems.note(f"{path.name} cannot be read as an image")
            else:
                yield index, picture


def frame_of(picture: _Picture, index: int, time_s: float, wall_time: datetime | None = None) -> Frame:
    """Return a picture, uint8, grey (H, W) or blue green red (H, W, 3), as a frame of it."""
    luma, chroma = _planes(picture)
    return Frame(index, time_s, luma, chroma, partial(_bgr, picture), wall_time)


def _read(path: Path) -> _Picture | None:
    """Return an image as it is stored but in 8 bits, or None where it cannot be read.

    OpenCV is kept silent meanwhile: what it cannot read is counted, and need not be told twice.
    """
    level = logging.getLogLevel()
    logging.setLogLevel(logging.LOG_LEVEL_SILENT)
    try:
        picture: NDArray[Any] | None = cv2.imdecode(np.fromfile(path, np.uint8), _AS_STORED)
    except (OSError, cv2.error):
        return None
    finally:
        logging.setLogLevel(level)
    if picture is not None and picture.dtype == np.uint16:
        picture = (picture >> 8).astype(np.uint8)
    return picture if picture is not None and picture.dtype == np.uint8 else None


def _size_of(picture: _Picture) -> Size:
    return Size(picture.shape[1], picture.shape[0])


def _planes(picture: _Picture) -> tuple[Plane, Chroma | None]:
    if picture.ndim == 3:
        return planes_of_bgr(picture)
    luma = picture.view()
    luma.flags.writeable = False
    return luma, None


def _bgr(picture: _Picture) -> Bgr:
    return picture.copy() if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)  # type: ignore[return-value]
