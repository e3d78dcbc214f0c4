"""How fast this machine goes through a recording, beside what decoding it costs, and what limits it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import cv2

from monitor import app
from monitor.capture.bare import count_packets, count_pictures
from monitor.capture.file import FileSource
from monitor.capture.opening import Input
from monitor.capture.reader import Reader
from monitor.capture.source import SourceInfo
from monitor.frames import Frame
from monitor.outputs.dispatcher import Dispatcher
from monitor.pipeline import WAIT, Pace, Pipeline
from monitor.settings import Settings

SPARE = 0.8
"""Share of the processors that cameras may take: pictures come unevenly, and the system needs some."""

CAMERA_BYTES = 250_000_000
"""Memory of the process of one camera, 1080p (`benchmarks/reliability`)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through the recording: so many units, in seconds of wall clock and of all processors."""

    count: int
    wall_s: float
    cpu_s: float

    @property
    def rate_hz(self) -> float:
        """Units a second of wall clock."""
        return self.count / self.wall_s if self.wall_s > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured on the first `span_s` of one recording.

    `scan` counts the frames up to the last one that was looked at, decoded or not; `analysed` those alone.
    `stages_s` is the time of the analysing thread by stage, without waiting; `waited_s` is how long it had no
    frame.
    """

    info: SourceInfo
    span_s: float
    cores: int
    packets: Pass
    bare: Pass
    scan: Pass
    analysed: int
    stages_s: dict[str, float]
    waited_s: float
    available_bytes: int | None

    @property
    def bottleneck(self) -> str:
        """What limits: "decode" where the analysis waits for most of the time, else its longest stage."""
        worked_s = sum(self.stages_s.values())
        return (
            "decode" if self.waited_s > worked_s else max(self.stages_s, key=lambda name: self.stages_s[name])
        )

    @property
    def camera_load(self) -> float:
        """Processors that one live camera of this kind takes: all is decoded, and as much analysed."""
        return (self.bare.cpu_s + sum(self.stages_s.values())) / self.span_s

    @property
    def cameras(self) -> int:
        """How many such cameras this machine can watch at the same time."""
        return min(self.cameras_by_processor, self.cameras_by_memory or self.cameras_by_processor)

    @property
    def cameras_by_processor(self) -> int:
        """How many the processors allow."""
        return int(SPARE * self.cores / self.camera_load)

    @property
    def cameras_by_memory(self) -> int | None:
        """How many the free memory allows; None where it is not known."""
        return None if self.available_bytes is None else self.available_bytes // CAMERA_BYTES


def measure(path: Path, settings: Settings, seconds: float, available_bytes: int | None) -> Speed:
    """Go through the first `seconds` of a recording in three ways: its packets, its pictures, a whole scan.

    The scan writes nothing, whatever outputs the settings name. Raises `SourceError` where the recording
    cannot be read.
    """
    outputs = settings.outputs.model_copy(update={"annotate": False})
    settings = settings.model_copy(update={"outputs": outputs})
    with FileSource(path) as source:
        info = source.info
    packets = _timed(lambda: count_packets(str(path), seconds))
    bare = _timed(lambda: count_pictures(str(path), seconds))
    pipeline, scan, ended_s = _scanned(path, settings, seconds)
    stages_s = pipeline.stages.total_s()
    return Speed(
        info=info,
        span_s=max(ended_s, 1e-3),
        cores=len(os.sched_getaffinity(0)),
        packets=packets,
        bare=bare,
        scan=scan,
        analysed=pipeline.analysed,
        waited_s=stages_s.pop(WAIT, 0.0),
        stages_s=stages_s,
        available_bytes=available_bytes,
    )


def _scanned(path: Path, settings: Settings, seconds: float) -> tuple[Pipeline, Pass, float]:
    """Scan without outputs; return the pipeline, the measured pass, and the time of the last frame."""
    item = Input(str(path))
    cv2.setNumThreads(1)  # as in a scan
    enough_hz = app.enough_hz(settings, item, app.Extras())
    analyser, judge = app.analyser_of(settings), app.judge_of(settings, path.name)
    pipeline = Pipeline(analyser, judge, Dispatcher({}), Pace(None))
    seen = (0, 0.0)

    def note(frame: Frame) -> bool:
        nonlocal seen
        seen = (frame.index + 1, frame.time_s)
        return False

    def scan() -> int:
        app.look_ahead(analyser, item, settings)
        with FileSource(path, enough_hz=enough_hz) as source:
            span = takewhile(lambda frame: frame.time_s < seconds, source)
            with Reader(app.pace_of(settings).thinned(span)) as frames:
                pipeline.run(frames, note)
        return seen[0]

    measured = _timed(scan)
    return pipeline, measured, seen[1]


def _timed(do: Callable[[], int]) -> Pass:
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    count = do()
    return Pass(count, time.perf_counter() - wall_s, time.process_time() - cpu_s)
