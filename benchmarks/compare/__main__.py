"""`python -m benchmarks.compare`: boxes against outlines, empty places, SSIM; written into RESULTS.md."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import cv2
import numpy as np
import typer

from benchmarks.compare.pairs import OFFICE_STEP, Pair, Picture, drawn_pairs, office_pairs, overlap
from benchmarks.paths import data_folder
from benchmarks.results import Cell, measured_on, table, write_sections
from benchmarks.speed import ssim
from monitor.comparing.images import compare_images
from monitor.comparing.options import Options

HERE = Path(__file__).parent

GOOD_OVERLAP = 0.6
"""From this intersection over union on a box is right."""


def found(pairs: Iterable[Pair]) -> list[Sequence[Cell]]:
    """Return for each pair with somebody: the overlap of the largest box, how many boxes, processor ms."""
    rows: list[Sequence[Cell]] = []
    for pair in pairs:
        if pair.box is None:
            continue
        began_s = time.process_time()
        result = compare_images(pair.a, pair.b)
        took_ms = 1000 * (time.process_time() - began_s)
        boxes = [(box.x, box.y, box.width, box.height) for box in result.boxes]
        best = overlap(boxes[0], pair.box) if boxes else 0.0
        rows.append((pair.name, best, len(boxes), result.exposure_ratio, result.measures.ssim, took_ms))
    return rows


_FOUND = ("pair", "IoU of the first box", "boxes", "exposure B/A", "SSIM", "CPU ms")


def empties(pairs: Iterable[Pair]) -> list[Sequence[Cell]]:
    """Return for each kind of an empty place taken twice: how many pairs, and how many got a box."""
    given = list(pairs)
    kinds = {
        "as they are": [(pair.a, pair.b) for pair in given if pair.box is None],
        "sensor noise of 6 levels in both": [(_noisy(a, 1), _noisy(a, 2)) for a in _places(given)],
        "B coded as JPEG at quality 80": [(a, _jpeg(a, 80)) for a in _places(given)],
        "B coded as JPEG at quality 40": [(a, _jpeg(a, 40)) for a in _places(given)],
        "B 1.3 times as bright": [(a, _times(a, 1.3)) for a in _places(given)],
        "B 0.6 times as bright, noise in both": [
            (_noisy(a, 1), _noisy(_times(a, 0.6), 2)) for a in _places(given)
        ],
        "B 30 levels brighter": [(a, _plus(a, 30)) for a in _places(given)],
    }  # fmt: skip
    return [(kind, len(both), sum(_has_box(*pair) for pair in both)) for kind, both in kinds.items()]


FAINT = ((8, 20), (12, 15), (20, 10), (40, 8), (40, 5))
"""Squares of so many pixels and so many grey levels more than what is behind them."""


def faint(pairs: Iterable[Pair]) -> list[Sequence[Cell]]:
    """Return for each square in noise of 6 and 12 levels: in how many places it is boxed, of how many."""
    places = _places(pairs)
    return [
        (
            f"{side} px, {levels} levels, noise of {sigma:g}",
            len(places),
            sum(_is_boxed(place, side, levels, sigma) for place in places),
        )
        for sigma in (6.0, 12.0)
        for side, levels in FAINT
    ]


def _is_boxed(place: Picture, side_px: int, levels: int, sigma: float) -> bool:
    height, width = place.shape[:2]
    left, top = width // 3, height // 3
    b = place.astype(int)
    b[top : top + side_px, left : left + side_px] += levels
    truth = (left / width, top / height, side_px / width, side_px / height)
    found = compare_images(_noisy(place, 1, sigma), _noisy(np.clip(b, 0, 255).astype(np.uint8), 2, sigma))
    boxes = [(box.x, box.y, box.width, box.height) for box in found.boxes]
    return len(boxes) == 1 and overlap(boxes[0], truth) >= 0.5


def _places(pairs: Iterable[Pair]) -> list[Picture]:
    return list({pair.name.split("/")[0]: pair.a for pair in pairs}.values())


def _has_box(a: Picture, b: Picture) -> bool:
    return bool(compare_images(a, b, Options(normalise=True)).boxes)


def _noisy(picture: Picture, seed: int, sigma: float = 6.0) -> Picture:
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.asarray(np.clip(np.rint(picture + noise), 0, 255), np.uint8)


def _times(picture: Picture, gain: float) -> Picture:
    return np.asarray(np.clip(np.rint(picture * gain), 0, 255), np.uint8)


def _plus(picture: Picture, levels: int) -> Picture:
    return np.asarray(np.clip(picture.astype(int) + levels, 0, 255), np.uint8)


def _jpeg(picture: Picture, quality: int) -> Picture:
    coded = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _section(rows: list[Sequence[Cell]]) -> str:
    good = sum(isinstance(row[1], float) and row[1] >= GOOD_OVERLAP for row in rows)
    values = [float(row[1] or 0) for row in rows]
    told = (
        f"{good} of {len(rows)} pairs with an IoU of {GOOD_OVERLAP} or more; the median is "
        f"{median(values):.2f}, the least {min(values):.2f}.\n\n"
    )
    return told + table(_FOUND, rows, digits=2)


def main(
    data: Annotated[Path | None, typer.Option(help="Folder with pairs/ and masks/office.")] = None,
    results: Annotated[Path, typer.Option(help="Where the tables go.")] = HERE / "RESULTS.md",
    with_ssim: Annotated[bool, typer.Option("--ssim/--no-ssim", help="Time SSIM, too.")] = True,
) -> None:
    """Compare real pairs with their outlines, empty places with themselves, and SSIM with scikit-image."""
    folder = data or data_folder()
    drawn = list(drawn_pairs(folder / "pairs"))
    office = list(office_pairs(folder / "masks/office"))
    machine = measured_on(("numpy", "opencv-python"))
    sections = {
        "Somebody in another exposure": f"{machine}\n{_section(found(drawn))}",
        "Held out: a recording that no constant was chosen by": (
            f"Every {OFFICE_STEP}th frame of `office` with somebody against its first empty one. The drawn "
            "pairs above were measured before and after each change, so they are no proof by themselves.\n\n"
            f"{_section(found(office))}"
        ),
        "An empty place twice": table(
            ("pictures", "pairs", "with a box"), empties([*drawn, *office]), digits=0
        ),
        "Small things of little contrast in noise": (
            "A square is added to one of two pictures of a place. It counts with one box, IoU 0.5.\n\n"
            + table(("square", "places", "boxed"), faint([*drawn, *office]), digits=0)
        ),
    }
    if with_ssim:
        packages = ("numpy", "opencv-python", "scikit-image")
        sections["SSIM against scikit-image"] = f"{measured_on(packages)}\n{ssim.report(('1920x1080',))}"
    write_sections(results, "Comparing", sections)


if __name__ == "__main__":
    typer.run(main)
