"""What was really watched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, HTTPException, Query

from monitor.outputs.journal.coverage import DayCoverage, coverage_of
from monitor.web.routes.asked import Cameras, From, To, sources_of
from monitor.web.security.identity import SiteOf, Viewer

router = APIRouter(prefix="/api", tags=["coverage"])

_SHOWN = timedelta(days=7)

LONGEST = timedelta(days=366)
"""One answer is at most a year of days."""


@dataclass(frozen=True, slots=True)
class DayView:
    """One day of one camera, in seconds; `blind_s` are the reasons with their times.

    `watched_fraction` is of what counts: from when the camera was first heard of, up to now; null for a day
    of which nothing counts.
    """

    source: str
    day: str
    watched_fraction: float | None
    watching_s: float
    warming_up_s: float
    blind_s: dict[str, float]


@dataclass(frozen=True, slots=True)
class BlindSpan:
    """When a camera saw nothing, and why."""

    source: str
    start_time: datetime
    end_time: datetime
    why: str | None


@dataclass(frozen=True, slots=True)
class CoverageView:
    """Days and blind spans of all cameras that are meant."""

    days: list[DayView]
    blind: list[BlindSpan]


@router.get("/coverage")
def coverage(
    site: SiteOf,
    person: Viewer,
    camera: Cameras = None,
    since: From = None,
    until: To = None,
    zone: Annotated[str, Query(max_length=100, description="The days are those of this zone.")] = "UTC",
) -> CoverageView:
    """Return what was watched, by camera and day, the last seven days unless told otherwise."""
    now = site.clock.wall()
    end = min(until or now, now)
    start = max(since or end - _SHOWN, end - LONGEST)
    sources = sources_of(person, camera)
    if sources is None or start >= end:
        return CoverageView([], [])
    try:
        found = coverage_of(site.journal, start, end, sources=sources, zone=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise HTTPException(422, f"There is no time zone {zone!r}.") from None
    return CoverageView(
        days=[_day(day) for day in found.days],
        blind=[BlindSpan(s, b.start, b.end, b.why) for s, spans in found.blind.items() for b in spans],
    )


def _day(day: DayCoverage) -> DayView:
    return DayView(
        day.source,
        f"{day.day:%Y-%m-%d}",
        day.fraction,
        day.watching_s,
        day.warming_up_s,
        dict(day.blind_s),
    )
