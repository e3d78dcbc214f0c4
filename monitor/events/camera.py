"""The camera itself: covered, blinded, out of focus, frozen, being turned."""

import math
from collections import deque

from monitor.analysis.scores import Scores
from monitor.events.condition import ConditionJudge, Finding
from monitor.events.draft import EventMaker
from monitor.events.event import EventChange, Kind
from monitor.events.parameters import PictureParameters

LOST_STRUCTURE = 0.3
"""With less of the learnt edges than this the place is not to be recognised."""

_DOUBTFUL_STRUCTURE = 0.5
"""A turned camera loses half of the learnt edges within a fiftieth of the picture's width."""

_VEILED_SHARPNESS = 0.9
"""What hides the place from near by is out of focus: it has less edges than the place."""

_BRIGHT_LEVEL = 200.0
"""Mean luma above which a flat picture is blinded and not covered."""

_LIT_SHARE = 0.5
"""Out of focus, the picture keeps its large contrasts; in the dark it does not."""

_SOFT_SHARPNESS = 0.55
"""Share of the learnt sharpness below which the picture is out of focus; haze and rain keep more."""

_KEPT_LAYOUT = 0.85
"""Correlation of the coarse brightness above which it is the same place, however blurred."""

_CLOSE_S = 1.0
"""A condition of the picture must be gone for this long: a hand over the lens lets light through at times."""

_REST_S = 4.0
"""Somebody who turns a camera pauses for shorter than this."""

_QUIET_FRACTION = 0.3
"""With more of the picture in motion its contrast is not the usual one."""

_ALIVE_SHARE = 0.9
_ALIVE_MEMORY_S = 30.0
_ALIVE_LEAST_S = 2.0
"""Only a source whose pictures used to differ can freeze: a still scene may be coded without change."""

_WINDOW_S = 1.0
"""Span over which the shifts of the camera are summed."""


