"""From judged trials and labels to settings that are proposed, and what speaks for them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.settings.values import value_at
from monitor.tuning.choosing import Trial, choose, front
from monitor.tuning.effects import Effect, effects_of
from monitor.tuning.folds import folds_of
from monitor.tuning.goal import Goal
from monitor.tuning.labels import Happening, Labelled, Says
from monitor.tuning.mistakes import Mistakes, mistakes_of
from monitor.tuning.replay import Replay
from monitor.tuning.scored import Scored
from monitor.tuning.space import Change, Changes, Knob, knobs_for, trials, with_changes
from monitor.tuning.tally import Tally

Told = Sequence[Sequence[Happening]]
"""What is told under some settings, by recording."""


@dataclass(frozen=True, slots=True)
class Step:
    """One proposed value, with what would be otherwise if this key alone stayed as it is."""

    key: str
    present: float
    proposed: float
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the trade-off: what these changes come to on all labels."""

    changes: Changes
    tally: Tally


@dataclass(frozen=True, slots=True)
class Proposal:
    """The settings that suit the labels, and what speaks for them; without `steps` nothing is proposed.

    `present` and `proposed` count the mistakes on all labels, by which the proposal was chosen: they flatter
    it. `held_out` and `held_out_present` count those on labels that were set aside in turn. `effects` are all
    differences between the two. `curve` is the trade-off: the trials that no other betters in both
    directions. `tried` are the points of all trials. `reason` says why nothing is proposed where nothing is.
    `only` names the one recording of several in which all present mistakes are: then parts of it were set
    aside, and not whole recordings.
    """

    goal: Goal
    chosen: Changes
    steps: tuple[Step, ...]
    present: Tally
    proposed: Tally
    held_out_present: Tally
    held_out: Tally
    parts: int
    labels: int
    effects: tuple[Effect, ...]
    curve: tuple[Point, ...]
    tried: tuple[Point, ...]
    reason: str | None = None
    only: str | None = None

    @property
    def changes(self) -> dict[str, float]:
        """The proposed values by their keys."""
        return {step.key: step.proposed for step in self.steps}


def propose(
    scored: Sequence[Scored],
    labelled: Sequence[Labelled],
    settings: Settings,
    goal: Goal | None = None,
    knobs: Sequence[Knob] | None = None,
) -> Proposal:
    """Return the settings that suit the labels, of those that the judge alone reads.

    Without `knobs` these are all that decide about kinds of which the labels speak.

    `labelled` goes with `scored`, recording by recording. All trials are judged here and now; a program that
    wants to show how far it is, or to measure anew too, judges by `Replay` and calls `decide`. The same
    scores and labels always give the same proposal.
    """
    replays = [Replay(one) for one in scored]

    def tell(changes: Changes) -> Told:
        tried = with_changes(settings, changes)
        return [replay.told(tried).events for replay in replays]

    tried = trials(settings, knobs_for(kinds_of(labelled)) if knobs is None else knobs)
    return decide({changes: tell(changes) for changes in tried}, labelled, settings, tell, goal or Goal())


def decide(
    told: Mapping[Changes, Told],
    labelled: Sequence[Labelled],
    settings: Settings,
    tell: Callable[[Changes], Told],
    goal: Goal,
) -> Proposal:
    """Return the proposal out of what is `told` with each trial; one has no changes.

    `tell` judges further changes: those of the proposal, without one of them.
    """
    made = {changes: _mistakes(labelled, events) for changes, events in told.items()}
    folds = folds_of(labelled, made[()])
    tried = [
        Trial(changes, tuple(folds.tallies(labelled, made[changes]))) for changes in _present_first(told)
    ]
    chosen = choose(tried, goal)

    def mistakes(some: Changes) -> list[Mistakes]:
        if some not in made:
            made[some] = _mistakes(labelled, tell(some))
        return made[some]

    def tally(some: Changes) -> Tally:
        return sum(folds.tallies(labelled, mistakes(some)), Tally())

    changes = _needed(chosen.trial.changes, lambda some: goal.cost(tally(some)))

    steps = tuple(
        Step(
            change.key,
            float(value_at(settings, change.key)),
            change.value,
            tuple(effects_of(labelled, mistakes(_but(changes, change)), made[changes])),
        )
        for change in changes
    )
    return Proposal(
        goal=goal,
        chosen=changes,
        steps=steps,
        present=tried[0].whole,
        proposed=tally(changes),
        held_out_present=chosen.held_out_present,
        held_out=chosen.held_out,
        parts=folds.count,
        only=None if folds.only is None else labelled[folds.only].name,
        labels=_count(labelled),
        effects=tuple(effects_of(labelled, made[()], made[changes])),
        curve=_points(front(tried)),
        tried=_points(tried),
        reason=chosen.reason,
    )


def kinds_of(labelled: Iterable[Labelled]) -> frozenset[Kind]:
    """Return the kinds of event that the labels speak of; motion always."""
    return frozenset({Kind.MOTION}).union(*(one.counted_kinds() for one in labelled))


def _mistakes(labelled: Sequence[Labelled], told: Told) -> list[Mistakes]:
    return [mistakes_of(one, events) for one, events in zip(labelled, told, strict=True)]


def _present_first(told: Mapping[Changes, Told]) -> list[Changes]:
    return [(), *(changes for changes in told if changes)]


def _needed(changes: Changes, cost: Callable[[Changes], tuple[float, ...]]) -> Changes:
    """Return the changes without those that gain nothing on any label."""
    for change in changes:
        fewer = _but(changes, change)
        if cost(fewer) <= cost(changes):
            return _needed(fewer, cost)
    return changes


def _but(changes: Changes, change: Change) -> Changes:
    return tuple(other for other in changes if other != change)


def _points(tried: Iterable[Trial]) -> tuple[Point, ...]:
    return tuple(Point(trial.changes, trial.whole) for trial in tried)


def _count(labelled: Iterable[Labelled]) -> int:
    return sum(label.says is not Says.UNCLEAR for one in labelled for label in one.labels)
