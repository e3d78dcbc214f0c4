"""Generated scenes: each phenomenon once, and how strong it may get before something is missed or wrong."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.accuracy import events, masks
from benchmarks.accuracy.clips import Clip, by_monitor, frame_times
from benchmarks.accuracy.matching import MOTION, QUIET, Span
from benchmarks.accuracy.masksets import find_sets
from benchmarks.accuracy.methods import OURS
from benchmarks.results import Cell, table
from monitor.capture.scene.actors import Walker
from monitor.capture.scene.camera import Shake
from monitor.capture.scene.encode import write_cdnet, write_video
from monitor.capture.scene.figure import Clothes
from monitor.capture.scene.library import SCENES
from monitor.capture.scene.light import Cloud, Night
from monitor.capture.scene.part import Part
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Exposure, Noise
from monitor.capture.scene.weather import Leaves, Rain, Snow

WITH_MASKS = ("walker", "two_walkers", "stander", "auto_exposure", "headlights", "shake")
"""Scenes in which something moves against what makes it hard."""

_TOLERANCE_S = {MOTION: 0.2, QUIET: 1.0}
"""What is seen at the very edge of the picture, and how long something may be told after it ended."""

_OTHERS_TOLERANCE_S = 1.0
"""A lens is covered, and light changes, over up to a second."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One thing at several strengths; a person crosses in each, but where `is_quiet`."""

    title: str
    strengths: Sequence[float]
    parts: Callable[[float], tuple[Part, ...]]
    is_quiet: bool = False

    def scenes(self) -> Mapping[str, Scene]:
        """Return the scene of each strength by a name that is unique among curves."""
        return {f"{self.title} {strength:g}": Scene((*self._walker, *self.parts(strength))) for strength in self.strengths}

    @property
    def _walker(self) -> tuple[Part, ...]:
        return () if self.is_quiet else (Walker(5.0, 11.0, clothes=Clothes.GREY),)


CURVES = (
    Curve("noise, grey levels", (2, 5, 10, 15, 20), lambda s: (Noise(s),)),
    Curve("night, share of daylight", (0.5, 0.2, 0.1, 0.06, 0.03), lambda s: (Night(s), Noise())),
    Curve("shake, pixels", (0.5, 1, 2, 4), lambda s: (Shake(reach_px=s), Noise())),
    Curve("rain, streaks", (100, 200, 400, 800), lambda s: (Rain(streaks=int(s)), Noise())),
    Curve("snow, flakes", (100, 200, 400), lambda s: (Snow(flakes=int(s)), Noise())),
    Curve("leaves, reach in widths", (0.005, 0.01, 0.02), lambda s: (Leaves(reach=s), Noise()), is_quiet=True),
    Curve("cloud, share of light", (0.2, 0.4, 0.6), lambda s: (Cloud(4.0, 16.0, s), Noise()), is_quiet=True),
    Curve("exposure, factor", (1.1, 1.3, 1.6, 2.0), lambda s: (Exposure(8.0, 9.0, s), Noise()), is_quiet=True),
    Curve(
        "size of a person, share of normal",
        (1.0, 0.6, 0.4, 0.25, 0.15),
        lambda s: (Walker(5.0, 11.0, height=s, clothes=Clothes.GREY), Noise()),
        is_quiet=True,
    ),
)
