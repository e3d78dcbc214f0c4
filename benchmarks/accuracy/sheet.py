"""Pictures of the frames that came out worst."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from imutils import build_montages

from benchmarks.accuracy.masksets import MaskSet, count_one, read_colour
from monitor.frames import Bgr

_CELL = (320, 240)


@dataclass(frozen=True, slots=True)
class WorstFrame:
    """The counting frame of a set with the most wrong pixels: source, truth and mask, and what they are."""

    label: str
    wrong_px: int
    pictures: tuple[Bgr, Bgr, Bgr]


def worst_frame(of: MaskSet, masks: Path) -> WorstFrame:
    """Return the worst frame of a set for a folder of masks."""
    wrong = [(count_one(picture, truth, masks).wrong, picture, truth) for picture, truth in of.counting()]
    wrong_px, picture, truth = max(wrong)
    mask = masks / f"{picture.stem}.png"
    pictures = (read_colour(picture), read_colour(truth), read_colour(mask))
    return WorstFrame(f"{of.name} {picture.stem}", wrong_px, pictures)


def write_sheet(frames: Sequence[WorstFrame], path: Path) -> None:
    """Write one sheet, a row for each set: source, truth, mask. Raises `OSError` where it cannot."""
    cells = [cell for frame in frames for cell in _row(frame)]
    (sheet,) = build_montages(cells, _CELL, (3, len(frames)))
    if not cv2.imwrite(str(path), sheet):
        raise OSError(f"{path} cannot be written; check the folder.")


def _row(frame: WorstFrame) -> list[Bgr]:
    cells = [np.asarray(cv2.resize(p, _CELL, interpolation=cv2.INTER_AREA), np.uint8) for p in frame.pictures]
    texts = (frame.label, "truth", f"mask, {frame.wrong_px} px wrong")
    for cell, text in zip(cells, texts, strict=True):
        cv2.rectangle(cell, (0, 0), (_CELL[0], 20), (0, 0, 0), cv2.FILLED)
        cv2.putText(cell, text, (6, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1, cv2.LINE_AA)
    return cells
