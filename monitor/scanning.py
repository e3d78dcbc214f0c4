"""One recording from its name to its outputs."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path

import cv2

from monitor import app
from monitor.analysis.analyser import Analyser
from monitor.capture.opening import Input, open_source
from monitor.capture.reader import Reader
from monitor.capture.source import Problems, RecordedSource, Source, SourceInfo
from monitor.capture.spans import PartialSource, Parts
from monitor.errors import MonitorError, OutputError, SourceError, SourceFormatError
from monitor.events.event import EventChange, NearMiss, Phase
from monitor.frames import Frame, Size
from monitor.memory import give_back_memory
from monitor.outputs.dispatcher import Dispatcher, Failure
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout, claim_folder
from monitor.outputs.sink import Observation
from monitor.pipeline import Pace, Pipeline
from monitor.settings import Settings

SMALLEST_PX = 16
"""Width and height from which a picture shows something: the light is compensated on a grid, corners need a
neighbourhood, and a smaller picture is an icon or a mistake."""


@dataclass(slots=True)
class Outcome:
    """What became of one input.

    `error` says why it could not be read to the end, `failures` which outputs were given up; `frames` and
    `scanned_s` are how much of it was gone through, also where a part was passed over because it looks quiet,
    `took_s` the time that took. `stopped` is set where the user ended it.
    """

    item: Input
    folder: Path | None = None
    info: SourceInfo | None = None
    problems: Problems = field(default_factory=Problems)
    events: Counter[str] = field(default_factory=Counter)
    near_misses: int = 0
    frames: int = 0
    scanned_s: float = 0.0
    took_s: float = 0.0
    stopped: bool = False
    error: MonitorError | None = None
    failures: list[Failure] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything was read and everything was written."""
        return self.error is None and not self.failures


Watcher = Callable[[Outcome], bool]
"""Called after each frame with the outcome so far; returns whether the user wants to stop."""


Claim = Callable[[Path, str], Path]
"""Makes the folder for the results of an input, below the output folder and named like the input."""


Begins = Callable[[SourceInfo], datetime | None]
"""Tells from what an input states, and from all else that is known of it, when it began."""


def scan(
    item: Input,
    settings: Settings,
    extras: app.Extras,
    watcher: Watcher,
    *,
    claim: Claim = claim_folder,
    begins: Begins = lambda info: info.start_time,
    threads: int | None = None,
    parts: Parts | None = None,
) -> Outcome:
    """Scan one input; what goes wrong is in the outcome, and what was done until then is whole on disk.

    `threads` are those of the decoder, by default one for each core. With `parts` only these are decoded:
    what lies between them is taken to be quiet.
    """
    outcome = Outcome(item)
    enough_hz = app.enough_hz(settings, item, extras)
    began = time.perf_counter()
    try:
        with _source_of(item, settings, threads, enough_hz, parts) as source:
            outcome.info, outcome.problems = source.info, source.problems
            source.begin_at(begins(source.info))
            _refuse_small(item, source.info.size)
            outcome.folder = claim(settings.outputs.folder, Path(item.name).stem)
            _scan_into(outcome, outcome.folder, source, settings, extras, watcher, parts)
    except (SourceError, OutputError) as error:
        outcome.error = error
    outcome.took_s = time.perf_counter() - began
    return outcome


def _source_of(
    item: Input, settings: Settings, threads: int | None, enough_hz: float | None, parts: Parts | None
) -> RecordedSource:
    if parts is not None:
        return PartialSource(item.address, threads=threads, enough_hz=enough_hz)
    return open_source(item, threads=threads, enough_hz=enough_hz, rate_hz=settings.images.rate_hz)


def _scan_into(
    outcome: Outcome,
    folder: Path,
    source: Source,
    settings: Settings,
    extras: app.Extras,
    watcher: Watcher,
    parts: Parts | None,
) -> None:
    item, ledger = outcome.item, FileLedger(settings.outputs.folder)
    sinks = app.sinks_of(settings, item, source, Layout(folder), ledger, extras)
    outputs = Dispatcher(sinks | {"summary": Summary(outcome)})
    try:
        last = judge_into(
            outputs, item, source, settings, extras, lambda frame: _note(outcome, frame, watcher), parts
        )
        if not outcome.stopped and last is not None:
            outcome.frames, outcome.scanned_s = last.index + 1, last.time_s
        if not outcome.stopped and parts is not None:
            outcome.frames, outcome.scanned_s = parts.frames, parts.end_s
    finally:
        outputs.close()
        outcome.failures = outputs.failures


