"""Webcams as live sources: small pictures for the analysis, the camera's own JPEGs for recording."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.coded import CodedFormat, CodedPicture, CodedTap
from monitor.capture.live.settling import Settling
from monitor.capture.live.source import Wanted, always
from monitor.capture.live.v4l2 import MJPEG, Mode, WebcamDriver
from monitor.capture.planes import planes_of_bgr
from monitor.capture.source import Problems, SourceInfo
from monitor.clock import Clock
from monitor.errors import SourceError
from monitor.frames import Bgr, Chroma, Frame, Plane, Size

log = logging.getLogger(__name__)

ANALYSED_ROWS_PX = 300
"""Pictures are halved while decoding as long as this many rows are left: the analysis halves them anyway."""

MOST_BAD = 30
"""After so many pictures on end that cannot be decoded, the camera is opened anew."""

_END_OF_IMAGE = b"\xff\xd9"
_NO_ROTATION = cv2.IMREAD_IGNORE_ORIENTATION
_GREY = {
    1: cv2.IMREAD_GRAYSCALE,
    2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
    4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
    8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
}
_COLOUR = {
    1: cv2.IMREAD_COLOR,
    2: cv2.IMREAD_REDUCED_COLOR_2,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    8: cv2.IMREAD_REDUCED_COLOR_8,
}


class WebcamSource:
    """The pictures of a webcam from when its exposure has settled, timed by arrival.

    `open_driver` opens the camera with the wish. JPEGs are decoded at 1/2, 1/4 or 1/8 of their size, straight
    from their coefficients, so frames are smaller than what the camera sends; the JPEGs go to `tap`
    unchanged. `colour` off decodes luma alone. YUYV is taken as it is, and not handed to the tap.
    """

    def __init__(
        self,
        open_driver: Callable[[Mode], WebcamDriver],
        wish: Mode,
        clock: Clock,
        tap: CodedTap | None = None,
        *,
        name: str = "webcam",
        colour: bool = True,
    ) -> None:
        self._open_driver = open_driver
        self._wish = wish
        self._clock = clock
        self._tap = tap
        self._name = name
        self._colour = colour
        self._driver: WebcamDriver | None = None
        self.problems = Problems()
        self.reads = 0
        self.is_wanted: Wanted = always
        self.is_catching_up = False

    @property
    def info(self) -> SourceInfo:
        """The size of frames, and the rate that the camera states."""
        return self._info

    def __enter__(self) -> Self:
        driver = self._driver = self._open_driver(self._wish)
        mode = driver.mode
        assert mode.size is not None
        self._scale = _scale_of(mode.size) if mode.pixels == MJPEG else 1
        size = Size(-(-mode.size.width // self._scale), -(-mode.size.height // self._scale))
        self._format = CodedFormat("mjpeg", mode.size)
        codec = "mjpeg" if mode.pixels == MJPEG else "rawvideo"
        self._info = SourceInfo(self._name, size, mode.rate_hz, start_time=self._clock.wall(), codec=codec)
        log.info(
            "%s: asked for %s, the camera gives %s; analysed at %dx%d",
            self._name,
            _words(self._wish),
            _words(mode),
            *size,
        )
        return self

    def __exit__(self, *unused: object) -> None:
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        start_s: float | None = None
        for raw, now_s in self._settled():
            start_s = now_s if start_s is None else start_s
            time_s = now_s - start_s
            is_wanted = self.is_wanted(time_s)
            planes = self._planes(raw) if is_wanted else None
            if is_wanted and planes is None:
                continue
            self._hand_on(raw, time_s)
            if planes is not None:
                luma, chroma = planes
                render = partial(self._bgr, raw)
                yield Frame(index, time_s, luma, chroma, render, self._clock.wall())
            index += 1

    def _settled(self) -> "Iterator[tuple[NDArray[np.uint8], float]]":
        """Yield pictures from the one on at which the exposure has settled, and when they arrived."""
        settling = Settling()
        is_over = False
        for raw, now_s in self._raw():
            if not is_over:
                planes = self._planes(raw)
                is_over = planes is not None and settling.is_over(now_s, planes[0])
            if is_over:
                yield raw, now_s

    def _raw(self) -> "Iterator[tuple[NDArray[np.uint8], float]]":
        """Yield pictures that are whole, and when they arrived; raises `SourceError` where none come."""
        bad = 0
        while self._driver is not None:
            raw = self._driver.read()
            if raw is None:
                raise SourceError(f"{self._name} gives no more pictures; check its cable.")
            self.reads += 1
            whole = _whole(raw) if self._driver.mode.pixels == MJPEG else raw
            if whole is None:
                bad += 1
                self.problems.damaged_packets += 1
                if bad >= MOST_BAD:
                    raise SourceError(f"{self._name} sends damaged pictures only; check its cable.")
                continue
            bad = 0
            yield whole, self._clock.monotonic_s()

    def _planes(self, raw: NDArray[np.uint8]) -> tuple[Plane, Chroma | None] | None:
        """Return luma and chroma at the size of frames; None where the picture cannot be decoded."""
        if raw.ndim == 3:
            return _planes_of_yuyv(raw)
        if self._colour:
            bgr = cv2.imdecode(raw, _COLOUR[self._scale] | _NO_ROTATION)
            if bgr is not None:
                return planes_of_bgr(np.asarray(bgr, np.uint8))
        else:
            luma = cv2.imdecode(raw, _GREY[self._scale] | _NO_ROTATION)
            if luma is not None:
                luma.flags.writeable = False
                return np.asarray(luma, np.uint8), None
        self.problems.damaged_packets += 1
        return None

    def _bgr(self, raw: NDArray[np.uint8]) -> Bgr:
        if raw.ndim == 3:
            return np.asarray(cv2.cvtColor(raw, cv2.COLOR_YUV2BGR_YUY2), np.uint8)
        return np.asarray(cv2.imdecode(raw, _COLOUR[self._scale] | _NO_ROTATION), np.uint8)

    def _hand_on(self, raw: NDArray[np.uint8], time_s: float) -> None:
        if self._tap is not None and raw.ndim == 1:
            self._tap(CodedPicture(raw.tobytes(), time_s, time_s, True, self._format))


def _scale_of(size: Size) -> int:
    """Return by how much a JPEG is reduced while it is decoded: 1, 2, 4 or 8."""
    return next((scale for scale in (8, 4, 2) if size.height // scale >= ANALYSED_ROWS_PX), 1)


def _whole(raw: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return the bytes of a JPEG without the padding after its end; None where it has no end."""
    data = raw.reshape(-1)
    end = data.tobytes().rfind(_END_OF_IMAGE)
    return None if end < 0 else data[: end + len(_END_OF_IMAGE)].copy()


def _planes_of_yuyv(raw: NDArray[np.uint8]) -> tuple[Plane, Chroma]:
    """Return the planes of packed YUV 4:2:2 (H, W, 2), in memory of their own."""
    planes = raw[:, :, 0].copy(), raw[:, 0::2, 1].copy(), raw[:, 1::2, 1].copy()
    for plane in planes:
        plane.flags.writeable = False
    luma, u, v = planes
    return luma, Chroma(u, v)


def _words(mode: Mode) -> str:
    size = f"{mode.size.width}x{mode.size.height}" if mode.size else "any size"
    rate = f"{mode.rate_hz:g}/s" if mode.rate_hz else "any rate"
    return f"{size} {mode.pixels} {rate}"
