"""Labels set aside, a part at a time, to hold against them what was chosen with the rest."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from monitor.tuning.labels import Labelled
from monitor.tuning.mistakes import Mistakes
from monitor.tuning.tally import Tally

_BY_RECORDING = 3
"""From so many labelled recordings on each is a part by itself: another recording is another day, and what is
learnt from one half of a recording always fits the other half too well."""

_PARTS = 5
_MOST_PARTS = 10
"""Five to ten parts are usual (Kohavi 1995): fewer leave too little to choose with."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Which part every moment of every recording belongs to: `bounds` are in seconds, by recording.

    `only` is the place of the one recording of several that was parted by time, None where none was.
    """

    count: int
    bounds: tuple[tuple[float, ...], ...]
    parts: tuple[tuple[int, ...], ...]
    only: int | None = None

    def part_of(self, recording: int, time_s: float) -> int:
        """Return the part of a moment."""
        return self.parts[recording][bisect_left(self.bounds[recording], time_s)]

    def tallies(self, recordings: Sequence[Labelled], made: Sequence[Mistakes]) -> list[Tally]:
        """Return the mistakes of all recordings by part."""
        sums = [Tally() for _ in range(self.count)]
        for at, (recording, mistakes) in enumerate(zip(recordings, made, strict=True)):
            missed = frozenset(mistakes.missed)
            for number, label in recording.truths():
                part = self.part_of(at, (label.start_s + label.end_s) / 2)
                sums[part] += Tally(missed=int(number in missed), truths=1)
            for event in mistakes.false:
                sums[self.part_of(at, (event.start_s + event.end_s) / 2)] += Tally(false=1)
            edges = (0.0, *self.bounds[at], recording.duration_s)
            spans = zip(self.parts[at], pairwise(edges), strict=True)
            for part, (begin_s, end_s) in spans if recording.is_known else ():
                sums[part] += Tally(watched_s=max(0.0, end_s - begin_s))
        return sums


def folds_of(recordings: Sequence[Labelled], made: Sequence[Mistakes]) -> Folds:
    """Return the parts: whole recordings where there are several, else spans with as many labels each.

    `made` are the mistakes of the present settings. Where all of them are in one recording, as after a windy
    day, setting it aside would leave nothing to learn from: then it is parted by time, and each of the others
    belongs to one of the parts.
    """
    labelled = [at for at, one in enumerate(recordings) if one.is_known]
    faulty = [at for at in labelled if made[at].missed or made[at].false]
    if len(labelled) < _BY_RECORDING:
        return _by_time([_points(*one) for one in zip(recordings, made, strict=True)])
    if len(faulty) == 1:
        return _within(faulty[0], _points(recordings[faulty[0]], made[faulty[0]]), recordings)
    count = min(len(labelled), _MOST_PARTS)
    number = {at: place % count for place, at in enumerate(labelled)}
    return Folds(count, ((),) * len(recordings), tuple((number.get(at, 0),) for at in range(len(recordings))))


def _points(recording: Labelled, made: Mistakes) -> list[float]:
    """Return the times about which something is known: labels, and false alarms that none speaks of."""
    labels = recording.labels
    alone = [
        event
        for event in made.false
        if not any(label.start_s <= event.end_s and event.start_s <= label.end_s for label in labels)
    ]
    spans = [(one.start_s, one.end_s) for one in labels] + [(one.start_s, one.end_s) for one in alone]
    return sorted({(start_s + end_s) / 2 for start_s, end_s in spans})


def _within(only: int, points: list[float], recordings: Sequence[Labelled]) -> Folds:
    """Return parts that are spans of one recording, with the others spread over them."""
    inner = _by_time([points if at == only else [] for at in range(len(recordings))])
    parts = tuple(own if at == only else (at % inner.count,) for at, own in enumerate(inner.parts))
    return Folds(inner.count, inner.bounds, parts, only)


def _by_time(middles: Sequence[Sequence[float]]) -> Folds:
    """Return parts that are spans of time, their bounds midway between two times."""
    total = sum(map(len, middles))
    count = max(1, min(total, _PARTS))
    bounds, parts, seen = [], [], 0
    for own in middles:
        numbers = [min((seen + place) * count // max(total, 1), count - 1) for place in range(len(own))]
        seen += len(own)
        cuts = [place for place in range(1, len(own)) if numbers[place] != numbers[place - 1]]
        bounds.append(tuple((own[place - 1] + own[place]) / 2 for place in cuts))
        parts.append(tuple(numbers[place] for place in (0, *cuts)) if own else (0,))
    return Folds(count, tuple(bounds), tuple(parts))
