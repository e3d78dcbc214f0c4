"""The camera itself: covered, blinded, out of focus, frozen, being turned."""

import math
from collections import deque

from monitor.analysis.scores import Scores
from monitor.events.condition import ConditionJudge, Finding
from monitor.events.draft import EventMaker
from monitor.events.event import EventChange, Kind
from monitor.events.parameters import PictureParameters
from monitor.events.usual import ALIVE_SHARE, Usual

LOST_STRUCTURE = 0.3
"""With less of the learnt edges than this the place is not to be recognised."""

_DOUBTFUL_STRUCTURE = 0.5
"""A turned camera loses half of the learnt edges within a fiftieth of the picture's width."""

_VEILED_SHARPNESS = 0.9
"""What hides the place from near by is out of focus: it has less edges than the place."""

_SHARP = 0.6
_STEADY_LEVELS = 3.0
_STEADY_RATIO = 1.5
_STEADY_S = 0.25
"""With most of the edges, and a change from picture to picture that is for a quarter of a second no more
than so many levels or times the usual, it is another place that is seen: a hand is never so still."""

_BRIGHT_LEVEL = 200.0
"""Mean luma above which a flat picture is blinded and not covered."""

_LIT_SHARE = 0.5
_LIT_RATIO = 1.15
"""Out of focus, the picture keeps its large contrasts and its light; in the dark and in glare it does not."""

_SOFT_SHARPNESS = 0.75
"""Share of the learnt sharpness below which the picture is out of focus, once the contrast is as learnt: haze
takes of the small and the large contrasts alike. Nothing real that was in focus has been below 0.9."""

_KEPT_LAYOUT = 0.85
"""Correlation of the coarse brightness above which it is the same place, however blurred."""

_CLOSE_S = 1.0
"""A condition of the picture must be gone for this long: a hand over the lens lets light through at times."""

_REST_S = 4.0
"""Somebody who turns a camera pauses for shorter than this."""

_TICK_S = 0.4
_TICK_RATIO = 6.0
"""A frozen picture may change for so long, by less than so many times the usual: a clock ticks on it, or a
key frame codes it anew, which was seen to be five times the usual. In between it is equal to the last bit."""

_WINDOW_S = 1.0
"""Span over which the shifts of the camera are summed."""

_TURNED_S = 0.5
"""A shift lasts: a mast that sways is on its way back sooner."""

_STRAIGHT = 0.6
"""A camera that is turned goes one way; the way of one that shakes is far longer than its shift."""

_NUDGED = 0.25
"""A place that stays out of its position is told from a quarter of the shift on that is told while it
happens: it is measured against what was learnt and not against the frame before."""

_SETTLED_S = 0.6
_SETTLED_FRACTION = 0.005
"""A nudged camera is at rest again: for so long its offset stays within half a percent of the picture."""


