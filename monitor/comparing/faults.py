"""Pictures of a video that are missing, repeated or corrupted, told by the other video of the same scene."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.histogram import Histogram, kl_distance_nats, luma_histogram
from monitor.comparing.timeline import Match
from monitor.frames import Frame

CORRUPT_NATS = 0.2
"""Above this distance of the histograms a picture is damaged or shows another place (Courbon et al. 2010)."""

_BRIEF_S = 0.5
"""A picture that is far from both its neighbours in time and from the other video is damaged, if no more
follow than fill this; a longer row of them is where they are unlike the other video altogether."""

_ALIKE = 0.5
"""Correlation with the other video's picture: something large in view leaves more, damage less."""

Side = Literal["a", "b"]

_CELLS = (64, 36)

_STILL_SHARE = 0.2
"""A repeated picture, coded anew, changes in no cell by more than this share of what truly changes."""

_MOVING_LEVELS = 4.0
"""Where the other video changes by as much in a cell, something moved: noise is averaged over a cell."""


class Fault(StrEnum):
    """What is wrong with a picture."""

    DROPPED = "dropped"
    REPEATED = "repeated"
    CORRUPTED = "corrupted"


@dataclass(frozen=True, slots=True)
class Faulty:
    """A picture that is faulty in the video `side`; `frame` is its number there, or, of one that was dropped,
    its number in the other. `time_s` counts as A's does.
    """

    kind: Fault
    side: Side
    frame: int
    time_s: float


class FaultFinder:
    """Is told of all matches in turn, and at the end to close."""

    def __init__(self) -> None:
        self._sides: dict[Side, _Side] = {"a": _Side(), "b": _Side()}

    def add(self, match: Match) -> list[Faulty]:
        """Return what is wrong with the pictures of a match, and what it tells of those before it."""
        if match.a is None or match.b is None:
            return _missing(match)
        a, b = self._sides["a"], self._sides["b"]
        a.take(match.a)
        b.take(match.b)
        return [*self._repeated(match), *self._corrupted(match)]

    def close(self) -> list[Faulty]:
        """Return what the last pictures were."""
        return [fault for name, side in self._sides.items() for fault in side.settled(name)]

    def _repeated(self, match: Match) -> list[Faulty]:
        a, b = self._sides["a"], self._sides["b"]
        pairs: tuple[tuple[Side, _Side, _Side, Frame | None], ...] = (
            ("a", a, b, match.a),
            ("b", b, a, match.b),
        )
        return [
            Faulty(Fault.REPEATED, name, frame.index, match.time_s)
            for name, side, other, frame in pairs
            if frame is not None and side.stands_while(other)
        ]

    def _corrupted(self, match: Match) -> list[Faulty]:
        a, b = self._sides["a"], self._sides["b"]
        far = kl_distance_nats(b.histogram, a.histogram) > CORRUPT_NATS
        alike = _correlation(a.cells, b.cells) >= _ALIKE
        frames: tuple[tuple[Side, Frame | None], ...] = (("a", match.a), ("b", match.b))
        return [
            fault
            for name, frame in frames
            if frame is not None
            for fault in self._sides[name].judged(name, frame, match.time_s, far=far, alike=alike)
        ]


@dataclass(frozen=True, slots=True)
class _Doubtful:
    frame: int
    time_s: float
    histogram: Histogram
    alike: bool


class _Side:
    """What is remembered of one of the videos."""

    def __init__(self) -> None:
        self.histogram: Histogram
        self._good: Histogram | None = None
        self._doubtful: list[_Doubtful] = []
        self.cells: NDArray[np.float32] | None = None
        self._index = -1
        self._change: float | None = None

    def take(self, frame: Frame) -> None:
        cells = cv2.resize(frame.luma, _CELLS, interpolation=cv2.INTER_AREA).astype(np.float32)
        before = self.cells if frame.index == self._index + 1 else None
        self._change = None if before is None else float(np.abs(cells - before).max())
        self.cells, self._index = cells, frame.index
        self.histogram = luma_histogram(frame.luma)

    def stands_while(self, other: "_Side") -> bool:
        """Return whether this side's picture is the last one again while the other's moved on."""
        if self._change is None or other._change is None:
            return False
        return other._change > _MOVING_LEVELS and self._change < _STILL_SHARE * other._change

    def judged(self, name: Side, frame: Frame, time_s: float, *, far: bool, alike: bool) -> list[Faulty]:
        """Return the pictures that are now known to be damaged.

        One is where it is far from the other video's and from the last good one of its own; whether it is
        damaged or something came into view the following ones tell.
        """
        jumped = self._good is None or kl_distance_nats(self.histogram, self._good) > CORRUPT_NATS
        if far and jumped:
            self._doubtful.append(_Doubtful(frame.index, time_s, self.histogram, alike))
            return []
        if self._good is None:
            self._doubtful = [
                one
                for one in self._doubtful
                if kl_distance_nats(one.histogram, self.histogram) > CORRUPT_NATS
            ]
        self._good = self.histogram
        found = self.settled(name)
        return [*found, Faulty(Fault.CORRUPTED, name, frame.index, time_s)] if frame.damaged else found

    def settled(self, name: Side) -> list[Faulty]:
        """Return which of the doubtful pictures were damaged, now that there are no more of them.

        Something that came into view stays longer, and leaves the rest as it was.
        """
        doubtful, self._doubtful = self._doubtful, []
        if self._good is None:  # the videos are far apart from the first picture to the last
            return []
        brief = bool(doubtful) and doubtful[-1].time_s - doubtful[0].time_s <= _BRIEF_S
        return [
            Faulty(Fault.CORRUPTED, name, one.frame, one.time_s) for one in doubtful if brief or not one.alike
        ]


def _correlation(a: NDArray[np.float32] | None, b: NDArray[np.float32] | None) -> float:
    """Return how two pictures go together, -1 to 1; 0 where one is of one level."""
    assert a is not None
    assert b is not None
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean()) / spread if spread else 0.0


def _missing(match: Match) -> list[Faulty]:
    frame, side = (match.a, "b") if match.a is not None else (match.b, "a")
    assert frame is not None
    return [Faulty(Fault.DROPPED, "b" if side == "b" else "a", frame.index, match.time_s)]
