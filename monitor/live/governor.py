"""Holds a budget of processor time by looking at fewer, then at smaller pictures; says what is found."""

from dataclasses import dataclass

from monitor.frames import Size
from monitor.settings import Settings

RATES_HZ = (15.0, 10.0, 7.5, 5.0, 3.0)
"""The rates that are tried; below 3 a second somebody who runs past is seen once or twice."""

HALVINGS = 2
"""After the rates the size is halved, twice at most: below 80 rows a person at the fence is a few pixels."""

SETTLE_S = 10.0
"""The share of processor time is that of so long; after a step it is measured anew before the next."""

PATIENCE_S = 60.0
"""So long the use has to stay low before more is tried: a place that is busy now and then would swing."""

ROOM = 0.7
"""More is tried only if it is expected to take no more than this share of the budget."""

SEEN_FRAMES = 3
"""A thing has to be in so many analysed pictures to be known as one that travels."""

LEAST_PX = 12
"""Pixels of the analysed picture that a region needs to be told from noise after the median of five."""

REACH_FRACTION = 0.15
"""Of the diagonal: so far a thing is followed from one analysed picture to the next (`analysis.tracks`)."""

FAST_S = 0.8
"""What is faster than `advanced.regions.max_speed_per_s` has to be seen for so long."""


@dataclass(frozen=True, slots=True)
class Level:
    """How often is looked, and at how many rows at most."""

    rate_hz: float
    max_height_px: int

    @property
    def cost(self) -> float:
        """How much work it is, in rows² a second; decoding comes on top and stays."""
        return self.rate_hz * self.max_height_px**2


def levels(settings: Settings) -> tuple[Level, ...]:
    """Return what can be tried, from what is set down to the least."""
    set_hz = settings.advanced.analysis.max_rate_hz
    height_px = settings.advanced.analysis.max_height_px
    rates = [set_hz, *(rate for rate in RATES_HZ if rate < set_hz)]
    halved = [Level(rates[-1], height_px >> times) for times in range(1, HALVINGS + 1)]
    return (*(Level(rate, height_px) for rate in rates), *halved)


class Governor:
    """Steps through the levels so that the process holds its budget, a share of one processor."""

    def __init__(self, budget_fraction: float, tried: tuple[Level, ...], now_s: float) -> None:
        self._budget = budget_fraction
        self._levels = tried
        self._at = 0
        self._changed_s = now_s
        self._low_since_s: float | None = None

    @property
    def level(self) -> Level:
        """The present level."""
        return self._levels[self._at]

    @property
    def is_least(self) -> bool:
        """Whether nothing less can be tried."""
        return self._at == len(self._levels) - 1

    def look(self, used_fraction: float, now_s: float) -> bool:
        """Take the share that was used since the last step, and return whether the level has changed.

        To be called about once a second.
        """
        if now_s - self._changed_s < SETTLE_S:
            return False
        if used_fraction > self._budget:
            self._low_since_s = None
            return self._step(1, now_s)
        if not self._at or self._expected(used_fraction) > ROOM * self._budget:
            self._low_since_s = None
            return False
        self._low_since_s = now_s if self._low_since_s is None else self._low_since_s
        return now_s - self._low_since_s >= PATIENCE_S and self._step(-1, now_s)

    def _expected(self, used_fraction: float) -> float:
        """Return what the level above would use at most: as if all of the use grew with it."""
        return used_fraction * self._levels[self._at - 1].cost / self.level.cost

    def _step(self, by: int, now_s: float) -> bool:
        at = min(self._at + by, len(self._levels) - 1)
        changed, self._at = at != self._at, at
        if changed:
            self._changed_s, self._low_since_s = now_s, None
        return changed


def finds(level: Level, settings: Settings, source: Size) -> str:
    """Return what is found at a level: the smallest thing and the greatest speed, in a clause."""
    height, width = source.height, source.width
    while height > level.max_height_px:
        height, width = height // 2, width // 2
    area = max(settings.motion.min_area_fraction, LEAST_PX / max(width * height, 1))
    side_px = round((area * source.width * source.height) ** 0.5)
    shortest_s = max(settings.motion.min_duration_s, SEEN_FRAMES / level.rate_hz)
    speed = 1 / shortest_s
    if speed > settings.advanced.regions.max_speed_per_s:
        speed = max(1 / max(shortest_s, FAST_S), settings.advanced.regions.max_speed_per_s)
    speed = min(speed, REACH_FRACTION * level.rate_hz)
    return (
        f"{level.rate_hz:g} pictures a second of {width}x{height} are analysed; found is what covers "
        f"{area:.2%} of the picture ({side_px}x{side_px} pixels of the camera's) and needs "
        f"{1 / speed:.1f} s or more to cross it from corner to corner"
    )
