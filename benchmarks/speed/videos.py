"""The videos that speed is measured on: 1080p H.264 at 25 frames a second, made once and kept."""

import itertools
from collections.abc import Callable, Iterable, Iterator
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


def _kept(name: str, minutes: float, pictures: Iterable[Bgr]) -> Path:
    path = cache_folder() / "videos" / f"{name}-{minutes:g}min.mp4"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part.mp4")
        _write(unfinished, itertools.islice(pictures, round(60 * minutes * RATE_HZ)))
        unfinished.rename(path)
    return path


def _write(path: Path, pictures: Iterable[Bgr]) -> None:
    options = {"preset": "veryfast"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.bit_rate = "yuv420p", _BIT_RATE
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())


def _recorded(path: Path) -> Iterator[Bgr]:
    with FileSource(path) as source:
        yield from (frame.bgr() for frame in source)


def _generated() -> Iterator[Bgr]:
    yield from (picture.bgr() for picture in SCENES["demo"]().pictures())


def _scaled(pictures: Iterable[Bgr]) -> Iterator[Bgr]:
    for picture in pictures:
        yield np.asarray(cv2.resize(picture, SIZE, interpolation=cv2.INTER_LINEAR), np.uint8)


def _rounds(start: Callable[[], Iterable[Bgr]]) -> Iterator[Bgr]:
    """Give the pictures again and again at full size."""
    while True:
        yield from _scaled(start())
