"""Videos of which it is known what is wrong with them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from monitor.frames import Size
from monitor.outputs.video import VideoWriter
from tests.comparing.given import Picture, noisy, place

RATE_HZ = 25
SHAPE = (120, 160)
SOMEBODY = (slice(50, 100), slice(100, 125))
Timed = list[tuple[float, Picture]]


def yard(count: int = 75, somebody: range = range(0), seed: int = 0) -> Timed:
    """A place through which something small walks and, in these pictures, somebody stands."""
    base = place(*SHAPE)
    pictures: Timed = []
    for index in range(count):
        picture = base.copy()
        left = (10 + 2 * index) % 140
        picture[15:40, left : left + 14] = (30, 220, 240)
        if index in somebody:
            picture[SOMEBODY] = (250, 245, 20)
        pictures.append((index / RATE_HZ, noisy(picture, 2.0, seed=seed + index)))
    return pictures


def without(pictures: Timed, missing: Sequence[int]) -> Timed:
    return [timed for index, timed in enumerate(pictures) if index not in missing]


def evenly(pictures: Timed) -> Timed:
    """The pictures one after the other, as a recorder writes them that knows nothing of what is missing."""
    return [(index / RATE_HZ, picture) for index, (_, picture) in enumerate(pictures)]


def corrupted(pictures: Timed, bad: Sequence[int]) -> Timed:
    rng = np.random.default_rng(7)
    garbage = {index: rng.integers(0, 256, pictures[0][1].shape, dtype=np.uint8) for index in bad}
    return [(time_s, garbage.get(index, picture)) for index, (time_s, picture) in enumerate(pictures)]


def repeated(pictures: Timed, again: Sequence[int]) -> Timed:
    result = list(pictures)
    for index in again:
        result[index] = (result[index][0], result[index - 1][1])
    return result


def write(path: Path, pictures: Timed, crf: int = 20) -> Path:
    height, width = pictures[0][1].shape[:2]
    writer = VideoWriter(path, Size(width, height), crf=crf)
    for time_s, picture in pictures:
        writer.write(picture, time_s)
    writer.close()
    return path
