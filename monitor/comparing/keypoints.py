"""How B lies on A as a similarity or a homography.

From ORB keypoints (Rublee et al. 2011) by RANSAC (Fischler and Bolles 1981).
"""

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.comparing.options import Align
from monitor.comparing.warping import Matrix, corners_of, shrunk_pair, warped
from monitor.errors import UsageError
from monitor.frames import Plane, Size

_KEYPOINT_ROWS = 1080
"""Pictures are halved to no more rows than this before they are placed."""

_KEYPOINTS = 3000
_DISTINCT = 0.8
"""The best match of a keypoint must be so much nearer than its second best (Lowe 2004, section 7.1)."""

_AGREE_PX = 2.0
_FEWEST = 12
_LEAST_SHARE = 0.2
"""So many matches, and this share of them, must agree: by chance four to six agree on a homography."""

_REFINE_ROUNDS, _REFINE_STEP, _REFINE_BLUR_PX = 50, 1e-4, 5
_CUT_LEVELS = 30

_MOST_SCALE = 4.0
_RANSAC_ROUNDS = 5000


def from_keypoints(a: Plane, b: Plane, method: Align) -> Matrix:
    """Return the matrix from A to B, both luma, uint8 (H, W), of one shape.

    Raises `UsageError` where too few keypoints agree.
    """
    small_a, small_b, scale = shrunk_pair(a, b, _KEYPOINT_ROWS)
    start, end = _matches(small_a, small_b)
    matrix: Any = None
    agree = np.zeros(0)
    if len(start) >= _FEWEST:
        fit: Any = _similarity if method == "similarity" else _homography
        matrix, agree = fit(start, end)
    count = int(np.count_nonzero(agree))
    enough = count >= max(_FEWEST, _LEAST_SHARE * len(start))
    if matrix is None or not enough or not _is_sane(matrix, small_a.shape):
        raise UsageError(
            f"B cannot be brought onto A: {count} of {len(start)} matching keypoints agree, and at least "
            f"{_FEWEST} must. Do both show one place? Try --align shift, or leave --align out."
        )
    if method == "homography":
        matrix = _refined(small_a, small_b, matrix)
    stretch = np.diag([scale, scale, 1.0])
    return np.asarray(stretch @ matrix @ np.linalg.inv(stretch), np.float64)


def _refined(a: Plane, b: Plane, matrix: Matrix) -> Matrix:
    """Return a homography by the enhanced correlation of all pixels (Evangelidis and Psarakis 2008).

    Eight numbers from keypoints alone are out by several pixels in the corners where there are few of them.
    What came into the picture misleads the correlation: it counts where the pictures then lie better.
    """
    end = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, _REFINE_ROUNDS, _REFINE_STEP)
    try:
        everywhere = np.full(b.shape, 255, np.uint8)
        _, found = cv2.findTransformECC(
            a, b, matrix.astype(np.float32), cv2.MOTION_HOMOGRAPHY, end, everywhere, _REFINE_BLUR_PX
        )
    except cv2.error:  # it does not converge
        return matrix
    refined = np.asarray(found, np.float64)
    return min((matrix, refined), key=lambda one: _left(a, b, one))


def _left(a: Plane, b: Plane, matrix: Matrix) -> float:
    """Return the mean difference in grey levels, cut so that things do not decide, of what both show."""
    both = warped(np.full(b.shape, 255, np.uint8), matrix) == 255
    cut = np.minimum(cv2.absdiff(a, np.asarray(warped(b, matrix), np.uint8)), _CUT_LEVELS)
    return float(cut[both].mean()) if both.any() else math.inf


def _similarity(start: Any, end: Any) -> tuple[Any, Any]:
    matrix, agree = cv2.estimateAffinePartial2D(
        start, end, method=cv2.RANSAC, ransacReprojThreshold=_AGREE_PX, maxIters=_RANSAC_ROUNDS
    )
    return (None if matrix is None else np.vstack([matrix, [0, 0, 1]])), agree


def _homography(start: Any, end: Any) -> tuple[Any, Any]:
    return cv2.findHomography(start, end, cv2.RANSAC, _AGREE_PX, maxIters=_RANSAC_ROUNDS)


def _matches(a: Plane, b: Plane) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the places of keypoints in A and of the same in B, float32 (n, 2) each."""
    orb: Any = cv2.ORB_create(_KEYPOINTS, fastThreshold=10)  # type: ignore[attr-defined]
    points_a, marks_a = orb.detectAndCompute(a, None)
    points_b, marks_b = orb.detectAndCompute(b, None)
    if marks_a is None or marks_b is None or len(marks_b) < 2:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    nearest = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(marks_a, marks_b, k=2)
    good = [one for one, other in nearest if one.distance < _DISTINCT * other.distance]
    start = np.array([points_a[match.queryIdx].pt for match in good], np.float32).reshape(-1, 2)
    end = np.array([points_b[match.trainIdx].pt for match in good], np.float32).reshape(-1, 2)
    return start, end


def _is_sane(matrix: Matrix, shape: tuple[int, ...]) -> bool:
    """Whether the picture stays a picture: neither folded nor shrunk or stretched beyond four times."""
    corners = corners_of(Size(shape[1], shape[0]))
    ends = cv2.perspectiveTransform(corners[None], matrix)[0]
    area, before = cv2.contourArea(ends.astype(np.float32), True), shape[0] * shape[1]
    whole = cv2.isContourConvex(ends.astype(np.float32))
    return whole and area > 0 and _MOST_SCALE**-2 < area / before < _MOST_SCALE**2
