"""What is known of one track since it was first seen."""

import math
from bisect import insort
from collections import deque
from copy import copy
from dataclasses import dataclass, field
from itertools import islice

from monitor.analysis.scores import Box, TrackScore
from monitor.events.draft import Moment
from monitor.events.refusal import UNTOLD, Refusal

_LOOKBACK_S = 4.0
"""Motion began at most this long before it was known as such; who swayed there for longer was not going."""

_PAUSE_S = 1.0
"""What has been still for longer is at rest: its event may go on, but if it does not, it ended before."""

_FADED_SHARE = 0.35
_OWN_OUTLINE = 0.5
"""What has lost two thirds of its σ and has no edges of its own is what was left behind: dust, a ghost."""


@dataclass(slots=True)
class Candidate:
    """What is known of one track since it was first seen.

    `displacement_fraction` is the longest way that it was seen to travel, `way_fraction` the present one,
    since it last leapt; both since its last event. `seen` and `box` are of its last sight, at rest or not.
    """

    first: Moment
    last: Moment
    best: TrackScore
    sigma: float = 0.0
    has_faded: bool = False
    recent: deque[Moment] = field(default_factory=deque)
    came_fraction: float = 0.0
    displacement_fraction: float = 0.0
    way_fraction: float = 0.0
    coherence: float | None = None
    failed: Refusal = UNTOLD
    confirmed: bool = False
    has_travelled: bool = False
    left: bool = False
    seen: Moment = field(init=False)
    box: Box = field(init=False)
    _textures: list[float] = field(default_factory=list)

    @property
    def see_through(self) -> float | None:
        """How far the background's texture showed through it, in the middle; None where there is none."""
        seen, middle = self._textures, len(self._textures) // 2
        if not seen:
            return None
        return seen[middle] if len(seen) % 2 else (seen[middle - 1] + seen[middle]) / 2

    def take(self, track: TrackScore, now: Moment) -> None:
        """Note what this frame shows of it."""
        self.seen, self.box = now, track.box
        self.sigma = max(self.sigma, track.peak_sigma)
        outline = 1.0 if track.outline_ratio is None else track.outline_ratio
        self.has_faded = outline < _OWN_OUTLINE and track.peak_sigma < _FADED_SHARE * self.sigma
        if not self.has_faded and track.still_s < _PAUSE_S:
            self.last = now
        if track.still_s >= _PAUSE_S:
            self.recent.clear()  # it stood: what it does from here on begins here
        self.recent.append(now)
        while now.time_s - self.recent[0].time_s > _LOOKBACK_S:
            self.recent.popleft()
        self.left = track.touches_border
        self.came_fraction = min(self.came_fraction, track.displacement_fraction)
        self.way_fraction = track.displacement_fraction - self.came_fraction
        self.displacement_fraction = max(self.displacement_fraction, self.way_fraction)
        self.coherence = track.coherence
        if track.see_through is not None and not self.confirmed:
            insort(self._textures, track.see_through)
        if showing(track) > showing(self.best):
            self.best = track

    def as_it_is(self) -> "Candidate":
        """Return a copy that later frames do not change; of its past it has no more than is asked of it."""
        kept = copy(self)
        kept.recent = deque(islice(self.recent, 1))
        see_through = self.see_through
        kept._textures = [] if see_through is None else [see_through]
        return kept

    def begin_anew(self) -> None:
        """Forget that it travelled: after its event it must travel again to be another."""
        self.came_fraction = math.inf
        self.displacement_fraction = 0.0
        self.confirmed = False
        self.has_travelled = True
        self.recent.clear()


def showing(track: TrackScore) -> float:
    """Return how well a frame shows a track: large, clear, and not cut off by the border."""
    return track.area_fraction * min(track.peak_sigma, 20.0) * (0.5 if track.touches_border else 1.0)
