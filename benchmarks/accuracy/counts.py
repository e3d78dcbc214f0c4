"""Pixels counted as CDnet counts them.

Wang et al., "CDnet 2014: An Expanded Change Detection Benchmark Dataset", CVPR workshops 2014; the rules are
those of its evaluation program.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

import cv2
import numpy as np

from monitor.frames import Plane

BACKGROUND, SHADOW, MOVING = 0, 50, 255
"""Labels that count; 85 (outside the region of interest) and 170 (unknown) do not."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Pixels by truth and answer: true and false, positive (moving) and negative."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn, self.tn + other.tn)

    @property
    def wrong(self) -> int:
        """How many pixels got the wrong answer."""
        return self.fp + self.fn


class Rates(NamedTuple):
    """CDnet's seven measures, each 0 to 1 but `pwc`, the percentage of wrong answers."""

    recall: float
    specificity: float
    fpr: float
    fnr: float
    pwc: float
    precision: float
    f: float


def count(truth: Plane, mask: Plane) -> Counts:
    """Return the counts of one frame.

    `truth` is uint8 (H, W) with CDnet's labels, `mask` uint8 (h, w), moving where it is not 0. A mask of
    another size is brought to the truth's by nearest neighbour.
    """
    if mask.shape != truth.shape:
        height, width = truth.shape
        mask = np.asarray(cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    said = mask > 0
    moving = truth == MOVING
    still = (truth == BACKGROUND) | (truth == SHADOW)
    tp, fp = int(np.count_nonzero(moving & said)), int(np.count_nonzero(still & said))
    return Counts(tp, fp, int(np.count_nonzero(moving)) - tp, int(np.count_nonzero(still)) - fp)


def rates(counts: Counts) -> Rates:
    """Return the measures of a sequence; one that has nothing to be measured on is 0."""
    tp, fp, fn, tn = (getattr(counts, field.name) for field in fields(counts))
    return Rates(
        recall=_ratio(tp, tp + fn),
        specificity=_ratio(tn, tn + fp),
        fpr=_ratio(fp, fp + tn),
        fnr=_ratio(fn, tp + fn),
        pwc=100 * _ratio(fp + fn, tp + fp + fn + tn),
        precision=_ratio(tp, tp + fp),
        f=_ratio(2 * tp, 2 * tp + fp + fn),
    )


def mean_rates(of_sets: Iterable[Rates]) -> Rates:
    """Return the mean of each measure over sequences, in which each counts the same."""
    return Rates(*(float(np.mean(values)) for values in zip(*of_sets, strict=True)))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
