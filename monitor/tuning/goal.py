"""What is wanted of the settings: the fewest mistakes, or the best within a limit."""

import re
from dataclasses import dataclass
from typing import Literal

from monitor.errors import UsageError
from monitor.tuning.tally import DAY_S, Tally

_PER = {"hour": 3600.0, "h": 3600.0, "day": DAY_S, "d": DAY_S, "week": 7 * DAY_S, "w": 7 * DAY_S}

_FALSE = re.compile(r"false\s*<\s*(=?)\s*(\d{1,9}(?:\.\d{1,9})?)\s*/\s*(hour|h|day|d|week|w)")
_MISSED = re.compile(r"missed\s*<\s*(=?)\s*(\d{1,3}(?:\.\d{1,9})?)\s*%")


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted: `limit` is of false alarms a day, or of the share that may be missed.

    With `may_equal` the limit itself is allowed. `text` is how people write it.
    """

    of: Literal["mistakes", "false", "missed"] = "mistakes"
    limit: float = 0.0
    may_equal: bool = False
    text: str = "the fewest mistakes"

    def is_met(self, tally: Tally) -> bool:
        """Return whether the limit is kept."""
        if self.of == "mistakes":
            return True
        value = tally.false_per_day if self.of == "false" else tally.missed_fraction
        return value <= self.limit if self.may_equal else value < self.limit

    def cost(self, tally: Tally) -> tuple[float, ...]:
        """Return what orders tallies: the smaller, the better."""
        if self.of == "mistakes":
            return (tally.mistakes, tally.missed)
        if self.of == "false":
            return (0.0 if self.is_met(tally) else tally.false_per_day, tally.missed, tally.false)
        return (0.0 if self.is_met(tally) else tally.missed_fraction, tally.false, tally.missed)


def goal_of(text: str | None) -> Goal:
    """Return what a text as `false<1/day` or `missed<5%` wants; None is the fewest mistakes.

    Raises `UsageError`.
    """
    if text is None:
        return Goal()
    asked = text.strip().lower()
    if found := _FALSE.fullmatch(asked):
        per_day = float(found[2]) * DAY_S / _PER[found[3]]
        return Goal("false", per_day, bool(found[1]), asked)
    if found := _MISSED.fullmatch(asked):
        return Goal("missed", float(found[2]) / 100, bool(found[1]), asked)
    raise UsageError(
        f"--target {text!r}: is no target; give 'false<1/day' (or /hour, /week) or 'missed<5%', in quotes."
    )
