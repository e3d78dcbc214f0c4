"""A generated recording through the whole program, and what was found beside what truly happens in it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from monitor.capture.scene.truth import TruthEvent
from monitor.outputs.layout import claim_folder
from monitor.outputs.records import EventRecord, NearMissRecord

TOLERANCE_S = 1.0
"""An event belongs to what truly happens if it begins within it, give or take a second: eyes that label
recordings are no surer."""

QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Where the recording and its results are, and what truly happens in it."""

    folder: Path
    recording: Path
    truth: tuple[TruthEvent, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that truly happens with the events that tell of it, or a quiet span with its false alarms."""

    truth: TruthEvent
    events: tuple[EventRecord, ...]

    @property
    def is_right(self) -> bool:
        """Whether it was found or, where it is quiet, nothing was."""
        return bool(self.events) != (self.truth.kind == QUIET)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found, what was found that never happened (also in quiet spans), and what was suppressed."""

    findings: tuple[Finding, ...]
    false_events: tuple[EventRecord, ...]
    near_misses: tuple[NearMissRecord, ...]

    @property
    def is_perfect(self) -> bool:
        """Whether everything was found and nothing false."""
        return not self.false_events and all(finding.is_right for finding in self.findings)


def make_recording(out: Path, duration_s: float) -> Demonstration:
    """Write the demonstration as an encoded video into a new folder: `out`, `out`-2 ….

    Takes about half as long as the recording. Raises `OutputError`.
    """
    from monitor.capture.scene.encode import write_video
    from monitor.capture.scene.library import SCENES

    folder = claim_folder(out.parent, out.name)
    scene = replace(SCENES["demo"](), duration_s=duration_s)
    recording = folder / "demo.mp4"
    write_video(scene, recording)
    return Demonstration(folder, recording, scene.truth())


def read_comparison(truth: Sequence[TruthEvent], results: Path) -> Comparison:
    """Compare the truth with the records in a folder that a scan wrote."""
    return compare(truth, _records(results / "events.jsonl"), _records(results / "near_misses.jsonl"))


def compare(
    truth: Iterable[TruthEvent], events: Sequence[EventRecord], near_misses: Sequence[NearMissRecord]
) -> Comparison:
    """Give each event to what truly happens at its start; what is left over is false."""
    truth = tuple(truth)
    false_events = tuple(e for e in events if not any(_tells_of(e, true) for true in truth))
    findings = tuple(_finding(true, events, false_events) for true in truth)
    return Comparison(findings, false_events, tuple(near_misses))


def _finding(true: TruthEvent, events: Iterable[EventRecord], false_events: Iterable[EventRecord]) -> Finding:
    if true.kind == QUIET:
        return Finding(true, tuple(e for e in false_events if true.start_s <= e["start_s"] <= true.end_s))
    return Finding(true, tuple(e for e in events if _tells_of(e, true)))


def _tells_of(event: EventRecord, true: TruthEvent) -> bool:
    in_time = true.start_s - TOLERANCE_S <= event["start_s"] <= true.end_s + TOLERANCE_S
    return event["kind"] == true.kind and in_time


def _records(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
