"""`monitor scan` called again: it goes on where it was, and repeats nothing, however it ended before."""

import json
import shutil
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.lock import FolderLock
from monitor.archive.manifest import NAME, read
from tests.archive.jobs import Fragile
from tests.cli.process import Result, run, start
from tests.cli.recordings import crossing, record

pytestmark = pytest.mark.usefixtures("here")

BARE = (
    "--no-annotate", "--no-clips", "--set", "outputs.snapshots=false", "--set", "outputs.contact_sheet=false",
)  # fmt: skip
NAMES = ("a", "b", "c")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three recordings of one crossing each, of different lengths."""
    folder = tmp_path_factory.mktemp("archive")
    for number, name in enumerate(NAMES):
        record(folder / f"{name}.mp4", crossing()[number:])
    return folder


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def sources(text: str) -> Counter[str]:
    return Counter(json.loads(line)["source"] for line in text.splitlines())


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def resumed(archive: Path, *more: object) -> Result:
    """Scan all once more, and see that everything is there once."""
    result = run("scan", archive, "--out", "found", "--json", "all.jsonl", *BARE, *more)
    assert result.code == 0
    assert sorted(path.name for path in Path("found").iterdir() if path.is_dir()) == list(NAMES)
    assert not list(Path("found").rglob(".unfinished"))
    assert sorted(line["folder"] for line in records(Path("found", NAME))) == list(NAMES)
    assert [record["source"] for record in records(Path("all.jsonl"))] == [f"{n}.mp4" for n in NAMES]
    return result


def test_killed_within_a_recording_it_begins_it_anew() -> None:
    record(Path("long.mp4"), crossing() * 8)
    command = ("scan", "long.mp4", "--out", "found", *BARE)
    process = start(*command, "--json", "-")
    assert process.stdout is not None
    process.stdout.readline()  # the first event, long before the last
    kill(process)
    assert Path("found/long/.unfinished").exists()
    assert not Path("found", NAME).exists()
    assert sources(run(*command, "--json", "-").out) == {"long.mp4": 8}
    assert [entry.folder for entry in read(Path("found"))] == ["long"]
    assert not list(Path("found").rglob(".unfinished"))


@pytest.mark.parametrize("finished", [1, 2])
def test_killed_between_it_repeats_nothing(archive: Path, finished: int) -> None:
    process = start("scan", archive, "--out", "found", "--jobs", 1, "--json", "all.jsonl", *BARE)
    assert process.stderr is not None
    for _ in range(finished):
        process.stderr.readline()
    kill(process)
    kept = {entry.folder: entry for entry in read(Path("found"))}
    assert len(kept) >= finished
    ids = {name: Path("found", str(name), "events.jsonl").read_bytes() for name in kept}
    result = resumed(archive)
    assert f"{3 - len(kept)} of 3 inputs scanned, 0 with failures, {len(kept)} scanned before" in result.err
    assert ids == {name: Path("found", str(name), "events.jsonl").read_bytes() for name in kept}


def test_killed_it_leaves_no_process_behind(archive: Path) -> None:
    process = start("scan", archive, "--out", "found", "--jobs", 2, "--json", "-", *BARE)
    assert process.stdout is not None
    process.stdout.readline()
    kill(process)
    with FolderLock(Path("found")):  # its processes held the folder too
        pass


@pytest.mark.usefixtures("within")
def test_a_second_call_says_what_was_found_without_a_scan(archive: Path) -> None:
    first = run("scan", archive, "--out", "found", "--json", "-", *BARE)
    second = run("scan", archive, "--out", "found", "--json", "-", *BARE)
    assert sources(first.out) == sources(second.out) == {f"{name}.mp4": 1 for name in NAMES}
    assert "3 inputs were scanned before and have not changed: a.mp4, b.mp4, c.mp4" in second.err
    assert (first.code, second.code) == (0, 0)


@pytest.mark.usefixtures("within")
def test_one_recording_that_was_scanned_before_is_told_in_a_line(crossing_video: Path) -> None:
    run("scan", crossing_video, *BARE)
    result = run("scan", crossing_video, *BARE)
    assert result.err.startswith("yard.mp4: 1 event (1 motion)")
    assert "→ recordings/yard: scanned before\n" in result.err


@pytest.mark.usefixtures("within")
def test_a_copy_is_not_scanned_twice(crossing_video: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        shutil.copy(crossing_video, name)
    result = run("scan", "one.mp4", "two.mp4", "--out", "found", "--json", "-", *BARE)
    assert "two.mp4 holds the same as one.mp4: not scanned twice" in result.err
    assert sources(result.out) == {"one.mp4": 1}


@pytest.mark.usefixtures("within")
def test_other_settings_are_told_and_used_when_asked(crossing_video: Path) -> None:
    other = ("--set", "motion.min_duration_s=50")
    run("scan", crossing_video, *BARE)
    told = run("scan", crossing_video, *BARE, *other)
    assert "1 of 1 input was scanned with other settings and left as found: yard.mp4" in told.said
    assert "--again scans anew" in told.said
    assert "yard.mp4: 0 events" in run("scan", crossing_video, *BARE, *other, "--again").err


def test_a_recording_that_crashes_its_decoder_is_one_failed_line(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.archive.engine.Task", Fragile)
    shutil.copytree(archive, "all")
    shutil.copy("all/b.mp4", "all/bad.mp4")
    with Path("all/bad.mp4").open("ab") as file:
        file.write(b"other content")
    result = run("scan", "all", "--out", "found", *BARE)
    assert result.code == 3
    assert "bad.mp4 crashed its decoder (SIGSEGV)" in result.err
    assert "4 of 4 inputs scanned, 1 with failures" in result.err
    assert Counter(entry.state.value for entry in read(Path("found"))) == {"done": 3, "failed": 1}


def test_what_crashed_is_not_tried_again_unasked(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.archive.engine.Task", Fragile)
    shutil.copy(archive / "a.mp4", "bad.mp4")
    first, second = (run("scan", "bad.mp4", *BARE) for _ in range(2))
    assert (first.code, second.code) == (3, 3)
    assert first.err.strip() in second.err
    assert "--again tries it anew" in second.err


def test_two_scans_at_once_into_one_folder_are_refused(crossing_video: Path) -> None:
    with FolderLock(Path("found")):
        result = run("scan", crossing_video, "--out", "found", *BARE)
    assert result.code == 2
    assert "found is being written to by another scan (process " in result.err
    assert not Path("found/yard").exists()


def test_scores_that_a_killed_scan_began_are_no_obstacle(archive: Path) -> None:
    command = ("scan", archive, "--out", "found", "--jobs", 1, "--scores", "s.csv", *BARE)
    process = start(*command)
    assert process.stderr is not None
    process.stderr.readline()
    kill(process)
    assert run(*command).code == 0
    assert sorted(path.name for path in Path().glob("*.csv")) == [f"s-{name}.csv" for name in NAMES]
    assert "3 inputs were scanned before" in run(*command).err


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize("jobs", ["-1", "many", "257"])
def test_a_number_of_jobs_that_makes_no_sense_is_told(crossing_video: Path, jobs: str) -> None:
    result = run("scan", crossing_video, "--jobs", jobs)
    assert result.code == 2
    assert "--jobs" in result.said