class CameraJudge:
    """Judges the integrity kinds: what is wrong with the camera and not with the scene."""

    def __init__(self, parameters: PictureParameters, maker: EventMaker) -> None:
        self._limits = parameters
        self._usual = _Usual()
        self._gone = False
        self._moved_s = -math.inf
        self._hidden_s = -math.inf
        self._shifts: deque[tuple[float, float, float]] = deque()

        def lasting(kind: Kind, after_s: float, over: str, close_s: float = _CLOSE_S) -> ConditionJudge:
            return ConditionJudge(kind, maker, open_after_s=after_s, close_after_s=close_s, over=over)

        self._hidden = lasting(Kind.COVERED, parameters.covered_s, "the learnt place is to be seen again")
        self._defocused = lasting(Kind.DEFOCUSED, parameters.defocused_s, "the picture is sharp again")
        self._frozen = lasting(Kind.FROZEN, parameters.frozen_s, "the pictures change again")
        self._moved = lasting(Kind.CAMERA_MOVED, 0.0, "the camera rests", _REST_S)

    def update(self, scores: Scores) -> list[EventChange]:
        """Judge one frame, also one that is held back as perhaps damaged."""
        changes = self._moved.update(self._find_moved(scores), scores)
        changes += self._hidden.update(self._find_hidden(scores), scores)
        changes += self._defocused.update(self._find_soft(scores), scores)
        changes += self._frozen.update(self._find_frozen(scores), scores)
        if self._moved.is_open:
            self._moved_s = scores.time_s
        self._gone = scores.structure is not None and scores.structure < LOST_STRUCTURE
        if self._gone or self._hidden.is_open or self._defocused.is_open:
            self._hidden_s = scores.time_s
        self._usual.learn(scores, self.veto() is None)
        return changes

    @property
    def hidden_s(self) -> float:
        """When the place was last out of sight, in seconds of the source; minus infinity if never."""
        return self._hidden_s

    @property
    def moved_s(self) -> float:
        """When the camera was last being moved, in seconds of the source; minus infinity if never."""
        return self._moved_s

    def finish(self) -> list[EventChange]:
        """Close what is open: the source ended."""
        lasting = (self._hidden, self._defocused, self._frozen, self._moved)
        return [change for judge in lasting for change in judge.finish()]

    def veto(self) -> tuple[str, str] | None:
        """Return the rule and the reason why no motion may be judged in this frame, None if it may."""
        if self._moved.is_open:
            return "integrity", "the camera is being moved, so nothing in the picture can be trusted"
        if self._gone:
            return "integrity", "the learnt place is not to be seen, so nothing in the picture can be trusted"
        return None

    def _find_hidden(self, scores: Scores) -> Finding:
        """Covered or blinded: the place is gone and what hides it has no sharp edges."""
        if scores.structure is None or scores.sharpness is None:
            return Finding(False)
        gone = scores.structure < LOST_STRUCTURE and scores.sharpness < _VEILED_SHARPNESS
        blurred = scores.layout is not None and scores.layout > _KEPT_LAYOUT
        hidden = gone and not blurred and not self._moved.is_open
        return Finding(
            hidden,
            f"{scores.structure:.0%} of the learnt edges are to be seen (limit {LOST_STRUCTURE:.0%}), "
            f"sharpness {scores.sharpness:.2f} of the learnt (limit {_VEILED_SHARPNESS}), "
            f"mean luma {scores.mean_luma:.0f} (blinded above {_BRIGHT_LEVEL:.0f})",
            Kind.BLINDED if scores.mean_luma > _BRIGHT_LEVEL else Kind.COVERED,
        )

    def _find_soft(self, scores: Scores) -> Finding:
        """Out of focus: the light is as usual, the edges are weak."""
        usual = self._usual.deviation
        if scores.sharpness is None or scores.structure is None or usual is None:
            return Finding(False)
        lit = scores.luma_deviation > _LIT_SHARE * usual
        return Finding(
            lit and scores.sharpness < _SOFT_SHARPNESS and (scores.layout or 0.0) > _KEPT_LAYOUT,
            f"sharpness {scores.sharpness:.2f} of the learnt (limit {_SOFT_SHARPNESS}) "
            f"at a contrast of {scores.luma_deviation:.0f} of usually {usual:.0f} grey levels",
        )

    def _find_frozen(self, scores: Scores) -> Finding:
        """Frozen: frames that used to differ are exactly equal."""
        return Finding(
            scores.change_previous == 0.0 and (self._frozen.is_pending or self._usual.is_lively),
            f"the pictures have been exactly equal for {self._limits.frozen_s:g} s, "
            f"of which {self._usual.alive:.0%} differed before (limit {_ALIVE_SHARE:.0%})",
        )

    def _find_moved(self, scores: Scores) -> Finding:
        """Turned: the background corners go one way together, or another place is steadily in view."""
        if scores.camera_move is not None:
            self._shifts.append((scores.time_s, *scores.camera_move))
        while self._shifts and scores.time_s - self._shifts[0][0] > _WINDOW_S:
            self._shifts.popleft()
        dx, dy = (math.fsum(shift[axis] for shift in self._shifts) for axis in (1, 2))
        way = math.hypot(dx, dy)
        lost = scores.structure is not None and scores.structure < _DOUBTFUL_STRUCTURE
        return Finding(
            way > self._limits.moved_fraction and lost,
            f"the background moved by {way:.1%} of the picture within {_WINDOW_S:g} s "
            f"(limit {self._limits.moved_fraction:.1%})",
        )


class _Usual:
    """What the picture is usually like; None until known."""

    def __init__(self) -> None:
        self.deviation: float | None = None
        self.alive = 0.0
        self._known_s = 0.0
        self._last_s: float | None = None

    @property
    def is_lively(self) -> bool:
        """Whether nearly all pictures differed from the one before, for long enough to tell."""
        return self._known_s > _ALIVE_LEAST_S and self.alive > _ALIVE_SHARE

    def learn(self, scores: Scores, trusted: bool) -> None:
        """Take one frame into the usual contrast, if it is trusted, and into the share that changes."""
        elapsed_s = 0.0 if self._last_s is None else scores.time_s - self._last_s
        self._last_s = scores.time_s
        rate = -math.expm1(-elapsed_s / _ALIVE_MEMORY_S)
        if scores.change_previous is not None:
            self._known_s += elapsed_s
            young = elapsed_s / self._known_s if self._known_s > 0 else 1.0
            self.alive += max(rate, young) * (float(scores.change_previous > 0) - self.alive)
        if trusted and scores.foreground_fraction < _QUIET_FRACTION:
            if self.deviation is None:
                self.deviation = scores.luma_deviation
            self.deviation += rate * (scores.luma_deviation - self.deviation)
