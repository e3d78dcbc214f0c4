"""`monitor scan` stopped, listened to no longer, or out of space: what is done is kept and valid."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.capture.opening import Input
from monitor.cli.progress import ScanReport
from tests.cli.process import Result, run, spawn, start
from tests.cli.recordings import crossing, frame_count, record

pytestmark = pytest.mark.usefixtures("here")

CROSSINGS = 12
"""Enough to be busy for a few seconds after the first event is told."""


@pytest.fixture(scope="module")
def long_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of many crossings, one after the other."""
    return record(tmp_path_factory.mktemp("long") / "long.mp4", crossing() * CROSSINGS)


def interrupted(video: Path) -> Result:
    """Scan, and send Ctrl-C as soon as the first event is told on standard output."""
    process = start("scan", video, "--out", "found", "--json", "-")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return Result(process.returncode, first + out, err)


def test_ctrl_c_keeps_what_was_found_until_then(long_video: Path) -> None:
    result = interrupted(long_video)
    assert result.code == 130
    assert "stopping after this frame; Ctrl-C again ends at once" in result.err
    assert "stopped by the user at 0:" in result.err
    written = Path("found/long/events.jsonl").read_text(encoding="utf-8")
    assert written == result.out
    assert all(json.loads(line)["end_s"] for line in written.splitlines())
    assert 1 <= written.count("\n") < CROSSINGS
    assert 100 < frame_count(Path("found/long/annotated.mp4")) < frame_count(long_video)


def test_ctrl_c_leaves_a_report_that_says_what_was_stopped(long_video: Path) -> None:
    result = interrupted(long_video)
    assert result.code == 130
    (file,) = json.loads(Path("found/report.json").read_text(encoding="utf-8"))["files"]
    assert (file["name"], file["state"]) == ("long.mp4", "stopped")
    assert 0 < file["scanned_s"] < file["duration_s"]
    page = Path("found/report.html").read_text(encoding="utf-8")
    assert "<td>stopped early</td><td>the scan was ended by the user; the next one does it again</td>" in page


def test_the_first_ctrl_c_asks_and_the_second_ends() -> None:
    asked: list[str] = []
    with ScanReport([Input("yard.mp4")], lambda: asked.append("stop"), Path()) as report:
        signal.raise_signal(signal.SIGINT)
        assert report.is_stopped
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert asked == ["stop"]


def test_after_a_scan_ctrl_c_means_what_it_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ScanReport([Input("yard.mp4")], lambda: None, Path()):
        pass
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_that_goes_away_ends_the_scan_without_a_word(long_video: Path) -> None:
    process = start("scan", long_video, "--out", "found", "--json", "-")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process:
        assert process.stderr.read() == ""
    assert process.returncode == 1
    assert 0 < frame_count(Path("found/long/annotated.mp4")) < frame_count(long_video)


def test_a_file_that_may_not_grow_is_given_up_and_the_others_are_written(crossing_video: Path) -> None:
    small_files = ("sh", "-c", 'ulimit -f 80; exec "$@"', "--")  # 80 blocks of 512 bytes
    result = spawn("scan", crossing_video, "--out", "found", through=small_files)
    assert result.code == 3
    told = [
        line.partition(" ERROR ")[2].strip() for line in result.err.splitlines() if "annotated video" in line
    ]
    assert told == [
        "annotated video is left out from here on: found/yard/annotated.mp4 cannot be written: "
        "File too large. Free some space or choose another output folder."
    ]
    assert len(Path("found/yard/events.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 200 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "none", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small file system, and not in every container")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_leaves_no_half_pictures_and_no_half_clips(
    crossing_video: Path, small_disk: Path
) -> None:
    result = spawn("scan", crossing_video, "--out", small_disk)
    assert result.code == 3
    assert "No space left on device" in result.err
    pictures = [path for path in small_disk.rglob("*") if path.suffix in (".jpg", ".png")]
    assert all(path.stat().st_size > 1000 for path in pictures)
    assert list(small_disk.rglob("clips/*")) == []


def test_a_folder_that_is_a_file_is_told_before_anything_is_read(crossing_video: Path) -> None:
    Path("mine").touch()
    result = run("scan", crossing_video, "--out", "mine")
    assert (result.code, result.out) == (3, "")
    assert result.err == "mine cannot be written: File exists. Choose another output folder.\n"


UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Runs a command as root to whom, as to everybody else, permissions apply."""


def without_privileges(*args: object) -> Result:
    """Run the program so that it may read and write only what permissions allow."""
    if os.geteuid() != 0:
        return spawn(*args)
    if shutil.which("setpriv") is None:
        pytest.skip("root may read and write everything, and there is no setpriv to take that away")
    return spawn(*args, through=UNPRIVILEGED)


def test_a_recording_that_may_not_be_read_is_told(crossing_video: Path) -> None:
    shutil.copy(crossing_video, "closed.mp4")
    Path("closed.mp4").chmod(0)
    result = without_privileges("scan", "closed.mp4")
    assert result.code == 3
    assert result.err == ("closed.mp4 cannot be read: permission denied; grant read permission to it.\n")


def test_a_folder_that_may_not_be_written_to_is_told_at_once(crossing_video: Path) -> None:
    Path("closed").mkdir(mode=0o500)
    result = without_privileges("scan", crossing_video, "--out", "closed")
    assert result.code == 3
    assert result.err == ("closed cannot be written: Permission denied. Choose another output folder.\n")
