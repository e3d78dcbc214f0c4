"""The camera itself: covered, blinded, out of focus, frozen, being turned."""

import math
from collections import deque

from monitor.analysis.scores import Scores
from monitor.events.condition import ConditionJudge, Finding
from monitor.events.draft import EventMaker
from monitor.events.event import EventChange, Kind
from monitor.events.parameters import PictureParameters

_LOST_STRUCTURE = 0.3
"""Below this correlation of gradients the learnt place is not to be recognised."""

_LOST_FRACTION = 0.6
"""Share of the picture that leaves the model when the lens is covered or the camera turned."""

_FLAT_SHARE = 0.5
"""A covered or blinded picture keeps less than half of its usual contrast."""

_BRIGHT_LEVEL = 200.0
"""Mean luma above which a flat picture is blinded and not covered."""

_SOFT_SHARPNESS = 0.55
"""Share of the learnt sharpness below which the picture is out of focus; haze and rain keep more."""

_CLOSE_S = 1.0
"""A condition of the picture must be gone for this long: a hand over the lens lets light through at times."""

_ALIVE_SHARE = 0.9
_ALIVE_MEMORY_S = 30.0
"""Only a source whose pictures used to differ can freeze: a still scene may be coded without change."""

_WINDOW_S = 1.0
"""Span over which the shifts of the camera are summed."""


class CameraJudge:
    """Judges the integrity kinds: what is wrong with the camera and not with the scene."""

    def __init__(self, parameters: PictureParameters, maker: EventMaker) -> None:
        self._limits = parameters
        self._usual = _Usual()
        self._shifts: deque[tuple[float, float, float]] = deque()

        def lasting(kind: Kind, open_after_s: float, over: str) -> ConditionJudge:
            return ConditionJudge(kind, maker, open_after_s=open_after_s, close_after_s=_CLOSE_S, over=over)

        self._covered = lasting(Kind.COVERED, parameters.covered_s, "the learnt place is to be seen again")
        self._blinded = lasting(Kind.BLINDED, parameters.covered_s, "the learnt place is to be seen again")
        self._defocused = lasting(Kind.DEFOCUSED, parameters.defocused_s, "the picture is sharp again")
        self._frozen = lasting(Kind.FROZEN, parameters.frozen_s, "the pictures change again")
        self._moved = lasting(Kind.CAMERA_MOVED, 0.0, "the camera rests")

    def update(self, scores: Scores) -> list[EventChange]:
        """Judge one frame."""
        changes: list[EventChange] = []
        if not scores.corrupt:
            changes += self._covered.update(self._find_flat(scores, bright=False), scores)
            changes += self._blinded.update(self._find_flat(scores, bright=True), scores)
            changes += self._defocused.update(self._find_soft(scores), scores)
            changes += self._moved.update(self._find_moved(scores), scores)
            self._usual.learn(scores, self.veto() is None)
        changes += self._frozen.update(self._find_frozen(scores), scores)
        return changes

    def finish(self) -> list[EventChange]:
        """Close what is open: the source ended."""
        lasting = (self._covered, self._blinded, self._defocused, self._frozen, self._moved)
        return [change for judge in lasting for change in judge.finish()]

    def veto(self) -> tuple[str, str] | None:
        """Return the rule and the reason why no motion may be judged in this frame, None if it may."""
        for judge, what in (
            (self._covered, "the lens seems covered"),
            (self._blinded, "the lens seems blinded"),
            (self._moved, "the camera seems to be moving"),
        ):
            if judge.is_pending or judge.is_open:
                return "integrity", f"{what}, so nothing in the picture can be trusted"
        return None

    def _find_flat(self, scores: Scores, *, bright: bool) -> Finding:
        """Covered or blinded: the place is gone and the picture has little contrast."""
        usual = self._usual.deviation
        if scores.structure is None or usual is None:
            return Finding(False)
        flat = scores.luma_deviation < _FLAT_SHARE * usual or (scores.sharpness or 0.0) < _FLAT_SHARE
        gone = scores.structure < _LOST_STRUCTURE and scores.foreground_fraction > _LOST_FRACTION
        return Finding(
            flat and gone and (scores.mean_luma > _BRIGHT_LEVEL) is bright,
            f"{scores.foreground_fraction:.0%} of the picture left the background "
            f"(limit {_LOST_FRACTION:.0%}), structure {scores.structure:.2f} (limit {_LOST_STRUCTURE}), "
            f"contrast {scores.luma_deviation:.0f} of usually {usual:.0f} grey levels, "
            f"mean luma {scores.mean_luma:.0f}",
        )

    def _find_soft(self, scores: Scores) -> Finding:
        """Out of focus: the light is as usual, the edges are weak."""
        usual = self._usual.deviation
        if scores.sharpness is None or usual is None:
            return Finding(False)
        lit = scores.luma_deviation > _FLAT_SHARE * usual
        return Finding(
            lit and scores.sharpness < _SOFT_SHARPNESS and not self._covered.is_pending,
            f"sharpness {scores.sharpness:.2f} of the learnt (limit {_SOFT_SHARPNESS}) "
            f"at a contrast of {scores.luma_deviation:.0f} of usually {usual:.0f} grey levels",
        )

    def _find_frozen(self, scores: Scores) -> Finding:
        """Frozen: frames that used to differ are exactly equal."""
        return Finding(
            scores.change_previous == 0.0 and (self._frozen.is_pending or self._usual.alive > _ALIVE_SHARE),
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
        lost = scores.foreground_fraction > 0.5 * _LOST_FRACTION
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
        self._last_s: float | None = None

    def learn(self, scores: Scores, trusted: bool) -> None:
        """Take one frame into the usual contrast, if it is trusted, and into the share that changes."""
        elapsed_s = 0.0 if self._last_s is None else scores.time_s - self._last_s
        self._last_s = scores.time_s
        rate = -math.expm1(-elapsed_s / _ALIVE_MEMORY_S)
        if scores.change_previous is not None:
            self.alive += rate * (float(scores.change_previous > 0) - self.alive)
        if trusted and scores.foreground_fraction < _LOST_FRACTION / 2:
            if self.deviation is None:
                self.deviation = scores.luma_deviation
            self.deviation += rate * (scores.luma_deviation - self.deviation)
