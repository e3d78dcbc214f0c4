"""Other settings tried on what was seen: which events would come, which would go."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import AwareDatetime, BaseModel, Field

from monitor.app import judge_parameters
from monitor.errors import SettingsError
from monitor.events.event import Event
from monitor.explaining.asked import settings_of
from monitor.explaining.trace import judged
from monitor.outputs.journal.queries import Filter, JournalEvent, find_events
from monitor.outputs.records import rfc3339
from monitor.outputs.scorestore import kept_since, read_kept
from monitor.settings import Settings
from monitor.settings.values import value_at, with_values
from monitor.tuning.labels import Label, Labelled, Says
from monitor.tuning.proposal import propose
from monitor.tuning.scored import Scored
from monitor.web.security.identity import SiteOf, Viewer
from monitor.web.site import Site

router = APIRouter(prefix="/api/tune", tags=["tuning"])

LONGEST = timedelta(days=7)

LEAD = timedelta(seconds=30)
"""So much before and after a labelled event is judged with it: what it grew out of, and what followed."""

LEAST_LABELS = 4
MOST_LABELS = 200
"""Fewer decide nothing, and more do not change what they decide while somebody waits."""

TUNED = (
    "motion.min_area_fraction",
    "motion.min_duration_s",
    "motion.min_displacement_fraction",
    "advanced.regions.min_coherence",
    "advanced.regions.max_speed_per_s",
    "advanced.light.change_ratio",
)
"""What can be tried on stored scores: limits that the judge alone reads."""


class Trial(BaseModel):
    """Values by key, tried on what a camera saw between two moments."""

    camera: Annotated[str, Field(max_length=200)]
    since: AwareDatetime
    until: AwareDatetime
    values: Annotated[dict[str, float], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it would be; `id` and `label` are those of the one in the journal that it is, if any."""

    kind: str
    start: str | None
    end: str | None
    peak_sigma: float | None
    opened_by: str
    id: str | None
    label: bool | None


@dataclass(frozen=True, slots=True)
class Tried:
    """Events that stay, that would come, and that would go.

    `looks` is how many stored looks were judged: at most five a second are kept, so that a beginning may
    differ by a fifth of a second from what was told live. `note` says why there was nothing to judge.
    """

    stay: list[Happened]
    come: list[Happened]
    go: list[Happened]
    looks: int
    note: str | None


class Suggested(BaseModel):
    """Values by key, empty where nothing better is known, for a `reason`; and the mistakes on the labels.

    `held_out` are those on labels that were set aside in turn, which the values have not seen.
    """

    values: dict[str, float] = {}
    reason: str | None = None
    labels: int = 0
    present: int | None = None
    proposed: int | None = None
    held_out_present: int | None = None
    held_out: int | None = None


@router.get("/keys")
def keys(site: SiteOf, person: Viewer, camera: str | None = None) -> dict[str, Any]:
    """Return what can be tried with the values of now."""
    settings = site.settings if camera is None else settings_of(site.settings, camera)
    return {key: value_at(settings, key) for key in TUNED}


@router.post("/try")
def try_values(given: Trial, site: SiteOf, person: Viewer) -> Tried:
    """Judge stored scores again, with the settings as they are and with other values."""
    if not person.may_see(given.camera):
        raise HTTPException(404, "There is no such camera.")
    if not timedelta() < given.until - given.since <= LONGEST:
        raise HTTPException(422, "`since` must lie before `until`, at most seven days.")
    if unknown := sorted(set(given.values) - set(TUNED)):
        raise HTTPException(
            422, f"{unknown[0]} cannot be tried on stored scores; these can: {', '.join(TUNED)}."
        )
    own = settings_of(site.settings, given.camera)
    try:
        tried = with_values(own, given.values)
    except SettingsError as error:
        raise HTTPException(422, " ".join(error.problems)) from error
    folder = site.folder / given.camera
    scores = list(read_kept(folder, given.since, given.until))
    if not scores:
        since = kept_since(folder)
        known = "none are kept of this camera" if since is None else f"the first are of {rfc3339(since)}"
        return Tried([], [], [], 0, f"There are no scores of then: {known}. retention.score_days keeps them.")
    before = judged(scores, judge_parameters(own), given.camera).events
    after = judged(scores, judge_parameters(tried), given.camera).events
    labels = _labels(site, given)
    stay = [one for one in after if any(_same(one, other) for other in before)]
    come = [one for one in after if one not in stay]
    go = [one for one in before if not any(_same(one, other) for other in after)]
    return Tried(
        stay=[_happened(one, labels) for one in stay],
        come=[_happened(one, labels) for one in come],
        go=[_happened(one, labels) for one in go],
        looks=len(scores),
        note=None,
    )


