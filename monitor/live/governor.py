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

WORTH = 0.2
"""A step is worth what it costs in detection if it saves this share of what it would save were all of the use
analysis. Below it decoding, or encoding, takes four fifths and more, and stays."""

DOUBT_STEPS = 2
"""A place that becomes busy hides what one step saves; it does not hide so many, which halve the work."""

AGAIN_S = 3600.0
"""So long after it was in vain fewer pictures are not tried again, which costs half a minute each time."""

RISEN = 1.25
"""And only where the use is so many times what it was, or was within the budget: else nothing has changed."""

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
    """Steps through the levels so that the process holds its budget, a share of one processor.

    Steps that save next to nothing are taken back: what they cost in detection would buy nothing.
    """

    def __init__(self, budget_fraction: float, tried: tuple[Level, ...], now_s: float) -> None:
        self._budget = budget_fraction
        self._levels = tried
        self._at = 0
        self._changed_s = now_s
        self._low_since_s: float | None = None
        self._from: tuple[int, float] | None = None
        self._in_vain: tuple[float, float] | None = None
        self.fixed_fraction: float | None = None
        """What of the use no step changes, as steps that were in vain have shown; None where none were."""

    @property
    def level(self) -> Level:
        """The present level."""
        return self._levels[self._at]

    @property
    def is_least(self) -> bool:
        """Whether nothing less can be tried."""
        return self._at == len(self._levels) - 1

    @property
    def is_in_vain(self) -> bool:
        """Whether steps would save next to nothing, so that the budget is not held."""
        return self._in_vain is not None

    def look(self, used_fraction: float, now_s: float) -> bool:
        """Take the share that was used since the last step, and return whether the level has changed.

        To be called about once a second.
        """
        if now_s - self._changed_s < SETTLE_S:
            return False
        if used_fraction > self._budget:
            self._low_since_s = None
            return not self._rests(used_fraction, now_s) and self._lower(used_fraction, now_s)
        self._from = None
        if self._in_vain is not None and now_s - self._in_vain[1] >= AGAIN_S:
            self._in_vain = self.fixed_fraction = None
        if not self._at or self._expected(used_fraction) > ROOM * self._budget:
            self._low_since_s = None
            return False
        self._low_since_s = now_s if self._low_since_s is None else self._low_since_s
        if now_s - self._low_since_s < PATIENCE_S:
            return False
        self._in_vain = self.fixed_fraction = None
        return self._step(-1, now_s)

    def _rests(self, used_fraction: float, now_s: float) -> bool:
        """Say whether steps were in vain, and would be still."""
        if self._in_vain is None:
            return False
        before, since_s = self._in_vain
        return now_s - since_s < AGAIN_S or used_fraction < RISEN * before

    def _lower(self, used_fraction: float, now_s: float) -> bool:
        """Go on with the steps for as long as they save something, else back to where they did."""
        self._in_vain = self.fixed_fraction = None
        if self._from is None or self._is_worth(*self._from, used_fraction):
            self._from = self._at, used_fraction
        elif self._at - self._from[0] >= DOUBT_STEPS or self.is_least:
            return self._back(*self._from, used_fraction, now_s)
        return self._step(1, now_s)

    def _is_worth(self, at: int, before: float, used_fraction: float) -> bool:
        """Say whether the steps since `at`, where the use was `before`, have saved enough."""
        return before - used_fraction >= WORTH * self._less_since(at) * before

    def _less_since(self, at: int) -> float:
        """Return by which share the analysis is less work here than at a level above."""
        return 1 - self.level.cost / self._levels[at].cost

    def _back(self, at: int, before: float, used_fraction: float, now_s: float) -> bool:
        saved = max(before - used_fraction, 0.0)
        self.fixed_fraction = max(before - saved / self._less_since(at), 0.0)
        self._from, self._in_vain = None, (before, now_s)
        return self._step(at - self._at, now_s)

    def _expected(self, used_fraction: float) -> float:
        """Return what the level above would use at most: as if all of the use grew with it."""
        return used_fraction * self._levels[self._at - 1].cost / self.level.cost

    def _step(self, by: int, now_s: float) -> bool:
        at = min(self._at + by, len(self._levels) - 1)
        changed, self._at = at != self._at, at
        if changed:
            self._changed_s, self._low_since_s = now_s, None
        return changed


def told(governor: Governor, used_fraction: float, budget: str, found: str) -> tuple[str, str]:
    """Return title and text of what is told of a step; `found` is what is found from now on."""
    use = f"{used_fraction:.0%} of a processor was used, {budget} is the budget"
    if governor.fixed_fraction is None:
        end = " Nothing less can be tried." if governor.is_least else ""
        return "the analysis was adapted", f"{use}: {found}.{end}"
    return (
        "the budget of processor time cannot be held",
        f"{use}: fewer pictures save next to nothing, as decoding and recording alone take about "
        f"{governor.fixed_fraction:.0%}. So {found}. What helps: the camera's small stream (second_address), "
        "fewer pictures a second from the camera itself, or live.quiet_decoding: auto.",
    )


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
