"""What was found in a video or a live source as plain values, for JSON and as a table."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any

from monitor.comparing.faults import Fault, Faulty
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.record import box_record, finite, measures_record
from monitor.comparing.spans import Row, Span
from monitor.comparing.videos import VideoComparison
from monitor.outputs.table import csv_line

_MS = 3
COLUMNS = ("time_s", "frame_a", "frame_b", "different", "boxes", *MEANINGS)
"""The header of the table of frames; `boxes` is their number."""


def video_record(found: VideoComparison) -> dict[str, Any]:
    """Return all that is told of two videos. `measures` are means over all pairs of pictures."""
    return {
        "different": found.different,
        "offset_s": round(found.offset_s, _MS),
        "compared": len(found.rows),
        **frames_record(found.rows, found.spans),
        **{kind.value: [_fault(fault) for fault in found.faults if fault.kind is kind] for kind in Fault},
        "limits_passed": sorted(found.limits_passed),
        "notes": found.notes,
    }


def frames_record(rows: Sequence[Row], spans: Iterable[Span]) -> dict[str, Any]:
    """Return the spans that differ, the mean of each measure, and every picture with its measures."""
    return {
        "spans": [span_record(span) for span in spans],
        "measures": mean_measures(rows),
        "frames": [_row(row) for row in rows],
    }


def span_record(span: Span) -> dict[str, Any]:
    """Return a span; its boxes are those of the moment that differs most."""
    return {
        "start_s": round(span.start_s, _MS),
        "end_s": round(span.end_s, _MS),
        "frames": span.frames,
        "peak_s": round(span.peak_s, _MS),
        "boxes": [box_record(box) for box in span.boxes],
        "why": span.said,
    }


def mean_measures(rows: Sequence[Row]) -> dict[str, float | None]:
    """Return the mean of each measure over the pictures that have it, None where none has."""
    means = {}
    for name in MEANINGS:
        values = [value for row in rows if (value := finite(row.measures.value(name))) is not None]
        means[name] = fmean(values) if values else None
    return means


def frames_csv(rows: Iterable[Row]) -> str:
    """Return one line for each pair of pictures under `COLUMNS`; unknown is empty."""
    lines = [csv_line(COLUMNS)]
    for row in rows:
        measures = measures_record(row.measures)
        times = (round(row.time_s, _MS), row.frame_a, row.frame_b, int(row.different), len(row.boxes))
        lines.append(csv_line((*times, *(measures[name] for name in MEANINGS))))
    return "\n".join(lines) + "\n"


def _row(row: Row) -> dict[str, Any]:
    return {
        "time_s": round(row.time_s, _MS),
        "frame_a": row.frame_a,
        "frame_b": row.frame_b,
        "different": row.different,
        "boxes": [box_record(box) for box in row.boxes],
        "measures": measures_record(row.measures),
    }


def _fault(fault: Faulty) -> dict[str, Any]:
    return {"in": fault.side.upper(), "frame": fault.frame, "time_s": round(fault.time_s, _MS)}
