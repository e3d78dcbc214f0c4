"""`monitor watch` as a process: a recording for trying, several cameras, crashes, reload, and the end."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.process import run, spawn, start

WAIT_S = 120.0
"""Longest wait for what takes a second or two on an idle machine: other tests run beside these."""


def await_(what: Callable[[], bool]) -> None:
    until_s = time.monotonic() + WAIT_S
    while not what():
        assert time.monotonic() < until_s
        time.sleep(0.05)


def records(out: Path, name: str) -> list[dict[str, object]]:
    file = out / name / "events.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def children_of(process: subprocess.Popen[str]) -> list[int]:
    tasks = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


@pytest.fixture
def long_video(tmp_path: Path, crossing_video: Path) -> Path:
    """The crossing four times over: enough for a test to do things in the meantime."""
    again, names = tmp_path / "again.mp4", tmp_path / "names.txt"
    names.write_text(f"file '{crossing_video}'\n" * 4)
    command = ["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", str(names), "-c", "copy"]
    try:
        subprocess.run([*command, str(again)], check=True)
    except FileNotFoundError:
        pytest.skip("ffmpeg is not installed")
    return again


@pytest.fixture
def two(tmp_path: Path, long_video: Path) -> Path:
    """A settings file with two cameras."""
    cameras = {name: {"address": str(long_video), "kind": "file"} for name in ("drive", "yard")}
    file = tmp_path / "two.yaml"
    file.write_text(json.dumps({"cameras": cameras}))
    return file


@pytest.fixture
def watching(tmp_path: Path, two: Path) -> Iterator[subprocess.Popen[str]]:
    process = start("watch", "--config", two, "--out", tmp_path / "out", "--log-level", "info")
    try:
        await_(lambda: len(children_of(process)) == 2)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_recording_is_watched_at_its_own_pace_with_events_clips_and_pictures(
    tmp_path: Path, crossing_video: Path
) -> None:
    out = tmp_path / "out"
    result = spawn("watch", crossing_video, "--out", out, "--json")
    assert (result.code, result.err.count("Traceback")) == (0, 0)
    told = [json.loads(line) for line in result.out.splitlines()]
    assert [(each["phase"], each["kind"]) for each in told] == [("opened", "motion"), ("closed", "motion")]
    (record,) = records(out, crossing_video.stem)
    files = record["files"]
    assert isinstance(files, dict)
    assert all((out / files[role]).stat().st_size > 0 for role in ("clip", "snapshot"))
    assert not list(out.rglob("*.part.*"))


def test_a_walk_test_tells_what_is_seen_and_records_nothing(tmp_path: Path, two: Path) -> None:
    out = tmp_path / "out"
    process = start("watch", "--config", two, "--walk-test", "--json", "--out", out)
    assert process.stdout is not None
    cameras, counted = set(), False
    try:
        for line in process.stdout:
            if (walk := json.loads(line).get("walk")) is not None:
                cameras.add(walk["camera"])
                counted |= any(seen["counts"] for seen in walk["seen"])
            if len(cameras) == 2 and counted:
                break
    finally:
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=WAIT_S)
    assert (cameras, counted, said.count("Traceback")) == ({"drive", "yard"}, True, 0)
    # What is left is how the cameras were doing, for the page, and a journal in which there is nothing.
    kept = {path.name for path in out.rglob("*") if path.is_file()}
    assert kept <= {"status.json", "journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"}
    with closing(sqlite3.connect(out / "journal.sqlite")) as journal:
        counts = [
            journal.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("events", "coverage")
        ]
    assert counts == [(0,), (0,)]


def test_a_crash_of_one_camera_costs_the_other_nothing(
    watching: subprocess.Popen[str], tmp_path: Path
) -> None:
    before = children_of(watching)
    await_(lambda: (tmp_path / "out" / "journal.sqlite").exists())
    os.kill(before[0], signal.SIGSEGV)
    await_(lambda: len(set(children_of(watching)) - set(before)) == 1)
    assert before[1] in children_of(watching)


def test_reading_the_settings_anew_leaves_the_camera_that_stayed_alone(
    watching: subprocess.Popen[str], two: Path, tmp_path: Path
) -> None:
    before = children_of(watching)
    await_(lambda: len(list((tmp_path / "out").glob("*/events.jsonl"))) == 2)
    settings = json.loads(two.read_text())
    settings["cameras"]["yard"]["motion"] = {"k_sigma": 5.0}
    two.write_text(json.dumps(settings))
    watching.send_signal(signal.SIGHUP)
    await_(lambda: set(children_of(watching)) != set(before) and len(children_of(watching)) == 2)
    assert len(set(children_of(watching)) & set(before)) == 1


def test_settings_that_are_wrong_change_nothing(
    watching: subprocess.Popen[str], two: Path, tmp_path: Path
) -> None:
    before = children_of(watching)
    await_(lambda: len(list((tmp_path / "out").glob("*/events.jsonl"))) == 2)
    two.write_text("cameras: {drive: 3}")
    watching.send_signal(signal.SIGHUP)
    assert watching.stderr is not None
    assert any("The settings stay as they were" in line for line in watching.stderr)
    assert sorted(children_of(watching)) == sorted(before)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_the_end_completes_the_clips(
    watching: subprocess.Popen[str], tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "out"
    await_(lambda: len(list(out.rglob("clips/*/.*.part.mp4"))) == 2)
    watching.send_signal(number)
    watching.communicate(timeout=WAIT_S)
    assert watching.returncode == code
    assert not list(out.rglob("*.part.*"))
    assert len(list(out.rglob("clips/*/*.mp4"))) == 2
    told = [record for name in ("drive", "yard") for record in records(out, name)]
    assert len(told) == 2
    assert all(record["files"]["clip"] for record in told)  # type: ignore[index]


def test_a_program_that_is_killed_leaves_no_camera_behind(watching: subprocess.Popen[str]) -> None:
    before = children_of(watching)
    assert len(before) == 2
    watching.kill()
    watching.wait()
    await_(lambda: not any(Path(f"/proc/{pid}/fd").exists() and _lives(pid) for pid in before))


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_a_camera_it_is_told_how_to_name_one() -> None:
    result = run("watch")
    assert result.code == 2
    assert "There is no camera to watch; name one" in result.said


def test_what_is_no_camera_is_told_without_its_secrets() -> None:
    result = run("watch", "ftp://me:geheim@host/")
    assert result.code == 2
    assert "is no camera" in result.said
    assert "geheim" not in result.said


def test_a_recording_that_is_none_ends_with_a_sentence(tmp_path: Path) -> None:
    text = tmp_path / "note.mp4"
    text.write_text("no video")
    result = spawn("watch", text, "--out", tmp_path / "out")
    assert result.code == 3
    assert "Traceback" not in result.err
