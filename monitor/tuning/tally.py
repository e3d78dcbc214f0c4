"""Mistakes counted, and what so few of them say about the rest of the year."""

from dataclasses import dataclass

DAY_S = 86_400.0

_ALPHA = 0.05
"""Intervals hold the true value 19 times out of 20."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the `truths` were missed, and how many false alarms came in `watched_s` seconds."""

    missed: int = 0
    truths: int = 0
    false: int = 0
    watched_s: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.missed + other.missed,
            self.truths + other.truths,
            self.false + other.false,
            self.watched_s + other.watched_s,
        )

    @property
    def mistakes(self) -> int:
        """Everything that is wrong."""
        return self.missed + self.false

    @property
    def missed_fraction(self) -> float:
        """The share of what happens that was missed; 0 where nothing is known to happen."""
        return self.missed / self.truths if self.truths else 0.0

    @property
    def false_per_day(self) -> float:
        """False alarms a day of recording; 0 where nothing was watched."""
        return self.false * DAY_S / self.watched_s if self.watched_s > 0 else 0.0

    def missed_interval(self) -> tuple[float, float]:
        """Return between which shares the true one lies in 95 of 100 cases (Clopper and Pearson 1934)."""
        from scipy.special import betaincinv

        k, n = self.missed, self.truths
        low = float(betaincinv(k, n - k + 1, _ALPHA / 2)) if k else 0.0
        high = float(betaincinv(k + 1, n - k, 1 - _ALPHA / 2)) if k < n else 1.0
        return low, high

    def false_interval(self) -> tuple[float, float]:
        """Return between which numbers a day the true one lies in 95 of 100 cases (Garwood 1936)."""
        from scipy.special import gammaincinv

        if self.watched_s <= 0:
            return 0.0, float("inf")
        low = float(gammaincinv(self.false, _ALPHA / 2)) if self.false else 0.0
        high = float(gammaincinv(self.false + 1, 1 - _ALPHA / 2))
        return low * DAY_S / self.watched_s, high * DAY_S / self.watched_s


def chance_of_luck(gains: int, losses: int) -> float:
    """Return how likely so many more gains than losses are where a change matters nothing (sign test)."""
    from scipy.special import bdtrc

    n = gains + losses
    return float(bdtrc(gains - 1, n, 0.5)) if gains else 1.0
