"""The videos that speed is measured on: 1080p H.264 at 25 frames a second, made once and kept."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.paths import cache_folder
from monitor.capture.file import FileSource
from monitor.capture.scene.actors import Walker
from monitor.capture.scene.library import SCENES
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.frames import Bgr, Size

SIZE = Size(1920, 1080)
RATE_HZ = 25
_BIT_RATE = 4_000_000

_WALK_EVERY_S, _WALK_S = 60.0, 3.0
"""Someone passes in a twentieth of the time."""


def busy(minutes: float, data: Path) -> Path:
    """Return a video in which much moves: a motorway, or the demonstration where no recordings are.

    The recording is repeated as it is: shifted at each repetition it would be a camera that jumps.
    """
    source = data / "raw/traffic_camera.mp4"
    if source.exists():
        return _kept("busy-repeated", minutes, _rounds(partial(_recorded, source)))
    return _kept("busy-generated", minutes, _rounds(_generated))


def quiet(minutes: float) -> Path:
    """Return a video of a still place with sensor noise, and someone who passes now and then."""
    seconds = 60 * minutes
    starts = np.arange(20.0, seconds, _WALK_EVERY_S)
    walkers = (Walker(float(start), float(start) + _WALK_S) for start in starts)
    scene = Scene((*walkers, Noise(2.0)), size=Size(960, 540), rate_hz=RATE_HZ, duration_s=seconds)
    return _kept("quiet", minutes, _scaled(picture.bgr() for picture in scene.pictures()))


def coded(codec: str, size: Size, minutes: float, data: Path) -> Path:
    """Return the busy video in another size and codec ("h264", "hevc", "mjpeg"), at as many bits a pixel."""
    name = f"busy-{codec}-{size.height}p"
    source = data / "raw/traffic_camera.mp4"
    start = partial(_recorded, source) if source.exists() else _generated
    return _kept(name, minutes, _rounds(start, size), Coding(codec, size))


@dataclass(frozen=True, slots=True)
class Coding:
    """How pictures are coded."""

    codec: str = "h264"
    size: Size = SIZE

    @property
    def bit_rate(self) -> int:
        """As many bits a pixel in every size; pictures coded each for itself need five times as many."""
        share = self.size.width * self.size.height / (SIZE.width * SIZE.height)
        return round(_BIT_RATE * share * (5 if self.codec == "mjpeg" else 1))


_ENCODERS = {"h264": "libx264", "hevc": "libx265", "mjpeg": "mjpeg"}
_QUIET = {"hevc": {"x265-params": "log-level=error"}}


def _kept(name: str, minutes: float, pictures: Iterable[Bgr], coding: Coding = Coding()) -> Path:
    path = cache_folder() / "videos" / f"{name}-{minutes:g}min.mp4"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part.mp4")
        _write(unfinished, itertools.islice(pictures, round(60 * minutes * RATE_HZ)), coding)
        unfinished.rename(path)
    return path


def _write(path: Path, pictures: Iterable[Bgr], coding: Coding) -> None:
    options = {} if coding.codec == "mjpeg" else {"preset": "veryfast", **_QUIET.get(coding.codec, {})}
    with av.open(str(path), "w") as container:
        stream = container.add_stream(_ENCODERS[coding.codec], rate=RATE_HZ, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = coding.size
        stream.pix_fmt = "yuvj420p" if coding.codec == "mjpeg" else "yuv420p"
        stream.bit_rate = coding.bit_rate
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())


def _recorded(path: Path) -> Iterator[Bgr]:
    with FileSource(path) as source:
        yield from (frame.bgr() for frame in source)


def _generated() -> Iterator[Bgr]:
    yield from (picture.bgr() for picture in SCENES["demo"]().pictures())


def _scaled(pictures: Iterable[Bgr], size: Size = SIZE) -> Iterator[Bgr]:
    for picture in pictures:
        yield np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _rounds(start: Callable[[], Iterable[Bgr]], size: Size = SIZE) -> Iterator[Bgr]:
    """Give the pictures again and again in one size."""
    while True:
        yield from _scaled(start(), size)
