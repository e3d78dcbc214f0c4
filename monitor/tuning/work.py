"""One recording measured once and judged with many settings, wherever that is done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.archive.starttime import start_of
from monitor.capture.opening import Input
from monitor.errors import SourceError
from monitor.settings import Settings
from monitor.tuning import store
from monitor.tuning.labels import Happening
from monitor.tuning.replay import Replay
from monitor.tuning.scored import Clock, Scored
from monitor.tuning.scoring import Reached, score
from monitor.tuning.space import Changes, with_changes


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with one recording: measured under `measured`, and judged with each of `trials`.

    `settings` are the present ones; `measured` changes them, and each trial changes them further. Scores are
    kept in `folder`.
    """

    recording: int
    item: Input
    settings: Settings
    measured: Changes
    trials: tuple[Changes, ...]
    folder: Path
    threads: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: what is told with each trial, and whether a scan would tell just that.

    `error` says why there is nothing.
    """

    job: Job
    clock: Clock | None = None
    told: tuple[tuple[Happening, ...], ...] = ()
    exact: tuple[bool, ...] = ()
    error: str | None = None


Told = Callable[[float], bool]
"""Told what share of a job is over; returns whether to stop."""

_MEASURING = 0.9
"""Share of a job that is measuring: a recording is judged with hundreds of settings while it is decoded once
or twice."""


def do(job: Job, tell: Told) -> Done | None:
    """Return what comes of a job, None where `tell` stopped it."""
    present = with_changes(job.settings, job.measured)

    def reached(time_s: float, duration_s: float | None) -> bool:
        return tell(_MEASURING * min(time_s / duration_s, 1.0) if duration_s else 0.0)

    try:
        scored = scored_by(job.item, present, job.folder, reached, threads=job.threads)
    except SourceError as error:
        return Done(job, error=str(error))
    if not scored.is_whole:
        return None
    replay = Replay(scored)
    told, exact = [], []
    for number, trial in enumerate(job.trials):
        if tell(_MEASURING + (1 - _MEASURING) * number / len(job.trials)):
            return None
        found = replay.told(with_changes(job.settings, (*job.measured, *trial)))
        told.append(found.events)
        exact.append(found.is_exact)
    return Done(job, scored.clock, tuple(told), tuple(exact))


def scored_by(
    item: Input,
    settings: Settings,
    folder: Path,
    reached: Reached = lambda time_s, duration_s: False,
    *,
    threads: int | None = None,
) -> Scored:
    """Return the scores of an input under these settings: those that are kept, else measured and kept now.

    What is kept was perhaps measured while the judge had other limits, and other frames were looked at
    where several things move: then it is measured anew. Raises `SourceError`, `OutputError`.
    """
    place = store.place_of(folder, item, settings)
    found = store.kept(place, item.name) if place is not None else None
    if found is not None and Replay(found).judge(settings).is_exact:
        return found
    scored = score(
        item,
        settings,
        reached,
        begins=lambda info: start_of(item, info, settings.archive).time,
        threads=threads,
    )
    if scored.is_whole and place is not None:
        store.keep(scored, place)
    return scored


def told_by_scan(item: Input, settings: Settings, threads: int | None = None) -> tuple[Happening, ...]:
    """Return what a scan with these settings tells: measured and judged anew; raises `SourceError`."""
    scored = replace(score(item, settings, threads=threads), name=item.name)
    return Replay(scored).told(settings).events
