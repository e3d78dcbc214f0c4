"""`monitor scan` of one recording by several processes: all that it writes is as by one."""

import csv
import json
import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.executor import Report
from monitor.archive.manifest import Entry, read
from monitor.archive.shards.jobs import PartJob
from monitor.archive.shards.measured import Measured
from tests.cli.process import run
from tests.cli.recordings import crossing, frame_count, record

CUT = ("--no-annotate", "--set", "advanced.background.learning_s=1")
"""What is learnt in a second needs two to warm up, and 12 s are long enough to be cut."""


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four crossings in 24 s."""
    return record(tmp_path_factory.mktemp("long") / "long.mp4", crossing() * 4)


@dataclass(frozen=True)
class Written:
    """What a scan wrote of one recording, without what is never twice the same."""

    entry: Entry
    events: list[dict[str, Any]]
    times: list[tuple[int, float]]
    clips: list[int]
    snapshots: int


@pytest.fixture(scope="module")
def written(long_video: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Written]:
    """What one process writes, and three."""
    return {jobs: scanned(long_video, tmp_path_factory.mktemp("out"), jobs) for jobs in (1, 3)}


def scanned(video: Path, out: Path, jobs: int) -> Written:
    result = run("scan", video, "--out", out / "found", "--jobs", jobs, "--scores", out / "s.csv", *CUT)
    assert result.code == 0
    (entry,) = read(out / "found")
    folder = out / "found" / "long"
    with (out / "s.csv").open(encoding="utf-8") as file:
        times = [(int(row["index"]), float(row["time_s"])) for row in csv.DictReader(file)]
    clips = sorted(folder.glob("clips/*.mp4"))
    return Written(
        replace(entry, took_s=0.0, scores=None),
        [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()],
        times,
        [frame_count(clip) for clip in clips],
        len(list(folder.glob("snapshots/*.jpg"))),
    )


def test_the_manifest_tells_the_same(written: dict[int, Written]) -> None:
    assert written[3].entry == written[1].entry
    assert written[3].entry.events == {"motion": 4}
    assert written[3].entry.frames == 600


def test_events_have_the_same_times_and_files(written: dict[int, Written]) -> None:
    for one, other in zip(written[3].events, written[1].events, strict=True):
        for key in ("start_s", "end_s", "peak_s"):
            assert one[key] == pytest.approx(other[key], abs=0.2)
        assert one["start_time"][:19] == other["start_time"][:19]
        assert {kind: bool(path) for kind, path in one["files"].items()} == {
            kind: bool(path) for kind, path in other["files"].items()
        }


def test_every_event_has_its_clip_and_its_picture(written: dict[int, Written]) -> None:
    assert written[3].clips == written[1].clips
    assert written[3].snapshots == written[1].snapshots == 4


def test_scores_are_of_the_same_frames(written: dict[int, Written]) -> None:
    assert written[3].times == written[1].times


@dataclass(frozen=True, slots=True)
class Crashing(PartJob):
    """A part whose decoder crashes, unless it is the first."""

    def run(self, report: Report) -> Measured | None:
        if self.number:
            os.kill(os.getpid(), signal.SIGSEGV)
        return PartJob.run(self, report)


@pytest.mark.usefixtures("here")
def test_where_a_part_crashes_the_whole_is_scanned(long_video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.archive.shards.cuttask.PartJob", Crashing)
    result = run("scan", long_video, "--out", "found", "--jobs", 2, "--log-level", "info", *CUT)
    assert result.code == 0
    assert "long.mp4 is scanned as a whole: long.mp4 crashed its decoder (SIGSEGV)" in result.said
    (entry,) = read(Path("found"))
    assert entry.events == {"motion": 4}
