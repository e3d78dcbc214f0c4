"""Each camera of the settings, opened until its first picture."""

from collections.abc import Iterator
from functools import partial

from monitor.capture.live.opening import open_sources
from monitor.capture.live.source import OpenSource
from monitor.capture.source import SourceInfo
from monitor.clock import SystemClock
from monitor.diagnosis.asking import Question, problem
from monitor.errors import MonitorError
from monitor.health.check import Check, State
from monitor.settings import Settings
from monitor.settings.cameras import Camera

_STEP_S = 5.0
"""Connecting has two steps, and then a picture must come: one that needs longer is told as a problem."""

_LIMIT_S = 20.0


def camera_questions(settings: Settings) -> list[Question]:
    """Return a question for each camera."""
    return [
        Question(f"camera {name}", partial(_checks, name, camera), _LIMIT_S, True)
        for name, camera in settings.cameras.items()
    ]


def _checks(name: str, camera: Camera) -> Iterator[Check]:
    shorter = {"open_s": min(camera.open_s, _STEP_S), "read_s": min(camera.read_s, _STEP_S)}
    analysed, recorded = open_sources(camera.model_copy(update=shorter), SystemClock())
    yield _look(f"camera {name}", analysed, wants_frame=True)
    if recorded is not None:
        yield _look(f"camera {name}, main", recorded, wants_frame=False)


def _look(name: str, open_source: OpenSource, *, wants_frame: bool) -> Check:
    try:
        with open_source(None) as source:
            if wants_frame and next(iter(source), None) is None:
                step = "look at its picture with another player"
                return Check(name, State.PROBLEM, "it can be opened and gives no picture", step)
            return Check(name, State.OK, _given(source.info))
    except MonitorError as error:
        return problem(name, error)


def _given(info: SourceInfo) -> str:
    rate = "" if info.rate_hz is None else f", {info.rate_hz:g} frames/s"
    return f"{info.size.width}x{info.size.height} {info.codec or 'video'}{rate}"
