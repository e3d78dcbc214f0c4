"""What makes a list of corners a polygon that has an inside."""

from itertools import combinations

Point = tuple[float, float]

SMALLEST_AREA_FRACTION = 1e-6
"""Below this share of the frame a zone holds no pixel, even at 1080 rows."""


def fault_of(points: tuple[Point, ...]) -> str | None:
    """Return why the corners (fractions of the frame) enclose no clear area, or None if they do.

    Edges may neither cross nor touch except where neighbours meet. Takes time with the square of the
    number of corners.
    """
    if len(set(points)) < len(points):
        return "a point is given twice; the outline closes by itself, so leave the repeated one out"
    if crossing := _crossing(points):
        return f"the outline crosses or touches itself between points {crossing[0]} and {crossing[1]}"
    if _area(points) < SMALLEST_AREA_FRACTION:
        return "the points lie on a line and enclose no area"
    return None


def _crossing(points: tuple[Point, ...]) -> tuple[int, int] | None:
    """Return the numbers (from 1) of the first two edges that meet where they must not."""
    count = len(points)
    edges = [(points[i], points[(i + 1) % count]) for i in range(count)]
    for (i, (a, b)), (j, (c, d)) in combinations(enumerate(edges), 2):
        if (j - i) % count not in (1, count - 1) and _meet(a, b, c, d):
            return i + 1, j + 1
    return None


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether the segments ab and cd have a point in common."""
    overlap = all(
        min(a[axis], b[axis]) <= max(c[axis], d[axis]) and min(c[axis], d[axis]) <= max(a[axis], b[axis])
        for axis in (0, 1)
    )
    return overlap and _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: Point, b: Point, c: Point) -> float:
    """Return twice the signed area of the triangle abc: positive and negative are its two senses."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _area(points: tuple[Point, ...]) -> float:
    """Return the enclosed area as a fraction of the frame (shoelace formula)."""
    following = points[1:] + points[:1]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, following, strict=True))) / 2
