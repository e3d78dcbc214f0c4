"""A span of time at a glance: what happened in each part of it, and where nothing was seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import JSONResponse

from monitor.outputs.journal.moments import from_us
from monitor.outputs.journal.timeline import Grid, Lane, Part, Unseen, counts, grid_of, unseen
from monitor.outputs.records import rfc3339
from monitor.web.routes.asked import Cameras, From, To, sources_of
from monitor.web.security.identity import SiteOf, Viewer

router = APIRouter(prefix="/api", tags=["timeline"])

LONGEST = timedelta(days=36_525)

_SMALLEST_PART = 0.25
"""A span without pictures that is shorter than a quarter of a part would not be seen on a timeline."""

_FIRST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LaneView:
    """The events of one kind of one camera.

    For each part that has any: its number, how many began in it, when the first began and when the last
    ended, in seconds from `start`; null where parts are whole hours or days.
    """

    node: str
    source: str
    kind: str
    parts: list[tuple[int, int, float | None, float | None]]


@dataclass(frozen=True, slots=True)
class UnseenView:
    """A span in which a camera saw nothing; `state` is "blind", or "not_running" where nothing ran."""

    node: str
    source: str
    start: datetime
    end: datetime
    state: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A span of time in `parts` parts of `part_s` seconds from `start` on.

    Parts of an hour and more are whole hours or days of UTC, for which `start` may lie before what was asked.
    `near_misses` is empty unless they are asked for.
    """

    start: datetime
    part_s: float
    parts: int
    events: list[LaneView]
    near_misses: list[LaneView]
    unseen: list[UnseenView]


@router.get("/timeline", response_model=Timeline)
def timeline(
    site: SiteOf,
    person: Viewer,
    camera: Cameras = None,
    since: From = None,
    until: To = None,
    bins: Annotated[int, Query(ge=1, le=2000, description="About so many parts.")] = 400,
    near_misses: bool = False,
) -> JSONResponse:
    """Return what happened, in parts, by camera and kind; the last day unless told otherwise."""
    end = until or site.clock.wall()
    start = since or end - _FIRST
    if not timedelta() < end - start <= LONGEST:
        raise HTTPException(422, "`from` must lie before `to`, and at most a hundred years.")
    grid = grid_of(start, end, bins)
    sources = sources_of(person, camera)
    if sources is None:
        return JSONResponse(_answer(grid, {}, {}, []))
    seen = min(end, site.clock.wall())
    least_s = _SMALLEST_PART * grid.part_us / 1e6
    blind = unseen(site.journal, start, seen, least_s=least_s, sources=sources) if start < seen else []
    missed = counts(site.journal, grid, sources, missed=True) if near_misses else {}
    return JSONResponse(_answer(grid, counts(site.journal, grid, sources), missed, blind))


def _answer(
    grid: Grid, found: dict[Lane, list[Part]], missed: dict[Lane, list[Part]], blind: list[Unseen]
) -> dict[str, object]:
    # Written by hand: twenty thousand parts would be checked one by one for nothing.
    return {
        "start": rfc3339(from_us(grid.start_us)),
        "part_s": grid.part_us / 1e6,
        "parts": grid.parts,
        "events": [{**lane._asdict(), "parts": parts} for lane, parts in sorted(found.items())],
        "near_misses": [{**lane._asdict(), "parts": parts} for lane, parts in sorted(missed.items())],
        "unseen": [
            {
                "node": span.node,
                "source": span.source,
                "start": rfc3339(span.start),
                "end": rfc3339(span.end),
                "state": span.state,
                "why": span.why,
            }
            for span in blind
        ],
    }
