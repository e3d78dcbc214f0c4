"""One of the trials chosen by labels, so that it also holds for labels that it was not chosen by."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.tuning.goal import Goal
from monitor.tuning.space import Changes, distance
from monitor.tuning.tally import Tally

Cost = tuple[float, ...]


@dataclass(frozen=True)
class Trial:
    """Some changes to the present settings, and the mistakes with them by part of the labels."""

    changes: Changes
    parts: tuple[Tally, ...]

    @cached_property
    def whole(self) -> Tally:
        """All its mistakes."""
        return sum(self.parts, Tally())

    def without(self, part: int | None) -> Tally:
        """Return the mistakes outside of a part; of all parts for None."""
        return self.whole if part is None else self._others[part]

    @cached_property
    def _others(self) -> tuple[Tally, ...]:
        return tuple(
            sum((tally for at, tally in enumerate(self.parts) if at != part), Tally())
            for part in range(len(self.parts))
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen trial, and what choosing so made of labels that were set aside.

    `held_out` adds up the mistakes on each part with what was chosen by the others, `held_out_present` those
    of the present settings on the same parts. `most_changes` is how many keys it may change. `reason` says
    why nothing was changed where nothing was.
    """

    trial: Trial
    held_out: Tally
    held_out_present: Tally
    most_changes: int
    reason: str | None = None


def choose(trials: Sequence[Trial], goal: Goal) -> Choice:
    """Return the trial that is best by the labels, among those that prove themselves on labels set aside.

    The first trial holds the present settings. Each part of the labels is set aside in turn and judged with
    what the others chose, once for every number of keys that may change: the number that did best so is
    taken, of equals the smaller. None of them does worse than no change at all, which is one of them.
    Where trials are equally good, the one nearest to the present settings is chosen.
    """
    present = trials[0]
    nothing = Choice(present, present.whole, present.whole, 0)
    if len(present.parts) < 2:
        return _because(nothing, "there are too few labels to set some aside; label at least two events")
    most = max(len(trial.changes) for trial in trials)
    choices = [_with_most(trials, goal, number) for number in range(most + 1)]
    best = min(choices, key=lambda choice: (goal.cost(choice.held_out), choice.most_changes))
    if not best.trial.changes:
        return _because(nothing, _why_nothing(trials, goal))
    return best


def _with_most(trials: Sequence[Trial], goal: Goal, most: int) -> Choice:
    """Return what is chosen where at most so many keys change."""
    allowed = [trial for trial in trials if len(trial.changes) <= most]
    parts = range(len(trials[0].parts))
    held_out = sum((_best(allowed, goal, part).parts[part] for part in parts), Tally())
    return Choice(_best(allowed, goal, None), held_out, trials[0].whole, most)


def _best(trials: Sequence[Trial], goal: Goal, part: int | None) -> Trial:
    return min(
        trials,
        key=lambda t: (goal.cost(t.without(part)), len(t.changes), distance(t.changes), t.changes),
    )


def _why_nothing(trials: Sequence[Trial], goal: Goal) -> str:
    present, best = trials[0].whole, _best(trials, goal, None).whole
    if not present.mistakes:
        return "the present settings make no mistake on these labels"
    if goal.cost(best) >= goal.cost(present):
        return "nothing that was tried does better on these labels"
    return (
        "what does better on some of these labels does no better on those that were set aside; "
        "more labels may tell"
    )


def _because(choice: Choice, reason: str) -> Choice:
    return Choice(choice.trial, choice.held_out, choice.held_out_present, 0, reason)


def front(trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials that no other betters in both, by rising misses and falling false alarms."""
    ordered = sorted(
        trials, key=lambda t: (t.whole.missed, t.whole.false, len(t.changes), distance(t.changes), t.changes)
    )
    kept: list[Trial] = []
    for trial in ordered:
        if not kept or trial.whole.false < kept[-1].whole.false:
            kept.append(trial)
    return kept
