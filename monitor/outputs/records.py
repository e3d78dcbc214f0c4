"""Events and near misses as the JSON records that every output and channel shares (schema 1).

`*_s` count from the start of the source, `*_time` are RFC 3339 in UTC, boxes are x, y, width, height as
fractions of the frame, paths are relative to the output folder. Unknown is null. A clip in several files
(the camera's pictures changed their size or codec, or the disk was away) has its first in `files.clip`, and
`files.clip_parts` lists all of them in order; otherwise there is no such key.
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NotRequired, TypedDict

from monitor.analysis.scores import Box
from monitor.events.event import Event, Evidence, NearMiss
from monitor.outputs.files import EventFiles

SCHEMA: Final = 1
"""Version of the records; grows when a field changes its meaning."""

# A microsecond, and a millionth of the frame: finer than anything that is measured.
_DECIMALS = 6


class EvidenceRecord(TypedDict):
    """`Evidence` as JSON."""

    peak_sigma: float | None
    area_fraction: float | None
    displacement_fraction: float | None
    coherence: float | None
    kl_nats: float | None
    opened_by: str
    closed_by: str | None


ROLES: Final = ("clip", "annotated", "snapshot", "scores")
"""What an event's files are for; what a clip goes on in is `clip-2`, `clip-3` …"""


class FilesRecord(TypedDict):
    """`EventFiles` as JSON."""

    clip: str | None
    clip_parts: NotRequired[list[str]]
    annotated: str | None
    snapshot: str | None
    scores: str | None


class EventRecord(TypedDict):
    """An `Event` as JSON."""

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
    evidence: EvidenceRecord
    files: FilesRecord


class NearMissRecord(TypedDict):
    """A `NearMiss` as JSON."""

    schema: int
    source: str
    kind: str
    start_s: float
    end_s: float
    start_frame: int
    end_frame: int
    rule: str
    reason: str
    measured: float | None
    limit: float | None
    box: list[float] | None
    evidence: EvidenceRecord


def event_record(event: Event, files: EventFiles) -> EventRecord:
    """Return the record of an event with the files that were written for it."""
    return EventRecord(
        schema=SCHEMA,
        id=event.id,
        source=event.source,
        kind=event.kind.value,
        start_s=round(event.start_s, _DECIMALS),
        end_s=_number(event.end_s),
        start_time=rfc3339(event.start_time),
        end_time=rfc3339(event.end_time),
        start_frame=event.start_frame,
        end_frame=event.end_frame,
        peak_s=round(event.peak_s, _DECIMALS),
        zones=list(event.zones),
        box=_box(event.box),
        evidence=_evidence(event.evidence),
        files=_files(files),
    )


def files_by_role(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the path of every file that a `FilesRecord` names, by its role."""
    named = {role: str(record[role]) for role in ROLES if record.get(role) is not None}
    others = [part for part in record.get("clip_parts", ()) if part != record.get("clip")]
    return named | {f"clip-{number}": str(part) for number, part in enumerate(others, 2)}


def files_of_roles(named: Mapping[str, str]) -> FilesRecord:
    """Return the record of files that are named by their roles."""
    parts = sorted((role for role in named if role.startswith("clip-")), key=lambda role: int(role[5:]))
    whole = {role: named.get(role) for role in ROLES}
    return _files(EventFiles(**whole, more_clips=tuple(named[part] for part in parts)))


def _files(files: EventFiles) -> FilesRecord:
    record = FilesRecord(
        clip=files.clip, annotated=files.annotated, snapshot=files.snapshot, scores=files.scores
    )
    if files.more_clips:
        record["clip_parts"] = [part for part in (files.clip, *files.more_clips) if part is not None]
    return record


def near_miss_record(miss: NearMiss) -> NearMissRecord:
    """Return the record of a suppressed candidate."""
    return NearMissRecord(
        schema=SCHEMA,
        source=miss.source,
        kind=miss.kind.value,
        start_s=round(miss.start_s, _DECIMALS),
        end_s=round(miss.end_s, _DECIMALS),
        start_frame=miss.start_frame,
        end_frame=miss.end_frame,
        rule=miss.rule,
        reason=miss.reason,
        measured=_number(miss.measured),
        limit=_number(miss.limit),
        box=_box(miss.box),
        evidence=_evidence(miss.evidence),
    )


def json_line(record: Mapping[str, object]) -> str:
    """Return a record as one line of strict JSON, without the line's end."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def rfc3339(moment: datetime | None) -> str | None:
    """Return an aware `moment` in UTC to the millisecond, as 2026-11-21T03:05:12.480Z (RFC 3339)."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _evidence(evidence: Evidence) -> EvidenceRecord:
    return EvidenceRecord(
        peak_sigma=_number(evidence.peak_sigma),
        area_fraction=_number(evidence.area_fraction),
        displacement_fraction=_number(evidence.displacement_fraction),
        coherence=_number(evidence.coherence),
        kl_nats=_number(evidence.kl_nats),
        opened_by=evidence.opened_by,
        closed_by=evidence.closed_by,
    )


def _number(value: float | None) -> float | None:
    """JSON has no infinity: what is not finite is unknown."""
    return round(value, _DECIMALS) if value is not None and math.isfinite(value) else None


def _box(box: Box | None) -> list[float] | None:
    return None if box is None else [round(value, _DECIMALS) for value in box]
