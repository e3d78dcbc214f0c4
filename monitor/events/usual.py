"""What the picture of a source is usually like."""

import math

from monitor.analysis.scores import Scores

_QUIET_FRACTION = 0.3
"""With more of the picture in motion its contrast is not the usual one."""

ALIVE_SHARE = 0.9
_MEMORY_S = 30.0
_ALIVE_LEAST_S = 2.0
"""Only a source whose pictures used to differ can freeze: a still scene may be coded without change."""


class Usual:
    """What the picture is usually like; None until known.

    `mean` and `deviation` are those of its luma and `change` is the mean difference to the frame before, in
    grey levels;
    `alive` is the share of frames that differ from the one before at all.
    """

    def __init__(self) -> None:
        self.mean: float | None = None
        self.deviation: float | None = None
        self.change: float | None = None
        self.alive = 0.0
        self._known_s = 0.0
        self._last_s: float | None = None

    @property
    def is_lively(self) -> bool:
        """Whether nearly all pictures differed from the one before, for long enough to tell."""
        return self._known_s > _ALIVE_LEAST_S and self.alive > ALIVE_SHARE

    def learn(self, scores: Scores, trusted: bool) -> None:
        """Take one frame into the usual contrast, if it is trusted, and into the share that changes."""
        elapsed_s = 0.0 if self._last_s is None else scores.time_s - self._last_s
        self._last_s = scores.time_s
        rate = -math.expm1(-elapsed_s / _MEMORY_S)
        if scores.change_previous is not None:
            self._known_s += elapsed_s
            young = elapsed_s / self._known_s if self._known_s > 0 else 1.0
            self.alive += max(rate, young) * (float(scores.change_previous > 0) - self.alive)
        if trusted and scores.foreground_fraction < _QUIET_FRACTION:
            self.mean = _nearer(self.mean, scores.mean_luma, rate)
            self.deviation = _nearer(self.deviation, scores.luma_deviation, rate)
            self.change = _nearer(self.change, scores.change_previous, rate)


def _nearer(known: float | None, seen: float | None, rate: float) -> float | None:
    """Return what is known, moved towards what is seen by a share of the way; all of it at first."""
    if known is None or seen is None:
        return seen if known is None else known
    return known + rate * (seen - known)
