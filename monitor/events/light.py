"""Sudden changes of the whole picture: damage, another light, another scene."""

import math
from collections import deque

from monitor.analysis.scores import Scores, State
from monitor.events.camera import LOST_STRUCTURE
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import EventChange, Evidence, Kind
from monitor.events.parameters import PictureParameters

_KEPT_STRUCTURE = 0.5
"""With this share of the learnt edges it is the same place in another light."""

_MUCH_FRACTION = 0.3
"""The change began when this share of the picture first left the background."""

_WINDOW_S = 1.0
"""Span over which a jump of the light is summed, and for which it explains what it brings."""

_RESTLESS_RATIO = 1.1
"""While the light changes by more than this within the window, what seems to begin may be its edge: it is
believed once the light is steady again, if it is still there."""

_TOLD_S = 10.0
"""A camera that was seen to be moved this shortly before needs no second event when it comes to rest."""

_CUT_S = 4.0
"""A jump of the histogram this shortly before the model was given up says that the picture was replaced at
once; without one the camera was turned."""


class LightJudge:
    """Judges `corrupt_frame`, `light_change`, `scene_change`, and `camera_moved` seen by its result."""

    def __init__(self, parameters: PictureParameters, maker: EventMaker) -> None:
        self._limits = parameters
        self._maker = maker
        self._gains: deque[Scores] = deque()
        self._held: list[Moment] = []
        self._held_kl = 0.0
        self._jumped_s = -math.inf
        self._light_s = -math.inf
        self._before: Scores | None = None
        self._mostly_gone: Moment | None = None

    def update(self, scores: Scores, explained: bool, moved_s: float) -> list[EventChange]:
        """Judge one frame.

        `explained` says that something has just moved in the picture or hidden it, which changes the light
        too; `moved_s` is when the camera was last seen to be moved.
        """
        changes = self._judge_held(scores, explained)
        if not scores.corrupt:
            changes += self._judge_gain(scores, explained)
            changes += self._judge_relearning(scores, moved_s)
            self._before = scores
        return changes

    def forget(self) -> None:
        """Compare nothing to come with what was: a gap lies between."""
        self._gains.clear()
        self._held.clear()
        self._held_kl = 0.0

    def veto(self, scores: Scores) -> tuple[str, str] | None:
        """Return the rule and the reason why no motion may be judged in this frame, None if it may."""
        if scores.state is not State.WATCHING:
            return "learning", f"the background is being learnt ({scores.state.value.replace('_', ' ')})"
        if scores.time_s - self._light_s < _WINDOW_S:
            return "light_change", f"the light changed {scores.time_s - self._light_s:.1f} s before"
        gains = [seen.gain for seen in self._gains]
        if gains and max(gains) > _RESTLESS_RATIO * min(gains):
            return "light_change", (
                f"the light is changing, from {gains[0]:.2f} to {gains[-1]:.2f} of the learnt "
                f"within {_WINDOW_S:g} s (limit a factor of {_RESTLESS_RATIO:g})"
            )
        return None

    def _judge_held(self, scores: Scores, explained: bool) -> list[EventChange]:
        """Pictures that were held back: damaged if the old ones come back, a change if they do not."""
        if scores.corrupt:
            self._held.append(Moment.of(scores))
            self._held_kl = max(self._held_kl, scores.kl_previous_nats or 0.0)
            return []
        if not self._held:
            return []
        held, self._held = self._held, []
        kl, self._held_kl = self._held_kl, 0.0
        if scores.accepted:
            self._jumped_s = scores.time_s
            return self._light_changed(scores, held[0], kl, explained)
        if _structure(scores) < _KEPT_STRUCTURE:
            return []
        why = (
            f"{len(held)} frame(s) unlike the ones before and after: the histogram was {kl:.2f} nats away "
            f"(limit {self._limits.kl_threshold_nats:g}), or the pixels jumped, or the decoder marked them"
        )
        return self._at_once(Kind.CORRUPT_FRAME, held[0], held[-1], why, kl, "the pictures are as before")

    def _light_changed(self, scores: Scores, first: Moment, kl: float, explained: bool) -> list[EventChange]:
        structure = _structure(scores)
        if explained or structure < _KEPT_STRUCTURE:
            return []
        self._light_s = scores.time_s
        why = (
            f"the histogram moved by {kl:.2f} nats (limit {self._limits.kl_threshold_nats:g}) and stayed "
            f"there, while the place kept its structure ({structure:.2f}, limit {_KEPT_STRUCTURE})"
        )
        return self._at_once(Kind.LIGHT_CHANGE, first, Moment.of(scores), why, kl, "the light is steady")

    def _judge_gain(self, scores: Scores, explained: bool) -> list[EventChange]:
        """A jump of the compensated gain within the window."""
        self._gains.append(scores)
        while scores.time_s - self._gains[0].time_s > _WINDOW_S:
            self._gains.popleft()
        first = self._gains[0]
        ratio = scores.gain / first.gain
        explained = explained or scores.time_s - self._light_s < _WINDOW_S
        kept = _structure(scores) >= _KEPT_STRUCTURE and scores.state is first.state
        if abs(math.log(ratio)) < math.log(self._limits.light_ratio) or explained or not kept:
            return []
        self._light_s = scores.time_s
        why = (
            f"the light changed by a factor of {ratio:.2f} within {_WINDOW_S:g} s "
            f"(limit {self._limits.light_ratio:g})"
        )
        kl = scores.kl_reference_nats
        return self._at_once(
            Kind.LIGHT_CHANGE, Moment.of(first), Moment.of(scores), why, kl, "the light is steady"
        )

    def _judge_relearning(self, scores: Scores, moved_s: float) -> list[EventChange]:
        """The model was given up: say what became of the place."""
        before = self._before
        if scores.foreground_fraction > _MUCH_FRACTION:
            self._mostly_gone = self._mostly_gone or Moment.of(scores)
        elif scores.state is State.WATCHING:
            self._mostly_gone = None
        given_up = scores.state is State.RELEARNING and before is not None and before.state is State.WATCHING
        if not given_up or before is None:
            return []
        first, self._mostly_gone = self._mostly_gone or Moment.of(before), None
        structure = _structure(before)
        kind = self._kind_of_upheaval(structure, first.time_s)
        if scores.time_s - moved_s < _TOLD_S:
            return []
        if kind is Kind.LIGHT_CHANGE and first.time_s - self._light_s < _WINDOW_S:
            return []
        why = (
            f"{before.foreground_fraction:.0%} of the picture left the background and stayed away, "
            f"with {structure:.2f} of its structure kept (another light keeps {_KEPT_STRUCTURE}, "
            f"another place less than {LOST_STRUCTURE})"
        )
        return self._at_once(
            kind, first, Moment.of(scores), why, before.kl_reference_nats, "the new picture is being learnt"
        )

    def _kind_of_upheaval(self, structure: float, first_s: float) -> Kind:
        if structure >= _KEPT_STRUCTURE:
            return Kind.LIGHT_CHANGE
        cut = abs(first_s - self._jumped_s) < _CUT_S
        return Kind.CAMERA_MOVED if structure < LOST_STRUCTURE and not cut else Kind.SCENE_CHANGE

    def _at_once(
        self, kind: Kind, first: Moment, last: Moment, why: str, kl_nats: float | None, over: str
    ) -> list[EventChange]:
        """Return an event that is over when it is known."""
        opened = self._maker.open(kind, first, Evidence(opened_by=why, kl_nats=kl_nats), last)
        return [opened, closed(opened.event, last, over)]


def _structure(scores: Scores) -> float:
    """Return the share of the learnt edges that is to be seen; all where the place has none to know it by."""
    return 1.0 if scores.structure is None else scores.structure
