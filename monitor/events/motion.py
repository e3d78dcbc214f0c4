"""Motion: which tracks are travellers, and from when to when something moved."""

import math
from collections.abc import Iterable
from dataclasses import replace

from monitor.analysis.scores import Box, Scores, TrackScore
from monitor.events.attention import ENOUGH_PLAIN, LONG_KNOWN_S, is_plain
from monitor.events.candidate import Candidate, showing
from monitor.events.course import BETTER, NOTABLE_S, got_nowhere, is_left_of, may_be_a_part, why_over
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import Event, EventChange, Evidence, Kind, NearMiss, Phase
from monitor.events.parameters import MotionParameters
from monitor.events.refusal import Refusal, Standing
from monitor.events.restless import Restless
from monitor.events.traveller import FEW_OTHERS, failed_rule, why_it_travels
from monitor.events.zones import zones_of


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
        self._restless = Restless()

    def update(
        self, scores: Scores, veto: tuple[str, str] | None
    ) -> tuple[list[EventChange], list[NearMiss]]:
        """Judge one frame; `veto` is the rule and the reason why nothing new may count in it, if any.

        Where the rule is "integrity", what was known to move is not seen in it either.
        """
        now = Moment.of(scores)
        self._kl_nats = max(self._kl_nats, scores.kl_previous_nats or 0.0)
        tracks = {track.id: track for track in scores.tracks if track.visible}
        self._restless.forget_old(now.time_s)
        unjudged = [track for track in tracks.values() if not self._is_known(track)]
        for track in tracks.values():
            self._look(track, now, veto, unjudged)
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

    @property
    def is_waiting(self) -> bool:
        """Whether no event is open and no track is known."""
        return self._event is None and not self._candidates

    def is_obvious(self, scores: Scores) -> bool:
        """Return whether so much holds the open event, so plainly, that it cannot end between two looks."""
        if self._event is None or scores.time_s - self._event.start_s < LONG_KNOWN_S:
            return False
        members = [track for track in scores.tracks if track.id in self._members]
        return sum(is_plain(track, self._limits) for track in members) >= ENOUGH_PLAIN

    def standings(self, scores: Scores) -> tuple[Standing, ...]:
        """Return how each region of the frame that was judged last stands."""
        return tuple(self._standing(track.id) for track in scores.tracks if track.visible)

    def _standing(self, track_id: int) -> Standing:
        candidate = self._candidates[track_id]
        if candidate.confirmed:
            return Standing(track_id, counts=True)
        return Standing(track_id, counts=False, refusal=candidate.failed)

    def finish(self, why: str = "the source ended") -> tuple[list[EventChange], list[NearMiss]]:
        """Close what is open, for this reason."""
        changes = [self._close(why)] if self._event is not None else []
        misses = [self._near_miss(c) for c in self._candidates.values() if _is_notable(c)]
        self._candidates.clear()
        return changes, misses

    def _is_known(self, track: TrackScore) -> bool:
        return track.id in self._candidates and self._candidates[track.id].confirmed

    def _look(
        self, track: TrackScore, now: Moment, veto: tuple[str, str] | None, unjudged: list[TrackScore]
    ) -> None:
        candidate = self._candidates.get(track.id)
        if candidate is None:
            candidate = self._candidates[track.id] = Candidate(now, now, track)
        if candidate.confirmed and veto is not None and veto[0] == "integrity":
            return
        candidate.take(track, now)
        if not candidate.confirmed:
            others = self._restless.around(track, unjudged)
            refused = None if veto is None else Refusal(*veto)
            failed = refused or failed_rule(track, candidate, self._limits, others)
            heir = veto is None and others <= FEW_OTHERS and self._continues(track, candidate, now)
            candidate.confirmed = failed is None or heir
            candidate.failed = failed or candidate.failed

    def _continues(self, track: TrackScore, candidate: Candidate, now: Moment) -> bool:
        """Return whether this is what is left of a traveller of the open event that is not seen any more."""
        if self._event is None or not may_be_a_part(track, candidate, self._limits):
            return False
        return any(is_left_of(track, member, now) for member in self._members.values())

    def _open_or_update(self, visible: dict[int, TrackScore], now: Moment) -> list[EventChange]:
        members = {i: c for i, c in self._candidates.items() if c.confirmed and i in visible}
        if not members:
            return []
        self._members |= members
        shown = sum(showing(visible[i]) for i in members)
        box = union(visible[i].box for i in members)
        if self._event is None:
            self._shown = shown
            return [self._open(members, visible, box, now)]
        if shown > self._shown * BETTER:
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
            Evidence(opened_by=why_it_travels(visible[which], members[which], self._limits)),
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
        is_any_visible = any(i in visible for i in self._members)
        why = why_over(list(self._members.values()), here, is_any_visible, now, self._limits)
        return [] if why is None else [self._close(why)]

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
        travellers = [track.box for track in scores.tracks if track.visible and track.id in self._members]
        for candidate in gone:
            if got_nowhere(candidate, self._limits):
                self._restless.add(candidate, scores.time_s, travellers)
        return [self._near_miss(c) for c in gone if _is_notable(c)]

    def _near_miss(self, candidate: Candidate) -> NearMiss:
        failed = candidate.failed
        return NearMiss(
            source=self._maker.source,
            kind=Kind.MOTION,
            start_s=candidate.first.time_s,
            end_s=candidate.last.time_s,
            start_frame=candidate.first.index,
            end_frame=candidate.last.index,
            rule=failed.rule,
            reason=failed.reason,
            measured=failed.measured,
            limit=failed.limit,
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
        best = max((c.best for c in self._members.values()), key=showing)
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


def _is_notable(candidate: Candidate) -> bool:
    """Return whether a candidate was seen for long enough, and never was part of an event."""
    was_event = candidate.confirmed or candidate.has_travelled
    return not was_event and candidate.last.time_s - candidate.first.time_s >= NOTABLE_S


def union(of: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of them, one at least."""
    boxes = list(of)
    left, top = min(b.x for b in boxes), min(b.y for b in boxes)
    right, bottom = max(b.x + b.width for b in boxes), max(b.y + b.height for b in boxes)
    return Box(left, top, right - left, bottom - top)
