"""A disk that is full, read-only or gone stops recording once and lets it resume."""

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.outputs.diskguard import CHECK_S, DiskGuard
from monitor.outputs.notice import Notice, NoticeKind
from monitor.outputs.recording.leftovers import settle_leftovers
from monitor.outputs.recording.parts import Parts
from tests.outputs.recording.coded import RATE_HZ, coded, shown
from tests.outputs.scene import names_in

STOPPED, RESUMED = NoticeKind.RECORDING_STOPPED, NoticeKind.RECORDING_RESUMED


def kinds(notices: list[Notice]) -> list[NoticeKind]:
    return [notice.kind for notice in notices]


def mount(*arguments: str) -> bool:
    command = shutil.which("mount")
    if command is None or os.geteuid() != 0:
        return False
    return subprocess.run([command, *arguments], capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)):
        pytest.skip("needs the right to mount a file system")
    yield folder
    unmount(folder)


def fill(disk: Path, spare_bytes: int) -> Path:
    """Leave so much room on the disk."""
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - spare_bytes))
    return filler


def record(parts: Parts, begin: int, end: int) -> None:
    for picture in coded("Motion JPEG")[begin:end]:
        parts.write([picture])


@pytest.mark.parametrize("name", ["H.264", "Motion JPEG"])
def test_a_full_disk_stops_recording_once_and_what_was_recorded_plays(
    name: str,
    disk: Path,
    clock: SimulatedClock,
    notices: list[Notice],
    caplog: pytest.LogCaptureFixture,
) -> None:
    guard = DiskGuard(disk, clock, notices.append, min_free_bytes=0)
    fill(disk, 60_000)
    parts = Parts(disk / "clip.mp4", guard)
    for _ in range(20):
        for picture in coded(name):
            parts.write([picture])
    paths = parts.complete()
    assert kinds(notices) == [STOPPED]
    assert "No space left on device" in notices[0].message
    assert len(caplog.records) == 1
    assert names_in(disk) == {"filler", *(path.name for path in paths)}
    for path in paths:
        assert "incomplete" in path.name
        numbers, _ = shown(path)
        assert numbers[:RATE_HZ] == list(range(RATE_HZ))


