"""Frames at analysis size."""

import numpy as np
import pytest

from monitor.analysis.preprocess import analysis_size, half_size, halved, planes_of, shrunk
from monitor.frames import Chroma, Size
from tests.analysis.given import frame, plane, texture


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Size(1920, 1080), Size(480, 270)),
        (Size(640, 480), Size(320, 240)),
        (Size(300, 300), Size(300, 300)),
        (Size(321, 301), Size(160, 150)),
        (Size(1, 5000), Size(1, 5000)),
        (Size(2, 5000), Size(1, 2500)),
        (Size(1, 1), Size(1, 1)),
    ],
)
def test_the_size_is_halved_until_the_height_is_within_the_limit(source: Size, expected: Size) -> None:
    assert analysis_size(source, max_height_px=300) == expected


def test_halving_gives_the_mean_of_each_block_of_four() -> None:
    picture = np.array([[0, 4, 10, 10, 99], [8, 4, 20, 20, 99], [99, 99, 99, 99, 99]], np.uint8)
    assert halved(picture).tolist() == [[4, 15]]


def test_shrinking_keeps_the_mean_level() -> None:
    picture = plane(texture(Size(163, 121)))
    # Rounding to whole levels at each of two halvings and one resize moves the mean by less than a level.
    assert abs(shrunk(picture, Size(40, 30)).mean() - picture.mean()) < 1.0


def test_a_plane_that_has_the_size_is_not_copied() -> None:
    picture = plane(texture(Size(40, 30)))
    assert shrunk(picture, Size(40, 30)) is picture


@pytest.mark.parametrize("size", [Size(160, 120), Size(161, 121), Size(1, 1), Size(3, 2)])
def test_chroma_has_half_the_size_rounded_up(size: Size) -> None:
    half = half_size(size)
    neutral = np.full((half.height, half.width), 128, np.uint8)
    luma = np.zeros((size.height, size.width), np.uint8)
    planes = planes_of(frame(luma, chroma=Chroma(neutral, neutral)), max_height_px=300)
    assert planes.u is not None
    assert planes.u.shape == (-(-size.height // 2), -(-size.width // 2))


def test_a_source_without_colour_has_no_chroma() -> None:
    planes = planes_of(frame(plane(texture())), max_height_px=300)
    assert (planes.u, planes.v) == (None, None)


def test_chroma_of_any_sampling_comes_to_the_same_size() -> None:
    full = np.full((120, 160), 90, np.uint8)
    planes = planes_of(frame(full, chroma=Chroma(full, full[:, ::2])), max_height_px=300)
    assert planes.u is not None
    assert planes.v is not None
    assert planes.u.shape == planes.v.shape == (60, 80)
