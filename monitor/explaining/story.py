"""Why an event fired, told from its first sight to its end."""

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.explaining.trace import Look, Trace
from monitor.outputs.seen import Seen, nearest

MARGIN_S = 5.0
"""So much before and after an event is shown: what was there before, and why nothing held it any longer."""


@dataclass(frozen=True, slots=True)
class Step:
    """From `start_s` to `end_s` a region stood so; `rule` is None where it counted."""

    start_s: float
    end_s: float
    rule: str | None
    reason: str | None
    seen: Seen


def steps_of(trace: Trace, start_s: float, end_s: float) -> list[Step]:
    """Return how what was seen between two times stood, one step after the other.

    It is one region that is told of: the one that counted in most pictures, or came nearest.
    """
    looks = trace.within(start_s, end_s).looks
    counted: dict[int, int] = {}
    for look in looks:
        for one in look.seen:
            counted[one.id] = counted.get(one.id, 0) + one.counts
    best = nearest(one for look in looks for one in look.seen)
    if best is None:
        return []
    which = max(counted, key=lambda track: (counted[track], track == best.id))
    return _steps((look.time_s, one) for look in looks for one in look.seen if one.id == which)


def _steps(sights: Iterable[tuple[float, Seen]]) -> list[Step]:
    steps: list[Step] = []
    for time_s, one in sights:
        rule = None if one.counts else one.rule
        if steps and steps[-1].rule == rule:
            steps[-1] = Step(steps[-1].start_s, time_s, rule, one.reason, one)
        else:
            steps.append(Step(time_s, time_s, rule, one.reason, one))
    return steps


def look_at(trace: Trace, time_s: float) -> Look | None:
    """Return the look nearest to a time, None without any."""
    return min(trace.looks, key=lambda look: abs(look.time_s - time_s), default=None)
