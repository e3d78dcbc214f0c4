"""Generated scenes: each phenomenon once, and how strong it may get before something is missed or wrong."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy import events, masks
from benchmarks.accuracy.clips import Clip, by_monitor, frame_times
from benchmarks.accuracy.masks import MaskResults
from benchmarks.accuracy.masksets import find_sets
from benchmarks.accuracy.matching import MOTION, QUIET, Figures, Span
from benchmarks.results import Cell, table
from monitor.capture.scene.actors import Walker
from monitor.capture.scene.camera import Shake
from monitor.capture.scene.encode import write_cdnet, write_video
from monitor.capture.scene.figure import Clothes
from monitor.capture.scene.library import SCENES
from monitor.capture.scene.light import Cloud, Infrared, Night
from monitor.capture.scene.near import Web
from monitor.capture.scene.part import Part
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Exposure, Noise
from monitor.capture.scene.unseen import Beam, PassingShadow
from monitor.capture.scene.weather import Leaves, Rain, Snow

WITH_MASKS = ("walker", "two_walkers", "stander", "auto_exposure", "headlights", "shake")
"""Scenes in which something moves, each against something that makes it hard."""

_MOTION_TOLERANCE_S = 0.2
"""Whoever enters is at first a few pixels at the edge of the picture."""

_TOLERANCE_S = 1.0
"""Lenses are covered and light changes over up to a second; and so long after its end an event may last."""

_SEEDS = (1, 2, 3)


def _person(height: float = 1.0) -> Walker:
    return Walker(4.0, 10.0, height=height, clothes=Clothes.GREY)


_INFRARED = Infrared(-1.0)


@dataclass(frozen=True, slots=True)
class Curve:
    """One thing at several strengths."""

    title: str
    strengths: Sequence[float]
    parts: Callable[[float], tuple[Part, ...]]

    def scenes(self, strength: float) -> list[Scene]:
        """Return the scenes of one strength: the same happening in several random places."""
        return [Scene(self.parts(strength), rate_hz=15.0, duration_s=14.0, seed=seed) for seed in _SEEDS]


CURVES = (
    Curve("a person smaller than normal by", (1.0, 0.6, 0.4, 0.25, 0.15), lambda s: (_person(s), Noise())),
    Curve("a person in noise of σ, grey levels", (2, 5, 10, 20), lambda s: (_person(), Noise(s))),
    Curve(
        "a person by night, share of daylight",
        (0.5, 0.2, 0.1, 0.05),
        lambda s: (_person(), Night(s), Noise()),
    ),
    Curve("a person, camera shaking by pixels", (0.5, 1, 2, 4), lambda s: (_person(), Shake(s), Noise())),
    Curve("a person in rain, streaks", (100, 200, 400, 800), lambda s: (_person(), Rain(int(s)), Noise())),
    Curve("a person in snow, flakes", (100, 200, 400), lambda s: (_person(), Snow(int(s)), Noise())),
    Curve("nobody; leaves swaying by widths", (0.005, 0.01, 0.02, 0.03), lambda s: (Leaves(s), Noise())),
    Curve("nobody; a web lit by infrared, levels", (40, 80, 140), lambda s: (_INFRARED, Web(s), Noise())),
    Curve(
        "nobody; snow lit by infrared, flakes",
        (60, 130, 300),
        lambda s: (_INFRARED, Snow(int(s), 200.0), Noise()),
    ),
    Curve(
        "nobody; a beam at night, times the light",
        (1.5, 2.5, 5),
        lambda s: (Night(0.35), Beam(4.0, 9.0, strength=s), Noise()),
    ),
    Curve(
        "nobody; a shadow takes of the light",
        (0.3, 0.45, 0.65),
        lambda s: (PassingShadow(4.0, 10.0, depth=s), Noise()),
    ),
    Curve("nobody; a cloud takes of the light", (0.2, 0.4, 0.6), lambda s: (Cloud(3.0, 13.0, s), Noise())),
    Curve("nobody; exposure changes by", (0.6, 1.1, 1.3, 1.6), lambda s: (Exposure(7.0, 8.0, s), Noise())),
)


@dataclass(slots=True)
class SceneResults:
    """Phenomena by name, the total of each curve's strengths, and masks."""

    phenomena: events.EventResults
    curves: list[tuple[str, float, Figures]] = field(default_factory=list)
    masks: MaskResults = field(default_factory=MaskResults)


def measure(names: Iterable[str], curves: Sequence[Curve], methods: Sequence[str]) -> SceneResults:
    """Run the command on scenes written as videos, and the methods on the same scenes' truth masks."""
    results = SceneResults(measure_scenes({name: SCENES[name]() for name in names}))
    for curve in curves:
        for strength in curve.strengths:
            scenes = {f"{strength:g}-{scene.seed}": scene for scene in curve.scenes(strength)}
            results.curves.append((curve.title, strength, measure_scenes(scenes).total))
    results.masks = measure_masks(WITH_MASKS, methods)
    return results


def measure_scenes(scenes: Mapping[str, Scene]) -> events.EventResults:
    """Write each scene as H.264, scan them all with the command, and judge what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        clips = [_clip(scene, Path(folder) / f"{name}.mp4") for name, scene in scenes.items()]
        return events.judge_all(clips, by_monitor(clips))


def measure_masks(names: Sequence[str], methods: Sequence[str]) -> MaskResults:
    """Write scenes in CDnet's layout and score masks on them."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            write_cdnet(SCENES[name](), Path(folder) / name, first_frame=50)
        return masks.measure(find_sets(Path(folder)), methods)


def report(results: SceneResults) -> str:
    """Return the tables of phenomena, of what is not motion, of curves and of masks."""
    phenomena = {name.removesuffix(".mp4"): one for name, one in results.phenomena.by_clip.items()}
    total = results.phenomena.total
    rows = [events.row(*pair) for pair in phenomena.items()] + [events.row("**all**", total)]
    others = f"What is not motion (events of these kinds that answer nothing: {total.others_false}):\n"
    return "\n".join(
        [
            "Every scene of `monitor.capture.scene.library`, written as H.264 and scanned by the command.\n",
            table(["scene", *events.HEAD], rows),
            others,
            events.found_table(total.found),
            f"Strengths, each in {len(_SEEDS)} random places:\n",
            table(
                ["what", "strength", "found", "false", "alarms in quiet", "recall"], map(_row, results.curves)
            ),
            "Masks on the scenes in which something moves (worst frames: `worst_scenes.png`):\n",
            masks.report(results.masks),
        ]
    )


def _row(point: tuple[str, float, Figures]) -> list[Cell]:
    title, strength, figures = point
    found = f"{figures.touched} of {figures.truths}" if figures.truths else None
    return [title, f"{strength:g}", found, figures.false, figures.alarms, figures.recall]


def _clip(scene: Scene, path: Path) -> Clip:
    write_video(scene, path)
    return Clip(path, frame_times(path), tuple(_spans(scene)))


def _spans(scene: Scene) -> Iterable[Span]:
    for event in scene.truth():
        tolerance_s = _MOTION_TOLERANCE_S if event.kind == MOTION else _TOLERANCE_S
        tolerance = round(tolerance_s * scene.rate_hz)
        if event.kind == QUIET and event.end_frame - event.start_frame <= 2 * tolerance:
            continue
        yield Span(event.kind, event.start_frame, event.end_frame, tolerance)
