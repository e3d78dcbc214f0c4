"""Recordings tuned as a whole: what is to be done, what has come of it, and the proposal that follows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.capture.opening import Input
from monitor.events.event import Kind
from monitor.settings import Settings
from monitor.tuning.goal import Goal
from monitor.tuning.labelling import Place
from monitor.tuning.labels import Happening, Labelled
from monitor.tuning.proposal import Proposal, decide
from monitor.tuning.replay import Replay
from monitor.tuning.scored import Scored
from monitor.tuning.space import MEASURED, Changes, few_trials, knobs_for, trials, with_changes
from monitor.tuning.work import Done, Job, scored_by, told_by_scan

_MOST_CHECKS = 4
"""So many proposals are scanned where other looks might have told otherwise; then none is made."""

_MEASURED_KEYS = {knob.key for knob in MEASURED}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tuned: `kinds` are the kinds of event that matter, `measures` says that what has to be
    measured anew is tried too, and scores are kept in `folder`."""

    items: tuple[Input, ...]
    settings: Settings
    kinds: frozenset[Kind]
    folder: Path
    measures: bool = True
    threads: int | None = None

    def jobs(self) -> list[Job]:
        """Return all that is to be done; what is measured with the present settings comes first."""
        knobs = knobs_for(self.kinds)
        variants: list[Changes] = [()]
        if self.measures:
            variants += [(change,) for knob in MEASURED for change in knob.changes(self.settings)]
        return [
            Job(
                recording=at,
                item=item,
                settings=self.settings,
                measured=variant,
                trials=tuple((few_trials if variant else trials)(self.settings, knobs)),
                folder=self.folder,
                threads=self.threads,
            )
            for variant in variants
            for at, item in enumerate(self.items)
        ]


@dataclass(slots=True)
class Session:
    """Collects what comes of a plan's jobs, in any order.

    `errors` say by recording why it could not be read, `is_stopped` is set where the user ended it early,
    and `rescanned` counts the recordings that were scanned to check a proposal.
    """

    plan: Plan
    errors: dict[int, str] = field(default_factory=dict)
    is_stopped: bool = False
    rescanned: int = 0
    _done: dict[tuple[int, Changes], Done] = field(default_factory=dict)

    def take(self, done: Done) -> None:
        """Take what came of one job."""
        if done.error is not None:
            self.errors[done.job.recording] = done.error
        else:
            self._done[done.job.recording, done.job.measured] = done

    @property
    def recordings(self) -> list[int]:
        """The recordings that were judged with the present settings: those that can be tuned."""
        return [at for at in range(len(self.plan.items)) if (at, ()) in self._done and at not in self.errors]

    def places(self) -> list[Place]:
        """Return what labels need to find their recording, in the order of `recordings`."""
        found = []
        for at in self.recordings:
            item, clock = self.plan.items[at], self._done[at, ()].clock
            assert clock is not None
            found.append(Place(item.name, item.shown, clock))
        return found

    def told(self) -> dict[Changes, list[tuple[Happening, ...]]]:
        """Return what is told with every trial on all `recordings`; trials that some of them lack are not in
        it."""
        return {changes: list(told) for changes, (told, _) in self._by_trial().items()}

    def propose(self, labelled: Sequence[Labelled], goal: Goal) -> Proposal:
        """Return the proposal; `labelled` goes with `recordings`.

        Where a scan with the proposed settings would look at other frames than were measured, it is scanned,
        and what that tells counts. Raises `SourceError`.
        """
        known = self._by_trial()
        told = {changes: list(one) for changes, (one, _) in known.items()}
        exact = {changes: list(one) for changes, (_, one) in known.items()}
        for _ in range(_MOST_CHECKS):
            proposal = decide(told, labelled, self.plan.settings, self._tell, goal)
            changes = proposal.chosen
            if changes not in told:
                told[changes], exact[changes] = self._judged(changes)
            doubtful = [place for place, is_exact in enumerate(exact[changes]) if not is_exact]
            if not doubtful:
                return proposal
            for place in doubtful:
                told[changes][place] = self._scan(self.recordings[place], changes)
            exact[changes] = [True] * len(told[changes])
        return decide({(): told[()]}, labelled, self.plan.settings, self._tell, goal)

    def _by_trial(self) -> dict[Changes, tuple[list[tuple[Happening, ...]], list[bool]]]:
        recordings = self.recordings
        found: dict[Changes, tuple[list[tuple[Happening, ...]], list[bool]]] = {}
        variants = dict.fromkeys(measured for _, measured in self._done)
        for measured in sorted(variants):
            parts = [self._done.get((at, measured)) for at in recordings]
            whole = [part for part in parts if part is not None]
            if len(whole) < len(recordings) or not whole:
                continue
            for number, trial in enumerate(whole[0].job.trials):
                told = [part.told[number] for part in whole]
                found[(*measured, *trial)] = told, [part.exact[number] for part in whole]
        return found

    def _tell(self, changes: Changes) -> list[tuple[Happening, ...]]:
        return self._judged(changes)[0]

    def _judged(self, changes: Changes) -> tuple[list[tuple[Happening, ...]], list[bool]]:
        """Judge changes that were no trial."""
        measured = tuple(change for change in changes if change.key in _MEASURED_KEYS)
        present = with_changes(self.plan.settings, measured)
        chosen = with_changes(self.plan.settings, changes)
        found = [Replay(self._scored(at, present)).told(chosen) for at in self.recordings]
        return [one.events for one in found], [one.is_exact for one in found]

    def _scored(self, at: int, settings: Settings) -> Scored:
        return scored_by(self.plan.items[at], settings, self.plan.folder, threads=self.plan.threads)

    def _scan(self, at: int, changes: Changes) -> tuple[Happening, ...]:
        self.rescanned += 1
        return told_by_scan(self.plan.items[at], with_changes(self.plan.settings, changes), self.plan.threads)


def by_name(items: Iterable[Input]) -> list[str]:
    """Return the names of inputs; where two are alike, their addresses."""
    listed = list(items)
    names = [item.name for item in listed]
    return [item.name if names.count(item.name) == 1 else item.shown for item in listed]
