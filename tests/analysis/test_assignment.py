"""Assignments of least cost, held against SciPy's."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from monitor.analysis.assignment import CROWD, least_pairs, shortest_paths

LIMIT = 100.0


def costs(rows: int, columns: int, seed: int, *, sparse: bool = False) -> np.ndarray:
    random = np.random.default_rng(seed)
    made = random.uniform(0, LIMIT, (rows, columns))
    if sparse:
        made[random.random(made.shape) < 0.6] = LIMIT
    return made


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (7, 7), (9, 20)])
def test_the_total_is_the_least(shape: tuple[int, int], seed: int) -> None:
    cost = costs(*shape, seed, sparse=seed % 2 == 0)
    pairs = shortest_paths(cost)
    assert [row for row, _ in pairs] == list(range(shape[0]))
    assert len({column for _, column in pairs}) == shape[0]
    assert sum(cost[pair] for pair in pairs) == pytest.approx(cost[linear_sum_assignment(cost)].sum())


@pytest.mark.parametrize("shape", [(2, 2), (6, 4), (4, 6), (CROWD, 5)])
@pytest.mark.parametrize("seed", range(10))
def test_pairs_are_those_of_scipy_whatever_the_shape(shape: tuple[int, int], seed: int) -> None:
    cost = costs(*shape, seed)
    rows, columns = linear_sum_assignment(cost)
    assert least_pairs(cost, LIMIT) == list(zip(rows.tolist(), columns.tolist(), strict=True))


def test_what_nobody_reaches_stays_alone() -> None:
    assert least_pairs(np.array([[LIMIT, 3.0], [LIMIT, 4.0]]), LIMIT) == [(0, 1)]


def test_two_that_want_the_same_share_for_the_least_total() -> None:
    assert least_pairs(np.array([[1.0, 2.0], [1.5, 9.0]]), LIMIT) == [(0, 1), (1, 0)]
