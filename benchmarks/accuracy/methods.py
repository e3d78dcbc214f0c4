"""Everything that makes masks, under one outline: pictures in, a folder of masks out."""

import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2

from benchmarks import process
from benchmarks.accuracy import subtractors
from benchmarks.accuracy.masksets import MaskSet, read_colour
from benchmarks.environments import CNT, SUBSENSE, Environment
from monitor import app
from monitor.capture.opening import inputs_of, open_source
from monitor.settings import Settings

OURS = "monitor"


@dataclass(frozen=True, slots=True)
class Cost:
    """What masks cost: processor milliseconds a frame on one thread, without reading and writing pictures.

    `peak_mb` is the largest memory of the whole process in 10⁶ bytes, None where it was not its own.
    """

    ms_per_frame: float
    peak_mb: float | None = None


Method = Callable[[MaskSet, Path], Cost]
"""Writes a mask for each picture of a set into a folder, by the picture's name."""


def monitor(of: MaskSet, masks: Path) -> Cost:
    """Run the real command by its defaults; the time is measured apart, on the same pictures."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = of.folder / "input"
        run = process.monitor(
            "scan", pictures, "--masks", masks, "--no-clips", "--no-annotate", "--out", folder
        )
    return Cost(_engine_ms(of), run.peak_mb)


def _engine_ms(of: MaskSet) -> float:
    """Return the milliseconds that analyser and judge take for a frame, every frame analysed.

    The look ahead is done, as in the command, but not timed: it happens once.
    """
    settings = Settings()
    (item,) = inputs_of([str(of.folder / "input")])
    analyser, judge = app.analyser_of(settings), app.judge_of(settings, item.name)
    app.look_ahead(analyser, item, settings)
    spent_s, frames = 0.0, 0
    with open_source(item, rate_hz=settings.images.rate_hz) as source:
        for frame in source:
            began = time.process_time()
            judge.update(analyser.update(frame))
            spent_s += time.process_time() - began
            frames += 1
    return 1e3 * spent_s / frames


def _in_process(make: Callable[[], subtractors.Subtractor]) -> Method:
    def method(of: MaskSet, masks: Path) -> Cost:
        apply = make()
        spent_s, pictures = 0.0, of.pictures
        for path in pictures:
            picture = read_colour(path)
            began = time.process_time()
            mask = apply(picture)
            spent_s += time.process_time() - began
            cv2.imwrite(str(masks / f"{path.stem}.png"), mask)
        return Cost(1e3 * spent_s / len(pictures))

    return method


def _foreign(environment: Environment, name: str) -> Method:
    def method(of: MaskSet, masks: Path) -> Cost:
        script = Path(__file__).with_name("foreign.py")
        # Some peers leave files where they are run.
        run = process.run([environment.python(), script, name, of.folder / "input", masks], masks.parent)
        found = re.search(r"ms_per_frame ([\d.]+)", run.output)
        if found is None:
            raise process.ProcessFailedError(f"{name} printed no time: {run.output[-200:]}")
        return Cost(float(found[1]), run.peak_mb)

    return method


METHODS: Mapping[str, Method] = {
    OURS: monitor,
    "mog2": _in_process(subtractors.mog2),
    "knn": _in_process(subtractors.knn),
    "average": _in_process(subtractors.running_average),
    "sigma": _in_process(subtractors.plain_sigma),
    "cnt": _foreign(CNT, "cnt"),
    "subsense": _foreign(SUBSENSE, "subsense"),
}
"""By the name that selects it."""

TITLES = {
    OURS: "**monitor scan**",
    "mog2": "OpenCV MOG2 + median 5",
    "knn": "OpenCV KNN + median 5",
    "average": "running average, threshold 30",
    "sigma": "plain grey μ ± 2.5σ",
    "cnt": "CNT + median 5 (DVR-Scan's other choice)",
    "subsense": "SuBSENSE (bgslibrary)",
}
