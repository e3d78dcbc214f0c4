"""`monitor scan` on what is no good recording: each is told in a sentence, and the others are done."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.capture.encode import Bgr
from tests.cli.process import run, spawn
from tests.cli.recordings import crossing, frame_count, record, record_sound, write_pictures, yard

pytestmark = pytest.mark.usefixtures("here")

BARE = ("--no-annotate", "--no-clips")


def make_empty(path: Path) -> None:
    path.touch()


def make_text(path: Path) -> None:
    path.write_text("no video at all\n" * 50, encoding="utf-8")


def make_unfinished(path: Path) -> None:
    record(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def make_tiny(path: Path) -> None:
    cv2.imwrite("tiny.png", np.full((1, 1, 3), 90, np.uint8))
    Path("tiny.png").rename(path)


MISSING = "x.mp4 does not exist; check the path."

UNREADABLE: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("x.mp4", make_empty, "x.mp4 is empty (0 bytes): nothing was recorded; leave it out."),
    "text": ("x.mp4", make_text, "x.mp4 is not a video that FFmpeg can read"),
    "unfinished": ("x.mp4", make_unfinished, "x.mp4 is an MP4 without its index (moov)"),
    "sound": ("x.mp4", record_sound, "x.mp4 holds no video stream, only audio; leave it out."),
    "missing": ("x.mp4", lambda path: None, MISSING),
    "folder": ("x", Path.mkdir, "x holds no video and no images; name another folder."),
    "tiny": ("x.png", make_tiny, "x.png: its pictures are 1x1, too small to watch; give 16x16 or more."),
    "glob": ("x*.mkv", lambda path: None, "No video and no image matches x*.mkv; check the pattern."),
    "device": ("/dev/null", lambda path: None, "/dev/null is a device or a pipe, not a file"),
}
"""What is named, how it is made, and how the sentence about it begins."""


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize(("name", "make", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_told_in_one_sentence(
    name: str, make: Callable[[Path], object], sentence: str
) -> None:
    make(Path(name))
    result = run("scan", name)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(sentence)
    assert result.err.count("\n") == 1
    assert not [path for path in Path().glob("recordings/*") if path.is_dir()]


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_are_no_video_and_no_crash(seed: int) -> None:
    rng = np.random.default_rng(seed)
    suffix = (".mp4", ".mkv", ".avi", ".ts", ".mpg", ".flv", ".h264", ".jpg")[seed]
    Path(f"x{suffix}").write_bytes(rng.bytes(int(rng.integers(1, 60_000))))
    result = run("scan", f"x{suffix}", *BARE)
    assert result.code in (0, 3)  # what a raw stream of noise decodes to may even be a picture
    assert "Traceback" not in result.err
    assert result.err.startswith(f"x{suffix}")


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_video_never_crashes_the_program(crossing_video: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    content = bytearray(crossing_video.read_bytes())
    for place in rng.integers(0, len(content), 40):
        content[place] = int(rng.integers(256))
    Path("x.mp4").write_bytes(content)
    result = run("scan", "x.mp4", *BARE)  # FFmpeg might take the worker with it, which is not this process
    assert result.code in (0, 3)
    assert "Traceback" not in result.err


def test_damage_in_the_middle_is_counted_and_the_rest_is_scanned(crossing_video: Path) -> None:
    content = bytearray(crossing_video.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 2000] = np.random.default_rng(2).bytes(2000)
    Path("x.mp4").write_bytes(content)
    result = run("scan", "x.mp4", *BARE)
    assert result.code == 0
    assert "damaged packets skipped: " in result.err
    assert "in 0:06.0" in result.err  # to the end


@pytest.mark.usefixtures("within")
def test_one_picture_is_scanned_and_shows_nothing() -> None:
    record(Path("one.mp4"), [yard()])
    result = run("scan", "one.mp4")
    assert result.code == 0
    assert result.err.startswith("one.mp4: 0 events, 0 near misses in 0:00.0 (1 frame, ")
    assert frame_count(Path("recordings/one/annotated.mp4")) == 1


@pytest.mark.usefixtures("within")
def test_pictures_of_several_sizes_are_scanned_and_the_changes_told() -> None:
    sizes = ((160, 120), (160, 60), (320, 240), (320, 240))
    write_pictures(Path("mixed"), [scaled(yard(), *size) for size in sizes])
    result = run("scan", "mixed", "--masks", "masks")
    assert result.code == 0
    assert "changes of the picture's size: 2" in result.err
    masks = [cv2.imread(f"masks/view{i:02d}.png", cv2.IMREAD_UNCHANGED) for i in range(4)]
    assert [mask.shape[::-1] for mask in masks if mask is not None] == list(sizes)


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize("size", [(16, 16), (17, 33), (151, 113), (2000, 16)], ids=str)
def test_pictures_of_odd_sizes_are_scanned(size: tuple[int, int]) -> None:
    write_pictures(Path("odd"), [scaled(picture, *size) for picture in crossing()[40:80]])
    result = run("scan", "odd")
    assert (result.code, "40 frames" in result.err) == (0, True)


@pytest.mark.usefixtures("within")
def test_very_large_pictures_are_scanned() -> None:
    write_pictures(Path("large"), [scaled(yard(), 8000, 6000)], "view{:02d}.jpg")
    shutil.copy("large/view00.jpg", "large/view01.jpg")
    assert run("scan", "large", *BARE).code == 0


def scaled(picture: Bgr, width: int, height: int) -> Bgr:
    return cv2.resize(picture, (width, height))  # type: ignore[return-value]


@pytest.mark.usefixtures("within")
def test_one_bad_recording_among_good_ones_is_told_and_skipped(crossing_video: Path) -> None:
    make_text(Path("text.mp4"))
    result = run("scan", "text.mp4", crossing_video, *BARE)
    assert result.code == 3
    assert result.err.startswith("text.mp4 is not a video that FFmpeg can read")
    assert "2 of 2 inputs scanned, 1 with failures" in result.err
    assert len(Path("recordings/yard/events.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_a_raw_avi_that_makes_other_readers_abort_is_scanned(data: Path) -> None:
    result = spawn("scan", data / "raw" / "raw_bgr_48x48.avi")
    assert result.code == 0
    assert json.loads(Path("recordings/raw_bgr_48x48/events.jsonl").read_text().splitlines()[0])


def test_a_name_that_is_no_text_is_scanned_and_reported_as_any_other() -> None:
    path = Path(os.fsdecode(b"caf\xe9.mp4"))
    try:
        record(Path("plain.mp4")).rename(path)
    except OSError:
        pytest.skip("this file system takes only names that are text")
    result = run("scan", path, "--out", "found", "--json", "found.jsonl", *BARE)
    assert (result.code, "caf\\udce9.mp4" in result.err) == (0, True), result.err
    (file,) = json.loads(Path("found/report.json").read_text(encoding="utf-8"))["files"]
    assert Path(file["address"]).exists()
    assert run("scan", path, "--out", "found", *BARE).err.count("scanned before") == 1
