"""Small recordings for the tests of the command line: a square crosses a still yard."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from tests.capture.encode import RATE_HZ, Bgr, encode

WIDTH, HEIGHT, SIDE = 160, 120, 28
ENTERS_S, LEAVES_S = 2.0, 4.0
"""The square is seen between these times; it keeps its speed."""

LASTS_S = 6.0


def yard() -> Bgr:
    """The still place: smooth colours with some texture."""
    rng = np.random.default_rng(3)
    coarse = rng.integers(60, 170, (6, 8, 3), dtype=np.uint8)
    fine = rng.integers(-14, 15, (HEIGHT, WIDTH, 1))
    smooth = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return _clipped(smooth + fine)


def crossing(*, rate_hz: float = RATE_HZ, lasts_s: float = LASTS_S) -> list[Bgr]:
    """Pictures of the yard, a textured square crossing it from left to right."""
    ground = yard()
    square = np.random.default_rng(5).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    square = cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)  # type: ignore[assignment]
    return [_picture(ground, square, index / rate_hz, index) for index in range(round(lasts_s * rate_hz))]


def _picture(ground: Bgr, square: Bgr, time_s: float, index: int) -> Bgr:
    noise = np.random.default_rng(index).integers(-2, 3, ground.shape)
    picture = ground.copy()
    part = (time_s - ENTERS_S) / (LEAVES_S - ENTERS_S)
    left = round(part * (WIDTH + SIDE)) - SIDE
    first, last = max(left, 0), min(left + SIDE, WIDTH)
    if first < last:
        picture[50 : 50 + SIDE, first:last] = square[:, first - left : last - left]
    return _clipped(picture + noise)


def _clipped(levels: NDArray[Any]) -> Bgr:
    clipped: Bgr = np.clip(levels, 0, 255).astype(np.uint8)
    return clipped


def still(*, rate_hz: float = RATE_HZ, lasts_s: float = LASTS_S) -> list[Bgr]:
    """Pictures of the yard, in which nothing happens."""
    nothing = np.zeros((SIDE, SIDE, 3), np.uint8)
    ground = yard()
    return [_picture(ground, nothing, -1.0, index) for index in range(round(lasts_s * rate_hz))]


def record(path: Path, bgrs: list[Bgr] | None = None) -> Path:
    """Write the crossing, or these pictures, with a key frame every half second."""
    return encode(path, bgrs or crossing(), options={"g": "12", "preset": "ultrafast", "crf": "18"})


def record_sound(path: Path) -> Path:
    """Write half a second of silence, and no picture."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for number in range(20):
            sound = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), "fltp", "stereo")
            sound.sample_rate, sound.pts = 44100, 1024 * number
            container.mux(stream.encode(sound))
        container.mux(stream.encode())
    return path


def frame_count(path: Path) -> int:
    """Return how many pictures a video has, by decoding it to its end."""
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def write_pictures(folder: Path, bgrs: list[Bgr], name: str = "view{:02d}.png") -> Path:
    """Write pictures into a new folder."""
    folder.mkdir(parents=True)
    for number, bgr in enumerate(bgrs):
        cv2.imwrite(str(folder / name.format(number)), bgr)
    return folder
