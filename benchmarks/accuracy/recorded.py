"""Sets decoded once and kept at analysis size, so that a sweep costs only the analysis."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.masksets import MaskSet
from benchmarks.paths import cache_folder
from monitor.analysis.preprocess import planes_of
from monitor.capture.opening import inputs_of, open_source
from monitor.capture.preview import MOST
from monitor.frames import Chroma, Frame, Size
from monitor.settings import Settings

Stack = NDArray[np.uint8]
"""Planes of all frames, (N, h, w)."""


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """All frames of a set at analysis size: what the analyser makes of them is what it makes of the source.

    `size` is that of the source; `rate_hz` that at which folders of pictures are read by default.
    """

    luma: Stack
    u: Stack | None
    v: Stack | None
    size: Size
    rate_hz: float

    def __iter__(self) -> Iterator[Frame]:
        return map(self._frame, range(len(self.luma)))

    def spread(self, span_s: float) -> Iterator[Frame]:
        """Give the frames that the command's look ahead takes of the first `span_s`."""
        due_s = 0.0
        for index in range(min(len(self.luma), int(span_s * self.rate_hz) + 1)):
            if index / self.rate_hz >= due_s:
                due_s = index / self.rate_hz + span_s / MOST
                yield self._frame(index)

    def _frame(self, index: int) -> Frame:
        chroma = None if self.u is None or self.v is None else Chroma(self.u[index], self.v[index])
        luma = self.luma[index]
        return Frame(index, index / self.rate_hz, luma, chroma, lambda: np.dstack([luma] * 3))


def recorded(of: MaskSet) -> Recorded:
    """Return the frames of a set, mapped from a file that is made on first use."""
    settings = Settings()
    height_px = settings.advanced.analysis.max_height_px
    key = hashlib.sha256(f"{of.folder.resolve()} {len(of.pictures)} {height_px}".encode()).hexdigest()[:12]
    folder = cache_folder() / "planes" / f"{of.name}-{key}"
    if not (folder / "size.npy").exists():
        _record(of, folder, settings)
    stacks = [_load(folder / f"{name}.npy") for name in ("luma", "u", "v")]
    assert stacks[0] is not None
    size = Size(*np.load(folder / "size.npy"))
    return Recorded(stacks[0], stacks[1], stacks[2], size, settings.images.rate_hz)


def _record(of: MaskSet, folder: Path, settings: Settings) -> None:
    (item,) = inputs_of([str(of.folder / "input")])
    folder.mkdir(parents=True, exist_ok=True)
    with open_source(item, rate_hz=settings.images.rate_hz) as source:
        size = source.info.size
        frames = [planes_of(frame, settings.advanced.analysis.max_height_px) for frame in source]
    np.save(folder / "luma.npy", [frame.luma for frame in frames])
    for name in ("u", "v"):
        planes = [plane for frame in frames if (plane := getattr(frame, name)) is not None]
        if planes:
            np.save(folder / f"{name}.npy", planes)
    # Last, so that a set that was only half written is made again.
    np.save(folder / "size.npy", size)


def _load(path: Path) -> Stack | None:
    return np.load(path, mmap_mode="r") if path.exists() else None
