"""Looks at fewer pictures of a camera while the machine cannot keep up with all, and says so.

Without it the oldest pictures that wait are dropped, by chance and in bursts: who passes is then seen twice
and lost, while at half of the looks, evenly, he is followed.
"""

from monitor.live.governor import RATES_HZ

LEAST_HZ = 5.0
"""Below, somebody who runs past is seen too seldom to be followed: then rather some are dropped."""

WINDOW_S = 10.0
"""What was dropped is counted over so long; that all cameras start at once takes as long too."""

MOST_DROPPED = 5
"""A pause of the disk or a key picture that comes late costs a few within a window, and is none of this."""

PATIENCE_S = 120.0
LONGEST_S = 3600.0
"""So long nothing may be dropped before more looks are tried; twice as long after each time in vain."""


class Relief:
    """Steps through rates below the one that is set."""

    def __init__(self, set_hz: float, now_s: float) -> None:
        self._rates_hz = (set_hz, *(rate for rate in RATES_HZ if LEAST_HZ <= rate < set_hz))
        self._at = 0
        self._since_s = now_s
        self._dropped = 0
        self._calm_since_s = now_s
        self._patience_s = PATIENCE_S
        self._raised = False

    @property
    def rate_hz(self) -> float:
        """Looks a second at present."""
        return self._rates_hz[self._at]

    @property
    def is_full(self) -> bool:
        """Whether as many pictures are looked at as is set."""
        return self._at == 0

    def look(self, dropped: int, now_s: float) -> bool:
        """Take how many were dropped since the start; return whether the rate has changed.

        To be called about once a second.
        """
        if now_s - self._since_s < WINDOW_S:
            return False
        lost, self._dropped, self._since_s = dropped - self._dropped, dropped, now_s
        if lost > MOST_DROPPED:
            self._calm_since_s = now_s
            if self._raised:
                self._patience_s, self._raised = min(2 * self._patience_s, LONGEST_S), False
            return self._step(1)
        if self._at and now_s - self._calm_since_s >= self._patience_s:
            self._calm_since_s, self._raised = now_s, True
            return self._step(-1)
        return False

    def _step(self, by: int) -> bool:
        before, self._at = self._at, min(self._at + by, len(self._rates_hz) - 1)
        return self._at != before


def told(relief: Relief, found: str) -> tuple[str, str]:
    """Return title and text of what is told of a step; `found` is what is found from now on."""
    if relief.is_full:
        return "the machine keeps up again", f"All pictures are looked at that are to be: {found}."
    return (
        "the machine does not keep up",
        f"Pictures were dropped as its processors were busy, so fewer are looked at: {found}. What helps: "
        "the cameras' small streams (second_address), live.cpu_budget, or a second machine.",
    )
