"""Parts of a recording joined into the scores of one pass."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np

from monitor.analysis.scores import Scores
from monitor.archive.shards.measured import Measured, Standstill
from monitor.archive.shards.plan import Part
from monitor.archive.shards.seam import Seam, find_seam
from monitor.capture.source import Problems


@dataclass(frozen=True, slots=True)
class Longer:
    """A part to be measured beside the planned ones, going on from where the one before it stood still."""

    part: Part
    before: Standstill


@dataclass(frozen=True, slots=True)
class Stretch:
    """What counts of a part: from `from_s` to before `until_s`, its frames counted `index_step` higher.

    Tracks go on under the ids of `ids`; the others' ids are moved by `id_step`.
    """

    measured: Measured
    from_s: float = -math.inf
    until_s: float = math.inf
    index_step: int = 0
    ids: Mapping[int, int] | None = None
    id_step: int = 0

    def scores(self) -> Iterator[Scores]:
        """Yield the scores that count, numbered as in one pass."""
        counting = takewhile(lambda one: one.time_s < self.until_s, self.measured.scores.since(self.from_s))
        return map(self._numbered, counting)

    def id_of(self, id_: int) -> int:
        """Return the id under which a track of this part is known."""
        return (self.ids or {}).get(id_, id_ + self.id_step)

    def _numbered(self, scores: Scores) -> Scores:
        tracks = tuple(replace(track, id=self.id_of(track.id)) for track in scores.tracks)
        return replace(scores, index=scores.index + self.index_step, tracks=tracks)


@dataclass(frozen=True, slots=True)
class Joined:
    """The stretches of a recording in order."""

    stretches: tuple[Stretch, ...]

    def scores(self) -> Iterator[Scores]:
        """Yield the scores of all analysed frames, as one pass gives them."""
        for stretch in self.stretches:
            yield from stretch.scores()

    @property
    def last_index(self) -> int:
        """The index of the last frame, analysed or not."""
        last = self.stretches[-1]
        return last.measured.last_index + last.index_step

    @property
    def last_s(self) -> float:
        """The time of the last frame."""
        return self.stretches[-1].measured.last_s

    @property
    def problems(self) -> Problems:
        """What went wrong while reading; what lies at a seam may be counted twice."""
        total = Problems()
        for stretch in self.stretches:
            total = total.followed_by(stretch.measured.problems)
        return total

    @property
    def is_whole(self) -> bool:
        """Whether this is all of the recording, to its end."""
        last = self.stretches[-1].measured
        return last.standstill is None and not last.was_stopped


class Joiner:
    """Joins measured parts in order, and says what more must be measured where two do not agree.

    The part before then goes on into the next one, from where it stood still and longer each time, until both
    have measured the same for a while: at worst to the end, which is the single pass.
    """

    def __init__(self, parts: Sequence[Part], notable_fraction: float) -> None:
        """Tracks of less than `notable_fraction` of the frame do not keep two parts from agreeing."""
        self._parts = parts
        self._notable_fraction = notable_fraction
        self._waiting: dict[int, Measured] = {}
        self._stretches: list[Stretch] = []
        self._open: Stretch | None = None
        self._next = 1
        self._reach_s = 0.0
        self.is_complete = False

    def take(self, number: int, measured: Measured) -> Longer | None:
        """Take a part by its number; return what is to be measured now beside the parts, if any."""
        self._waiting[number] = measured
        if self._open is None and 0 in self._waiting:
            self._open = Stretch(self._waiting.pop(0))
        return self._advance()

    def go_on(self, measured: Measured) -> Longer | None:
        """Take what was measured beside the parts, as was returned last; return what is next, if any."""
        assert self._open is not None
        self._open = replace(self._open, measured=self._open.measured.followed_by(measured))
        return self._advance()

    def joined(self) -> Joined | None:
        """Return what is joined so far from the beginning on; the whole once `is_complete`."""
        stretches = (*self._stretches, *([] if self._open is None else [self._open]))
        return Joined(stretches) if stretches else None

    def _advance(self) -> Longer | None:
        """Make all seams that can be made."""
        while self._open is not None and not self.is_complete:
            stood = self._open.measured.standstill
            if stood is None:
                self.is_complete = True
            elif self._next not in self._waiting:
                return None
            elif (seam := self._seam()) is not None:
                self._hand_on(self._open, seam)
            elif (longer := self._longer(stood)) is not None:
                return longer
        return None

    def _seam(self) -> Seam | None:
        assert self._open is not None
        begin_s, later = self._parts[self._next].begin_s, self._waiting[self._next]
        return find_seam(self._open.measured.scores, later.scores, begin_s, self._notable_fraction)

    def _hand_on(self, open_: Stretch, seam: Seam) -> None:
        later = self._waiting.pop(self._next)
        measured = open_.measured
        overlap = list(measured.scores.since(self._parts[self._next].begin_s))
        # It goes on no more, and what it had learnt is larger than its scores.
        self._stretches.append(
            replace(open_, measured=replace(measured, standstill=None), until_s=seam.time_s)
        )
        self._open = Stretch(
            later,
            from_s=seam.time_s,
            index_step=open_.index_step + _index_at(overlap, seam.time_s) - seam.index,
            ids={new: open_.id_of(old) for new, old in seam.ids},
            id_step=open_.id_step + measured.scores.last_id,
        )
        self._next += 1
        self._reach_s = 0.0

    def _longer(self, stood: Standstill) -> Longer | None:
        """Return what goes on into the next part, None where all of that is measured already."""
        part = self._parts[self._next]
        end_s = math.inf if part.end_s is None else part.end_s
        if stood.until_s >= end_s:
            del self._waiting[self._next]
            self._next += 1
            return None
        self._reach_s = 2 * self._reach_s or part.start_s - part.begin_s
        return Longer(Part(stood.until_s, stood.until_s, min(stood.until_s + self._reach_s, end_s)), stood)


def _index_at(scores: Sequence[Scores], time_s: float) -> int:
    """Return the index of the frame at a time between two that were analysed."""
    indices = [one.index for one in scores]
    return round(float(np.interp(time_s, [one.time_s for one in scores], indices)))
