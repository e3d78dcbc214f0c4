"""Measuring a part of a recording: frames in, packed scores out; nothing is written.

What the part's own judge says only sets the pace, as in a scan of the whole; what is told is judged later.
"""

import pickle
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import cv2

from monitor import app
from monitor.archive.shards.measured import Measured, Standstill
from monitor.archive.shards.plan import Part
from monitor.archive.shards.reel import Winder
from monitor.archive.starttime import start_of
from monitor.capture.file import FileSource
from monitor.capture.opening import Input
from monitor.capture.reader import Reader
from monitor.capture.source import Problems
from monitor.frames import Frame
from monitor.pipeline import Pace
from monitor.scanning import large_enough
from monitor.settings import Settings

_KNOWN_SHARE = 0.5
"""What is known of the place is noted twice in the time constant in which it changes."""

Watch = Callable[[Frame], bool]
"""Called after each frame; returns whether the user wants to stop."""


def measure(
    item: Input,
    settings: Settings,
    part: Part,
    *,
    before: Standstill | None = None,
    threads: int | None = None,
    watch: Watch = lambda frame: False,
) -> Measured:
    """Return what is measured from a part's begin to its end, or to where the user stopped it.

    With `before`, it goes on from there exactly as if it had never stopped; else the background is learnt
    anew, from what was shown before the begin. Raises `SourceError`.
    """
    # As in a scan of the whole: the other parts keep the other cores busy.
    cv2.setNumThreads(1)
    if before is None:
        analyser, judge = app.analyser_of(settings), app.judge_of(settings, item.name)
        pace, looks = app.pace_of(settings), Pace(None)
        app.look_ahead(analyser, item, settings, part.begin_s)
        start_s, first_index, enough_hz = part.begin_s, 0, app.enough_hz(settings, item, app.Extras())
    else:
        analyser, judge, pace, looks = pickle.loads(before.state)
        start_s, first_index, enough_hz = before.time_s, before.index, before.enough_hz
    winder = Winder(_KNOWN_SHARE * settings.advanced.background.learning_s, start_s)
    was_stopped = False
    with FileSource(item.address, threads=threads, enough_hz=enough_hz, start_s=start_s) as source:
        source.begin_at(start_of(item, source.info, settings.archive).time)
        passing = _Passing(part, source.problems, first_index)
        pictures = passing.of(large_enough(item, source), known_s=None if before is None else before.time_s)
        with Reader(pace.thinned(pictures)) as frames:
            for frame in frames:
                if looks.is_due(frame.time_s):
                    scores = analyser.update(frame)
                    winder.add(scores, analyser.learnt)
                    looks.ease(judge.update(scores).obvious, bool(scores.tracks))
                if was_stopped := watch(frame):
                    break
        standstill = None
        if passing.has_reached_end and part.end_s is not None and not was_stopped:
            state = pickle.dumps((analyser, judge, pace, looks), pickle.HIGHEST_PROTOCOL)
            standstill = Standstill(part.end_s, state, passing.last_s, passing.last_index, source.enough_hz)
        last = passing.last_s, passing.last_index
        return Measured(winder.reel(), *last, standstill, passing.problems(), was_stopped)


class _Passing:
    """Lets the frames of a part pass, counts them on from `first_index`, and remembers the last one."""

    def __init__(self, part: Part, problems: Problems, first_index: int) -> None:
        self._part = part
        self._problems = problems
        self._earlier = Problems()
        self._first_index = first_index
        self.last_s, self.last_index = 0.0, first_index
        self.has_reached_end = False

    def of(self, frames: Iterable[Frame], known_s: float | None) -> Iterator[Frame]:
        """Yield the frames before the part's end, after `known_s` where it is given."""
        for frame in frames:
            if self._part.end_s is not None and frame.time_s >= self._part.end_s:
                self.has_reached_end = True
                return
            self.last_s, self.last_index = frame.time_s, self._first_index + frame.index
            if frame.time_s < self._part.start_s:
                # What goes wrong in the warm-up is for the part before to tell.
                self._earlier = replace(self._problems, messages=list(self._problems.messages))
            if known_s is None or frame.time_s > known_s:
                yield replace(frame, index=self.last_index)

    def problems(self) -> Problems:
        """Return what went wrong from the part's start on."""
        return self._problems.since(self._earlier)
