"""The smallest and the slowest walker that is found, zone by zone, by day and by night."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.injecting.footage import Footage, by_night
from monitor.injecting.trial import Result, Trials
from monitor.injecting.walker import Walker
from monitor.settings import Settings

SPEED_PER_S = 0.8
"""A walk at ease, in heights of the body a second: 1.4 m/s of somebody 1.75 m tall."""

_SLOWEST_PER_S = 0.02
_LEAST_PX = 4.0
_TALLEST = 0.7
"""What is tried: from 3.5 cm a second on, and from 4 pixels of the analysed picture to most of its height."""

_SIZE_STEP = 1.08
_SPEED_STEP = 1.4
"""Sizes and speeds are told to within these ratios."""

_REFERENCE = 2.0
"""Slow walkers are tried at so many times the smallest size: at the limit itself every speed is too slow."""

_STARTS = (4.0, 5.0, 6.5)
"""Seconds at which walkers appear: every size is tried three times and has to be found each time."""

_WALK_S = 5.0
"""How long a walker at ease is seen."""

_NIGHT_LUMA = 50.0
"""The mean luma of a lit road by night; see `DARK_LUMA`."""

_NIGHT_GAIN = 2.2
_NIGHT_NOISE_LEVELS = 0.7
"""In the dark a sensor's gain brings so many times the noise, as in the generated infrared scenes, of which
the analysed pictures have at least so much by day: a 1080p camera of 2 levels, halved twice."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What is found in one zone by day or by night.

    `zone` is None for the whole picture. `light` is "day" or "night", `how` says where the night comes from.
    `smallest` is the height of the smallest walker at ease that was found every time, as a fraction of the
    picture, None where even the tallest was not; `slowest_per_s` the least speed found of one of `height`, in
    body heights a second, None where none was found. `missed` is what stopped the next smaller, `missed_slow`
    the next slower.
    """

    zone: str | None
    light: str
    how: str
    contrast: float
    smallest: float | None
    missed: str | None
    height: float | None
    slowest_per_s: float | None
    missed_slow: str | None
    source_height_px: int

    @property
    def smallest_px(self) -> float | None:
        """The height of the smallest in pixels of the source."""
        return None if self.smallest is None else self.smallest * self.source_height_px


def limits(
    footage: Footage, settings: Settings, *, contrast: float, height: float | None, seed: int = 1
) -> Iterator[Limit]:
    """Yield what is found by day, where the footage is of the day, and by night, for each zone.

    `contrast` is in grey levels by day; by night there is as much less of it as there is of the light.
    `height` is that of the slow walker. The same footage always gives the same.
    """
    lights = [("day", "as recorded", footage, contrast)]
    if footage.night is None:
        dark = by_night(footage, _NIGHT_LUMA, _NIGHT_GAIN, _NIGHT_NOISE_LEVELS, seed)
        level = min(_NIGHT_LUMA / footage.mean_luma, 1.0)
        lights.append(("night", dark.night or "", dark, contrast * level))
    else:
        lights = [("night", footage.night, footage, contrast)]
    for light, how, pictures, levels in lights:
        first_s = pictures.frames[0].time_s
        trials = Trials(pictures, settings, [first_s + start_s for start_s in _STARTS], seed)
        for zone, (x, y) in _middles(settings).items():
            search = _Search(trials, levels, x, y)
            smallest, missed = search.smallest()
            tall = height or (None if smallest is None else min(_REFERENCE * smallest, _TALLEST))
            slowest, slow_missed = (None, None) if tall is None else search.slowest(tall)
            yield Limit(
                zone or None, light, how, levels, smallest, missed, tall, slowest, slow_missed,
                footage.source.height,
            )  # fmt: skip


def _middles(settings: Settings) -> dict[str, tuple[float, float]]:
    """Return a point inside of each include zone, by name; the middle of the picture where there is none."""
    zones = {name: zone.points for name, zone in settings.zones.items() if zone.role == "include"}
    if not zones:
        return {"": (0.5, 0.5)}
    return {
        name: (math.fsum(x for x, _ in points) / len(points), math.fsum(y for _, y in points) / len(points))
        for name, points in zones.items()
    }


class _Search:
    """Looks for the limits at one place."""

    def __init__(self, trials: Trials, contrast: float, x: float, y: float) -> None:
        self._trials = trials
        self._contrast = contrast
        self._x, self._y = x, y

    def smallest(self) -> tuple[float | None, str | None]:
        """Return the least height that is found every time, and what stopped the next smaller."""
        least = _LEAST_PX / self._trials.footage.size.height
        return _bisected(least, _TALLEST, _SIZE_STEP, lambda height: self._is_found(height, SPEED_PER_S))

    def slowest(self, height: float) -> tuple[float | None, str | None]:
        """Return the least speed of a walker of this height, and what stopped the next slower."""
        return _bisected(
            _SLOWEST_PER_S, SPEED_PER_S, _SPEED_STEP, lambda speed: self._is_found(height, speed)
        )

    def _is_found(self, height: float, speed_per_s: float) -> Result:
        """Return the first try that fails, or that all are found."""
        footage = self._trials.footage
        for number, start_s in enumerate(self._trials.starts_s):
            walk_s = _WALK_S * max(1.0, SPEED_PER_S / speed_per_s)
            result = self._trials.run(
                Walker(
                    height=height,
                    speed_per_s=speed_per_s if number % 2 == 0 else -speed_per_s,
                    contrast=self._contrast,
                    x=self._x,
                    y=min(self._y + height / 2, 0.98),
                    start_s=start_s,
                    end_s=min(start_s + walk_s, footage.frames[-1].time_s),
                )
            )
            if not result.found:
                return result
        return Result(True)


def _bisected(
    least: float, most: float, step: float, trial: Callable[[float], Result]
) -> tuple[float | None, str | None]:
    """Return the least value that is found, to within a ratio, and why the next below it is not."""
    if not (result := trial(most)).found:
        return None, _why(result)
    if (result := trial(least)).found:
        return least, None
    missed = result
    while most / least > step:
        middle = math.sqrt(least * most)
        if (result := trial(middle)).found:
            most = middle
        else:
            least, missed = middle, result
    return most, _why(missed)


def _why(result: Result) -> str:
    if result.nearest is None:
        return "it does not stand out from the background"
    return f"{result.nearest.rule}: {result.nearest.reason}"
