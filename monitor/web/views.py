"""Events as the page gives them: record, what people say of them, and where their files are to be had."""

from dataclasses import dataclass
from datetime import datetime

from monitor.outputs.journal.queries import JournalEvent
from monitor.outputs.records import files_by_role
from monitor.web.site import Site


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Why an event is believed; null is "not measured"."""

    peak_sigma: float | None
    area_fraction: float | None
    displacement_fraction: float | None
    coherence: float | None
    kl_nats: float | None
    opened_by: str
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class EventView:
    """An event; `*_s` count from the start of its source, `box` is x, y, width, height as fractions.

    `at` is where it is sorted: its start, or where unknown when it was written down. `files` gives the
    address of each file by its role; they are only to be had where `is_here`, at the page of `node`
    otherwise.
    """

    schema: int
    id: str
    source: str
    kind: str
    start_s: float
    end_s: float | None
    start_time: str | None
    end_time: str | None
    start_frame: int
    end_frame: int | None
    peak_s: float
    zones: list[str]
    box: list[float] | None
    evidence: EvidenceView
    at: datetime
    node: str
    is_here: bool
    is_open: bool
    label: bool | None
    note: str | None
    kept: bool
    files: dict[str, str]


def view_of(event: JournalEvent, site: Site) -> EventView:
    """Return an event as the page gives it."""
    record = event.record
    roles = files_by_role(record["files"])
    return EventView(
        schema=record["schema"],
        id=event.id,
        source=record["source"],
        kind=record["kind"],
        start_s=record["start_s"],
        end_s=record["end_s"],
        start_time=record["start_time"],
        end_time=record["end_time"],
        start_frame=record["start_frame"],
        end_frame=record["end_frame"],
        peak_s=record["peak_s"],
        zones=record["zones"],
        box=record["box"],
        evidence=EvidenceView(**record["evidence"]),
        at=event.at,
        node=event.node,
        is_here=event.node == site.node,
        is_open=event.is_open,
        label=event.label,
        note=event.note,
        kept=event.kept,
        files={role: f"/api/events/{event.id}/files/{role}" for role in roles},
    )
