"""When a camera that was just switched on has found its exposure."""

from collections import deque

import numpy as np

from monitor.frames import Plane

LONGEST_S = 3.0
"""After this the pictures are taken as they are: where the light never rests is watched too."""

STEADY_S = 0.5
"""Exposure control takes its steps within tenths of a second of each other."""

STEADY_LEVELS = 2.0
"""Grey levels by which the mean luma may differ meanwhile: noise and a passer-by change it less."""

_SPARSE = 8
"""Every eighth row and column tells the mean well enough."""


class Settling:
    """Holds back the first pictures of a camera: they would be learnt as a darker or brighter background.

    This is warm-up on the camera's side: no frame and no coded picture of it is handed on, so that neither
    the analyser's own warm-up nor a recording begins with it.
    """

    def __init__(self) -> None:
        self._over = False
        self._begin_s: float | None = None
        self._means: deque[tuple[float, float]] = deque()

    def is_over(self, now_s: float, luma: Plane) -> bool:
        """Return whether the picture that arrived at `now_s` can be used; once True, always True."""
        if self._over:
            return True
        self._begin_s = now_s if self._begin_s is None else self._begin_s
        self._means.append((now_s, float(np.mean(luma[::_SPARSE, ::_SPARSE]))))
        while now_s - self._means[0][0] > STEADY_S:
            self._means.popleft()
        means = [mean for _, mean in self._means]
        watched_long_enough = now_s - self._begin_s >= STEADY_S
        steady = watched_long_enough and max(means) - min(means) <= STEADY_LEVELS
        self._over = steady or now_s - self._begin_s >= LONGEST_S
        return self._over
