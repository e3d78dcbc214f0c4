"""Which part of the picture is watched."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.regions import find_regions
from monitor.analysis.watched import Role, WatchedArea, Zone, polygon_mask
from monitor.frames import Size
from tests.analysis.given import box_mask

repeatable = settings(derandomize=True, deadline=None)

SIZE = Size(80, 60)
SHAPE = (60, 80)
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
RIGHT = ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0))
TOP = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.5), (0.0, 0.5))


def zone(points: tuple[tuple[float, float], ...], role: Role = Role.INCLUDE, name: str = "gate") -> Zone:
    return Zone(name, role, points)


def watched_share(*zones: Zone) -> float:
    area = WatchedArea(zones, SIZE)
    assert area.mask is not None
    assert area.pixels == np.count_nonzero(area.mask)
    return area.pixels / (SIZE.width * SIZE.height)


EDGE = pytest.approx(0.0, abs=0.03)
"""A polygon is drawn with its outline: up to one row and one column more than its area."""


def test_without_zones_all_is_watched() -> None:
    area = WatchedArea((), SIZE)
    assert area.mask is None
    assert area.pixels == 80 * 60


def test_with_an_include_zone_only_it_is_watched() -> None:
    assert watched_share(zone(LEFT)) - 0.5 == EDGE


def test_include_zones_add_up() -> None:
    assert watched_share(zone(LEFT), zone(RIGHT, name="road")) == 1.0


@pytest.mark.parametrize("role", [Role.EXCLUDE, Role.PRIVACY])
def test_excluded_and_private_parts_are_not_watched(role: Role) -> None:
    assert watched_share(zone(LEFT, role)) - 0.5 == EDGE
    assert WatchedArea((zone(LEFT, role),), SIZE).mask is not None


@pytest.mark.parametrize("role", [Role.EXCLUDE, Role.PRIVACY])
def test_what_is_excluded_stays_so_inside_an_include_zone(role: Role) -> None:
    assert watched_share(zone(LEFT), zone(TOP, role, "tree")) - 0.25 == EDGE


def test_a_region_has_its_share_in_each_zone_that_it_touches() -> None:
    area = WatchedArea((zone(LEFT), zone(RIGHT, name="road"), zone(TOP, name="sky")), SIZE)
    (region,) = find_regions(box_mask(SHAPE, 30, 40, 20, 10), 1)
    shares = dict(area.shares(region))
    assert shares.keys() == {"gate", "road"}
    # One column of twenty belongs to both, as the outline does.
    assert shares == pytest.approx({"gate": 0.5, "road": 0.5}, abs=0.06)


def test_shares_are_of_the_region_and_not_of_its_box() -> None:
    mask = box_mask(SHAPE, 20, 10, 40, 4) | box_mask(SHAPE, 20, 10, 4, 40)
    (region,) = find_regions(mask, 1)
    ((_, share),) = WatchedArea((zone(RIGHT),), SIZE).shares(region)
    assert share == pytest.approx(20 * 4 / (40 * 4 + 36 * 4), abs=0.01)


def test_exclude_and_privacy_zones_have_no_shares() -> None:
    area = WatchedArea((zone(LEFT, Role.EXCLUDE), zone(TOP, Role.PRIVACY)), SIZE)
    (region,) = find_regions(box_mask(SHAPE, 30, 40, 20, 10), 1)
    assert area.shares(region) == ()


corner = st.tuples(st.floats(0, 1), st.floats(0, 1))


@repeatable
@given(st.tuples(corner, corner, corner))
def test_a_triangle_is_drawn_with_its_area(points: tuple[tuple[float, float], ...]) -> None:
    (ax, ay), (bx, by), (cx, cy) = ((x * SIZE.width, y * SIZE.height) for x, y in points)
    area = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    outline = np.hypot(bx - ax, by - ay) + np.hypot(cx - bx, cy - by) + np.hypot(ax - cx, ay - cy)
    # Corners are rounded by up to 0.71 px and the outline itself is drawn: 1.5 px all around.
    assert abs(np.count_nonzero(polygon_mask(zone(points), SIZE)) - area) <= 1.5 * outline + 5


@repeatable
@given(st.tuples(corner, corner, corner, corner), st.tuples(corner, corner, corner))
def test_what_is_excluded_is_never_watched(
    include: tuple[tuple[float, float], ...], exclude: tuple[tuple[float, float], ...]
) -> None:
    area = WatchedArea((zone(include), zone(exclude, Role.EXCLUDE, "tree")), SIZE)
    assert area.mask is not None
    assert (area.mask & polygon_mask(zone(exclude), SIZE)).max() == 0
    assert (area.mask & ~polygon_mask(zone(include), SIZE)).max() == 0


def test_the_smallest_picture_has_a_watched_area() -> None:
    assert WatchedArea((zone(LEFT),), Size(1, 1)).pixels <= 1
