"""Real pictures of one place with and without somebody, whose outlines were drawn by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Rectangle = tuple[float, float, float, float]

OFFICE_STEP, EMPTY_STEP = 50, 10
"""Every so many frames of `office` one is taken with somebody, and one without: of these there are few."""

LEAST_SHARE = 0.01
"""Somebody who is only just coming in, with less of the picture than this, is left out."""

_MOVING, _UNKNOWN = 255, (85, 170)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two pictures of one place; `box` is that of the outline in fractions, None where nobody is there."""

    name: str
    a: Picture
    b: Picture
    box: Rectangle | None


def drawn_pairs(folder: Path) -> Iterator[Pair]:
    """Yield the pairs of `pairs/`: the exposure differs within each, but where both are one file."""
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        empty = _read(place / "bkg.png")
        for path in sorted(place.glob("[0-9].png")):
            mask = _read(place / f"{path.stem}_mask.png")[..., 0] > 127
            yield Pair(f"{place.name}/{path.stem}", empty, _read(path), _box(mask))


def office_pairs(folder: Path) -> Iterator[Pair]:
    """Yield frames of the recording `office` against its first empty one; none of it was used for tuning."""
    frames = sorted((folder / "input").iterdir())
    masks = sorted((folder / "groundtruth").iterdir())
    first, last = (int(word) for word in (folder / "temporalROI.txt").read_text().split())
    reference: Picture | None = None
    for number in range(first - 1, min(last, len(frames)), EMPTY_STEP):
        mask = _read(masks[number])[..., 0]
        moving = mask == _MOVING
        if not moving.any() and not np.isin(mask, _UNKNOWN).all():
            if reference is None:
                reference = _read(frames[number])
                continue
            yield Pair(f"office/{number + 1}", reference, _read(frames[number]), None)
        elif (
            (number - first + 1) % OFFICE_STEP == 0 and reference is not None and moving.mean() >= LEAST_SHARE
        ):
            yield Pair(f"office/{number + 1}", reference, _read(frames[number]), _box(moving))


def overlap(one: Rectangle, other: Rectangle) -> float:
    """Return intersection over union."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one[2] * one[3] + other[2] * other[3] - shared)


def _box(mask: NDArray[np.bool_]) -> Rectangle | None:
    if not mask.any():
        return None
    height, width = mask.shape
    x, y, w, h = cv2.boundingRect(mask.view(np.uint8))
    return x / width, y / height, w / width, h / height


def _read(path: Path) -> Picture:
    picture = cv2.imread(str(path))
    if picture is None:
        raise SystemExit(f"{path} cannot be read; is the data complete?")
    return np.asarray(picture, np.uint8)
