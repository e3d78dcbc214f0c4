"""What people say of recordings: what happens when, and which events were false alarms."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from monitor.analysis.scores import Box
from monitor.events.event import Event, Kind


class Says(StrEnum):
    """What a label says of its span."""

    TRUE = "true"
    """Something of its kind happens."""

    FALSE = "false"
    """Nothing of its kind happens: an event of it is a false alarm."""

    QUIET = "quiet"
    """Nothing happens: an event of any kind but `light_change` is a false alarm."""

    UNCLEAR = "unclear"
    """Nobody knows; what is told there is neither right nor wrong."""


VIEW_LOST = "view_lost"
"""The place is not to be seen any more, for whatever reason."""

_ANSWERS = {
    Kind.CAMERA_MOVED: frozenset({Kind.CAMERA_MOVED, Kind.SCENE_CHANGE}),
    VIEW_LOST: frozenset({Kind.CAMERA_MOVED, Kind.SCENE_CHANGE, Kind.COVERED, Kind.BLINDED, Kind.DEFOCUSED}),
}
"""Kinds of event that say what a label of this kind says; where none is listed, its own alone."""

LABEL_KINDS = (*Kind, VIEW_LOST)
"""The kinds that labels may have."""


class Happening(NamedTuple):
    """What of an event matters for tuning; times in seconds of the recording, the box at the peak."""

    kind: Kind
    start_s: float
    end_s: float
    peak_s: float
    peak_frame: int
    box: Box | None = None

    @classmethod
    def of(cls, event: Event) -> "Happening":
        """Return it of an event that has ended."""
        end_s = event.start_s if event.end_s is None else event.end_s
        return cls(
            event.kind, event.start_s, max(end_s, event.start_s), event.peak_s, event.peak_frame, event.box
        )


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody says of a span of one recording; times in seconds of the recording.

    `kind` is one of `LABEL_KINDS`; of a quiet or unclear span it does not matter. `tolerance_s` is by how
    much its ends may be wrong.
    """

    says: Says
    kind: str
    start_s: float
    end_s: float
    tolerance_s: float = 0.0
    note: str = ""

    @property
    def answers(self) -> frozenset[Kind]:
        """The kinds of event that say what this says."""
        if self.says is Says.QUIET:
            return frozenset(Kind) - {Kind.LIGHT_CHANGE}
        if self.says is Says.UNCLEAR:
            return frozenset(Kind)
        return _ANSWERS[self.kind] if self.kind in _ANSWERS else frozenset({Kind(self.kind)})

    def is_met_by(self, told: Happening) -> bool:
        """Return whether an event says this, at least for a moment, within the tolerance."""
        grown = self.tolerance_s
        together = told.start_s <= self.end_s + grown and told.end_s >= self.start_s - grown
        return together and told.kind in self.answers

    def shared_s(self, told: Happening) -> float:
        """Return how long an event and this, grown by its tolerance, last together."""
        first = max(told.start_s, self.start_s - self.tolerance_s)
        return max(0.0, min(told.end_s, self.end_s + self.tolerance_s) - first)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One recording with its labels in order of time.

    `is_complete` says that the labels name all that happens: what is told besides is a false alarm. Else
    only what is labelled is known, and an event that meets no label is neither right nor wrong.
    """

    name: str
    duration_s: float
    labels: tuple[Label, ...] = ()
    is_complete: bool = False

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known of it."""
        return bool(self.labels) or self.is_complete

    def counted_kinds(self) -> frozenset[Kind]:
        """Return the kinds of event of which the labels say all; motion always."""
        said = (label.answers for label in self.labels if label.says in (Says.TRUE, Says.FALSE))
        return frozenset({Kind.MOTION}).union(*said)

    def truths(self) -> Iterator[tuple[int, Label]]:
        """Yield the labels of what happens, with their places in `labels`."""
        return ((at, label) for at, label in enumerate(self.labels) if label.says is Says.TRUE)
