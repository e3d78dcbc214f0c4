"""What is labelled of the real recordings, in seconds."""

import csv
from pathlib import Path

import av

from benchmarks.triage.compare import Found


def labelled(path: Path) -> list[Found]:
    """Return what happens in a recording by the `truth.csv` beside it, without what must not alarm."""
    table = path.with_name("truth.csv")
    if not table.exists():
        return []
    with table.open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["file"] == path.name and row["kind"] != "quiet"]
    if not rows:
        return []
    shown_s = _shown_s(path)
    return [
        Found(row["kind"], shown_s[int(row["start_frame"])], shown_s[int(row["end_frame"])]) for row in rows
    ]


def _shown_s(path: Path) -> list[float]:
    """Return when each frame is shown."""
    with av.open(str(path)) as container:
        times_s = [frame.time or 0.0 for frame in container.decode(video=0)]
    return [time_s - times_s[0] for time_s in times_s]
