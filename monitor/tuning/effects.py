"""What a change of settings gains and loses, event by event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from monitor.tuning.labels import Happening, Labelled
from monitor.tuning.mistakes import Mistakes


class Turn(StrEnum):
    """What became of an event."""

    FOUND = "found"
    """It was missed and is found."""

    SILENCED = "silenced"
    """It was a false alarm and is none any more."""

    LOST = "lost"
    """It was found and is missed."""

    RAISED = "raised"
    """It is a new false alarm."""

    @property
    def is_gain(self) -> bool:
        """Whether it is one for the better."""
        return self in (Turn.FOUND, Turn.SILENCED)


@dataclass(frozen=True, slots=True)
class Effect:
    """One event with which something else happens than before; times in seconds of its recording."""

    turn: Turn
    recording: str
    kind: str
    start_s: float
    end_s: float
    note: str = ""


def effects_of(
    recordings: Sequence[Labelled], before: Sequence[Mistakes], after: Sequence[Mistakes]
) -> list[Effect]:
    """Return what differs between two lists of mistakes, in the order of recordings and time."""
    return [
        effect
        for one, was, now in zip(recordings, before, after, strict=True)
        for effect in sorted(_of_one(one, was, now), key=lambda effect: (effect.start_s, effect.turn))
    ]


def _of_one(recording: Labelled, before: Mistakes, after: Mistakes) -> Iterator[Effect]:
    for turn, one, other in ((Turn.FOUND, before, after), (Turn.LOST, after, before)):
        for at in sorted(set(one.missed) - set(other.missed)):
            label = recording.labels[at]
            yield Effect(turn, recording.name, label.kind, label.start_s, label.end_s, label.note)
    for turn, one, other in ((Turn.SILENCED, before, after), (Turn.RAISED, after, before)):
        for event in one.false:
            if not any(_same(event, still) for still in other.false):
                yield Effect(turn, recording.name, event.kind, event.start_s, event.end_s)


def _same(one: Happening, other: Happening) -> bool:
    return one.kind == other.kind and one.start_s <= other.end_s and other.start_s <= one.end_s
