"""What a crash leaves behind plays, and says that it is not complete."""

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.layout import unfinished
from monitor.outputs.recording.codedfile import FRAGMENT_S
from monitor.outputs.recording.leftovers import settle, settle_leftovers
from monitor.outputs.recording.parts import Parts
from tests.outputs.recording.coded import RATE_HZ, coded, shown
from tests.outputs.scene import names_in

ROOT = Path(__file__).parents[3]

RECORDER = """
import sys
from pathlib import Path
from monitor.clock import SimulatedClock
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.recording.parts import Parts
from tests.outputs.recording.coded import coded
path, name = Path(sys.argv[1]), sys.argv[2]
parts = Parts(path, DiskGuard(path.parent, SimulatedClock(), print, min_free_bytes=0))
for number, picture in enumerate(coded(name)):
    parts.write([picture])
    print(number, flush=True)
    sys.stdin.read(1)
"""
"""Records one picture for each byte that it is sent, and says how many it has."""


def left_by_kill(path: Path, name: str, count: int) -> None:
    """Let another process record `count` pictures and kill it there."""
    command = [sys.executable, "-c", RECORDER, str(path), name]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"." * (count - 1))
        for _ in range(count):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)


def is_gapless(numbers: list[int]) -> bool:
    """Say whether all pictures from the first are there, but for B-frames coded after the very last."""
    ends = numbers[:-2] == list(range(len(numbers) - 2)) and numbers[-1] <= len(numbers) + 1
    return ends and numbers == sorted(numbers)


@pytest.mark.parametrize("name", ["H.264 with B-frames", "H.265", "Motion JPEG"])
def test_a_killed_recorder_loses_the_last_second_at_most(name: str, tmp_path: Path) -> None:
    coded(name)
    count = random.Random(name).randrange(40, 99)
    left_by_kill(tmp_path / "clip.mp4", name, count)
    (path,) = settle_leftovers(tmp_path)
    assert path.name.startswith("clip.incomplete.")
    numbers, _ = shown(path)
    assert is_gapless(numbers)
    # Two B-frames delay what can be shown by two pictures, and the picture that ends a fragment is after it.
    assert len(numbers) >= count - RATE_HZ - 3
    if ffprobe := shutil.which("ffprobe"):
        command = [ffprobe, "-v", "error", "-count_frames", "-of", "csv=p=0"]
        entries = ["-show_entries", "stream=nb_read_frames", str(path)]
        probed = subprocess.run([*command, *entries], capture_output=True, text=True, check=True)
        assert (probed.stdout.strip(), probed.stderr) == (str(len(numbers)), "")


def recorded(folder: Path, guard: DiskGuard, name: str = "H.264 with B-frames") -> bytes:
    """What is on the disk of a recording of 80 pictures that is still growing."""
    parts = Parts(folder / "whole.mp4", guard)
    parts.write(coded(name)[:80])
    (grown,) = folder.glob(".whole.part.*")
    content = grown.read_bytes()
    parts.complete()
    return content


@pytest.mark.parametrize("seed", range(8))
def test_a_file_torn_anywhere_is_cut_to_its_last_whole_fragment(
    seed: int, tmp_path: Path, guard: DiskGuard
) -> None:
    content = recorded(tmp_path, guard)
    torn = unfinished(tmp_path / "torn.mp4")
    length = random.Random(seed).randrange(len(content))
    torn.write_bytes(content[:length])
    path = settle(torn)
    if path is None:
        assert not torn.exists()
        assert length < len(content) / 2  # the first second holds the largest key picture
        return
    numbers, _ = shown(path)
    assert is_gapless(numbers)
    assert len(numbers) >= FRAGMENT_S * RATE_HZ


def test_a_recording_cut_off_by_garbage_keeps_what_is_before(tmp_path: Path, guard: DiskGuard) -> None:
    content = recorded(tmp_path, guard)
    torn = unfinished(tmp_path / "torn.mp4")
    torn.write_bytes(content + bytes(5000))
    path = settle(torn)
    assert path is not None
    assert path.stat().st_size == len(content)


def test_a_complete_file_that_only_lacks_its_name_stays_whole(tmp_path: Path, guard: DiskGuard) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded())
    (path,) = parts.complete()
    content = path.read_bytes()
    settled = settle(path.rename(unfinished(path)))
    assert settled is not None
    assert settled.read_bytes() == content


def test_what_holds_no_picture_is_removed(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mkv", "c.jpg"):
        unfinished(tmp_path / name).write_bytes(b"no picture" * 10)
    assert settle_leftovers(tmp_path) == []
    assert names_in(tmp_path) == set()


def test_what_is_being_written_is_left_alone(tmp_path: Path, guard: DiskGuard) -> None:
    parts = Parts(tmp_path / "clip.mp4", guard)
    parts.write(coded()[:60])
    assert settle_leftovers(tmp_path) == []
    assert names_in(tmp_path) == {".clip.part.mp4"}
    assert parts.complete() == (tmp_path / "clip.mp4",)


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path, guard: DiskGuard) -> None:
    content = recorded(tmp_path, guard)
    for _ in range(2):
        unfinished(tmp_path / "clip.mp4").write_bytes(content)
        settle_leftovers(tmp_path)
    assert {"clip.incomplete.mp4", "clip.incomplete-2.mp4"} <= names_in(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_what_cannot_be_settled_stays_for_the_next_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    unfinished(folder / "a.mp4").write_bytes(b"no picture" * 10)
    folder.chmod(0o500)
    assert settle_leftovers(tmp_path) == []
    folder.chmod(0o700)
    assert names_in(folder) == {".a.part.mp4"}
    assert "stays unfinished" in caplog.text
