"""What is known of each region whenever it is seen, worked out once: none of it depends on what is tuned.

A `Candidate` gathers what is known of a track while it is followed. Until it is taken for a traveller, and
again until its event is over, no limit has a say in that: so it is gathered once, and kept for every frame.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.scores import Scores, TrackScore
from monitor.events.attention import ENOUGH_PLAIN, is_plain
from monitor.events.candidate import Candidate, showing
from monitor.events.course import NOTABLE_S
from monitor.events.draft import Moment
from monitor.events.parameters import MotionParameters
from monitor.events.traveller import is_seen_through


@dataclass(slots=True, eq=False)
class Life:
    """A region from its first sight until it is forgotten; `rows` number its sights, in order.

    `is_hidden_at` are those at which a confirmed traveller is not looked at; `ends_at` is the frame in which
    it is forgotten, None where it lives to the end.
    """

    number: int
    track_id: int
    rows: list[int] = field(default_factory=list)
    is_hidden_at: set[int] = field(default_factory=set)
    ends_at: int | None = None

    def row_before(self, row: int) -> int | None:
        """Return its last sight before a row, None where there is none."""
        place = bisect_left(self.rows, row)
        return self.rows[place - 1] if place else None


_MOST_KEPT = 3000
"""So many lives are kept as they go on after an event: most settings end it in the same frames. With half a
kilobyte for each of a hundred sights that is 150 MB at most."""

Spans = tuple[tuple[int, int | None], ...]
"""From which row to which row a life was a traveller; None: it still is."""


class Sights:
    """All sights of a recording in order, a row each: which frame, which track, and what is known of it then.

    `columns` have a value for each row, for bounds. `at` has the rows of each frame, `shown` how well it
    shows all of them at most, `ends` the lives that are forgotten in one.
    """

    def __init__(self, scores: Sequence[Scores], hidden: frozenset[int]) -> None:
        """`hidden` are the positions at which what was known to move is not looked at."""
        self.lives: list[Life] = []
        self.tracks: list[TrackScore] = []
        self.frames: list[int] = []
        self.life_of: list[Life] = []
        self.known: list[Candidate] = []
        self.at: list[list[int]] = [[] for _ in scores]
        self.ends: dict[int, list[Life]] = defaultdict(list)
        self._plain: dict[tuple[float, float], dict[int, list[int]]] = {}
        self._relived: dict[tuple[int, Spans], dict[int, Candidate]] = {}
        self._moments = [Moment.of(one) for one in scores]
        self._gather(scores, hidden)
        self.showing = [showing(track) for track in self.tracks]
        # A little more: it is compared with sums that are made in another order.
        self.shown = [sum(self.showing[row] for row in rows) * 1.000001 for rows in self.at]
        self.columns = _Columns.of(self)

    def moment_of(self, at: int) -> Moment:
        """Return when a frame was."""
        return self._moments[at]

    def moment(self, row: int) -> Moment:
        """Return when a row was seen."""
        return self._moments[self.frames[row]]

    def moment_s(self, row: int) -> float:
        """Return the time of a row, of one after the last that of the last."""
        return self._moments[self.frames[min(row, len(self.frames) - 1)]].time_s

    def first_row_of(self, at: int) -> int:
        """Return the first row of a frame, or of the next that has any."""
        return bisect_left(self.frames, at)

    def first_row_after(self, at: int) -> int:
        """Return the first row after a frame."""
        return bisect_right(self.frames, at)

    def relived(self, life: Life, spans: Spans) -> dict[int, Candidate]:
        """Return what is known at each row of a life, from the first of its spans of travel on."""
        key = life.number, spans
        if key not in self._relived:
            if len(self._relived) >= _MOST_KEPT:
                self._relived.clear()
            self._relived[key] = self._again(life, spans)
        return self._relived[key]

    def _again(self, life: Life, spans: Spans) -> dict[int, Candidate]:
        confirmed = {first for first, _ in spans}
        over = {last for _, last in spans if last is not None}
        found: dict[int, Candidate] = {}
        candidate: Candidate | None = None
        for row in life.rows:
            candidate = self._seen(candidate, row, life)
            candidate.confirmed = candidate.confirmed or row in confirmed
            if row in over:
                candidate.begin_anew()
            if row >= spans[0][0]:
                found[row] = candidate.as_it_is()
        return found

    def plain(self, limits: MotionParameters) -> dict[int, list[int]]:
        """Return the rows too plain to be lost between two looks, for the frames that have enough of them."""
        key = limits.min_area_fraction, limits.k_sigma
        if key not in self._plain:
            found: dict[int, list[int]] = {}
            for row, track in enumerate(self.tracks):
                if is_plain(track, limits):
                    found.setdefault(self.frames[row], []).append(row)
            self._plain[key] = {at: rows for at, rows in found.items() if len(rows) >= ENOUGH_PLAIN}
        return self._plain[key]

    def _seen(self, candidate: Candidate | None, row: int, life: Life) -> Candidate:
        track, now = self.tracks[row], self.moment(row)
        candidate = candidate or Candidate(now, now, track)
        if not (candidate.confirmed and row in life.is_hidden_at):
            candidate.take(track, now)
        return candidate

    def _gather(self, scores: Sequence[Scores], hidden: frozenset[int]) -> None:
        living: dict[int, tuple[Life, Candidate]] = {}
        for position, one in enumerate(scores):
            for track in one.tracks:
                if track.visible:
                    self._add(position, track, living, position in hidden)
            if not one.corrupt:
                here = {track.id for track in one.tracks}
                for gone in [number for number in living if number not in here]:
                    life, _ = living.pop(gone)
                    life.ends_at = position
                    self.ends[position].append(life)

    def _add(
        self, position: int, track: TrackScore, living: dict[int, tuple[Life, Candidate]], is_hidden: bool
    ) -> None:
        row, now = len(self.tracks), self._moments[position]
        if track.id not in living:
            life = Life(len(self.lives), track.id)
            living[track.id] = life, Candidate(now, now, track)
            self.lives.append(life)
        life, candidate = living[track.id]
        candidate.take(track, now)
        life.rows.append(row)
        if is_hidden:
            life.is_hidden_at.add(row)
        self.tracks.append(track)
        self.frames.append(position)
        self.life_of.append(life)
        self.known.append(candidate.as_it_is())
        self.at[position].append(row)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What of the rows is compared with limits, as arrays; `coherence` is infinite where it is unknown."""

    area: NDArray[np.float64]
    age_s: NDArray[np.float64]
    still_s: NDArray[np.float64]
    travelled: NDArray[np.float64]
    coherence: NDArray[np.float64]
    is_clear: NDArray[np.bool_]
    is_sound: NDArray[np.bool_]

    @classmethod
    def of(cls, sights: Sights) -> "_Columns":
        tracks, known = sights.tracks, sights.known
        return cls(
            area=np.array([track.area_fraction for track in tracks]),
            age_s=np.array([track.age_s for track in tracks]),
            still_s=np.array([track.still_s for track in tracks]),
            travelled=np.array([one.displacement_fraction for one in known]),
            coherence=np.array([np.inf if t.coherence is None else t.coherence for t in tracks]),
            is_clear=np.array([not one.has_faded for one in known], bool),
            is_sound=np.array([not one.has_faded and not is_seen_through(one) for one in known], bool),
        )

    def bounds(self, limits: MotionParameters) -> tuple[list[bool], list[bool], list[bool]]:
        """Return of each row whether it may travel, whether that or be a part of it, and whether it moves.

        These are bounds alone, without zones and what changes while it is judged: the rules say more.
        """
        share = 1.0 / max((1.0, *limits.sensitivities.values()))
        moves = self.still_s <= limits.rest_s
        due = (
            moves
            & self.is_sound
            & (self.area >= limits.min_area_fraction * share)
            & (self.age_s >= limits.min_duration_s)
            & (self.travelled >= limits.min_displacement_fraction * share)
            & (self.coherence >= limits.min_coherence)
        )
        parts = self.is_sound & (self.area >= limits.min_area_fraction) & (self.still_s <= NOTABLE_S)
        return due.tolist(), (due | parts).tolist(), (moves & self.is_clear).tolist()
