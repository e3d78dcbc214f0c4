"""Where one picture lies on another of the same place, and the picture brought there.

A shift is found from the phase of the spectra (Kuglin and Hines 1975) of the edges' strengths, which exposure
leaves alone; a similarity or a homography from ORB keypoints (Rublee et al. 2011) by RANSAC (Fischler and
Bolles 1981).
"""

import math
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.analysis.integrity import gradient
from monitor.analysis.preprocess import analysis_size, shrunk
from monitor.comparing.options import Align
from monitor.errors import UsageError
from monitor.frames import Plane, Size

Matrix = NDArray[np.float64]
"""3 x 3: from places in A to places in B, in pixels."""

_SHIFT_ROWS = 540
_KEYPOINT_ROWS = 1080
"""Pictures are halved to no more rows than this before they are placed."""

_WHOLE_PX = 0.15
"""A shift this near to whole pixels is one: resampling would only blur."""

_NEGLIGIBLE_PX = 0.25
"""What moves no corner by more is left as it is, for the same reason."""

_BETTER = 0.95
"""A shift must leave less than this share of the edges' difference, or nothing was shifted."""

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


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """How B had to be moved to lie on A.

    B's middle lies `x_px` right of A's and `y_px` below it, turned clockwise by `rotation_deg` and `scale`
    times as large. `farthest_px` is the way of the corner that moved most. Pixels are A's. `matrix` leads
    from places in A to those in B.
    """

    method: Align
    x_px: float
    y_px: float
    rotation_deg: float
    scale: float
    farthest_px: float
    matrix: Matrix

    @property
    def is_none(self) -> bool:
        """Whether B lies on A as it is."""
        return self.farthest_px == 0


def find_move(a: Plane, b: Plane, method: Align) -> Move:
    """Return where B's luma lies on A's, both uint8 (H, W) of one shape.

    Raises `UsageError` where too few keypoints agree.
    """
    height, width = a.shape
    if method == "shift":
        x, y = _shift(a, b)
        matrix = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)
    else:
        matrix = _from_keypoints(a, b, method)
    return _described(matrix, method, Size(width, height))


def moved(picture: NDArray[np.uint8], move: Move) -> NDArray[np.uint8]:
    """Return B, uint8 (H, W) or (H, W, 3), as it lies on A; black where it shows nothing of A."""
    return cast(NDArray[np.uint8], _warped(picture, move.matrix))


def seen_by(move: Move, shape: tuple[int, ...]) -> Plane:
    """Return which pixels of A the moved B shows wholly; uint8 (H, W), 0 or 255."""
    all_of_it = np.full(shape[:2], 255, np.uint8)
    return np.where(_warped(all_of_it, move.matrix) == 255, np.uint8(255), np.uint8(0))


def _warped(picture: NDArray[np.uint8], matrix: Matrix) -> NDArray[Any]:
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpPerspective(picture, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def _shift(a: Plane, b: Plane) -> tuple[float, float]:
    small_a, small_b, scale = _small(a, b, _SHIFT_ROWS)
    if min(small_a.shape) < 2:
        return 0.0, 0.0
    edges_a, edges_b = _strength(small_a), _strength(small_b)
    window = cv2.createHanningWindow((small_a.shape[1], small_a.shape[0]), cv2.CV_32F)
    # Levels have the clearer phase as a rule; edges where what came into the picture is bright and large.
    levels = small_a.astype(np.float32), small_b.astype(np.float32)
    tried = [cv2.phaseCorrelate(*pair, window)[0] for pair in (levels, (edges_a, edges_b))]
    best = min(tried, key=lambda way: _apart(edges_a, edges_b, *way))
    if _apart(edges_a, edges_b, *best) > _BETTER:
        return 0.0, 0.0
    return _whole(best[0] * scale), _whole(best[1] * scale)


def _strength(plane: Plane) -> NDArray[np.float32]:
    slope = gradient(plane)
    return np.asarray(cv2.magnitude(slope.x, slope.y), np.float32)


def _whole(value: float) -> float:
    return float(round(value)) if abs(value - round(value)) < _WHOLE_PX else value


def _apart(a: NDArray[np.float32], b: NDArray[np.float32], x: float, y: float) -> float:
    """Return how far edges are apart when B is brought back by whole pixels, as a share of how far they were.

    Half a pixel of the size looked at is no shift: differences are looked for with as much tolerance.
    """
    dx, dy = round(x), round(y)
    height, width = a.shape
    if dx == dy == 0:
        return 1.0
    if abs(dx) >= width or abs(dy) >= height:
        return math.inf
    on_a = np.s_[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
    on_b = np.s_[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
    before = float(np.abs(a - b)[on_a].mean())
    return float(np.abs(a[on_a] - b[on_b]).mean()) / before if before else math.inf


def _from_keypoints(a: Plane, b: Plane, method: Align) -> Matrix:
    small_a, small_b, scale = _small(a, b, _KEYPOINT_ROWS)
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
    both = _warped(np.full(b.shape, 255, np.uint8), matrix) == 255
    cut = np.minimum(cv2.absdiff(a, np.asarray(_warped(b, matrix), np.uint8)), _CUT_LEVELS)
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


def _small(a: Plane, b: Plane, rows: int) -> tuple[Plane, Plane, float]:
    size = analysis_size(Size(a.shape[1], a.shape[0]), rows)
    return shrunk(a, size), shrunk(b, size), a.shape[0] / size.height


def _is_sane(matrix: Matrix, shape: tuple[int, ...]) -> bool:
    """Whether the picture stays a picture: neither folded nor shrunk or stretched beyond four times."""
    corners = _corners(Size(shape[1], shape[0]))
    ends = cv2.perspectiveTransform(corners[None], matrix)[0]
    area, before = cv2.contourArea(ends.astype(np.float32), True), shape[0] * shape[1]
    whole = cv2.isContourConvex(ends.astype(np.float32))
    return whole and area > 0 and _MOST_SCALE**-2 < area / before < _MOST_SCALE**2


def _described(matrix: Matrix, method: Align, size: Size) -> Move:
    corners = _corners(size)
    ways = cv2.perspectiveTransform(corners[None], matrix)[0] - corners
    farthest_px = float(np.hypot(ways[:, 0], ways[:, 1]).max())
    if farthest_px < _NEGLIGIBLE_PX:
        return Move(method, 0.0, 0.0, 0.0, 1.0, 0.0, np.eye(3))
    x, y = size.width / 2, size.height / 2
    # Rotation and scale are those of a step of one pixel right at the middle.
    ends = cv2.perspectiveTransform(np.array([[[x, y], [x + 1, y]]]), matrix)[0]
    right = ends[1] - ends[0]
    way = ends[0] - (x, y)
    return Move(
        method,
        x_px=float(way[0]),
        y_px=float(way[1]),
        rotation_deg=math.degrees(math.atan2(right[1], right[0])),
        scale=float(np.hypot(*right)),
        farthest_px=farthest_px,
        matrix=matrix,
    )


def _corners(size: Size) -> NDArray[np.float64]:
    return np.array([[0, 0], [size.width, 0], [size.width, size.height], [0, size.height]], np.float64)
