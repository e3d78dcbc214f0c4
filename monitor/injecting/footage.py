"""Pictures of a camera or a recording, kept at analysis size to be used again and again."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from monitor import app
from monitor.analysis.daynight import Sight, sight_of
from monitor.analysis.preprocess import planes_of
from monitor.capture.live.opening import live_reader
from monitor.capture.live.reader import LiveReader
from monitor.capture.opening import Input, open_source
from monitor.clock import Clock
from monitor.errors import SourceError
from monitor.frames import Bgr, Chroma, Frame, Plane, Size
from monitor.settings import Settings
from monitor.settings.cameras import Camera

LONGEST_S = 24.0
"""So much is looked at: time for the background to be learnt and for a slow walk after it; 60 MB at most."""

SHORTEST_S = 10.0
"""With less there is no time for a walk after the background is learnt."""

DARK_LUMA = 60.0
"""A picture of a lower mean luma is one of the night: a lit motorway by night has 50, places by day 99 on."""

_MAD_TO_SIGMA = 1.4826
"""Of normally distributed values the deviation is so many times the median absolute one."""


@dataclass(frozen=True, slots=True)
class Footage:
    """Frames at analysis size, in order, at the rate of the analysis.

    `source` is the size of the source. `noise_levels` is the deviation of the noise from picture to picture
    in grey levels, `mean_luma` the mean brightness. `night` says why these are pictures of the night, None by
    day.
    """

    name: str
    frames: tuple[Frame, ...]
    source: Size
    noise_levels: float
    mean_luma: float
    night: str | None

    @property
    def size(self) -> Size:
        """Width and height of the frames."""
        return self.frames[0].size

    @property
    def duration_s(self) -> float:
        """Time from the first frame to the last."""
        return self.frames[-1].time_s - self.frames[0].time_s


def recorded_footage(item: Input, settings: Settings) -> Footage:
    """Return the first part of a recording. Raises `SourceError`, also where it is too short."""
    pace = app.pace_of(settings)
    with open_source(item, rate_hz=settings.images.rate_hz) as source:
        return _footage(item.name, pace.thinned(source), settings)


def live_footage(name: str, camera: Camera, settings: Settings, clock: Clock) -> Footage:
    """Watch a camera for `LONGEST_S` and return what it showed. Raises `SourceError`."""
    pace = app.pace_of(settings)
    with live_reader(camera, name=name, clock=clock) as reader:
        return _footage(name, pace.thinned(_arriving(reader, clock, name)), settings)


def _arriving(reader: LiveReader, clock: Clock, name: str) -> Iterator[Frame]:
    begun_s, came = clock.monotonic_s(), False
    while clock.monotonic_s() - begun_s < 2 * LONGEST_S:
        item = reader.take()
        if isinstance(item, Frame):
            came = True
            yield item
        elif item is not None and came:
            return
        elif item is not None and item.end_s is None and clock.monotonic_s() - begun_s > LONGEST_S:
            raise SourceError(f"{name}: {item.why}")


def _footage(name: str, frames: Iterable[Frame], settings: Settings) -> Footage:
    height = settings.advanced.analysis.max_height_px
    kept: list[Frame] = []
    colourless = 0
    source: Size | None = None
    for frame in frames:
        source = source or frame.size
        if frame.size != source or (kept and frame.time_s - kept[0].time_s > LONGEST_S):
            break
        planes = planes_of(frame, height)
        colourless += sight_of(planes) is Sight.INFRARED
        chroma = None if planes.u is None or planes.v is None else Chroma(planes.u, planes.v)
        kept.append(still(len(kept), frame.time_s, planes.luma.copy(), chroma))
    if source is None or kept[-1].time_s - kept[0].time_s < SHORTEST_S:
        raise SourceError(f"{name}: gives less than {SHORTEST_S:g} s of pictures, too little to walk in.")
    mean = float(np.mean([frame.luma.mean() for frame in kept]))
    night = None
    if mean < DARK_LUMA:
        night = f"as recorded: dark, with a mean luma of {mean:.0f}"
    elif colourless > len(kept) / 2:
        night = "as recorded: infrared, without colour"
    return Footage(name, tuple(kept), source, _noise_of(kept), mean, night)


def still(index: int, time_s: float, luma: Plane, chroma: Chroma | None) -> Frame:
    """Return a frame of these planes."""
    luma.flags.writeable = False

    def render() -> Bgr:
        return np.dstack([luma] * 3)

    return Frame(index, time_s, luma, chroma, render)


def _noise_of(frames: list[Frame]) -> float:
    """Return the deviation of what changes between pictures where nothing does: the median over the place."""
    pairs = list(zip(frames[:-1:10], frames[1::10], strict=False))
    changes = [np.abs(a.luma.astype(np.int16) - b.luma) for a, b in pairs]
    # A sum of absolute differences has no steps of whole levels, as their median would.
    mean = float(np.median(np.mean(changes, axis=0)))
    return mean * math.sqrt(math.pi / 2) / math.sqrt(2)


def by_night(footage: Footage, luma: float, gain: float, least_levels: float, seed: int) -> Footage:
    """Return the footage darkened to a mean luma, with `gain` times its noise or that of `least_levels`."""
    level = luma / footage.mean_luma
    sigma = gain * max(footage.noise_levels, least_levels)
    # The light takes its own noise down with it.
    added = math.sqrt(max(sigma**2 - (level * footage.noise_levels) ** 2, 0.0))
    rng = np.random.default_rng(seed)
    frames = tuple(_darkened(frame, level, added, rng) for frame in footage.frames)
    said = f"darkened to a mean luma of {luma:.0f}, with noise of {sigma:.1f} levels"
    return replace(footage, frames=frames, noise_levels=sigma, mean_luma=luma, night=said)


def _darkened(frame: Frame, level: float, added: float, rng: np.random.Generator) -> Frame:
    noise = rng.standard_normal(frame.luma.shape, dtype=np.float32) * np.float32(added)
    luma = _eight_bits(frame.luma * np.float32(level) + noise)
    if frame.chroma is None:
        return still(frame.index, frame.time_s, luma, None)
    u, v = (
        _eight_bits(
            128
            + (plane.astype(np.float32) - 128) * np.float32(level)
            + rng.standard_normal(plane.shape, dtype=np.float32) * np.float32(added / 2)
        )
        for plane in frame.chroma
    )
    return still(frame.index, frame.time_s, luma, Chroma(u, v))


def _eight_bits(levels: np.ndarray) -> Plane:
    return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)
