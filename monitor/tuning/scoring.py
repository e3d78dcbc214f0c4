"""A recording is measured, just as a scan measures it, and nothing is written of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor import app
from monitor.analysis.scores import Scores
from monitor.capture.opening import Input, open_source
from monitor.capture.source import SourceInfo
from monitor.events.event import EventChange, NearMiss
from monitor.frames import Frame
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.sink import Observation
from monitor.scanning import judge_into
from monitor.settings import Settings
from monitor.tuning.scored import Scored, measuring_key, obvious_positions

Reached = Callable[[float, float | None], bool]
"""Told how many seconds of a recording are done, and how long it is where that is known; returns whether
to stop here."""


def score(
    item: Input,
    settings: Settings,
    reached: Reached = lambda time_s, duration_s: False,
    *,
    begins: Callable[[SourceInfo], datetime | None] = lambda info: info.start_time,
    threads: int | None = None,
) -> Scored:
    """Return the scores of one input under these settings: those that a scan with them judges.

    Where `reached` stops it, what was measured until then is returned. Raises `SourceError`.
    """
    kept = _Kept()
    enough_hz = app.enough_hz(settings, item, app.Extras())
    with open_source(item, threads=threads, enough_hz=enough_hz, rate_hz=settings.images.rate_hz) as source:
        duration_s, start_time = source.info.duration_s, begins(source.info)
        source.begin_at(start_time)
        stopped = False

        def note(frame: Frame) -> bool:
            nonlocal stopped
            stopped = reached(frame.time_s, duration_s)
            return stopped

        last = judge_into(Dispatcher({"scores": kept}), item, source, settings, app.Extras(), note)
    return Scored(
        name=item.name,
        scores=tuple(kept.scores),
        frames=0 if last is None else last.index + 1,
        duration_s=0.0 if last is None else last.time_s,
        measured_with=measuring_key(settings, item),
        obvious=obvious_positions(kept.scores, settings),
        start_time=start_time,
        is_whole=not stopped,
    )


class _Kept:
    """Keeps what was measured; the flow's vectors are for drawing, and nobody judges them."""

    def __init__(self) -> None:
        self.scores: list[Scores] = []

    def take(self, observation: Observation) -> None:
        """Keep the scores of a frame that was analysed."""
        if observation.fresh:
            self.scores.append(replace(observation.scores, flow=()))

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Nothing is left to keep."""

    def close(self) -> None:
        """Nothing is open."""
