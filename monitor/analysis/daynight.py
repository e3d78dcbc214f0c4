"""Day or night by infrared: a camera that switches its filter shows the same place in another way.

By infrared light nothing has colour. A model is kept for each of the two, so that dusk and dawn cost no
relearning; the picture itself says which one holds.
"""

from enum import StrEnum

import cv2
import numpy as np

from monitor.analysis.preprocess import Planes, is_flat

_COLOUR_LEVELS = 3
"""A pixel has colour where a chroma plane is at least so far from neutral: compression leaves less."""

_COLOURLESS_SHARE = 0.01
_COLOURED_SHARE = 0.25
"""By infrared practically nothing has colour, by day a quarter does, or a passing car in a grey yard could
turn the night into day. Between the two, what held goes on holding."""

_SURE_S = 1.0
"""What is seen must last: a hand over the lens takes the colour away for a moment, and so does a recording
that fades in, or a camera's first grey pictures."""


class Sight(StrEnum):
    """How the camera sees."""

    COLOUR = "colour"
    INFRARED = "infrared"


def sight_of(planes: Planes) -> Sight | None:
    """Return how the camera sees in this picture, None where that is not to be told.

    It is not of grey sources, nor where nothing is to be seen: behind a covered lens it is black by day too.
    """
    if planes.u is None or planes.v is None or is_flat(planes):
        return None
    share = max(_coloured_share(planes.u), _coloured_share(planes.v))
    if share < _COLOURLESS_SHARE:
        return Sight.INFRARED
    return Sight.COLOUR if share > _COLOURED_SHARE else None


def _coloured_share(plane: np.ndarray) -> float:
    neutral = cv2.inRange(plane, np.array(129 - _COLOUR_LEVELS), np.array(127 + _COLOUR_LEVELS))
    return 1.0 - cv2.countNonZero(neutral) / plane.size


class SightWatch:
    """Follows how the camera sees; `sight` is what holds, None until that is known."""

    def __init__(self) -> None:
        self.sight: Sight | None = None
        self._other: Sight | None = None
        self._other_since_s = 0.0

    def update(self, planes: Planes, time_s: float) -> bool:
        """Look at the next picture; return whether the camera has just changed how it sees."""
        seen = sight_of(planes)
        if seen is None or seen is self.sight:
            self._other = None
            return False
        if seen is not self._other:
            self._other, self._other_since_s = seen, time_s
        if time_s - self._other_since_s < _SURE_S:
            return False
        before, self.sight, self._other = self.sight, seen, None
        return before is not None
