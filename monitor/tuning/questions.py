"""Which events to ask about: those on which the settings in question disagree most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.tuning.labels import Happening, Labelled, Says
from monitor.tuning.space import Changes, distance

MOST = 10
"""Questions that are asked at most without an order for more: five minutes of somebody's time."""

_NEARER = 0.85
"""A trial counts for so much less with every step away from the present settings: what is told only by
settings that nobody would take says little."""

_DOUBT = 0.15
"""A trial that is wrong about an answer keeps so much of its weight: answers may be wrong too."""

_DECIDED = 0.02
"""Where 98 of 100 agree there is nothing to ask. Also the least share of all pairs of trials that a further
question must tell apart."""

_SAME = 0.5
"""Two events are about the same where one of them lies in the other for half of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """An event of which only some of the settings in question tell; `share` is how many of all."""

    recording: int
    event: Happening
    share: float


class Panel:
    """The trials as a committee: each tells or does not tell each event, and counts for what it got right.

    Query by committee (Seung, Opper and Sompolinsky 1992).
    """

    def __init__(self, told: Mapping[Changes, Sequence[Sequence[Happening]]]) -> None:
        trials = list(told)
        self._weights = np.array([_NEARER ** distance(changes) for changes in trials])
        self._events: list[tuple[int, Happening]] = []
        votes: list[NDArray[np.bool_]] = []
        for recording in range(len(told[trials[0]])):
            own = [told[changes][recording] for changes in trials]
            for event in _distinct(own, self._weights):
                self._events.append((recording, event))
                votes.append(np.array([any(_same(event, one) for one in events) for events in own]))
        self._votes = np.array(votes, dtype=np.bool_).reshape(len(votes), len(trials))
        self._open = np.ones(len(votes), dtype=np.bool_)

    def next(self) -> Question | None:
        """Return the event on which the trials disagree most, by their weight; None where they agree."""
        shares = self._shares()
        doubt = np.where(self._open, shares * (1 - shares), 0.0)
        if not len(doubt) or doubt.max() < _DECIDED:
            return None
        return self._question(int(doubt.argmax()), shares)

    def answer(self, question: Question, is_true: bool | None) -> None:
        """Take the answer to a question that `next` gave; None is "I do not know"."""
        at = self._events.index((question.recording, question.event))
        self._open[at] = False
        if is_true is not None:
            self._weights = self._weights * np.where(self._votes[at] == is_true, 1.0, _DOUBT)

    def take(self, labelled: Sequence[Labelled]) -> None:
        """Take what is labelled already; `labelled` goes with the recordings of what was told."""
        for at, (recording, event) in enumerate(self._events):
            said = {label.says for label in labelled[recording].labels if label.is_met_by(event)}
            if self._open[at] and said:
                is_true = None if Says.UNCLEAR in said else Says.TRUE in said
                self.answer(Question(recording, event, 0.0), is_true)

    def sheet(self, most: int = MOST) -> list[Question]:
        """Return the questions that tell most trials apart where the answers come all at once later."""
        shares = self._shares()
        groups = np.zeros(self._votes.shape[1], dtype=np.int64)
        total = self._weights.sum() ** 2 / 2
        chosen: list[int] = []
        while len(chosen) < most and len(chosen) < len(self._events):
            gains = np.array([self._told_apart(groups, at) for at in range(len(self._events))])
            gains[chosen] = 0.0
            gains[~self._open] = 0.0
            best = int(gains.argmax())
            if gains[best] < _DECIDED * total:
                break
            chosen.append(best)
            groups = 2 * groups + self._votes[best]
            groups = np.unique(groups, return_inverse=True)[1]
        questions = [self._question(at, shares) for at in chosen]
        return sorted(questions, key=lambda one: (one.recording, one.event.start_s))

    def _told_apart(self, groups: NDArray[np.int64], at: int) -> float:
        """Return the weight of all pairs of trials in the same group that this event tells apart."""
        yes = np.bincount(groups, self._weights * self._votes[at])
        no = np.bincount(groups, self._weights * ~self._votes[at])
        return float((yes * no).sum())

    def _shares(self) -> NDArray[np.float64]:
        total = self._weights.sum()
        return np.asarray(self._votes @ self._weights / total, dtype=np.float64)

    def _question(self, at: int, shares: NDArray[np.float64]) -> Question:
        return Question(*self._events[at], float(shares[at]))


def _distinct(told: Sequence[Sequence[Happening]], weights: NDArray[np.float64]) -> list[Happening]:
    """Return the events that any trial tells, of those about the same the one that most tell just so."""
    count: dict[Happening, float] = {}
    for events, weight in zip(told, weights, strict=True):
        for event in events:
            count[event] = count.get(event, 0.0) + float(weight)
    ordered = sorted(count, key=lambda e: (-count[e], e.start_s, e.end_s, e.kind))
    kept: list[Happening] = []
    for event in ordered:
        if not any(_same(event, other) for other in kept):
            kept.append(event)
    return sorted(kept, key=lambda e: (e.start_s, e.end_s, e.kind))


def _same(one: Happening, other: Happening) -> bool:
    if one.kind != other.kind:
        return False
    shared_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    return shared_s >= 0 and shared_s >= _SAME * min(one.end_s - one.start_s, other.end_s - other.start_s)
