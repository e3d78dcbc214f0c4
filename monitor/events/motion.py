"""Motion: which tracks are travellers, and from when to when something moved."""

import math
from collections import deque
from dataclasses import dataclass, field, replace

from monitor.analysis.scores import Box, Scores, TrackScore
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import Event, EventChange, Evidence, Kind, NearMiss, Phase
from monitor.events.parameters import MotionParameters
from monitor.events.zones import sensitivity_of, zones_of

_BETTER = 1.15
"""A frame must show the event this much better to become its picture: each change costs a conversion."""

_LOOKBACK_S = 4.0
"""Motion began at most this long before it was known as such; who stood there for longer was standing."""

_PAUSE_S = 1.0
"""What has been still for longer is at rest: its event may go on, but if it does not, it ended before."""

_FADED_SHARE = 0.35
_OWN_OUTLINE = 0.5
"""What has lost two thirds of its σ and has no edges of its own is what was left behind: dust, a ghost."""

_FAST_S = 0.8
"""What crosses the picture very fast is believed if it is seen for this long, as a car near by is."""

_NOTABLE_S = 0.2
"""Shorter candidates are noise and no near misses."""


@dataclass(slots=True)
class Candidate:
    """What is known of one track since it was first seen."""

    first: Moment
    last: Moment
    best: TrackScore
    sigma: float = 0.0
    has_faded: bool = False
    recent: deque[Moment] = field(default_factory=deque)
    came_fraction: float = 0.0
    displacement_fraction: float = 0.0
    coherence: float | None = None
    failed: tuple[str, str] = ("", "")
    confirmed: bool = False
    left: bool = False

    def take(self, track: TrackScore, now: Moment) -> None:
        """Note what this frame shows of it."""
        self.sigma = max(self.sigma, track.peak_sigma)
        outline = 1.0 if track.outline_ratio is None else track.outline_ratio
        self.has_faded = outline < _OWN_OUTLINE and track.peak_sigma < _FADED_SHARE * self.sigma
        if not self.has_faded and track.still_s < _PAUSE_S:
            self.last = now
        self.recent.append(now)
        while now.time_s - self.recent[0].time_s > _LOOKBACK_S:
            self.recent.popleft()
        self.left = track.touches_border
        travelled = abs(track.displacement_fraction - self.came_fraction)
        self.displacement_fraction = max(self.displacement_fraction, travelled)
        self.coherence = track.coherence
        if _showing(track) > _showing(self.best):
            self.best = track

    def begin_anew(self) -> None:
        """Forget that it travelled: after its event it must travel again to be another."""
        self.came_fraction = self.best.displacement_fraction
        self.displacement_fraction = 0.0
        self.confirmed = False
        self.recent.clear()


