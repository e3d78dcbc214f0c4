"""A picture taken from elsewhere is brought back, and by how much is told."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.comparing.boxes import Box
from monitor.comparing.images import compare_images
from monitor.comparing.options import Options
from monitor.errors import UsageError
from tests.comparing.given import Picture, exposed, noisy, overlap, place, with_thing

SHAPE = (360, 480, 3)
_MARGIN = 60
THING = Box(0.5, 0.4, 0.2, 0.3)


def view(matrix: NDArray[np.float64] | None = None, *, thing: bool = False) -> Picture:
    """A cut out of a wider place, so that what moves into view is there; the matrix leads from A to B."""
    wide = place(SHAPE[0] + 2 * _MARGIN, SHAPE[1] + 2 * _MARGIN)
    inner = wide[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN]
    if thing:
        inner[:] = with_thing(inner, THING)
    if matrix is None:
        return inner.copy()
    frame = np.array([[1, 0, _MARGIN], [0, 1, _MARGIN], [0, 0, 1]], np.float64)
    there = frame @ matrix @ np.linalg.inv(frame)
    moved = cv2.warpPerspective(wide, there, (wide.shape[1], wide.shape[0]))
    return np.asarray(moved[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN], np.uint8)


def shifted(x: float, y: float) -> NDArray[np.float64]:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def turned(degrees: float, scale: float) -> NDArray[np.float64]:
    middle = (SHAPE[1] / 2, SHAPE[0] / 2)
    # OpenCV's positive angles are anticlockwise.
    return np.vstack([cv2.getRotationMatrix2D(middle, -degrees, scale), [0, 0, 1]])


def test_a_shift_by_whole_pixels_is_taken_back_without_a_trace() -> None:
    found = compare_images(view(), view(shifted(9, -5)), Options(align="shift"))
    assert found.move is not None
    assert (found.move.x_px, found.move.y_px) == (9, -5)
    assert (found.different, found.measures.mse, found.measures.ssim) == (False, 0, 1)


def test_without_alignment_a_shift_is_a_difference() -> None:
    assert compare_images(view(), view(shifted(9, -5))).different


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.2])
def test_a_shifted_camera_in_other_light_still_finds_the_thing(gain: float) -> None:
    b = noisy(exposed(view(shifted(-7.4, 11.3), thing=True), gain))
    found = compare_images(noisy(view(), seed=2), b, Options(align="shift"))
    assert found.move is not None
    assert (found.move.x_px, found.move.y_px) == pytest.approx((-7.4, 11.3), abs=0.5)
    assert overlap(found.boxes[0], THING) > 0.8


@pytest.mark.parametrize("method", ["similarity", "homography"])
def test_a_turned_and_zoomed_camera_is_turned_back(method: str) -> None:
    found = compare_images(
        noisy(view()),
        noisy(view(turned(4, 1.06)), seed=2),
        Options(align=method),  # type: ignore[arg-type]
    )
    assert found.move is not None
    assert (found.move.rotation_deg, found.move.scale) == pytest.approx((4, 1.06), abs=0.15)
    assert found.move.farthest_px > 15
    assert not found.boxes


def test_a_plane_seen_from_elsewhere_is_brought_back_by_a_homography() -> None:
    corners = np.array([[0, 0], [480, 0], [480, 360], [0, 360]], np.float32)
    seen = corners + np.array([[12, 6], [-10, 2], [4, -12], [-6, 4]], np.float32)
    matrix = np.asarray(cv2.getPerspectiveTransform(corners, seen), np.float64)
    found = compare_images(noisy(view()), noisy(view(matrix), seed=2), Options(align="homography"))
    assert found.move is not None
    assert found.move.farthest_px == pytest.approx(13.4, abs=1.0)
    assert not found.boxes


@pytest.mark.parametrize("method", ["shift", "similarity", "homography"])
def test_pictures_that_lie_on_each_other_are_not_moved(method: str) -> None:
    found = compare_images(view(), view(thing=True), Options(align=method))  # type: ignore[arg-type]
    assert found.move is not None
    assert found.move.is_none
    assert found.measures.zero_per_pixel < 0.08


def test_two_places_cannot_be_brought_onto_each_other() -> None:
    other = place(*SHAPE, seed=77)
    with pytest.raises(UsageError, match="B cannot be brought onto A"):
        compare_images(view(), other, Options(align="homography"))


def test_a_flat_picture_has_no_keypoints_and_no_shift() -> None:
    flat = np.full(SHAPE, 128, np.uint8)
    assert compare_images(flat, flat, Options(align="shift")).move.is_none  # type: ignore[union-attr]
    with pytest.raises(UsageError, match="0 of 0 matching keypoints agree"):
        compare_images(flat, flat, Options(align="similarity"))
