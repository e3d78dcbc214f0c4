"""Pictures that no other is built on are left out where enough remain, and are counted all the same."""

from pathlib import Path

import pytest

from monitor.capture.file import FileSource
from monitor.frames import Frame
from tests.capture.encode import RATE_HZ, encode, mean_difference, pictures

PYRAMID = {"bf": "3", "b-pyramid": "normal", "b-adapt": "0", "g": "48"}
"""P b B b: every second picture is referenced."""

FLAT = {"bf": "3", "b-pyramid": "none", "b-adapt": "0", "g": "48"}
"""P b b b: every fourth one is."""


def read(path: Path, enough_hz: float | None) -> list[Frame]:
    with FileSource(path, enough_hz=enough_hz) as source:
        return list(source)


@pytest.fixture
def pyramid(tmp_path: Path) -> Path:
    return encode(tmp_path / "pyramid.mp4", pictures(200), options=PYRAMID)


def test_every_second_picture_suffices(pyramid: Path) -> None:
    # A group of pictures ends with referenced ones: four groups, up to two each.
    assert len(read(pyramid, RATE_HZ / 2)) == pytest.approx(100, abs=8)


def test_what_remains_is_the_same_picture_with_the_same_index_and_time(pyramid: Path) -> None:
    every = read(pyramid, None)
    for frame in read(pyramid, RATE_HZ / 2):
        other = every[frame.index]
        assert frame.time_s == pytest.approx(other.time_s)
        assert mean_difference(frame.luma, other.luma) == 0


def test_where_too_few_would_remain_all_are_decoded(pyramid: Path) -> None:
    frames = read(pyramid, RATE_HZ * 0.7)
    late = [frame for frame in frames if frame.index >= 100]
    assert [frame.index for frame in late] == list(range(100, 200))


def test_the_longest_intervals_decide_not_the_mean(tmp_path: Path) -> None:
    flat = encode(tmp_path / "flat.mp4", pictures(200), options=FLAT)
    # Noticed after 25 of every fourth picture; the second half is whole.
    assert len(read(flat, RATE_HZ / 3)) > 120


def test_a_stream_without_bidirectional_pictures_loses_none(tmp_path: Path) -> None:
    path = encode(tmp_path / "camera.mp4", pictures(50), options={"bf": "0"})
    assert len(read(path, 1.0)) == 50


def test_a_stream_that_is_too_slow_to_spare_any_loses_none_from_its_beginning(pyramid: Path) -> None:
    assert [frame.index for frame in read(pyramid, RATE_HZ * 1.5)] == list(range(200))
