"""Why something is not an event, and how each region that is seen stands with the judge."""

from dataclasses import dataclass
from typing import NamedTuple

RULES = (
    "signal_lost",
    "learning",
    "light_change",
    "integrity",
    "min_area",
    "max_area",
    "min_duration",
    "faded",
    "at_rest",
    "min_displacement",
    "see_through",
    "restless",
    "max_speed",
    "winding",
    "min_coherence",
)
"""In the order in which they are asked: what a later one stopped came closer to being an event."""


class Refusal(NamedTuple):
    """The rule that says no, and the sentence that says why.

    `measured` and `limit` are the values that the sentence compares, in the unit of the rule (fractions,
    seconds, diagonals a second); None where the rule compares no single number.
    """

    rule: str
    reason: str
    measured: float | None = None
    limit: float | None = None


UNTOLD = Refusal("", "")
"""Before a region was judged for the first time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one visible region stands: part of an event, or what stops it from being one."""

    track_id: int
    counts: bool
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one frame could have led to.

    `veto` says why nothing may be judged in it, None where it may; `standings` are those of the visible
    regions, in the order of the scores.
    """

    veto: Refusal | None = None
    standings: tuple[Standing, ...] = ()


NOTHING_SEEN = Outlook()
"""The outlook where nothing was judged."""
