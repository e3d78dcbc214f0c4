"""`monitor report` on folders of ever more recordings: how its time, its memory and its page grow."""

import json
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.process import monitor
from benchmarks.results import Cell, table
from monitor.archive.manifest import NAME, Entry, State
from monitor.outputs.records import rfc3339

EVENTS = 3
"""Of each recording, an hour of a camera."""

_CAMERAS = 8
_BEGAN = datetime(2026, 3, 2, tzinfo=UTC)


def fill(out: Path, count: int) -> None:
    """Write what a scan of so many recordings leaves: the manifest, records, a picture of each event."""
    picture = cv2.imencode(".jpg", _picture())[1].tobytes()
    lines = []
    for number in range(count):
        camera, hour = f"camera{number % _CAMERAS}", number // _CAMERAS
        entry = Entry(
            id=f"{number:032x}",
            address=f"/archive/{camera}/{hour}.mp4",
            name=f"{hour}.mp4",
            state=State.DONE,
            settings="",
            folder=f"{camera}-{hour}",
            camera=camera,
            start_time=rfc3339(_BEGAN + timedelta(hours=hour)),
            start_time_from="name",
            duration_s=3600.0,
            scanned_s=3600.0,
            events={"motion": EVENTS},
        )
        lines.append(f"{entry.to_line()}\n")
        _write_records(out / f"{camera}-{hour}", picture)
    (out / NAME).write_text("".join(lines), encoding="utf-8")


def _picture() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    noise = np.random.default_rng(1).integers(0, 256, (45, 80, 3), np.uint8)
    return cv2.resize(noise, (1280, 720)).astype(np.uint8)


def _write_records(folder: Path, picture: bytes) -> None:
    (folder / "snapshots").mkdir(parents=True)
    events = [_event(folder.name, number) for number in range(EVENTS)]
    for event in events:
        (folder.parent / event["files"]["snapshot"]).write_bytes(picture)
    for name, records in (("events", events), ("near_misses", [{**events[0], "rule": "too_small"}])):
        text = "".join(f"{json.dumps(record)}\n" for record in records)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")


def _event(folder: str, number: int) -> dict[str, Any]:
    start_s = 900.0 * (number + 1)
    evidence = {"peak_sigma": 14.2, "area_fraction": 0.021, "displacement_fraction": 0.3, "coherence": 0.9}
    told = {"opened_by": "region 3: 1.27% of the frame (limit 0.08%)", "closed_by": "it left over the edge"}
    files = {"clip": None, "annotated": None, "snapshot": f"{folder}/snapshots/{number}.jpg", "scores": None}
    times = {"start_s": start_s, "end_s": start_s + 5.0, "start_time": None, "end_time": None}
    frames = {"start_frame": 1, "end_frame": 2, "peak_s": start_s}
    return {
        "schema": 1, "id": f"{folder}-{number}", "source": f"{folder}.mp4", "kind": "motion", **times,
        **frames,
        "zones": [], "box": [0.1, 0.2, 0.3, 0.4], "evidence": {**evidence, "kl_nats": None, **told},
        "files": files,
    }  # fmt: skip


def report(counts: Sequence[int]) -> str:
    """Return the table of folders with so many recordings each."""
    head = ("recordings", "events", "wall s", "CPU s", "CPU ms / recording", "peak MB", "page MB")
    about = f"`monitor report` as a whole process; {EVENTS} events with a picture for each recording.\n"
    return about + "\n" + table(head, [_row(count) for count in counts], digits=2)


def _row(count: int) -> Sequence[Cell]:
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), count)
        run = monitor("report", folder)
        page_mb = (Path(folder) / "report.html").stat().st_size / 1e6
    each_ms = run.cpu_s / count * 1e3
    return count, count * EVENTS, run.wall_s, run.cpu_s, each_ms, f"{run.peak_mb:.0f}", page_mb
