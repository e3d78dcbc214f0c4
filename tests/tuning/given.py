"""Recordings for tuning: made of hand-written scores, or of generated scenes."""

from collections.abc import Sequence
from dataclasses import replace

from monitor.analysis.scores import Scores
from monitor.events.event import Event, Kind, NearMiss, Phase
from monitor.settings import Settings
from monitor.tuning.labels import Happening, Label, Labelled, Says
from monitor.tuning.scored import Scored, obvious_positions, plain_judge
from tests.events.given import Actor, stream, traveller


def scored_of(scores: Sequence[Scores], settings: Settings | None = None, name: str = "yard.mp4") -> Scored:
    """Return scores as those of a recording that was measured with these settings."""
    return Scored(
        name=name,
        scores=tuple(scores),
        frames=len(scores),
        duration_s=scores[-1].time_s,
        measured_with="",
        obvious=obvious_positions(scores, settings or Settings()),
    )


def told_in_full(scored: Scored, settings: Settings) -> tuple[list[Event], list[NearMiss]]:
    """Return what the judge says where it is shown every frame; ids are left out."""
    judge = plain_judge(settings, scored.name)
    verdicts = [*(judge.update(one) for one in scored.scores), judge.finish()]
    events = [c.event for v in verdicts for c in v.changes if c.phase is Phase.CLOSED]
    return without_ids(events), [miss for v in verdicts for miss in v.near_misses]


def without_ids(events: Sequence[Event]) -> list[Event]:
    return [replace(event, id="") for event in events]


def walker(start_s: float, number: int) -> Actor:
    """Return a person who crosses for four seconds."""
    return traveller(start_s, start_s + 4, number=number)


def cat(start_s: float, number: int) -> Actor:
    """Return something a tenth of a person's size that crosses for three seconds."""
    return traveller(start_s, start_s + 3, number=number, area_fraction=0.0012)


def yard(*, walkers_s: Sequence[float], cats_s: Sequence[float], lasts_s: float = 0.0) -> Scored:
    """Return a recording in which people and cats cross."""
    last_s = max(lasts_s, *walkers_s, *cats_s) + 15
    people = [walker(start_s, 2 * at + 1) for at, start_s in enumerate(walkers_s)]
    cats = [cat(start_s, 2 * at + 2) for at, start_s in enumerate(cats_s)]
    return scored_of(stream(last_s, *people, *cats, rate_hz=4))


def true(start_s: float, end_s: float, kind: str = Kind.MOTION) -> Label:
    return Label(Says.TRUE, kind, start_s, end_s)


def false(start_s: float, end_s: float, kind: str = Kind.MOTION) -> Label:
    return Label(Says.FALSE, kind, start_s, end_s)


def motion(start_s: float, end_s: float) -> Happening:
    return Happening(Kind.MOTION, start_s, end_s, start_s, 0)


def labelled(
    *labels: Label, is_complete: bool = False, duration_s: float = 100.0, name: str = "yard.mp4"
) -> Labelled:
    return Labelled(name, duration_s, tuple(sorted(labels, key=lambda x: x.start_s)), is_complete)
