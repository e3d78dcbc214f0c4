"""Small videos with known pictures, encoded by the tests themselves."""

import os
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

RATE_HZ = 25

Bgr = NDArray[np.uint8]


def pictures(count: int = 12, width: int = 96, height: int = 64) -> list[Bgr]:
    """Smooth colours that slide by one pixel per picture: kind to codecs, different in all four corners."""
    seeds = np.random.default_rng(7).integers(40, 216, (4, 5, 3), dtype=np.uint8)
    wide = cv2.resize(seeds, (width + count, height), interpolation=cv2.INTER_CUBIC)
    return [np.ascontiguousarray(wide[:, i : i + width]) for i in range(count)]


def encode(
    path: Path,
    bgrs: Sequence[Bgr],
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    ticks: Sequence[int] | None = None,
    time_base: Fraction = Fraction(1, RATE_HZ),
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
    rotation_deg: float = 0.0,
    mirrored: bool = False,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Write the pictures to `path`, at 25 per second or at the given ticks of the time base."""
    if codec not in av.codecs_available:
        pytest.skip(f"this FFmpeg has no encoder {codec}")
    os.environ.setdefault("SVT_LOG", "0")
    height, width = bgrs[0].shape[:2]
    with av.open(str(path), "w", options=container_options or {}) as container:
        container.metadata.update(metadata or {})
        stream = container.add_stream(codec, rate=RATE_HZ, options=options or {})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        stream.codec_context.time_base = time_base
        if rotation_deg or mirrored:
            stream.set_display_rotation(rotation_deg, hflip=mirrored)
        for tick, bgr in zip(ticks or range(len(bgrs)), bgrs, strict=True):
            picture = av.VideoFrame.from_ndarray(bgr, format="bgr24")
            picture.pts, picture.time_base = tick, time_base
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def luma_of(bgr: Bgr, *, full_range: bool = False) -> NDArray[np.float64]:
    """Return the luma by BT.601, 0 to 255 or 16 to 235."""
    luma: NDArray[np.float64] = bgr @ np.array([0.114, 0.587, 0.299])
    return luma if full_range else 16 + luma * 219 / 255


def mean_difference(a: NDArray[np.generic], b: NDArray[np.generic]) -> float:
    """Return the mean absolute difference in grey levels."""
    return float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean())
