"""Regions are polygons or mask images; what is neither is refused."""

from pathlib import Path

import numpy as np
import pytest

from monitor.comparing.regions import regions_of
from monitor.errors import UsageError
from tests.comparing.files import save


def half(side: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    mask = np.zeros((20, 30), np.uint8)
    mask[:, : 15 if side == "left" else None] = 255
    if side == "right":
        mask[:, :15] = 0
    return mask


def test_polygons_are_read_as_fractions() -> None:
    regions = regions_of(["0,0 1,0 0.5,1"], ["0.1,0.1 0.2,0.1 0.2,0.2"])
    assert regions.include == (((0.0, 0.0), (1.0, 0.0), (0.5, 1.0)),)
    assert len(regions.exclude) == 1
    assert regions.mask is None


def test_the_white_of_a_mask_is_compared_or_ignored(tmp_path: Path) -> None:
    left = str(save(tmp_path / "left.png", half("left")))
    seen, unseen = regions_of([left], []).mask, regions_of([], [left]).mask
    assert seen is not None
    assert unseen is not None
    assert np.array_equal(seen, half("left"))
    assert np.array_equal(unseen, half("right"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0,0 1,0", "give three corners or more"),
        ("0,0 1,0 2,1", "give three corners or more"),
        ("0;0 1;0 1;1", "give three corners or more"),
        ("0,0 1,1 1,0 0,1", "the outline crosses"),
        ("nothing.here", "or the path of a mask image that exists"),
        ("missing.png", "missing.png does not exist"),
    ],
)
def test_what_is_no_region_is_refused(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        regions_of([text], [])


def test_masks_of_two_sizes_are_refused(tmp_path: Path) -> None:
    small = str(save(tmp_path / "small.png", half("left")[:5]))
    large = str(save(tmp_path / "large.png", half("left")))
    with pytest.raises(UsageError, match="differ in size"):
        regions_of([small], [large])