class MotionJudge:
    """Opens an event with the first traveller and closes it when the last has gone."""

    def __init__(self, parameters: MotionParameters, maker: EventMaker) -> None:
        self._limits = parameters
        self._maker = maker
        self._candidates: dict[int, Candidate] = {}
        self._event: Event | None = None
        self._members: dict[int, Candidate] = {}
        self._shown = 0.0
        self._kl_nats = 0.0
        self._ended: Moment | None = None

    def update(
        self, scores: Scores, veto: tuple[str, str] | None
    ) -> tuple[list[EventChange], list[NearMiss]]:
        """Judge one frame; `veto` is the rule and the reason why nothing new may count in it, if any.

        Where the rule is "integrity", what was known to move is not seen in it either.
        """
        now = Moment.of(scores)
        self._kl_nats = max(self._kl_nats, scores.kl_previous_nats or 0.0)
        tracks = {track.id: track for track in scores.tracks if track.visible}
        for track in tracks.values():
            self._look(track, now, veto)
        if veto is not None and veto[0] == "integrity":
            tracks = {}
        changes = self._open_or_update(tracks, now)
        changes += self._close_if_over(tracks, now)
        return changes, self._forget_ended(scores)

    @property
    def last_s(self) -> float:
        """When something in motion was last seen, in seconds of the source; minus infinity if never."""
        seen = [candidate.last.time_s for candidate in self._members.values()]
        return max(seen, default=-math.inf if self._ended is None else self._ended.time_s)

    def finish(self) -> tuple[list[EventChange], list[NearMiss]]:
        """Close what is open: the source ended."""
        changes = [self._close("the source ended")] if self._event is not None else []
        misses = [self._near_miss(c) for c in self._candidates.values() if _is_notable(c)]
        self._candidates.clear()
        return changes, misses

    def _look(self, track: TrackScore, now: Moment, veto: tuple[str, str] | None) -> None:
        candidate = self._candidates.get(track.id)
        if candidate is None:
            candidate = self._candidates[track.id] = Candidate(now, now, track)
        if candidate.confirmed and veto is not None and veto[0] == "integrity":
            return
        candidate.take(track, now)
        if not candidate.confirmed:
            failed = veto or self._failed_rule(track, candidate)
            candidate.confirmed = failed is None
            candidate.failed = failed or candidate.failed

    def _failed_rule(self, track: TrackScore, candidate: Candidate) -> tuple[str, str] | None:
        """Return the first rule that says this is no traveller, with the sentence; None if none does."""
        limits = self._limits
        share = 1.0 / sensitivity_of(track, limits.sensitivities)
        area, least = candidate.best.area_fraction, limits.min_area_fraction * share
        if area < least:
            return "min_area", f"its area of {area:.2%} of the frame is below {least:.2%}"
        if track.area_fraction > limits.max_area_fraction:
            return "max_area", (
                f"its area of {track.area_fraction:.0%} of the frame is above "
                f"{limits.max_area_fraction:.0%}: that is the light or the camera"
            )
        if track.age_s < limits.min_duration_s:
            return "min_duration", f"it lasted {track.age_s:.2f} s, less than {limits.min_duration_s:g} s"
        if candidate.has_faded:
            return "faded", (
                f"it has {track.peak_sigma:.1f} σ left of {candidate.sigma:.1f} σ and no outline of its own"
            )
        if track.still_s > limits.rest_s:
            return "at_rest", f"it has been still for {track.still_s:.0f} s"
        way = max(limits.min_displacement_fraction, 0.5 * _size(track)) * share
        if candidate.displacement_fraction < way:
            return "min_displacement", (
                f"it travelled {candidate.displacement_fraction:.1%} of the diagonal, less than {way:.1%}"
            )
        speed = candidate.displacement_fraction / max(track.age_s, 1e-3)
        if speed > limits.max_speed_per_s and track.age_s < _FAST_S:
            return "max_speed", (
                f"it crossed {speed:.1f} diagonals a second (limit {limits.max_speed_per_s:g}) "
                f"and was gone within {_FAST_S:g} s: an insect or a bird close to the lens"
            )
        if track.coherence is not None and track.coherence < limits.min_coherence:
            return "min_coherence", (
                f"its motion has coherence {track.coherence:.2f}, below {limits.min_coherence:g}: "
                "it dances and does not travel"
            )
        return None

    def _open_or_update(self, visible: dict[int, TrackScore], now: Moment) -> list[EventChange]:
        members = {i: c for i, c in self._candidates.items() if c.confirmed and i in visible}
        if not members:
            return []
        self._members |= members
        shown = sum(_showing(visible[i]) for i in members)
        box = _union([visible[i].box for i in members])
        if self._event is None:
            self._shown = shown
            return [self._open(members, visible, box, now)]
        if shown > self._shown * _BETTER:
            self._shown = shown
            return [self._update(box, now)]
        return []

    def _open(
        self, members: dict[int, Candidate], visible: dict[int, TrackScore], box: Box, now: Moment
    ) -> EventChange:
        first = min((c.recent[0] for c in members.values()), key=lambda moment: moment.time_s)
        if self._ended is not None and first.time_s < self._ended.time_s:
            first = self._ended
        which = next(iter(members))
        self._kl_nats = 0.0
        change = self._maker.open(
            Kind.MOTION,
            first,
            Evidence(opened_by=self._why(which, visible[which], members[which])),
            now,
            box=box,
        )
        self._event = change.event
        return EventChange(Phase.OPENED, self._with_evidence(change.event))

    def _update(self, box: Box, now: Moment) -> EventChange:
        assert self._event is not None
        self._event = replace(self._event, peak_s=now.time_s, peak_frame=now.index, box=box)
        return EventChange(Phase.UPDATED, self._with_evidence(self._event))

    def _close_if_over(self, visible: dict[int, TrackScore], now: Moment) -> list[EventChange]:
        if self._event is None:
            return []
        here = [visible[i] for i, member in self._members.items() if i in visible and not member.has_faded]
        if here and all(track.still_s > self._limits.rest_s for track in here):
            return [self._close(f"what moved has been still for {self._limits.rest_s:g} s")]
        if here:
            return []
        since_s = now.time_s - max(c.last.time_s for c in self._members.values())
        latest = max(self._members.values(), key=lambda candidate: candidate.last.time_s)
        if latest.left and since_s >= self._limits.exit_gap_s:
            return [self._close(f"it left over the edge of the picture {since_s:.1f} s ago")]
        if since_s >= self._limits.event_gap_s:
            return [self._close(f"nothing that travels was seen for {since_s:.1f} s")]
        return []

    def _close(self, why: str) -> EventChange:
        assert self._event is not None
        last = max((c.last for c in self._members.values()), key=lambda moment: moment.time_s)
        change = closed(self._with_evidence(self._event), last, why)
        for candidate in self._members.values():
            candidate.begin_anew()
        self._event, self._members, self._shown, self._ended = None, {}, 0.0, last
        return change

    def _forget_ended(self, scores: Scores) -> list[NearMiss]:
        living = {track.id for track in scores.tracks}
        ended = [id_ for id_ in self._candidates if id_ not in living and not scores.corrupt]
        gone = [self._candidates.pop(id_) for id_ in ended]
        return [self._near_miss(c) for c in gone if not c.confirmed and _is_notable(c)]

    def _near_miss(self, candidate: Candidate) -> NearMiss:
        rule, reason = candidate.failed
        return NearMiss(
            source=self._maker.source,
            kind=Kind.MOTION,
            start_s=candidate.first.time_s,
            end_s=candidate.last.time_s,
            start_frame=candidate.first.index,
            end_frame=candidate.last.index,
            rule=rule,
            reason=reason,
            box=candidate.best.box,
            evidence=Evidence(
                opened_by="",
                peak_sigma=candidate.best.peak_sigma,
                area_fraction=candidate.best.area_fraction,
                displacement_fraction=candidate.displacement_fraction,
                coherence=candidate.coherence,
            ),
        )

    def _with_evidence(self, event: Event) -> Event:
        best = max((c.best for c in self._members.values()), key=_showing)
        evidence = replace(
            event.evidence,
            peak_sigma=max(c.best.peak_sigma for c in self._members.values()),
            area_fraction=best.area_fraction,
            displacement_fraction=max(c.displacement_fraction for c in self._members.values()),
            coherence=best.coherence,
            kl_nats=self._kl_nats,
        )
        zones = tuple(sorted({z for c in self._members.values() for z in zones_of(c.best)}))
        return replace(event, evidence=evidence, zones=zones, track_ids=tuple(sorted(self._members)))

    def _why(self, id_: int, track: TrackScore, candidate: Candidate) -> str:
        limits = self._limits
        share = 1.0 / sensitivity_of(track, limits.sensitivities)
        way = max(limits.min_displacement_fraction, 0.5 * _size(track)) * share
        steady = "" if track.coherence is None else f" with coherence {track.coherence:.2f}"
        return (
            f"region {id_}: {candidate.best.area_fraction:.2%} of the frame "
            f"(limit {limits.min_area_fraction * share:.2%}), "
            f"{track.peak_sigma:.1f} σ from the background (limit {limits.k_sigma:g} σ), "
            f"seen for {track.age_s:.2f} s (limit {limits.min_duration_s:g} s), "
            f"travelled {candidate.displacement_fraction:.1%} of the diagonal (limit {way:.1%}){steady}"
        )


def _is_notable(candidate: Candidate) -> bool:
    return not candidate.confirmed and candidate.last.time_s - candidate.first.time_s >= _NOTABLE_S


def _showing(track: TrackScore) -> float:
    """Return how well a frame shows a track: large, clear, and not cut off by the border."""
    return track.area_fraction * min(track.peak_sigma, 20.0) * (0.5 if track.touches_border else 1.0)


def _size(track: TrackScore) -> float:
    """Return the side of a square of the region's area, as a fraction of the diagonal."""
    return math.sqrt(track.area_fraction / 2.0)


def _union(boxes: list[Box]) -> Box:
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)