@router.post("/suggest")
def suggest(given: Trial, site: SiteOf, person: Viewer) -> Suggested:
    """Return the values that suit the labelled events of a camera best, by what was seen around each."""
    if not person.may_see(given.camera):
        raise HTTPException(404, "There is no such camera.")
    own = settings_of(site.settings, given.camera)
    wanted = Filter(sources=frozenset([given.camera]), since=given.since, until=given.until, label="any")
    found = list(islice(find_events(site.journal, wanted), MOST_LABELS))
    pairs = [pair for event in found if (pair := _around(site.folder / given.camera, event, own))]
    if len(pairs) < LEAST_LABELS:
        return Suggested(
            reason=f"There are {len(pairs)} labelled events with scores in that time, and {LEAST_LABELS} are "
            "needed: say of some events whether they were true or false alarms.",
            labels=len(pairs),
        )
    proposal = propose([one for one, _ in pairs], [one for _, one in pairs], own)
    return Suggested(
        values={key: value for key, value in proposal.changes.items() if key in TUNED},
        reason=proposal.reason,
        labels=proposal.labels,
        present=proposal.present.mistakes,
        proposed=proposal.proposed.mistakes,
        held_out_present=proposal.held_out_present.mistakes,
        held_out=proposal.held_out.mistakes,
    )


def _around(folder: Path, event: JournalEvent, settings: Settings) -> tuple[Scored, Labelled] | None:
    """Return what was seen around a labelled event as a recording of its own, None without scores."""
    begin = event.at - LEAD
    end = event.at + timedelta(seconds=_lasted_s(event.record)) + LEAD
    scores = [
        replace(one, time_s=(one.wall_time - begin).total_seconds(), index=number)
        for number, one in enumerate(read_kept(folder, begin, end))
        if one.wall_time is not None
    ]
    if not scores:
        return None
    lasts_s = (end - begin).total_seconds()
    label = Label(
        Says.TRUE if event.label else Says.FALSE,
        event.record["kind"],
        LEAD.total_seconds(),
        lasts_s - LEAD.total_seconds(),
    )
    scored = Scored(event.id, scores, len(scores), lasts_s, "", start_time=begin)
    return scored, Labelled(event.id, lasts_s, (label,))


def _same(one: Event, other: Event) -> bool:
    return (
        one.kind is other.kind
        and one.start_s <= (other.end_s or other.start_s)
        and other.start_s <= (one.end_s or one.start_s)
    )


def _labels(site: Site, given: Trial) -> list[tuple[str, str, datetime, datetime, bool | None]]:
    found = find_events(
        site.journal, Filter(sources=frozenset([given.camera]), since=given.since, until=given.until)
    )
    return [
        (e.id, e.record["kind"], e.at, e.at + timedelta(seconds=_lasted_s(e.record)), e.label) for e in found
    ]


def _lasted_s(record: Any) -> float:
    return 0.0 if record["end_s"] is None else float(record["end_s"] - record["start_s"])


def _happened(event: Event, labels: list[tuple[str, str, datetime, datetime, bool | None]]) -> Happened:
    start, end = event.start_time, event.end_time or event.start_time
    known = next(
        (
            (event_id, label)
            for event_id, kind, begins, ends, label in labels
            if start and end and kind == event.kind.value and begins <= end and start <= ends
        ),
        (None, None),
    )
    return Happened(
        kind=event.kind.value,
        start=rfc3339(start),
        end=rfc3339(end),
        peak_sigma=event.evidence.peak_sigma,
        opened_by=event.evidence.opened_by,
        id=known[0],
        label=known[1],
    )
