"""Which of some belongs to which of others, at the least total cost."""

import numpy as np
from numpy.typing import NDArray

CROWD = 12
"""From so many rows and columns on SciPy solves it: there its speed is worth the third of a second and the
50 MB that loading its optimisation takes. A path is sought for each of the fewer ones, so a few regions among
many tracks, as on a busy road, are done at once."""


def least_pairs(cost: NDArray[np.float64], limit: float) -> list[tuple[int, int]]:
    """Return (row, column) pairs of least total cost, in the order of rows, none that costs `limit` or more.

    `cost` is float64 (N, M), not negative, at most `limit`; each row and column is in one pair at most.
    """
    if (pairs := _uncontested(cost, limit)) is not None:
        return pairs
    if (pairs := _uncontested(cost.T, limit)) is not None:
        return sorted((row, column) for column, row in pairs)
    return [(row, column) for row, column in _solved(cost) if cost[row, column] < limit]


def _uncontested(cost: NDArray[np.float64], limit: float) -> list[tuple[int, int]] | None:
    """Return each row with its nearest column if no two rows share one: no assignment costs less."""
    nearest = cost.argmin(axis=1)
    pairs = [(row, int(column)) for row, column in enumerate(nearest) if cost[row, column] < limit]
    return pairs if len({column for _, column in pairs}) == len(pairs) else None


def _solved(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    rows, columns = cost.shape
    if min(rows, columns) >= CROWD:
        from scipy.optimize import linear_sum_assignment

        return [(int(r), int(c)) for r, c in zip(*linear_sum_assignment(cost), strict=True)]
    if rows > columns:
        return sorted((row, column) for column, row in shortest_paths(cost.T))
    return shortest_paths(cost)


def shortest_paths(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the (row, column) pairs of least total cost; no more rows than columns, and each gets one.

    Row by row, the cheapest chain of rows that give up their column for another (Crouse 2016, On
    implementing 2D rectangular assignment algorithms, IEEE Trans. AES 52 (4)).
    """
    rows, columns = cost.shape
    owner = np.full(columns, -1)
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    for row in range(rows):
        length = np.full(columns, np.inf)
        came_from = np.full(columns, -1)
        reached: list[int] = []
        here, column, shortest = row, -1, 0.0
        while True:
            through = shortest + cost[here] - row_price[here] - column_price
            is_shorter = through < length
            is_shorter[reached] = False
            length[is_shorter], came_from[is_shorter] = through[is_shorter], column
            left = length.copy()
            left[reached] = np.inf
            column = int(left.argmin())
            shortest = float(length[column])
            if owner[column] < 0:
                break
            reached.append(column)
            here = int(owner[column])
        gained = shortest - length[reached]
        row_price[row] += shortest
        row_price[owner[reached]] += gained
        column_price[reached] -= gained
        while column >= 0:
            before = int(came_from[column])
            owner[column] = row if before < 0 else owner[before]
            column = before
    return sorted((int(owner[column]), int(column)) for column in np.flatnonzero(owner >= 0))
