"""All that a scan found as one JSON document for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from monitor.archive.coverage import Coverage, Day, Seam, Span
from monitor.archive.report.contents import Camera, Contents
from monitor.archive.report.reading import File, Record
from monitor.outputs.records import rfc3339

SCHEMA: Final = 1
"""Version of the document; grows when a key changes its meaning."""


def json_text(contents: Contents) -> str:
    """Return the document: totals, cameras with their days and seams, files, events and near misses.

    Times are RFC 3339 in UTC, days are of the zone that is named; unknown is null.
    """
    document = {
        "schema": SCHEMA,
        "zone": contents.zone_name(),
        "totals": {
            "files": len(contents.files),
            "failed": len(contents.failed),
            "scanned_s": round(contents.scanned_s, 3),
            "events": contents.kinds,
            "near_misses": contents.rules,
        },
        "cameras": [_camera(camera) for camera in contents.cameras],
        "files": [_file(file) for file in contents.files],
        "events": [_with_file(f, e) for camera in contents.cameras for f, e in camera.events()],
        "near_misses": [_with_file(file, miss) for file in contents.files for miss in file.near_misses],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _camera(camera: Camera) -> dict[str, Any]:
    found = camera.coverage
    return {"name": camera.name, "files": len(camera.files)} | (_coverage(found) if found else {})


def _coverage(found: Coverage) -> dict[str, Any]:
    return {
        **_span(found.whole),
        "recorded_s": round(found.recorded_s, 3),
        "watched_s": round(found.watched_s, 3),
        "watched_fraction": round(found.watched_fraction, 6),
        "gaps": _seams(found.gaps),
        "overlaps": _seams(found.overlaps),
        "days": [_day(day) for day in found.days],
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "whole_s": day.whole_s,
        "expected_s": round(day.expected_s, 3),
        "recorded_s": round(day.recorded_s, 3),
        "watched_s": round(day.watched_s, 3),
        "watched_fraction": round(day.watched_fraction, 6),
    }


def _seams(seams: Iterable[Seam]) -> list[dict[str, Any]]:
    return [
        {**_span(seam.span), "before": seam.before, "after": seam.after, "is_sure": seam.is_sure}
        for seam in seams
    ]


def _span(span: Span) -> dict[str, Any]:
    return {"start_time": rfc3339(span.start), "end_time": rfc3339(span.end)}


def _file(file: File) -> dict[str, Any]:
    return {**asdict(file.entry), "contact_sheets": list(file.sheets), "results_lost": file.lost}


def _with_file(file: File, record: Record) -> dict[str, Any]:
    return {**record, "camera": file.camera, "address": file.entry.address}
