"""The camera of a Raspberry Pi as a live source, through picamera2."""

import importlib
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.capture.coded import CodedFormat, CodedPicture, CodedTap
from monitor.capture.live.source import Wanted, always
from monitor.capture.source import Problems, SourceInfo
from monitor.clock import Clock
from monitor.errors import MissingPackageError, SourceError, UsageError
from monitor.frames import Bgr, Chroma, Frame, Plane, Size

DEFAULT_SIZE = Size(1280, 720)
DEFAULT_RATE_HZ = 15.0
"""What the analysis takes at most, and what a Zero can keep up with."""

ANALYSED_ROWS_PX = 300
"""The small stream is halved from the large one as long as this many rows are left."""

KEY_FRAME_S = 2.0
"""A clip can only begin at a key frame, so its pre-roll is exact to this."""

WAITING = 256
"""Coded pictures that may wait for the reading thread: many seconds; it takes them at each frame."""

_US_PER_S = 1_000_000
_NS_PER_US = 1000


class PicameraSource:
    """The small YUV 4:2:0 stream of the camera as frames, its large one from the H.264 encoder to the tap.

    `address` is "picamera" or, for another than the first camera, "picamera:1". Both streams are timed by
    the sensor. The picture on the way in is made small by the camera's own hardware.
    """

    def __init__(
        self,
        address: str,
        clock: Clock,
        tap: CodedTap | None = None,
        *,
        size: Size | None = None,
        rate_hz: float | None = None,
    ) -> None:
        self._number = _number_of(address)
        self._clock = clock
        self._tap = tap
        self._size = size or DEFAULT_SIZE
        self._rate_hz = rate_hz or DEFAULT_RATE_HZ
        self._camera: Any = None
        self._encoder: Any = None
        self._waiting: deque[tuple[bytes, bool, int]] = deque(maxlen=WAITING)
        self._zero_us: int | None = None
        self.problems = Problems()
        self.reads = 0
        self.is_wanted: Wanted = always
        self.is_catching_up = False

    @property
    def info(self) -> SourceInfo:
        """The size of the small stream, as the camera was given it."""
        return self._info

    def __enter__(self) -> Self:
        package = _package("picamera2")
        try:
            self._camera = package.Picamera2(self._number)
        except (IndexError, RuntimeError) as error:
            raise SourceError(
                f"Raspberry Pi camera {self._number} cannot be opened ({error}); check its ribbon cable, and "
                "that no other program uses it: rpicam-hello --list-cameras"
            ) from error
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *unused: object) -> None:
        if self._camera is not None:
            self._stop()

    def __iter__(self) -> Iterator[Frame]:
        index = 0
        while self._camera is not None:
            request = self._camera.capture_request()
            try:
                picture = request.make_array("lores")
                sensor_us = request.get_metadata()["SensorTimestamp"] // _NS_PER_US
            finally:
                request.release()
            self.reads += 1
            self._hand_on_waiting()
            time_s = self._time_s(sensor_us)
            if self.is_wanted(time_s):
                luma, chroma = _planes(picture, self._info.size)
                render = partial(_bgr, luma, chroma)
                yield Frame(index, time_s, luma, chroma, render, self._clock.wall())
            index += 1

    def _start(self) -> None:
        wanted = {
            "main": {"size": tuple(self._size)},
            "lores": {"size": _small(self._size), "format": "YUV420"},
        }
        configuration = self._camera.create_video_configuration(
            **wanted, controls={"FrameRate": self._rate_hz}
        )
        self._camera.configure(configuration)
        given = self._camera.camera_configuration()
        self._format = CodedFormat("h264", Size(*given["main"]["size"]))
        self._info = SourceInfo(
            "Raspberry Pi camera",
            Size(*given["lores"]["size"]),
            rate_hz=self._rate_hz,
            start_time=self._clock.wall(),
            codec="h264",
        )
        if self._tap is None:
            self._camera.start()
            return
        period = max(round(KEY_FRAME_S * self._rate_hz), 1)
        # repeat: each key frame carries its parameter sets, so that a recording can begin at any.
        self._encoder = _package("picamera2.encoders").H264Encoder(repeat=True, iperiod=period)
        self._camera.start_recording(self._encoder, _output_to(self._waiting))

    def _stop(self) -> None:
        camera, self._camera = self._camera, None
        try:
            if self._encoder is None:
                camera.stop()
            else:
                camera.stop_recording()
        finally:
            camera.close()

    def _hand_on_waiting(self) -> None:
        """Hand on what the encoder made meanwhile; its own times count from its first picture."""
        while self._tap is not None and self._waiting:
            data, is_key, since_first_us = self._waiting.popleft()
            time_s = self._time_s(self._encoder.firsttimestamp + since_first_us)
            self._tap(CodedPicture(data, time_s, time_s, is_key, self._format))

    def _time_s(self, sensor_us: int) -> float:
        self._zero_us = sensor_us if self._zero_us is None else self._zero_us
        return (sensor_us - self._zero_us) / _US_PER_S


def _number_of(address: str) -> int:
    _, _, number = address.partition(":")
    if number and not number.isdecimal():
        raise UsageError(f"{address} names no camera; give picamera, or picamera:1 for the second one.")
    return int(number or 0)


def _package(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingPackageError(
            "The Raspberry Pi camera needs picamera2: sudo apt install python3-picamera2 "
            "--no-install-recommends (in a virtual environment made with --system-site-packages), "
            "or pip install picamera2"
        ) from error


def _output_to(waiting: deque[tuple[bytes, bool, int]]) -> Any:
    """Return an output as the encoder calls it, from its own thread."""

    class Waiting(_package("picamera2.outputs").Output):  # type: ignore[misc]
        def outputframe(
            self,
            frame: bytes,
            keyframe: bool = True,
            timestamp: int | None = None,
            *more: object,
            **named: object,
        ) -> None:
            if timestamp is not None:
                waiting.append((bytes(frame), keyframe, timestamp))

    return Waiting()


def _small(size: Size) -> tuple[int, int]:
    width, height = size
    while height // 2 >= ANALYSED_ROWS_PX:
        width, height = width // 2, height // 2
    return width - width % 2, height - height % 2


def _planes(picture: NDArray[np.uint8], size: Size) -> tuple[Plane, Chroma]:
    """Return the planes of planar YUV 4:2:0, whose lines may be longer than the picture is wide."""
    width, height = size
    line_bytes = picture.shape[1]
    samples = picture.reshape(-1)
    samples.flags.writeable = False
    luma_bytes = height * line_bytes
    shape = (height // 2, line_bytes // 2)
    chroma_bytes = shape[0] * shape[1]
    u, v = (samples[luma_bytes + i * chroma_bytes :][:chroma_bytes].reshape(shape) for i in (0, 1))
    luma = samples[:luma_bytes].reshape(height, line_bytes)[:, :width]
    return luma, Chroma(u[:, : width // 2], v[:, : width // 2])


def _bgr(luma: Plane, chroma: Chroma) -> Bgr:
    height, width = luma.shape
    planar = np.concatenate([luma.ravel(), chroma.u.ravel(), chroma.v.ravel()])
    return np.asarray(cv2.cvtColor(planar.reshape(height * 3 // 2, width), cv2.COLOR_YUV2BGR_I420), np.uint8)
