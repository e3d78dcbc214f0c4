"""What it saves to leave out the in-loop deblocking filter, and how far pictures then drift."""

import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import cv2
import numpy as np

from benchmarks.results import Cell, table
from monitor.analysis.preprocess import analysis_size, shrunk
from monitor.capture.planes import planes_of
from monitor.frames import Plane, Size
from monitor.settings import Settings

FRAMES = 500

_SETTINGS = Settings()
_FLOOR = _SETTINGS.advanced.background.luma_floor

ABOUT = f"""\
The luma at analysis size, decoded with and without the filter of H.264 (`skip_loop_filter=all`), over the
first {FRAMES} frames: the mean difference, and the 99.9th percentile and the greatest of the pixels, in grey
levels, each in the frame where it is worst. The least σ that the model trusts is {_FLOOR:g} levels, and the
bounds lie {_SETTINGS.motion.k_sigma:g} σ away: drift near that changes what is foreground.
"""


def recordings(data: Path) -> list[Path]:
    """Return the recordings in H.264."""
    found = sorted([*(data / "events").iterdir(), *(data / "raw").iterdir()])
    return [path for path in found if path.suffix in {".mp4", ".mkv"} and _codec(path) == "h264"]


def report(paths: Sequence[Path]) -> str:
    """Return the table."""
    return table(_HEAD, [_row(path) for path in paths], digits=2)


_HEAD = ("recording", "decoding, CPU with / without", "mean", "99.9th percentile", "greatest")


def _row(path: Path) -> list[Cell]:
    mean, high, greatest = 0.0, 0, 0
    for whole, bare in zip(_lumas(path, skip=False), _lumas(path, skip=True), strict=True):
        difference = cv2.absdiff(whole, bare)
        mean = max(mean, float(difference.mean()))
        high = max(high, int(np.percentile(difference, 99.9)))
        greatest = max(greatest, int(difference.max()))
    return [path.stem, _cpu_s(path, skip=False) / _cpu_s(path, skip=True), mean, high, greatest]


def _cpu_s(path: Path, *, skip: bool) -> float:
    began_s = time.process_time()
    for _ in _pictures(path, skip=skip):
        pass
    return time.process_time() - began_s


def _lumas(path: Path, *, skip: bool) -> Iterator[Plane]:
    most_px = _SETTINGS.advanced.analysis.max_height_px
    for picture in _pictures(path, skip=skip):
        luma, _ = planes_of(picture)
        yield shrunk(luma, analysis_size(Size(luma.shape[1], luma.shape[0]), most_px))


def _pictures(path: Path, *, skip: bool) -> Iterator[av.VideoFrame]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        if skip:
            stream.codec_context.options = {"skip_loop_filter": "all"}
        yield from itertools.islice(container.decode(stream), FRAMES)


def _codec(path: Path) -> str:
    with av.open(str(path)) as container:
        return container.streams.video[0].codec_context.name
