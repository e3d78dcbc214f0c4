"""The generated archive as files: pictures composed cheaply, noise new in each of them, then encoded."""

import json
import math
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.paths import cache_folder
from benchmarks.triage.recordings import DRIFT_S, Passage, Recording, passages
from monitor.capture.scene.light import Night
from monitor.capture.scene.part import Part
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.weather import Leaves

_LOOP_S = 30.0
"""Swaying trees are rendered for so long and played forwards and backwards, so that nothing jumps."""

_POOL = 6
_SPARE_PX = 64
"""Noise is cut out of a few large sheets at random places: two pictures hardly ever have the same."""

Planes = NDArray[np.uint8]
"""Luma and both chroma planes beneath each other, uint8 (3 H / 2, W), as an encoder takes them."""


def path_of(recording: Recording) -> Path:
    """Return the recording's file, made now if it is not there yet, with its truth beside it."""
    suffix = ".avi" if recording.encoder.codec == "mpeg4" else ".mkv"
    folder = cache_folder() / "triage"
    folder.mkdir(exist_ok=True)
    path = folder / f"{recording.name}{suffix}"
    if not path.exists():
        unfinished = path.with_suffix(f".part{suffix}")
        encode(recording, unfinished)
        truth = [
            {"start_s": p.start_s, "end_s": p.start_s + p.length_s, "note": p.note}
            for p in passages(recording)
        ]
        path.with_suffix(".truth.json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
        unfinished.rename(path)
    return path


def encode(recording: Recording, path: Path) -> None:
    """Write a recording."""
    encoder = recording.encoder
    rate = Fraction(recording.rate_hz).limit_denominator(1001)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(encoder.codec, rate=rate, options=dict(encoder.options))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = recording.size
        stream.pix_fmt = "yuvj420p" if encoder.codec == "mjpeg" else "yuv420p"
        if encoder.gop_s:
            stream.codec_context.gop_size = max(1, round(encoder.gop_s * recording.rate_hz))
        if encoder.bit_rate:
            stream.bit_rate = encoder.bit_rate
        for index, planes in enumerate(pictures(recording)):
            frame = av.VideoFrame.from_ndarray(planes, format=stream.pix_fmt)
            frame.pts, frame.time_base = index, 1 / rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def pictures(recording: Recording) -> Iterator[Planes]:
    """Yield the pictures of a recording."""
    rng = np.random.default_rng(recording.seed)
    still = next(_rendered(recording, (), 1.0))
    loop = list(_rendered(recording, (Leaves(),), _LOOP_S)) if recording.leaves else [still]
    loop += loop[-2:0:-1]
    sheets = _noise_sheets(recording, rng)
    happens = list(passages(recording))
    playing: Iterator[Planes] | None = None
    for index in range(round(recording.duration_s * recording.rate_hz)):
        time_s = index / recording.rate_hz
        planes = loop[index % len(loop)]
        if playing is None and happens and time_s >= happens[0].start_s:
            playing = _passing(recording, happens.pop(0))
        if playing is not None:
            seen = next(playing, None)
            if seen is None:
                playing = None
            else:
                changed = cv2.subtract(seen, still, dtype=cv2.CV_16S)
                planes = np.asarray(cv2.add(planes, changed, dtype=cv2.CV_8U), np.uint8)
        if recording.drift:
            planes = _lit(planes, recording.size.height, _gain(recording, time_s))
        yield _noisy(planes, sheets, rng)


def _passing(recording: Recording, passage: Passage) -> Iterator[Planes]:
    return _rendered(recording, passage.parts, passage.length_s)


def _rendered(recording: Recording, parts: tuple[Part, ...], length_s: float) -> Iterator[Planes]:
    """Yield a scene's pictures without noise."""
    full = recording.encoder.codec == "mjpeg"
    scene = Scene(
        (*parts, Night()) if recording.night else parts,
        recording.place,
        size=recording.size,
        rate_hz=recording.rate_hz,
        duration_s=length_s,
        seed=recording.seed,
        full_range=full,
    )
    for picture in scene.pictures():
        planes = (picture.luma, *picture.chroma)
        yield np.concatenate([plane.reshape(-1) for plane in planes]).reshape(-1, recording.size.width)


def _gain(recording: Recording, time_s: float) -> float:
    return 1.0 - recording.drift * 0.5 * (1 - math.cos(2 * math.pi * time_s / DRIFT_S))


def _lit(planes: Planes, height: int, gain: float) -> Planes:
    lit = planes.copy()
    lit[:height] = cv2.LUT(planes[:height], np.rint(np.arange(256) * gain).astype(np.uint8))
    return lit


def _noise_sheets(recording: Recording, rng: np.random.Generator) -> list[NDArray[np.int16]]:
    width, height = recording.size
    shape = (height * 3 // 2 + _SPARE_PX, width + _SPARE_PX)
    return [np.rint(rng.normal(0, recording.noise, shape)).astype(np.int16) for _ in range(_POOL)]


def _noisy(planes: Planes, sheets: list[NDArray[np.int16]], rng: np.random.Generator) -> Planes:
    rows, columns = planes.shape
    which, top, left = rng.integers((len(sheets), _SPARE_PX, _SPARE_PX))
    noise = sheets[which][top : top + rows, left : left + columns]
    return np.asarray(cv2.add(planes, noise, dtype=cv2.CV_8U), np.uint8)
