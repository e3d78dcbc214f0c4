"""From names to inputs, and from inputs to sources."""

import os
import subprocess
import sys
from errno import EACCES
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.capture.images import ImageFolderSource
from monitor.capture.opening import Input, inputs_of, open_source
from monitor.errors import SourceFormatError, SourceNotFoundError
from tests.capture.encode import encode, pictures


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names_in(folder: Path, *paths: str) -> list[str]:
    """Return the addresses of the inputs found, relative to the folder."""
    inputs = inputs_of([str(folder / path) for path in paths])
    return [str(Path(item.address).relative_to(folder)) for item in inputs]


def test_a_video_is_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    assert inputs_of([str(tmp_path / "a.mp4")]) == [Input(str(tmp_path / "a.mp4"))]


def test_a_file_that_is_named_outright_may_be_called_anything(tmp_path: Path) -> None:
    touch(tmp_path, "recording.dat")
    assert names_in(tmp_path, "recording.dat") == ["recording.dat"]


def test_a_folder_gives_each_video_in_natural_order_with_its_subfolders(tmp_path: Path) -> None:
    touch(tmp_path, "b10.mp4", "b2.MKV", "notes.txt", "day10/c.avi", "day9/c.avi")
    assert names_in(tmp_path, ".") == ["b2.MKV", "b10.mp4", "day9/c.avi", "day10/c.avi"]


def test_a_folder_that_is_linked_in_is_searched_once_and_no_link_leads_round(tmp_path: Path) -> None:
    inside, other = tmp_path / "cameras", tmp_path / "other disk"
    (inside / "yard").mkdir(parents=True)
    other.mkdir()
    for path in (inside / "yard" / "1.mp4", other / "2.mp4"):
        path.touch()
    (inside / "gate").symlink_to(other)
    (inside / "gate again").symlink_to(other)
    (inside / "yard again").symlink_to("yard")
    (inside / "yard" / "up").symlink_to(inside)
    (other / "round").symlink_to(tmp_path)
    names = [Path(item.address).relative_to(inside) for item in inputs_of([str(inside)])]
    assert names == [Path("gate/2.mp4"), Path("yard/1.mp4")]


def test_a_folder_of_images_is_one_input_in_natural_order(tmp_path: Path) -> None:
    touch(tmp_path, "f10.png", "f2.JPG", "f1.png", "readme.txt")
    (item,) = inputs_of([str(tmp_path)])
    assert item.address == str(tmp_path)
    assert [path.name for path in item.images] == ["f1.png", "f2.JPG", "f10.png"]


def test_each_subfolder_of_images_is_an_input_of_its_own(tmp_path: Path) -> None:
    touch(tmp_path, "night/1.png", "night/2.png", "day/1.png")
    assert names_in(tmp_path, ".") == ["day", "night"]


def test_images_beside_videos_are_thumbnails(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "a.jpg")
    assert names_in(tmp_path, ".") == ["a.mp4"]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    touch(tmp_path, "._a.mp4", ".trash/b.mp4", "c.mp4")
    assert names_in(tmp_path, ".") == ["c.mp4"]


def test_a_glob_of_videos_gives_one_input_each(tmp_path: Path) -> None:
    touch(tmp_path, "cam10.mp4", "cam2.mp4", "other.mp4", "cam.txt")
    assert names_in(tmp_path, "cam*") == ["cam2.mp4", "cam10.mp4"]


def test_a_glob_of_images_gives_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "f10.png", "f2.png", "mask1.png")
    (item,) = inputs_of([str(tmp_path / "f*.png")])
    assert item.name == "f*.png"
    assert [path.name for path in item.images] == ["f2.png", "f10.png"]


def test_a_glob_may_cross_folders(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.mp4", "b/c/2.mp4")
    assert names_in(tmp_path, "**/*.mp4") == ["a/1.mp4", "b/c/2.mp4"]


def test_a_glob_that_meets_a_folder_looks_into_it(tmp_path: Path) -> None:
    touch(tmp_path, "cam1/a.mp4", "cam2/b.mp4", "else/c.mp4")
    assert names_in(tmp_path, "cam*") == ["cam1/a.mp4", "cam2/b.mp4"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path) -> None:
    touch(tmp_path, "a[1].mp4", "a1.mp4")
    assert names_in(tmp_path, "a[1].mp4") == ["a[1].mp4"]


def test_images_that_the_shell_expanded_are_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "a/f1.png", "a/f2.png", "b/f1.png", "clip.mp4")
    assert names_in(tmp_path, "a/f1.png", "a/f2.png", "b/f1.png", "clip.mp4") == ["a", "b/f1.png", "clip.mp4"]


def test_the_same_thing_named_twice_is_one_input(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4")
    assert names_in(tmp_path, ".", "a.mp4") == ["a.mp4"]
    assert inputs_of([f"{tmp_path}/./a.mp4", f"{tmp_path}/a.mp4"]) == [Input(f"{tmp_path}/a.mp4")]


def test_what_is_missing_carries_its_error_and_the_rest_is_kept(tmp_path: Path) -> None:
    touch(tmp_path, "a.mp4", "empty/notes.txt")
    gone, none, empty, found = inputs_of(
        [str(tmp_path / name) for name in ("gone.mp4", "gone*.mp4", "empty", "a.mp4")]
    )
    assert isinstance(gone.error, SourceNotFoundError)
    assert "does not exist" in str(gone.error)
    assert isinstance(none.error, SourceNotFoundError)
    assert "matches" in str(none.error)
    assert isinstance(empty.error, SourceFormatError)
    assert "holds no video and no images" in str(empty.error)
    assert found.error is None


def test_an_address_is_left_to_the_source() -> None:
    assert inputs_of(["rtsp://camera/1"]) == [Input("rtsp://camera/1")]


def test_a_video_opens_as_a_file(tmp_path: Path) -> None:
    encode(tmp_path / "a.mp4", pictures(count=3))
    with open_source(inputs_of([str(tmp_path)])[0]) as source:
        assert isinstance(source, FileSource)
        assert len(list(source)) == 3


def test_images_open_at_the_given_rate_under_their_folders_name(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((4, 4), np.uint8))
    with open_source(inputs_of([str(tmp_path)])[0], rate_hz=3) as source:
        assert isinstance(source, ImageFolderSource)
        assert (source.info.name, source.info.rate_hz) == (tmp_path.name, 3)


def test_an_input_with_an_error_raises_it_when_opened(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="does not exist"):
        open_source(inputs_of([str(tmp_path / "gone.mp4")])[0])


def test_listing_loads_no_decoder() -> None:
    code = (
        "import sys; from monitor.capture.opening import inputs_of; inputs_of(['.'])\n"
        "print([name for name in ('av', 'cv2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_that_may_not_be_entered_is_told_beside_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "closed/a.mp4", "open/b.mp4")
    scandir = os.scandir

    def guarded(path: str) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(EACCES, os.strerror(EACCES), path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found, closed = inputs_of([str(tmp_path)])
    assert (found.name, found.error) == ("b.mp4", None)
    assert "closed cannot be read: permission denied" in str(closed.error)