def test_recording_resumes_when_there_is_room_again(
    disk: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    guard = DiskGuard(disk, clock, notices.append, min_free_bytes=0)
    filler = fill(disk, 60_000)
    parts = Parts(disk / "clip.mp4", guard)
    record(parts, 0, 60)
    clock.advance(CHECK_S)
    record(parts, 60, 70)
    assert kinds(notices) == [STOPPED]
    filler.unlink()
    record(parts, 70, 80)
    clock.advance(CHECK_S)
    record(parts, 80, 100)
    paths = parts.complete()
    assert kinds(notices) == [STOPPED, RESUMED]
    assert [path.name for path in paths] == ["clip.incomplete.mkv", "clip-2.incomplete.mkv"]
    assert shown(paths[0])[0][:10] == list(range(10))
    assert shown(paths[1])[0] == list(range(80, 100))


def test_a_disk_that_becomes_read_only_stops_recording_and_its_file_is_settled_later(
    disk: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    guard = DiskGuard(disk, clock, notices.append, min_free_bytes=0)
    # A file that is open for writing keeps a disk from becoming read-only: so it does before the next file.
    parts = Parts(disk / "clip.mp4", guard)
    record(parts, 0, 30)
    parts.complete()
    assert mount("-o", "remount,ro", str(disk))
    again = Parts(disk / "again.mp4", guard)
    record(again, 0, 30)
    assert again.complete() == ()
    assert kinds(notices) == [STOPPED]
    assert "Read-only file system" in notices[0].message
    clock.advance(CHECK_S)
    assert not guard.may_write()
    assert mount("-o", "remount,rw", str(disk))
    clock.advance(CHECK_S)
    assert guard.may_write()
    assert kinds(notices) == [STOPPED, RESUMED]
    assert settle_leftovers(disk) == []
    assert names_in(disk) == {"clip.mkv"}


def test_a_disk_that_refuses_all_in_the_middle_of_a_clip_leaves_what_is_settled_once_it_is_back(
    tmp_path: Path, guard: DiskGuard, notices: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    record(parts, 0, 60)

    def refuse(*arguments: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as read_only:
        read_only.setattr(os, "fsync", refuse)
        read_only.setattr(os, "truncate", refuse)
        read_only.setattr(Path, "rename", refuse)
        record(parts, 60, 100)
        assert parts.complete() == ()
        assert kinds(notices) == [STOPPED]
        assert settle_leftovers(tmp_path) == []
    assert names_in(tmp_path) == {".clip.part.mkv"}
    (kept,) = settle_leftovers(tmp_path)
    assert kept.name == "clip.incomplete.mkv"
    assert shown(kept)[0][:60] == list(range(60))


def test_an_unmounted_disk_stops_recording_and_the_disk_beneath_is_not_filled(
    disk: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    guard = DiskGuard(disk / "recordings", clock, notices.append, min_free_bytes=0)
    assert guard.may_write()
    unmount(disk)
    clock.advance(CHECK_S)
    parts = Parts(disk / "recordings" / "clip.mp4", guard)
    record(parts, 0, 30)
    assert parts.complete() == ()
    assert names_in(disk) == set()
    assert f"the disk at {disk} is not mounted" in notices[0].message
    assert mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk))
    clock.advance(CHECK_S)
    record(parts, 30, 60)
    assert kinds(notices) == [STOPPED, RESUMED]
    assert [path.name for path in parts.complete()] == ["clip.incomplete.mkv"]


def test_a_folder_that_was_removed_is_made_anew(
    tmp_path: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    guard = DiskGuard(tmp_path / "a" / "b", clock, notices.append, min_free_bytes=0)
    assert guard.may_write()
    shutil.rmtree(tmp_path / "a")
    clock.advance(CHECK_S)
    assert guard.may_write()
    assert (tmp_path / "a" / "b").is_dir()


def test_recording_stops_before_the_last_room_is_used(
    tmp_path: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    more_than_there_is = shutil.disk_usage(tmp_path).total + 1
    guard = DiskGuard(tmp_path, clock, notices.append, min_free_bytes=more_than_there_is)
    parts = Parts(tmp_path / "clip.mp4", guard)
    record(parts, 0, 30)
    assert parts.complete() == ()
    assert kinds(notices) == [STOPPED]
    assert "MB are free, fewer than" in notices[0].message
    assert names_in(tmp_path) == set()


def test_a_disk_that_stays_as_full_as_it_was_is_told_of_once(
    disk: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    guard = DiskGuard(disk, clock, notices.append, min_free_bytes=0)
    fill(disk, 400_000)
    parts = Parts(disk / "clip.mp4", guard)
    for _ in range(20):
        record(parts, 0, 100)
        clock.advance(CHECK_S)
    parts.complete()
    assert kinds(notices) == [STOPPED]


def test_recording_resumes_with_some_more_room_than_it_stopped_at(
    tmp_path: Path, clock: SimulatedClock, notices: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = {"bytes": 150}
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage._replace(free=free["bytes"]))
    guard = DiskGuard(tmp_path, clock, notices.append, min_free_bytes=100)
    allowed = []
    for free["bytes"] in (150, 99, 120, 149, 150, 120):
        allowed.append(guard.may_write())
        clock.advance(CHECK_S)
    assert allowed == [True, False, False, False, True, True]
    assert kinds(notices) == [STOPPED, RESUMED]


def test_the_disk_is_looked_at_every_few_seconds_only(
    guard: DiskGuard, tmp_path: Path, clock: SimulatedClock, notices: list[Notice]
) -> None:
    assert guard.may_write()
    guard.failed(OSError(errno.EIO, "Input/output error"))
    clock.advance(CHECK_S - 0.1)
    assert not guard.may_write()
    clock.advance(0.2)
    assert guard.may_write()
    assert kinds(notices) == [STOPPED, RESUMED]
