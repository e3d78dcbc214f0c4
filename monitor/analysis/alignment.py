"""A shaking camera: where the picture lies on the learnt place, and the picture brought back to it.

The reference is the model's μ, so what passes by has no corners in it; its corners are followed into the
picture by pyramidal Lucas-Kanade flow and vote for one shift, which is believed only if the picture, brought
back by it, is clearly nearer to the reference. Poles sway and mounts give, which shifts the picture; rotation
and zoom stay far below a pixel at the analysis size.
"""

import math
from collections import deque
from collections.abc import Sequence

import cv2
import numpy as np

from monitor.analysis.flow import FAR, NEAR, Points, corners, follow
from monitor.analysis.preprocess import Planes
from monitor.analysis.shift import NO_SHIFT, Shift, brought_back, brought_back_plane, seen
from monitor.frames import Plane

_CORNERS = 80
"""Half of them may be hidden by vehicles, and a quarter be lost in motion blur."""

_AGREE_PX = 1.0
_FEWEST = 8
_LEAST_SHARE = 0.2
"""So many corners, and this share of those that were found again, must agree to a pixel: by chance two of
fifty do, when each may be anywhere within twenty pixels."""

_LEAST_SPREAD = 0.12
"""Deviation of the agreeing corners' places as a share of the picture: they must lie all over it."""

_CUT_LEVELS = 30
_BETTER = 0.9
"""Brought back, the picture must differ from the reference by less than this share of what it did; each pixel
counts for at most 30 grey levels, so that objects do not decide. Without this test a road full of cars
(`crowded`) is moved about, and loses 0.011 of F."""

_CALM_S = 10.0
_LOOK_S = 1.0
_DOUBT_S = 0.25
_DOUBT_FRACTION = 0.01
"""Every picture is looked at while the camera shook in the last 10 s. Else one a second, or four while a
hundredth of the picture is foreground: a gust is noticed within a quarter of a second, before an event
could open."""

_REFERENCE_S = 3.0
"""The reference follows μ, which changes far slower."""

_SETTLED_S = 4.0
_SETTLED_PX = 0.7
"""A picture that has lain at one place for so long is not swaying: the camera rests somewhere else now."""


class Reference:
    """A picture of the place, uint8 (h, w), with its corners."""

    def __init__(self, luma: Plane) -> None:
        self._luma = luma
        self._corners = corners(luma, None, _CORNERS)

    def shift_of(self, luma: Plane) -> Shift | None:
        """Return where a picture lies on this one; None where too few corners agree."""
        for reach in (NEAR, FAR):
            end, good = follow(self._luma, luma, self._corners, reach)
            found = _vote(self._corners[good], end[good], luma.shape)
            if found is not None:
                return found if found.is_negligible or self._explains(luma, found) else NO_SHIFT
        return None

    def _explains(self, luma: Plane, shift: Shift) -> bool:
        inside = seen(luma.shape, shift)
        back = brought_back_plane(luma, shift)
        return self._distance(back, inside) < _BETTER * self._distance(luma, inside)

    def _distance(self, luma: Plane, inside: Plane) -> float:
        cut = np.minimum(cv2.absdiff(luma, self._luma), _CUT_LEVELS)
        return float(cv2.mean(cut, inside)[0])


class Alignment:
    """Follows where the pictures of one camera lie on the learnt place.

    After `update`, `shift` is that of the latest picture, `NO_SHIFT` while the camera is steady.
    """

    def __init__(self) -> None:
        self.shift = NO_SHIFT
        self._reference: Reference | None = None
        self._referred_s = 0.0
        self._looked_s = -math.inf
        self._shaken_s: float | None = None
        self._recent: deque[tuple[float, Shift]] = deque()

    def refer(self, mean: Plane, time_s: float) -> None:
        """Take μ as the reference, unless that was done a moment ago; uint8 (h, w)."""
        if self._reference is None or time_s - self._referred_s >= _REFERENCE_S:
            self._reference, self._referred_s = Reference(mean), time_s

    def is_due(self, time_s: float, foreground_fraction: float) -> bool:
        """Return whether the next picture is worth a look; the foreground is that of the one before."""
        if self._shaken_s is not None and time_s - self._shaken_s < _CALM_S:
            return True
        wait_s = _DOUBT_S if foreground_fraction > _DOUBT_FRACTION else _LOOK_S
        return time_s - self._looked_s >= wait_s

    def update(self, luma: Plane, time_s: float) -> None:
        """Find where the next picture, uint8 (h, w), lies; if that is not to be told, as the one before."""
        assert self._reference is not None
        self._looked_s = time_s
        found = self._reference.shift_of(luma)
        if found is None:
            return
        self.shift = NO_SHIFT if found.is_negligible else found
        if self.shift != NO_SHIFT:
            self._shaken_s = time_s
        self._recent.append((time_s, self.shift))
        while time_s - self._recent[0][0] > _SETTLED_S:
            self._recent.popleft()

    @property
    def has_settled(self) -> bool:
        """Whether the camera has come to rest at another place than the learnt one."""
        if self.shift == NO_SHIFT or self._recent[-1][0] - self._recent[0][0] < 0.9 * _SETTLED_S:
            return False
        spread = np.ptp(np.array([shift for _, shift in self._recent]), axis=0)
        return bool(spread.max() < _SETTLED_PX)

    def forget(self) -> None:
        """Begin anew with another reference: the learnt place was moved to where the picture lies."""
        self.shift = NO_SHIFT
        self._reference = None
        self._shaken_s = None
        self._recent.clear()


def _vote(start: Points, end: Points, shape: tuple[int, ...]) -> Shift | None:
    """Return the shift on which most corners agree."""
    if len(start) < _FEWEST:
        return None
    steps = end - start
    near = np.linalg.norm(steps[:, None] - steps[None], axis=2) < _AGREE_PX
    agree = near[near.sum(axis=1).argmax()]
    if agree.sum() < _FEWEST or agree.mean() < _LEAST_SHARE:
        return None
    across, down = start[agree].std(axis=0) / (shape[1], shape[0])
    if min(across, down) < _LEAST_SPREAD:
        return None
    x, y = np.median(steps[agree], axis=0)
    return Shift(float(x), float(y))


def aligned(samples: Sequence[Planes]) -> list[Planes]:
    """Return the samples brought to the middle of where they lie, all of them if the camera is steady.

    Samples that cannot be placed are left out, unless that would be more than half of them.
    """
    shifts = _shifts(samples)
    known = [shift for shift in shifts if shift is not None]
    if len(known) < 0.5 * len(samples):
        return list(samples)
    x, y = np.median(np.array(known), axis=0)
    centred = [None if shift is None else Shift(shift.x - x, shift.y - y) for shift in shifts]
    if all(shift is None or shift.is_negligible for shift in centred):
        return list(samples)
    pairs = zip(samples, centred, strict=True)
    return [planes if s.is_negligible else brought_back(planes, s) for planes, s in pairs if s is not None]


def _shifts(samples: Sequence[Planes]) -> list[Shift | None]:
    """Return where the samples lie on one of them: the first, middle or last, on which most can be placed."""
    best: list[Shift | None] = []
    for index in sorted({0, len(samples) // 2, len(samples) - 1}):
        reference = Reference(samples[index].luma)
        shifts = [reference.shift_of(sample.luma) for sample in samples]
        if sum(shift is not None for shift in shifts) > sum(shift is not None for shift in best):
            best = shifts
    return best