class CameraJudge:
    """Judges the integrity kinds: what is wrong with the camera and not with the scene."""

    def __init__(self, parameters: PictureParameters, maker: EventMaker) -> None:
        self._limits = parameters
        self._usual = Usual()
        self._gone = False
        self._moved_s = -math.inf
        self._hidden_s = -math.inf
        self._shifts: deque[tuple[float, float, float]] = deque()
        self._offsets: deque[tuple[float, float, float]] = deque()
        self._restless_s = -math.inf
        self._equal_s = -math.inf
        self._was_alive = 0.0

        def lasting(kind: Kind, after_s: float, over: str, close_s: float = _CLOSE_S) -> ConditionJudge:
            return ConditionJudge(kind, maker, open_after_s=after_s, close_after_s=close_s, over=over)

        self._hidden = lasting(Kind.COVERED, parameters.covered_s, "the learnt place is to be seen again")
        self._defocused = lasting(Kind.DEFOCUSED, parameters.defocused_s, "the picture is sharp again")
        self._frozen = lasting(Kind.FROZEN, parameters.frozen_s, "the pictures change again")
        self._moved = lasting(Kind.CAMERA_MOVED, _TURNED_S, "the camera rests", _REST_S)

    def update(self, scores: Scores) -> list[EventChange]:
        """Judge one frame, also one that is held back as perhaps damaged."""
        limit = max(_STEADY_LEVELS, _STEADY_RATIO * (self._usual.change or 0.0))
        if (scores.change_previous or 0.0) > limit:
            self._restless_s = scores.time_s
        changes = self._moved.update(self._find_moved(scores), scores)
        changes += self._hidden.update(self._find_hidden(scores), scores)
        changes += self._defocused.update(self._find_soft(scores), scores)
        changes += self._frozen.update(self._find_frozen(scores), scores)
        if self._moved.is_open:
            self._moved_s = scores.time_s
        lost = scores.structure is not None and scores.structure < LOST_STRUCTURE
        self._gone = lost and not scores.steadied
        if self._gone or self._hidden.is_open or self._defocused.is_open:
            self._hidden_s = scores.time_s
        trusted = not scores.corrupt and self.veto() is None and not self._frozen.is_pending
        self._usual.learn(scores, trusted)
        return changes

    @property
    def hidden_s(self) -> float:
        """When the place was last out of sight, in seconds of the source; minus infinity if never."""
        return self._hidden_s

    @property
    def moved_s(self) -> float:
        """When the camera was last being moved, in seconds of the source; minus infinity if never."""
        return self._moved_s

    def finish(self, why: str = "the source ended") -> list[EventChange]:
        """Close what is open, for this reason."""
        self._shifts.clear()
        self._offsets.clear()
        lasting = (self._hidden, self._defocused, self._frozen, self._moved)
        return [change for judge in lasting for change in judge.finish(why)]

    def veto(self) -> tuple[str, str] | None:
        """Return the rule and the reason why no motion may be judged in this frame, None if it may."""
        if self._moved.is_open:
            return "integrity", "the camera is being moved, so nothing in the picture can be trusted"
        if self._defocused.is_pending:
            return "integrity", "the picture is out of focus, so nothing in it can be told from its blur"
        if self._gone:
            return "integrity", "the learnt place is not to be seen, so nothing in the picture can be trusted"
        return None

    def _find_hidden(self, scores: Scores) -> Finding:
        """Covered or blinded: the place is gone and what hides it has no sharp edges."""
        if scores.structure is None or scores.sharpness is None:
            return Finding(False)
        lost = scores.structure < LOST_STRUCTURE and not scores.steadied
        gone = lost and scores.sharpness < _VEILED_SHARPNESS
        blurred = scores.layout is not None and scores.layout > _KEPT_LAYOUT
        seen = scores.sharpness > _SHARP and scores.time_s - self._restless_s > _STEADY_S
        hidden = gone and not blurred and not seen and not self._moved.is_open
        return Finding(
            hidden,
            f"{scores.structure:.0%} of the learnt edges are to be seen (limit {LOST_STRUCTURE:.0%}), "
            f"sharpness {scores.sharpness:.2f} of the learnt (limit {_VEILED_SHARPNESS}), "
            f"mean luma {scores.mean_luma:.0f} (blinded above {_BRIGHT_LEVEL:.0f})",
            Kind.BLINDED if scores.mean_luma > _BRIGHT_LEVEL else Kind.COVERED,
        )

    def _find_soft(self, scores: Scores) -> Finding:
        """Out of focus: the light is as usual, the edges are weaker than the contrast."""
        usual = self._usual.deviation
        if scores.sharpness is None or scores.structure is None or not usual:
            return Finding(False)
        contrast = scores.luma_deviation / usual
        brightness = scores.mean_luma / max(self._usual.mean or 0.0, 1.0)
        lit = contrast > _LIT_SHARE and 1 / _LIT_RATIO < brightness < _LIT_RATIO
        soft = scores.sharpness < _SOFT_SHARPNESS * min(contrast, 1.0)
        return Finding(
            lit and soft and (scores.layout or 0.0) > _KEPT_LAYOUT,
            f"sharpness {scores.sharpness:.2f} of the learnt (limit {_SOFT_SHARPNESS} of the contrast) "
            f"at a contrast of {scores.luma_deviation:.0f} of usually {usual:.0f} grey levels",
        )

    def _find_frozen(self, scores: Scores) -> Finding:
        """Frozen: frames that used to differ are exactly equal, but for a clock on them."""
        change = scores.change_previous
        if change == 0.0:
            self._equal_s = scores.time_s
        if not self._frozen.is_pending:
            self._was_alive = self._usual.alive
        # Once it is open, an end that lasts is waited for anyway.
        may_tick = change is not None and not self._frozen.is_open
        ticks = may_tick and (change or 0.0) < _TICK_RATIO * (self._usual.change or 0.0)
        equal = change == 0.0 or (ticks and scores.time_s - self._equal_s <= _TICK_S)
        return Finding(
            equal and (self._frozen.is_pending or self._usual.is_lively),
            f"the pictures have been exactly equal for {self._limits.frozen_s:g} s, "
            f"of those before {self._was_alive:.0%} differed from the one before (limit {ALIVE_SHARE:.0%})",
        )

    def _find_moved(self, scores: Scores) -> Finding:
        """Turned: the background corners go one way together, or the place stays out of its position."""
        if scores.camera_move is not None:
            self._shifts.append((scores.time_s, *scores.camera_move))
        _forget_before(self._shifts, scores.time_s - _WINDOW_S)
        dx, dy = (math.fsum(shift[axis] for shift in self._shifts) for axis in (1, 2))
        way = math.hypot(dx, dy)
        straight = way > _STRAIGHT * math.fsum(math.hypot(*shift[1:]) for shift in self._shifts)
        lost = scores.structure is not None and scores.structure < _DOUBTFUL_STRUCTURE
        if (offset := self._settled_offset(scores)) > _NUDGED * self._limits.moved_fraction:
            return Finding(
                lost,
                f"the place has been {offset:.1%} of the picture out of its position for {_SETTLED_S:g} s "
                f"(limit {_NUDGED * self._limits.moved_fraction:.1%})",
            )
        return Finding(
            way > self._limits.moved_fraction and straight and lost,
            f"the background moved by {way:.1%} of the picture within {_WINDOW_S:g} s "
            f"(limit {self._limits.moved_fraction:.1%})",
        )

    def _settled_offset(self, scores: Scores) -> float:
        """Return how far the place is out of its position, 0 where it does not stay so."""
        if scores.offset is None:
            self._offsets.clear()
            return 0.0
        last = scores.offset
        self._offsets.append((scores.time_s, *last))
        if any(math.dist(one[1:], last) > _SETTLED_FRACTION for one in self._offsets):
            self._offsets = deque([(scores.time_s, *last)])
        _forget_before(self._offsets, scores.time_s - 2 * _SETTLED_S)
        return math.hypot(*last) if scores.time_s - self._offsets[0][0] >= _SETTLED_S else 0.0


def _forget_before(moments: deque[tuple[float, float, float]], time_s: float) -> None:
    while moments and moments[0][0] < time_s:
        moments.popleft()