def judge_into(
    outputs: Dispatcher,
    item: Input,
    source: Source,
    settings: Settings,
    extras: app.Extras,
    should_stop: Callable[[Frame], bool],
    parts: Parts | None = None,
) -> Frame | None:
    """Measure and judge an opened source to its end, all into `outputs`, and return its last frame.

    `should_stop` is asked after each frame that is looked at, and ends it early. Raises `SourceError`.
    """
    analyser = app.analyser_of(settings)
    pace = app.pace_of(settings, every_frame=extras.masks is not None)
    # The decoder's threads keep all cores busy: OpenCV's would only wait for each other.
    cv2.setNumThreads(1)
    judge, detectors = app.judge_of(settings, item.name), app.detectors_of(settings)
    last, stopped = _Last(), False

    def stop(frame: Frame) -> bool:
        nonlocal stopped
        stopped = should_stop(frame)
        return stopped

    # What nobody looks at goes no further than the thread that decoded it.
    thins = app.enough_hz(settings, item, extras) is not None
    pipeline = Pipeline(analyser, judge, outputs, Pace(None) if thins else pace, detectors)
    for piece, ended in _pieces(source, parts, analyser, item, settings):
        pictures = last.of(large_enough(item, piece))
        with Reader(pace.thinned(pictures) if thins else pictures) as frames:
            pipeline.run(frames, stop, ended)
        if stopped:
            break
    if detectors is not None:
        outputs.failures += [Failure(name, why) for name, why in detectors.failures.items()]
    return last.frame


def _pieces(
    source: Source, parts: Parts | None, analyser: Analyser, item: Input, settings: Settings
) -> Iterator[tuple[Iterable[Frame], str]]:
    """Yield what is decoded at a stretch, the model learnt before each, and why nothing comes after it."""
    if parts is None or not isinstance(source, PartialSource):
        app.look_ahead(analyser, item, settings)
        give_back_memory()
        yield source, "the source ended"
        return
    for span in parts.spans:
        analyser.prime(source.key_frames_at(span.primed_s))
        frames = source.frames_of(span)
        # What is learnt from goes to nobody, and the model learns no more often than that.
        learnt = Pace(1.0 / max(settings.advanced.background.learn_interval_s, 0.01))
        for frame in frames:
            if frame.time_s >= span.start_s:
                yield chain([frame], frames), "what follows looks quiet and was not decoded"
                break
            if learnt.is_due(frame.time_s):
                analyser.update(frame)


class _Last:
    """Remembers the last frame that passed, also where it was not worth a look."""

    frame: Frame | None = None

    def of(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for self.frame in frames:
            yield self.frame


def large_enough(item: Input, frames: Iterable[Frame]) -> Iterator[Frame]:
    """Yield the frames; raises `SourceFormatError` at one too small to show anything."""
    for frame in frames:
        _refuse_small(item, frame.size)
        yield frame


def _refuse_small(item: Input, size: Size) -> None:
    if min(size) < SMALLEST_PX:
        raise SourceFormatError(
            f"{item.name}: its pictures are {size.width}x{size.height}, too small to watch; "
            f"give {SMALLEST_PX}x{SMALLEST_PX} or more."
        )


def _note(outcome: Outcome, frame: Frame, watcher: Watcher) -> bool:
    outcome.frames = frame.index + 1
    outcome.scanned_s = frame.time_s
    outcome.stopped = watcher(outcome)
    return outcome.stopped


class Summary:
    """Counts what was found."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def take(self, observation: Observation) -> None:
        """Count what this frame brought about."""
        self.finish(observation.changes, observation.near_misses)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        """Count what the end of the source decided."""
        self._outcome.events.update(c.event.kind.value for c in changes if c.phase is Phase.OPENED)
        self._outcome.near_misses += len(near_misses)

    def close(self) -> None:
        """Nothing is open."""
