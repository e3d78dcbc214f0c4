"""What every output takes."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from monitor.analysis.scores import Scores
from monitor.events.event import EventChange, NearMiss
from monitor.events.refusal import NOTHING_SEEN, Outlook
from monitor.frames import Frame, Gap, Plane


@dataclass(frozen=True, slots=True)
class Observation:
    """One frame with all that was found on it.

    `mask` is the foreground mask, uint8 (h, w), 0 or 255, and `sigma` the distance from μ in units of σ,
    float32 (h, w), both at analysis size, valid only until the next frame is analysed; `sigma` is None
    unless a sink asked for it. `changes` are in the order in which they happened. `fresh` says that this
    frame was analysed; else it is one between two that were, and scores, pictures and `outlook` are those of
    the last.
    """

    frame: Frame
    scores: Scores
    mask: Plane
    sigma: NDArray[np.float32] | None
    changes: tuple[EventChange, ...]
    near_misses: tuple[NearMiss, ...]
    fresh: bool = True
    outlook: Outlook = NOTHING_SEEN


@runtime_checkable
class Interruptible(Protocol):
    """A sink that does something of its own in a gap; the others get by `finish` what the judge closed."""

    def interrupted(
        self, gap: Gap, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]
    ) -> None:
        """Take a gap as it begins or, with its end, as it has ended, and what the judge made of it."""
        ...


class Sink(Protocol):
    """Takes every observation of one source in order, then is closed once.

    `take` may raise `OutputError`. `close` finishes what was begun, also after an interruption, and may
    be called twice.
    """

    def take(self, observation: Observation) -> None:
        """Write what this frame calls for."""
        ...

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Take what the judge closed at the end of the source."""
        ...

    def close(self) -> None:
        """Finish and release all files; safe to call twice."""
        ...
