"""Why an event fired, look by look: what the page draws over its clip and beside it."""

import os
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException

from monitor.app import judge_parameters
from monitor.explaining.asked import explain_live, settings_of
from monitor.explaining.trace import Look
from monitor.outputs.journal.queries import JournalEvent
from monitor.web.routes.asked import AskedEvent
from monitor.web.security.identity import SiteOf
from monitor.web.site import Site

router = APIRouter(prefix="/api/events/{event_id}", tags=["events"])

MOST_LOOKS = 4000
"""An answer holds no more: thirteen minutes of five looks a second. Of longer events they are thinned."""


@dataclass(frozen=True, slots=True)
class LookView:
    """One look: `time_s` counts like the event's `start_s`; `stopped` says why nothing could fire then."""

    time_s: float
    foreground_fraction: float
    kl_nats: float | None
    stopped: str | None
    in_event: bool
    seen: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class StepView:
    """From `start_s` to `end_s` the region stood so; `rule` and `reason` are null where it counted."""

    start_s: float
    end_s: float
    rule: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ExplainedView:
    """What was seen around an event. `looks` is empty where no scores are; `origin` says why, or whence.

    `limits` are those of the camera's settings now: σ, share of the frame, distance in nats.
    """

    looks: list[LookView]
    steps: list[StepView]
    limits: dict[str, float]
    origin: str
    notes: list[str]


@router.get("/explained")
def explained(asked: AskedEvent, site: SiteOf) -> ExplainedView:
    """Return what was seen from some seconds before an event until some after it, and how it was judged."""
    return explained_view(asked, site)


def explained_view(event: JournalEvent, site: Site) -> ExplainedView:
    """Return what was seen around an event; 409 where that is on another machine."""
    if event.node != site.node:
        raise HTTPException(409, f"Its scores are on the machine {event.node}: open its page.")
    found = explain_live(site.journal, event, site.settings, picture=False)
    shift_s = event.record["start_s"] - found.start_s
    looks = [] if found.around.trace is None else list(found.around.trace.looks)
    step = max(1, -(-len(looks) // MOST_LOOKS))
    limits = judge_parameters(settings_of(site.settings, event.record["source"]))
    return ExplainedView(
        looks=[_look(look, shift_s) for look in looks[::step]],
        steps=[StepView(s.start_s + shift_s, s.end_s + shift_s, s.rule, s.reason) for s in found.steps],
        limits={
            "peak_sigma": limits.motion.k_sigma,
            "area_fraction": limits.motion.min_area_fraction,
            "kl_nats": limits.picture.kl_threshold_nats,
        },
        # Where this machine keeps its files is nothing for those who look.
        origin=found.around.origin.replace(f"{site.folder}{os.sep}", ""),
        notes=list(found.around.notes),
    )


def _look(look: Look, shift_s: float) -> LookView:
    return LookView(
        time_s=look.time_s + shift_s,
        foreground_fraction=look.foreground_fraction,
        kl_nats=look.kl_nats,
        stopped=None if look.veto is None else look.veto.reason,
        in_event=look.in_event,
        seen=[one.to_json() for one in look.seen],
    )
