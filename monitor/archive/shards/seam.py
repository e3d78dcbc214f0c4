"""Where one part of a recording may hand on to the next: where both have measured the same for a while.

Nothing here trusts that a warm-up was long enough. Who stands before the wall, a covered lens, a bag that was
left: whatever the part before knows and the next cannot, shows in their scores or in what they know of the
place, and there is no seam until both agree.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from monitor.analysis.learnt import Learnt
from monitor.analysis.scores import Box, Scores, State, TrackScore
from monitor.archive.shards.reel import Reel

_AGREED_S = 1.0
"""For so long both must have measured the same: a track that is out of sight lives on for a second."""

_LUMA_LEVELS = 1.0
"""The same picture has the same mean luma; with another phase of the analysed frames, nearly."""

_FOREGROUND_FRACTION = 0.002
_FOREGROUND_SHARE = 0.25
_STRUCTURE = 0.06
_LAYOUT = 0.05
_SHARPNESS_RATIO = 1.1
_GAIN_RATIO = 1.03
_OFFSET_FRACTION = 0.004
"""By so much the two may differ: a fraction of the limits at which the judge takes notice."""

_APART_SIGMA = 1.0
_APART_RATIO = 1.25
_APART_SHARE = 0.001
"""What is known of the place is the same where μ differs by less than a σ and σ by less than a quarter, but
for a thousandth of the pixels, about the smallest thing that counts. With a hundredth, people in a crowded
office were found 0.3 s earlier than in the single pass."""

_OVERLAP = 0.5
_STILL_S = 0.15
_YOUNG_S = 1.5
_WAY_FRACTION = 0.01
"""The same thing is at the same place, came to rest at the same time to within 0.15 s, has gone as far to a
hundredth of the diagonal and, while it is young, is as old."""


@dataclass(frozen=True, slots=True)
class Seam:
    """From `time_s` on the later part counts, which is its frame `index`.

    `ids` pairs the ids of its tracks with those under which the part before knows the same things.
    """

    time_s: float
    index: int
    ids: tuple[tuple[int, int], ...] = ()


def find_seam(before: Reel, after: Reel, begin_s: float, notable_fraction: float) -> Seam | None:
    """Return the last moment at which two parts agree, one without tracks before all, None without any.

    The later, the longer the part that begins has learnt.

    `after` is measured from `begin_s` on by the part that begins, `before` by the one that ends. Tracks of
    less than `notable_fraction` of the frame need no partner.
    """
    known = list(before.since(begin_s))
    times_s = [scores.time_s for scores in known]
    knowing = _Knowing(before, after)
    agreed_since_s: float | None = None
    quiet: Seam | None = None
    busy: Seam | None = None
    for now in takewhile(lambda scores: scores.time_s <= times_s[-1], after if known else ()):
        partner = _nearest(known, times_s, now.time_s)
        ids = None if partner is None else _agreement(partner, now, notable_fraction)
        if ids is None:
            agreed_since_s = None
            continue
        agreed_since_s = now.time_s if agreed_since_s is None else agreed_since_s
        if now.time_s - agreed_since_s < _AGREED_S or not knowing.is_same(now.time_s):
            continue
        busy = Seam(now.time_s, now.index, ids)
        quiet = quiet if ids else busy
    return quiet or busy


class _Knowing:
    """Tells when two parts knew the same of the place, by their last look at it."""

    def __init__(self, before: Reel, after: Reel) -> None:
        known = {one.mark: one for one in before.known}
        looks = [one for one in after.known if one.mark in known]
        self._times_s = [one.time_s for one in looks]
        self._same = [_is_same_place(known[one.mark].learnt(), one.learnt()) for one in looks]

    def is_same(self, time_s: float) -> bool:
        """Return whether they did at a time; false before the first look."""
        looks = bisect_right(self._times_s, time_s)
        return looks > 0 and self._same[looks - 1]


def _is_same_place(one: Learnt | None, other: Learnt | None) -> bool:
    if one is None or other is None:
        return False
    return one.share_apart(other, _APART_SIGMA, _APART_RATIO) <= _APART_SHARE


def _nearest(scores: Sequence[Scores], times_s: Sequence[float], time_s: float) -> Scores | None:
    """Return the scores nearest in time; None beyond either end."""
    right = bisect_left(times_s, time_s)
    if right == len(times_s) or (right == 0 and times_s[0] != time_s):
        return None
    left = max(0, right - 1)
    return min(scores[left], scores[right], key=lambda one: abs(one.time_s - time_s))


def _agreement(one: Scores, other: Scores, notable: float) -> tuple[tuple[int, int], ...] | None:
    """Return which track of the other continues as which of the one; None where the two disagree."""
    if not _is_same_view(one, other):
        return None
    pairs = []
    left = list(one.tracks)
    for track in other.tracks:
        partner = max(left, key=lambda known: _overlap(known.box, track.box), default=None)
        if partner is not None and _is_same(partner, track):
            left.remove(partner)
            pairs.append((track.id, partner.id))
        elif track.area_fraction >= notable:
            return None
    return None if any(track.area_fraction >= notable for track in left) else tuple(pairs)


def _is_same_view(one: Scores, other: Scores) -> bool:
    """Return whether both trust their model, and it says the same of the picture as a whole."""
    if not one.state is other.state is State.WATCHING or one.corrupt or other.corrupt:
        return False
    more = max(one.foreground_fraction, other.foreground_fraction)
    return (
        abs(one.mean_luma - other.mean_luma) <= _LUMA_LEVELS
        and abs(one.foreground_fraction - other.foreground_fraction)
        <= max(_FOREGROUND_FRACTION, _FOREGROUND_SHARE * more)
        and abs(math.log(one.gain / other.gain)) <= math.log(_GAIN_RATIO)
        and _near(one.structure, other.structure, _STRUCTURE)
        and _near(one.layout, other.layout, _LAYOUT)
        and _near(one.sharpness, other.sharpness, _SHARPNESS_RATIO - 1.0)
        and _is_same_offset(one, other)
    )


def _is_same_offset(one: Scores, other: Scores) -> bool:
    if one.offset is None or other.offset is None:
        return one.offset is other.offset
    return math.dist(one.offset, other.offset) <= _OFFSET_FRACTION


def _near(one: float | None, other: float | None, apart: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= apart


def _is_same(one: TrackScore, other: TrackScore) -> bool:
    """Return whether two tracks are of the same thing and will be judged alike."""
    young = min(one.age_s, other.age_s) < _YOUNG_S
    return (
        one.visible is other.visible
        and _overlap(one.box, other.box) >= _OVERLAP
        and abs(one.still_s - other.still_s) <= _STILL_S
        and abs(one.displacement_fraction - other.displacement_fraction) <= _WAY_FRACTION
        and (not young or abs(one.age_s - other.age_s) <= _STILL_S)
    )


def _overlap(one: Box, other: Box) -> float:
    """Return the shared area of two boxes over that of both."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (one.width * one.height + other.width * other.height - shared)
