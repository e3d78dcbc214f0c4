"""How much there is at a place that moves and gets nowhere: leaves, rain, ripples, threads of a web."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.analysis.scores import Box, TrackScore
from monitor.events.candidate import Candidate

_MEMORY_S = 10.0
"""Wind and rain come in gusts: what they moved is remembered for this long."""

_NEAR = 0.35
"""How near counts, as a share of the picture's sides: a tree at one side says little of the other."""

_LIKE_SHARE = 0.33
"""Things of less than a third of its size say nothing of a thing: people are seen through drizzle."""


@dataclass(frozen=True, slots=True)
class _Failed:
    seen_s: float
    centre: tuple[float, float]
    area_fraction: float


class Restless:
    """Remembers what came and went without being a traveller."""

    def __init__(self) -> None:
        self._failed: deque[_Failed] = deque()

    def forget_old(self, now_s: float) -> None:
        """Drop what is too long ago."""
        while self._failed and now_s - self._failed[0].seen_s > _MEMORY_S:
            self._failed.popleft()

    def add(self, candidate: Candidate, now_s: float, travellers: Iterable[Box]) -> None:
        """Remember a candidate that ended; not if it was at a traveller, of whom it may have been a part."""
        if not any(overlap(candidate.best.box, box) for box in travellers):
            self._failed.append(_Failed(now_s, candidate.best.centre, candidate.best.area_fraction))

    def around(self, track: TrackScore, others: Iterable[TrackScore]) -> int:
        """Return how many like this one are or were near: that ended, or are `others` still to be judged."""
        least = _LIKE_SHARE * track.area_fraction
        places = [failed.centre for failed in self._failed if failed.area_fraction > least]
        places += [other.centre for other in others if other.id != track.id and other.area_fraction > least]
        return sum(_near(track.centre, place) for place in places)


def _near(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return math.dist(one, other) < _NEAR


def overlap(one: Box, other: Box) -> bool:
    """Return whether two boxes share area."""
    across = min(one.x + one.width, other.x + other.width) > max(one.x, other.x)
    return across and min(one.y + one.height, other.y + other.height) > max(one.y, other.y)
