"""Sets of pictures with truth masks, in the layout of CDnet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.accuracy.counts import Counts, count
from monitor.frames import Bgr, Plane


@dataclass(frozen=True, slots=True)
class MaskSet:
    """`input/` and `groundtruth/` in a folder; frames numbered `first` to `last` count, both included."""

    folder: Path
    first: int
    last: int

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def pictures(self) -> list[Path]:
        """All pictures in order, those that do not count included."""
        return sorted(path for path in (self.folder / "input").iterdir() if number_of(path) is not None)

    def counting(self) -> Iterator[tuple[Path, Path]]:
        """Give each picture that counts with its truth, in order."""
        for picture in self.pictures:
            number = number_of(picture)
            truth = self.folder / "groundtruth" / f"gt{number:06d}.png"
            if number is not None and self.first <= number <= self.last and truth.exists():
                yield picture, truth


def number_of(path: Path) -> int | None:
    """Return the number in a name such as in000470.jpg, None where there is none."""
    found = re.fullmatch(r"[a-z]+(\d+)", path.stem)
    return int(found[1]) if found else None


def find_sets(folder: Path) -> list[MaskSet]:
    """Return the sets at or below a folder, by name."""
    found = sorted(folder.rglob("temporalROI.txt"))
    return [MaskSet(path.parent, *_span(path)) for path in found if (path.parent / "input").is_dir()]


def excerpt(whole: MaskSet, start: int, first: int, last: int, folder: Path) -> MaskSet:
    """Link a part of a set into `folder`: pictures from `start` on, of which `first` to `last` count."""
    part = MaskSet(folder / whole.name, first, last)
    (part.folder / "input").mkdir(parents=True)
    (part.folder / "groundtruth").symlink_to(whole.folder / "groundtruth")
    for picture in whole.pictures:
        number = number_of(picture)
        if number is not None and start <= number <= last:
            (part.folder / "input" / picture.name).symlink_to(picture)
    return part


def score(of: MaskSet, masks: Path) -> Counts:
    """Return the counts of a folder of masks that are named after their pictures."""
    return sum((count_one(picture, truth, masks) for picture, truth in of.counting()), Counts())


def count_one(picture: Path, truth: Path, masks: Path) -> Counts:
    """Return the counts of one frame. Raises `FileNotFoundError` for a missing mask."""
    return count(read_grey(truth), read_grey(masks / f"{picture.stem}.png"))


def read_grey(path: Path) -> Plane:
    """Return an image file as uint8 (H, W). Raises `FileNotFoundError`."""
    return _read(path, cv2.IMREAD_GRAYSCALE)


def read_colour(path: Path) -> Bgr:
    """Return an image file as uint8 (H, W, 3), blue green red. Raises `FileNotFoundError`."""
    return _read(path, cv2.IMREAD_COLOR)


def _read(path: Path, flags: int) -> Plane:
    image = cv2.imread(str(path), flags)
    if image is None:
        raise FileNotFoundError(f"{path} is not there or is no image.")
    return np.asarray(image, np.uint8)


def _span(path: Path) -> tuple[int, int]:
    first, last = path.read_text(encoding="ascii").split()
    return int(first), int(last)
