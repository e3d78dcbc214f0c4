"""Two videos of one scene laid on each other by what they show, whatever their clocks say.

Every picture is a signature of 144 cells. What moves in the one is laid on what moves in the other: first
by one offset for all, from the correlation of both, then picture by picture with as few pictures left out on
either side as explain what is seen (an alignment as of Needleman and Wunsch 1970, near the offset alone).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from monitor.comparing.timeline import Plan
from monitor.frames import Frame

Signatures = NDArray[np.float32]
"""float32 (pictures, cells), in grey levels less their median over time: what stands still is 0."""

_CELLS = (16, 9)

_REACH = 60
"""So many pictures dropped or added, net, can be followed: two seconds at 30 a second."""

_GAP_STEPS = 4.0
"""A pair costs nothing where its pictures are as far apart as four steps from picture to picture, and saves
something where they are nearer; a picture left out costs half as much as such a pair could save."""

_LEAST_GAP = 0.5
"""Grey levels for each cell; below this a step is noise and coding."""

_LOUDEST = 2.0
"""A picture that moves more than so many times the median is held to that: one that is damaged differs in
every cell and would drown all others."""

_LEAST_LOUDNESS = 3.0
"""Noise and coding move the cells of a still picture by 1 to 2 grey levels, in all of them together."""

_OVERLAP_POWER = 0.25
"""Of lags that fit nearly alike the one is taken that lays more on each other."""

_MATCH, _SKIP_A, _SKIP_B = range(3)
_ROUNDING = 1e-9

_LEAST_OVERLAP = 0.25
_LEAST_CORRELATION = 0.3
"""Less is said by chance: two recordings of other things that move reach 0.2."""


@dataclass(frozen=True, slots=True)
class Sync:
    """How B lies on A: B's picture n is A's picture n + `lag` at first, and `plan` says it one by one.

    `correlation`, -1 to 1, is how well what moves agrees; where it is too low to tell, `is_found` is false
    and the lag is 0.
    """

    lag: int
    correlation: float
    is_found: bool
    plan: Plan


def signatures(frames: Iterable[Frame]) -> Signatures:
    """Return a signature for each picture."""
    rows = [cv2.resize(frame.luma, _CELLS, interpolation=cv2.INTER_AREA).ravel() for frame in frames]
    cells = np.array(rows, np.float32).reshape(len(rows), -1)
    # Another exposure or coding range of the whole must not count.
    cells -= cells.mean(axis=1, keepdims=True)
    if not len(cells):
        return cells
    cells -= np.median(cells, axis=0)
    loudness = np.linalg.norm(cells, axis=1, keepdims=True)
    limit = _LOUDEST * max(float(np.median(loudness)), _LEAST_GAP)
    return np.asarray(cells * np.minimum(1, limit / np.maximum(loudness, limit)), np.float32)


def synchronised(a: Signatures, b: Signatures) -> Sync:
    """Return how the pictures of B lie on those of A; both have one rate."""
    lag, correlation = _lag(a, b)
    moves = min(_loudness(a), _loudness(b)) >= _LEAST_LOUDNESS
    is_found = moves and correlation >= _LEAST_CORRELATION
    return Sync(lag if is_found else 0, correlation, is_found, _plan(a, b, lag if is_found else 0))


def _loudness(side: Signatures) -> float:
    """Return how much a picture in ten differs at least from what stands still."""
    return float(np.percentile(np.linalg.norm(side, axis=1), 90)) if len(side) else 0.0


def _lag(a: Signatures, b: Signatures) -> tuple[int, float]:
    """Return by how many pictures B is to be moved to the right, and the correlation then."""
    length = len(a) + len(b) - 1
    size = fft.next_fast_len(length, real=True)
    spectra = [fft.rfft(side, size, axis=0) for side in (a, b)]
    product = fft.irfft((spectra[0] * spectra[1].conj()).sum(axis=1), size)
    lags = np.arange(-len(b) + 1, len(a))
    overlap = np.minimum(len(a), lags + len(b)) - np.maximum(0, lags)
    energy = np.sqrt(_energy(a, np.maximum(0, lags), overlap) * _energy(b, np.maximum(0, -lags), overlap))
    share = overlap / min(len(a), len(b))
    scores = np.where(share >= _LEAST_OVERLAP, product[lags] / np.maximum(energy, 1e-6), -1.0)
    ranks = scores * share**_OVERLAP_POWER
    # Of lags that are as good, as where nothing moves, the smallest.
    best = max(range(len(lags)), key=lambda at: (round(float(ranks[at]), 6), -abs(int(lags[at]))))
    return int(lags[best]), float(scores[best])


def _energy(side: Signatures, start: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    sums = np.concatenate([[0.0], np.cumsum((side.astype(np.float64) ** 2).sum(axis=1))])
    return np.asarray(sums[start + count] - sums[start], np.float64)


def _plan(a: Signatures, b: Signatures, lag: int) -> Plan:
    """Return the pairs that cost least, near the lag; leaving out at either end costs nothing."""
    gap = _gap(a, b)
    columns = np.arange(2 * _REACH + 1)
    costs = np.full(len(columns), np.inf)
    steps = np.zeros((len(a) + 1, len(columns)), np.int8)
    for i in range(len(a) + 1):
        # Row i, column c: A's first i pictures are laid on B's first j.
        j = i - lag + columns - _REACH
        inside = (j >= 0) & (j <= len(b))
        match, skip_a = np.full(len(j), np.inf), np.full(len(j), np.inf)
        if i:
            use = inside & (j > 0)
            match[use] = costs[use] + np.abs(b[j[use] - 1] - a[i - 1]).mean(axis=1) - gap
            skip_a[:-1] = costs[1:] + np.where(j[:-1] == len(b), 0.0, gap / 2)
        best = np.where(inside, np.minimum(match, skip_a), np.inf)
        best[inside & ((j == 0) | (i == 0))] = 0.0
        ramp = columns * (0.0 if i == len(a) else gap / 2)
        costs = np.where(inside, np.minimum.accumulate(best - ramp) + ramp, np.inf)
        steps[i] = np.where(costs < best - _ROUNDING, _SKIP_B, np.where(match <= skip_a, _MATCH, _SKIP_A))
    return _traced(steps, len(a), len(b), lag)


def _gap(a: Signatures, b: Signatures) -> float:
    moves = [np.abs(np.diff(side, axis=0)).mean(axis=1) for side in (a, b) if len(side) > 1]
    step = float(np.median(np.concatenate(moves))) if moves else 0.0
    return max(_LEAST_GAP, _GAP_STEPS * step)


def _traced(steps: NDArray[np.int8], count_a: int, count_b: int, lag: int) -> Plan:
    plan: list[tuple[int | None, int | None]] = []
    i, j = count_a, count_b
    while i > 0 or j > 0:
        step = _step(steps, i, j, lag)
        i, j = i - (step != _SKIP_B), j - (step != _SKIP_A)
        plan.append((None if step == _SKIP_B else i, None if step == _SKIP_A else j))
    return _filled(plan[::-1])


def _filled(plan: Plan) -> Plan:
    """Return a plan in which pictures that were left out on both sides between two pairs are pairs, too.

    One that is damaged is like none of the other side, and has its place all the same.
    """
    filled: list[tuple[int | None, int | None]] = []
    for is_pair, group in groupby(plan, key=lambda match: None not in match):
        steps = list(group)
        if not is_pair:
            only_a, only_b = ([n for n in side if n is not None] for side in zip(*steps, strict=True))
            is_inside = bool(filled) and steps[-1] != plan[-1]
            count = min(len(only_a), len(only_b)) if is_inside else 0
            steps = [*zip(only_a, only_b, strict=False)][:count]
            steps += [(n, None) for n in only_a[count:]] + [(None, n) for n in only_b[count:]]
        filled += steps
    return filled


def _step(steps: NDArray[np.int8], i: int, j: int, lag: int) -> int:
    """Return the last step to here; beyond what was looked at the way to it is along one side."""
    if i == 0 or j == 0:
        return _SKIP_B if i == 0 else _SKIP_A
    column = j - i + lag + _REACH
    if column < 0:
        return _SKIP_A
    return int(steps[i, column]) if column < steps.shape[1] else _SKIP_B
