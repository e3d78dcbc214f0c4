"""Zones are polygons with an inside and a name that can be a file name."""

import pytest

from monitor.settings.polygon import fault_of
from tests.settings.given import Write, problems

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@pytest.mark.parametrize(
    "points",
    [SQUARE, SQUARE[::-1], SQUARE[:3], ((0.0, 0.0), (1.0, 0.0), (0.5, 0.2), (0.5, 1.0))],
    ids=["square", "other way round", "triangle", "dented"],
)
def test_an_outline_with_an_inside_is_fine(points: tuple[tuple[float, float], ...]) -> None:
    assert fault_of(points) is None


@pytest.mark.parametrize(
    ("points", "fault"),
    [
        (
            ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)),
            "crosses or touches itself between points 1 and 3",
        ),
        (
            ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.0)),
            "crosses or touches itself between points 1 and 3",
        ),
        ((*SQUARE, (0.0, 0.0)), "a point is given twice"),
        (((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)), "on a line"),
        (((0.1, 0.1), (0.1004, 0.1), (0.1, 0.1004)), "no area"),
    ],
    ids=["bow tie", "touching", "closed by hand", "line", "speck"],
)
def test_an_outline_without_a_clear_inside_is_refused(
    points: tuple[tuple[float, float], ...], fault: str
) -> None:
    assert fault in str(fault_of(points))


@pytest.mark.parametrize(
    "points", ["[[0, 0], [1, 1]]", "[]", "[[0, 0], [1, 0], [1, 1.01]]", "[[0, 0], [1, 0], [1]]", "3"]
)
def test_points_that_are_no_polygon_are_told_what_is(points: str) -> None:
    (problem,) = problems(None, f"zones.gate.points={points}")
    assert "3 to 100 points [x, y], each number 0 to 1" in problem


def test_an_outline_that_crosses_itself_is_told_with_its_line(write: Write) -> None:
    (problem,) = problems(write("zones:\n  a:\n    points: [[0, 0], [1, 1], [1, 0], [0, 1]]\n"))
    assert problem.startswith("m.yaml:3: zones.a.points = [[0, 0], [1, 1]")
    assert problem.endswith("the outline crosses or touches itself between points 1 and 3")


@pytest.mark.parametrize("name", ["a b", "a.b", "../up", "gate+", "x" * 41, '"\\x1b"', '""'])
def test_a_zone_name_that_cannot_be_a_file_name_is_refused(write: Write, name: str) -> None:
    (problem,) = problems(write(f"zones:\n  {name}: {{points: [[0, 0], [1, 0], [1, 1]]}}\n"))
    assert problem.endswith("must be names of 1 to 40 letters, digits, - and _, each with the keys below")
