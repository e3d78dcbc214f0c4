"""Speed of SSIM against scikit-image on one thread."""

import itertools
import time
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
from skimage.metrics import structural_similarity

from benchmarks.results import Cell, table
from monitor.analysis.similarity import ssim

SIZES = {"480x270": (270, 480), "1280x720": (720, 1280), "1920x1080": (1080, 1920)}
PAPER = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
REPEATS = 5


def best_ms(run: Callable[[], float]) -> float:
    """Return the shortest of several runs in milliseconds, after one that warms up."""
    run()
    return min(_elapsed_ms(run) for _ in range(REPEATS))


def _elapsed_ms(run: Callable[[], float]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def _pair(height: int, width: int, colour: bool) -> tuple[Any, Any]:
    """Return a smooth random picture and the same with noise."""
    rng = np.random.default_rng(1)
    shape = (height, width, 3) if colour else (height, width)
    clean = cv2.GaussianBlur(rng.integers(0, 256, shape, np.uint8), (0, 0), 3)
    clean = cv2.normalize(clean, np.empty_like(clean), 0, 255, cv2.NORM_MINMAX)
    noisy = np.clip(clean + rng.normal(0, 5, shape), 0, 255).astype(np.uint8)
    return clean, noisy


def _published(a: Any, b: Any, **options: Any) -> float:
    return float(structural_similarity(a, b, **options))  # type: ignore[no-untyped-call]


def _row(label: str, shape: tuple[int, int], colour: bool, paper: bool) -> list[Cell]:
    a, b = _pair(*shape, colour)
    options: dict[str, Any] = {"channel_axis": 2 if colour else None, **(PAPER if paper else {})}
    theirs_ms = best_ms(lambda: _published(a, b, **options))
    ours_ms = best_ms(lambda: ssim(a, b, gaussian=paper))
    apart = abs(_published(a, b, **options) - ssim(a, b, gaussian=paper))
    kind = f"{label} {'colour' if colour else 'grey'}, {'gaussian 11' if paper else 'uniform 7'}"
    return [kind, theirs_ms, ours_ms, theirs_ms / ours_ms, f"{apart:.1e}"]


def report(sizes: Sequence[str] = tuple(SIZES)) -> str:
    """Return a table with a line for each size and kind: milliseconds, their ratio, and the difference."""
    cv2.setNumThreads(1)
    shapes = [(label, SIZES[label]) for label in sizes]
    kinds = itertools.product(shapes, (False, True), (False, True))
    rows = [_row(label, shape, colour, paper) for (label, shape), colour, paper in kinds]
    head = ("SSIM of two pictures", "scikit-image ms", "ours ms", "ratio", "difference")
    return table(head, rows, digits=1)
