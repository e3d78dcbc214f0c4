"""Folders of still pictures."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.capture.images import ImageFolderSource
from monitor.capture.source import Problems, Source
from monitor.errors import SourceFormatError, UsageError
from monitor.frames import Frame, Size
from tests.capture.contract import SourceContract
from tests.capture.encode import luma_of, mean_difference, pictures


def write(folder: Path, count: int = 6, suffix: str = ".png") -> list[Path]:
    """Write pictures as frame1, frame2, … and return their paths in order."""
    paths = [folder / f"frame{number}{suffix}" for number in range(1, count + 1)]
    for path, bgr in zip(paths, pictures(count=count), strict=True):
        assert cv2.imwrite(str(path), bgr)
    return paths


def read(paths: list[Path], rate_hz: float = 25.0) -> tuple[list[Frame], Problems]:
    with ImageFolderSource(paths, name="stills", rate_hz=rate_hz) as source:
        return list(source), source.problems


def read_one(path: Path, picture: np.ndarray) -> Frame:
    assert cv2.imwrite(str(path), picture)
    return read([path])[0][0]


class TestImageFolderSource(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        return ImageFolderSource(write(tmp_path), name="stills")


class TestGreyImageFolderSource(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        for index, bgr in enumerate(pictures(count=3)):
            cv2.imwrite(str(tmp_path / f"{index}.png"), cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY))
        return ImageFolderSource(list(tmp_path.iterdir()), name="stills")


def test_pictures_come_in_natural_order(tmp_path: Path) -> None:
    paths = write(tmp_path, count=12)
    source = ImageFolderSource(sorted(paths), name="stills")
    assert [source.stem_of(index) for index in (0, 1, 9, 11)] == ["frame1", "frame2", "frame10", "frame12"]


@pytest.mark.parametrize("suffix", [".bmp", ".jpg", ".png", ".ppm", ".tif", ".webp"])
def test_common_formats_give_colour_and_full_range_luma(tmp_path: Path, suffix: str) -> None:
    frames, problems = read(write(tmp_path, suffix=suffix))
    assert problems == Problems()
    for frame, bgr in zip(frames, pictures(count=6), strict=True):
        # What a lossy format costs on average on smooth pictures; the others are exact but for rounding.
        tolerance = 4.0 if suffix in {".jpg", ".webp"} else 0.5
        assert mean_difference(frame.bgr(), bgr) < tolerance
        assert mean_difference(frame.luma, luma_of(bgr, full_range=True)) < tolerance


def test_time_goes_by_the_rate(tmp_path: Path) -> None:
    frames, _ = read(write(tmp_path), rate_hz=0.5)
    assert [frame.time_s for frame in frames] == [0, 2, 4, 6, 8, 10]


def test_info_tells_count_rate_and_length(tmp_path: Path) -> None:
    with ImageFolderSource(write(tmp_path), name="stills", rate_hz=2) as source:
        info = source.info
    assert (info.name, info.size, info.rate_hz) == ("stills", Size(96, 64), 2)
    assert (info.frame_count, info.duration_s) == (6, 3)


def test_a_grey_picture_has_no_chroma_and_equal_colours(tmp_path: Path) -> None:
    ramp = np.tile(np.arange(64, dtype=np.uint8), (32, 1))
    frame = read_one(tmp_path / "a.png", ramp)
    assert frame.chroma is None
    assert np.array_equal(frame.luma, ramp)
    assert np.array_equal(frame.bgr(), np.dstack([ramp] * 3))


def test_of_16_bits_the_upper_8_are_kept(tmp_path: Path) -> None:
    ramp = np.tile(np.arange(64, dtype=np.uint16) * 1000 + 999, (32, 1))
    frame = read_one(tmp_path / "a.png", ramp)
    assert np.array_equal(frame.luma, ramp // 256)


def test_colour_of_16_bits_is_read(tmp_path: Path) -> None:
    bgr = pictures(count=1)[0]
    frame = read_one(tmp_path / "a.png", bgr.astype(np.uint16) * 256 + 255)
    assert np.array_equal(frame.bgr(), bgr)


def test_alpha_is_ignored(tmp_path: Path) -> None:
    bgr = pictures(count=1)[0]
    frame = read_one(tmp_path / "a.png", np.dstack([bgr, np.zeros(bgr.shape[:2], np.uint8)]))
    assert np.array_equal(frame.bgr(), bgr)


def test_an_unreadable_picture_leaves_its_index_and_time_free(tmp_path: Path) -> None:
    paths = write(tmp_path)
    paths[2].write_bytes(paths[2].read_bytes()[:200])
    frames, problems = read(paths)
    assert [frame.index for frame in frames] == [0, 1, 3, 4, 5]
    assert frames[2].time_s == pytest.approx(3 / 25)
    assert problems.damaged_frames == 1
    assert problems.messages == ["frame3.png cannot be read as an image"]
    assert mean_difference(frames[2].bgr(), pictures(count=6)[3]) == 0


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_an_unreadable_first_picture_does_not_stop_the_rest(tmp_path: Path, content: bytes) -> None:
    paths = write(tmp_path)
    paths[0].write_bytes(content)
    frames, problems = read(paths)
    assert [frame.index for frame in frames] == [1, 2, 3, 4, 5]
    assert problems.damaged_frames == 1


def test_a_file_that_vanished_is_counted_as_damaged(tmp_path: Path) -> None:
    paths = write(tmp_path)
    paths[4].unlink()
    assert read(paths)[1].damaged_frames == 1


def test_floating_point_pictures_are_left_out(tmp_path: Path) -> None:
    paths = write(tmp_path, count=2, suffix=".tif")
    cv2.imwrite(str(paths[0]), np.ones((8, 8), np.float32))
    frames, problems = read(paths)
    assert [frame.index for frame in frames] == [1]
    assert problems.damaged_frames == 1


def test_pictures_of_mixed_sizes_change_the_frames_size_and_are_counted(tmp_path: Path) -> None:
    paths = write(tmp_path)
    for path in paths[3:5]:
        cv2.imwrite(str(path), np.zeros((20, 30, 3), np.uint8))
    frames, problems = read(paths)
    assert [frame.size for frame in frames] == [Size(96, 64)] * 3 + [Size(30, 20)] * 2 + [Size(96, 64)]
    assert problems.size_changes == 2
    assert problems.messages[0] == "from frame4.png on pictures are 30x20"


def test_one_pixel_is_a_picture(tmp_path: Path) -> None:
    frame = read_one(tmp_path / "a.png", np.full((1, 1, 3), 77, np.uint8))
    assert frame.luma.tolist() == [[77]]
    assert frame.bgr().tolist() == [[[77, 77, 77]]]


def test_a_very_large_picture_is_read(tmp_path: Path) -> None:
    frame = read_one(tmp_path / "a.bmp", np.full((6000, 8000), 50, np.uint8))
    assert frame.size == Size(8000, 6000)
    assert frame.luma[-1, -1] == 50


def test_a_start_leaves_out_what_is_before_it(tmp_path: Path) -> None:
    with ImageFolderSource(write(tmp_path), name="stills", rate_hz=10, start_s=0.3) as source:
        frames = list(source)
    assert [frame.index for frame in frames] == [3, 4, 5]
    assert frames[0].time_s == pytest.approx(0.3)


def test_no_images_at_all_is_an_error() -> None:
    with pytest.raises(SourceFormatError, match="stills holds no images"):
        ImageFolderSource([], name="stills").__enter__()


def test_images_of_which_none_can_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(SourceFormatError, match="none of its 1 images can be read"):
        ImageFolderSource([tmp_path / "a.png"], name="stills").__enter__()


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="above 0"):
        ImageFolderSource([], name="stills", rate_hz=0)


def test_unreadable_pictures_write_nothing_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = write(tmp_path, suffix=".jpg")
    paths[1].write_bytes(paths[1].read_bytes()[:200])
    read(paths)
    assert capfd.readouterr() == ("", "")


def test_pictures_have_the_time_that_they_are_told_to_begin_at(tmp_path: Path) -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with ImageFolderSource(write(tmp_path), name="stills", rate_hz=2.0) as source:
        source.begin_at(start)
        times = [frame.wall_time for frame in source]
    assert times[:3] == [start, start + timedelta(seconds=0.5), start + timedelta(seconds=1)]
