"""Sets in CDnet's layout are found, cut and scored."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.accuracy.counts import Counts
from benchmarks.accuracy.masksets import MaskSet, excerpt, find_sets, number_of, score


def _picture(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((2, 2), value, np.uint8))


@pytest.fixture
def made(tmp_path: Path) -> MaskSet:
    """Return a set of five pictures of which 3 to 4 count; 3 is all moving, all others are background."""
    folder = tmp_path / "sets/yard"
    for number in range(1, 6):
        _picture(folder / f"input/in{number:06d}.png", 0)
        _picture(folder / f"groundtruth/gt{number:06d}.png", 255 if number == 3 else 0)
    (folder / "temporalROI.txt").write_text("3 4")
    return MaskSet(folder, 3, 4)


def test_sets_are_found_below_a_folder(made: MaskSet, tmp_path: Path) -> None:
    assert find_sets(tmp_path) == [made]


def test_frames_outside_the_counting_span_are_left_out(made: MaskSet, tmp_path: Path) -> None:
    for number in range(1, 6):
        _picture(tmp_path / f"masks/in{number:06d}.png", 255)
    assert score(made, tmp_path / "masks") == Counts(tp=4, fp=4)


def test_a_counting_frame_without_truth_is_left_out(made: MaskSet) -> None:
    (made.folder / "groundtruth/gt000003.png").unlink()
    assert [number_of(picture) for picture, _ in made.counting()] == [4]


def test_a_missing_mask_is_an_error(made: MaskSet, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="in000003"):
        score(made, tmp_path)


def test_an_excerpt_shows_and_counts_only_its_own_frames(made: MaskSet, tmp_path: Path) -> None:
    part = excerpt(made, start=2, first=3, last=3, folder=tmp_path / "part")
    assert [number_of(picture) for picture in part.pictures] == [2, 3]
    assert [number_of(picture) for picture, _ in part.counting()] == [3]


@pytest.mark.parametrize(("name", "number"), [("in000470.jpg", 470), ("gt12.png", 12), ("Thumbs.db", None)])
def test_the_number_is_read_from_the_name(name: str, number: int | None) -> None:
    assert number_of(Path(name)) == number
