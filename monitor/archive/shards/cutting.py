"""Which recordings are worth cutting into parts, and where."""

import logging
import math

from monitor.archive.shards.plan import Part, Plan
from monitor.capture.file import FileSource
from monitor.capture.keytimes import key_times_s
from monitor.capture.opening import Input
from monitor.settings import Settings

log = logging.getLogger(__name__)

_WARM_UP = 2.0
"""Time constants of the background in a warm-up: what was wrong in the key frames' median has then fallen
to 14 percent, mostly below a grey level. Where that is not enough, the parts do not agree and go on."""

_SHORTEST = 3.0
"""Warm-ups in the shortest part, 2 minutes: below it more than a quarter of the work would be done twice."""

_LONGEST_S = 1800.0
"""Half an hour has 40 MB of scores at most, and what fails costs no more to do again."""

_MOST_S = 43_200.0
"""What is longer than half a day is not cut: all its scores are judged at one go: 50 MB where little moves,
and a gigabyte where very much does all the time."""


def plan_of(item: Input, settings: Settings, count: int) -> Plan:
    """Return a plan for so many parts; fewer where these would be too short, more where too long.

    Raises `SourceError`.
    """
    with FileSource(item.address, threads=1) as source:
        duration_s = source.info.duration_s or 0.0
    warm_up_s = warm_up_of(settings)
    shortest_s = _SHORTEST * warm_up_s
    if not 2 * shortest_s <= duration_s <= _MOST_S:
        log.info(
            "%s is scanned as a whole: %.0f s long; cut into parts is what has from %.0f s to %.0f s",
            *(item.name, duration_s, 2 * shortest_s, _MOST_S),
        )
        return Plan()
    count = max(count, math.ceil(duration_s / _LONGEST_S))
    plan = cut(item, duration_s, min(count, int(duration_s / shortest_s)), warm_up_s)
    if not plan.parts:
        log.info("%s is scanned as a whole: it has no key frames at which parts could begin", item.name)
    return plan


def warm_up_of(settings: Settings) -> float:
    """Return how long a part is measured before it counts, in seconds."""
    return _WARM_UP * settings.advanced.background.learning_s


def cut(item: Input, duration_s: float, count: int, warm_up_s: float) -> Plan:
    """Return a plan for so many parts of equal length that begin and start at key frames.

    Fewer where they have a key frame in common, none where there are not even two.
    """
    starts_s = key_times_s(item.address, [duration_s * number / count for number in range(1, count)])
    starts_s = sorted(start_s for start_s in set(starts_s) if start_s > 0.0)
    if not starts_s:
        return Plan()
    begins_s = key_times_s(item.address, [max(0.0, start_s - warm_up_s) for start_s in starts_s])
    ends_s = [*starts_s, None]
    return Plan(duration_s, tuple(map(Part, [0.0, *begins_s], [0.0, *starts_s], ends_s)))
