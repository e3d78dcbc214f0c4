"""The judge of motion over sights that are known: it looks only where its limits can make a difference.

Every decision is made by the rules of `monitor.events`; what is found here is where they need not be asked:
at sights that are too small, too young or too near to where they were first seen, and while something that is
part of an event goes on moving. `MotionJudge` tells the same of the same scores.
"""

import math
from operator import itemgetter

from monitor.analysis.scores import TrackScore
from monitor.events.attention import ENOUGH_PLAIN, LONG_KNOWN_S
from monitor.events.candidate import Candidate
from monitor.events.course import BETTER, LOST_S, got_nowhere, is_left_of, may_be_a_part, why_over
from monitor.events.draft import Moment
from monitor.events.event import Kind
from monitor.events.motion import union
from monitor.events.parameters import MotionParameters
from monitor.events.restless import Restless
from monitor.events.traveller import FEW_OTHERS, failed_rule
from monitor.tuning.labels import Happening
from monitor.tuning.openevent import OpenEvent
from monitor.tuning.sights import Life, Sights, Spans

Veto = tuple[str, str] | None

_MANY = 12
"""With so many members about it pays to leave out those that were lost long ago."""


class KnownMotion:
    """Judges the motion of one recording with some limits; `step` is called for frames in order.

    Frames may be left out while `is_waiting`, but for those that have sights or in which a life ends.
    """

    def __init__(self, sights: Sights, limits: MotionParameters) -> None:
        self._sights = sights
        self._limits = limits
        self._event: OpenEvent | None = None
        self._ended: Moment | None = None
        self._restless = Restless()
        self._spans: dict[Life, Spans] = {}
        self._confirmed: set[Life] = set()
        self._relived: dict[int, Candidate] = {}
        self._anew: set[Life] = set()
        self._rows, self._life_of = sights.at, sights.life_of
        self._has_news = False
        self._due, self._parts, self._is_moving = sights.columns.bounds(limits)
        self._plain = sights.plain(limits)

    @property
    def is_waiting(self) -> bool:
        """Whether no event is open."""
        return self._event is None

    def last_s(self, at: int) -> float:
        """Return when something in motion was last seen before a frame; minus infinity if never."""
        if self._event is None:
            return -math.inf if self._ended is None else self._ended.time_s
        return max(one.last.time_s for one in self._members_before(self._sights.first_row_of(at)))

    def step(self, at: int, now: Moment, veto: Veto) -> Happening | None:
        """Judge one frame; return the event that ended in it, if one did."""
        rows = self._rows[at]
        if veto is None:
            if self._has_due(rows):
                self._confirm(rows, now)
        elif veto[0] == "integrity":
            rows = []
        if rows and self._may_show(at):
            self._show(rows, now)
        closed = self._close_if_over(at, rows, now)
        if at in self._sights.ends:
            self._forget(at, now)
        return closed

    def finish(self) -> Happening | None:
        """Return the event that is open at the end, if one is."""
        return None if self._event is None else self._close(self._sights.frames[-1] + 1)

    def is_obvious(self, at: int, now: Moment) -> bool:
        """Return whether so much holds the open event, so plainly, that fewer looks suffice."""
        if at not in self._plain or self._event is None:
            return False
        if now.time_s - self._event.first.time_s < LONG_KNOWN_S:
            return False
        return (
            sum(self._sights.life_of[row] in self._event.members for row in self._plain[at]) >= ENOUGH_PLAIN
        )

    def _known(self, row: int) -> Candidate:
        return self._relived.get(row) or self._sights.known[row]

    def _near_before(self, row: int) -> list[tuple[int, Candidate]]:
        """Return the members that are near, each as its last sight before a row left it, with its number."""
        event, found = self._event, []
        if event is None:
            return []
        for life, number in list(event.near.items()):
            before = life.row_before(row)
            assert before is not None  # a member was seen
            candidate = self._known(before)
            if (
                before == life.rows[-1]
                and self._sights.moment(before).time_s < self._sights.moment_s(row) - LOST_S
            ):
                event.leave(life, candidate)
            else:
                found.append((number, candidate))
        return found

    def _members_before(self, row: int) -> list[Candidate]:
        """Return the members of the open event that may have been seen last, in their order."""
        near = self._near_before(row)
        gone = None if self._event is None else self._event.gone
        return [candidate for _, candidate in sorted([*near, *([gone] if gone else [])], key=itemgetter(0))]

    def _is_due(self, row: int) -> bool:
        """Return whether a limit may make a difference to what is not known to travel."""
        life, due = self._life_of[row], self._due if self._event is None else self._parts
        return life not in self._confirmed and (due[row] or life in self._anew)

    def _has_due(self, rows: list[int]) -> bool:
        if self._anew:
            return any(map(self._is_due, rows))
        # Asked in every frame of every setting: without a call for each row it takes half as long.
        due, life_of, confirmed = self._parts if self._event else self._due, self._life_of, self._confirmed
        return any(due[row] and life_of[row] not in confirmed for row in rows)

    def _confirm(self, rows: list[int], now: Moment) -> None:
        """Find those that are known to travel from this frame on."""
        life_of, tracks = self._life_of, self._sights.tracks
        fresh = [row for row in rows if life_of[row] not in self._confirmed]
        others: list[TrackScore] | None = None
        for row in filter(self._is_due, fresh):
            track, candidate = tracks[row], self._known(row)
            may_travel = self._due[row] or life_of[row] in self._anew
            travels = may_travel and failed_rule(track, candidate, self._limits) is None
            if not (travels or self._continues(row, now)):
                continue
            if others is None:
                others = [tracks[other] for other in fresh]
                self._restless.forget_old(now.time_s)
            near = self._restless.around(track, others)
            if near > FEW_OTHERS:
                travels = travels and failed_rule(track, candidate, self._limits, near) is None
            if travels or near <= FEW_OTHERS:
                self._begin(life_of[row], row)

    def _continues(self, row: int, now: Moment) -> bool:
        """Return whether this is what is left of a traveller of the open event."""
        track = self._sights.tracks[row]
        if self._event is None or not may_be_a_part(track, self._known(row), self._limits):
            return False
        frames = self._sights.frames
        if len(self._event.near) > _MANY:
            self._near_before(row)  # leaves out those that were lost long ago
        for life in self._event.near:
            before = life.row_before(row)
            # Who was seen in this very frame was not lost; most were.
            if before is None or frames[before] == frames[row]:
                continue
            if is_left_of(track, self._known(before), now):
                return True
        return False

    def _begin(self, life: Life, row: int) -> None:
        """Take a life for a traveller from a row on."""
        self._confirmed.add(life)
        self._has_news = True
        self._anew.discard(life)
        self._spans[life] = (*self._spans.get(life, ()), (row, None))
        if life.is_hidden_at or len(self._spans[life]) > 1:
            self._relived |= self._sights.relived(life, self._spans[life])

    def _may_show(self, at: int) -> bool:
        """Return whether a frame has a new traveller, or may show them better than any before."""
        if self._has_news or self._event is None:
            return self._has_news
        return self._sights.shown[at] > self._event.shown * BETTER

    def _show(self, rows: list[int], now: Moment) -> None:
        """Open an event with the travellers of a frame, or see whether it shows them better than before."""
        self._has_news = False
        life_of = self._life_of
        here = [row for row in rows if life_of[row] in self._confirmed]
        if not here:
            return
        here.sort(key=lambda row: life_of[row].number)
        if self._event is None:
            first = min((self._known(row).recent[0] for row in here), key=lambda moment: moment.time_s)
            if self._ended is not None and first.time_s < self._ended.time_s:
                first = self._ended
            self._event = OpenEvent(first)
        event = self._event
        for row in here:
            event.join(life_of[row])
        shown = sum(self._sights.showing[row] for row in here)
        if event.box is None or shown > event.shown * BETTER:
            event.shown, event.peak = shown, now
            event.box = union(self._sights.tracks[row].box for row in here)

    def _close_if_over(self, at: int, rows: list[int], now: Moment) -> Happening | None:
        event = self._event
        if event is None:
            return None
        life_of, is_moving, relived = self._life_of, self._is_moving, self._relived
        for row in rows:
            if is_moving[row] and life_of[row] in event.members and row not in relived:
                return None
        visible = [row for row in rows if life_of[row] in event.members]
        here = [self._sights.tracks[row] for row in visible if not self._known(row).has_faded]
        members = list(self._members_before(self._sights.first_row_after(at)))
        if why_over(members, here, bool(visible), now, self._limits) is None:
            return None
        return self._close(at)

    def _close(self, at: int) -> Happening:
        """Return the event as it is after a frame; those in it that are not forgotten begin anew."""
        event = self._event
        assert event is not None
        after = self._sights.first_row_after(at)
        last = max((one.last for one in self._members_before(after)), key=lambda moment: moment.time_s)
        for life in event.members:
            if life.ends_at is not None and life.ends_at < at:
                continue
            self._confirmed.discard(life)
            self._anew.add(life)
            *spans, (first, _) = self._spans[life]
            self._spans[life] = (*spans, (first, life.row_before(after)))
            self._relived |= self._sights.relived(life, self._spans[life])
        self._event, self._ended = None, last
        start_s, end_s = event.first.time_s, last.time_s
        return Happening(
            Kind.MOTION, start_s, max(end_s, start_s), event.peak.time_s, event.peak.index, event.box
        )

    def _forget(self, at: int, now: Moment) -> None:
        """Remember what has ended without getting anywhere."""
        rows, life_of = self._rows[at], self._life_of
        members = self._event.members if self._event is not None else {}
        travellers = [self._sights.tracks[row].box for row in rows if life_of[row] in members]
        for life in self._sights.ends[at]:
            self._confirmed.discard(life)
            self._anew.discard(life)
            candidate = self._known(life.rows[-1])
            if got_nowhere(candidate, self._limits):
                self._restless.add(candidate, now.time_s, travellers)
