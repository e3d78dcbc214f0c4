"""Folders as scans leave them, without a scan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from monitor.archive.manifest import Entry, Manifest, State
from monitor.outputs.records import rfc3339


def event(start_s: float = 10.0, end_s: float | None = 14.5, **others: Any) -> dict[str, Any]:
    """Return the record of an event, without times and without files unless they are given."""
    evidence = {
        "peak_sigma": 14.2,
        "area_fraction": 0.021,
        "displacement_fraction": None,
        "coherence": 0.91,
        "kl_nats": None,
        "opened_by": "region 3: 1.27% of the frame (limit 0.08%)",
        "closed_by": "it left over the edge",
    }
    files = {"clip": None, "annotated": None, "snapshot": None, "scores": None, **others.pop("files", {})}
    return {
        "schema": 1,
        "id": f"id-{start_s}",
        "source": "x.mp4",
        "kind": "motion",
        "start_s": start_s,
        "end_s": end_s,
        "start_time": None,
        "end_time": None,
        "start_frame": 1,
        "end_frame": 2,
        "peak_s": start_s,
        "zones": [],
        "box": [0.1, 0.2, 0.3, 0.4],
        "evidence": evidence,
        "files": files,
        **others,
    }


def miss(rule: str = "too small") -> dict[str, Any]:
    """Return the record of a near miss."""
    return {**event(3.0, 4.0), "rule": rule, "reason": "it was"}


@dataclass
class Scanned:
    """One recording that was scanned: an hour of a camera."""

    start: datetime | None
    camera: str = "gate"
    name: str = "x.mp4"
    events: Sequence[dict[str, Any]] = ()
    near_misses: Sequence[dict[str, Any]] = ()
    length_s: float = 3600.0
    scanned_s: float | None = None
    state: State = State.DONE
    error: str | None = None
    problems: tuple[str, ...] = ()
    origin: str | None = "name"


def scanned(out: Path, *recordings: Scanned) -> Path:
    """Write the manifest and the records of a scan into a folder and return it."""
    out.mkdir(exist_ok=True)
    with Manifest(out) as manifest:
        for number, one in enumerate(recordings):
            folder = out / f"{number}"
            (folder / "snapshots").mkdir(parents=True, exist_ok=True)
            for name, records in (("events", one.events), ("near_misses", one.near_misses)):
                lines = "".join(f"{json.dumps(record)}\n" for record in records)
                (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
            manifest.add(
                Entry(
                    id=f"{number}",
                    address=f"/archive/{one.camera}/{one.name}",
                    name=one.name,
                    state=one.state,
                    settings="",
                    folder=folder.name,
                    camera=one.camera,
                    start_time=rfc3339(one.start),
                    start_time_from=one.origin if one.start else None,
                    duration_s=one.length_s,
                    scanned_s=one.length_s if one.scanned_s is None else one.scanned_s,
                    problems=one.problems,
                    error=one.error,
                )
            )
    return out


def hours(start: datetime, count: int, **others: Any) -> list[Scanned]:
    """Return so many recordings of an hour, one after the other."""
    return [Scanned(start + timedelta(hours=hour), **others) for hour in range(count)]


def picture(path: Path, width: int = 320, height: int = 180) -> None:
    """Write a JPEG with something in it."""
    image = np.full((height, width, 3), 90, np.uint8)
    cv2.rectangle(image, (width // 4, height // 4), (width // 2, height // 2), (40, 200, 240), -1)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), image)
