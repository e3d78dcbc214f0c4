"""The monitor as a library: what `from monitor import …` gives."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor import app
from monitor.analysis.scores import Scores
from monitor.capture.images import frame_of
from monitor.capture.opening import inputs_of, open_source
from monitor.capture.reader import Reader
from monitor.comparing.images import Comparison, compare_images
from monitor.comparing.options import Options
from monitor.errors import UsageError
from monitor.events.event import Event, EventChange, NearMiss, Phase
from monitor.frames import Plane
from monitor.outputs.dispatcher import Dispatcher
from monitor.outputs.plugged import sink_makers
from monitor.outputs.sink import Observation, Sink
from monitor.pipeline import Pace, Pipeline
from monitor.settings import Settings

Picture = NDArray[np.uint8]
"""Grey (H, W), or blue green red (H, W, 3) as OpenCV has them."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was found in one picture.

    `mask` is uint8 (h, w) at analysis size, 255 where something differs from what is usual; it is a copy.
    `changes` are the events that opened, changed or closed with it, `near_misses` what almost was one.
    """

    time_s: float
    scores: Scores
    mask: Plane
    changes: tuple[EventChange, ...]
    near_misses: tuple[NearMiss, ...]

    @property
    def closed(self) -> tuple[Event, ...]:
        """The events that ended here."""
        return tuple(change.event for change in self.changes if change.phase is Phase.CLOSED)


def analyse(
    pictures: Iterable[Picture] | Iterable[tuple[float, Picture]],
    *,
    rate_hz: float | None = None,
    settings: Settings | None = None,
    name: str = "stream",
) -> Iterator[Moment]:
    """Analyse pictures as they come, and yield what was found in each; the last moment closes all events.

    `pictures` are arrays at `rate_hz` a second, or pairs of a time in seconds, which grows, and an array; all
    of one size. Every picture is analysed. Raises `UsageError` for what is neither.
    """
    settings = settings or Settings()
    collected = _Collected()
    pipeline = Pipeline(
        app.analyser_of(settings),
        app.judge_of(settings, name),
        Dispatcher({"moments": collected}),
        Pace(None, eases=False),
        app.detectors_of(settings),
    )
    for number, given in enumerate(pictures):
        time_s, picture = _timed(given, number, rate_hz)
        pipeline.step(frame_of(np.asarray(picture), number, time_s))
        yield from collected.taken()
    pipeline.finish()
    yield from collected.taken()


def scan(
    recording: str | Path, *, settings: Settings | None = None, sinks: Mapping[str, Sink] | None = None
) -> Iterator[Event]:
    """Scan one recording, and yield each event when it has ended; nothing is written.

    `recording` is a file, a folder of images, or an address that an installed package reads. `sinks` get
    every observation; those of installed packages that the settings name do too. Raises `SourceError` where
    it cannot be read.
    """
    settings = settings or Settings()
    address, collected = str(recording), _Collected()
    inputs = inputs_of([address])
    if len(inputs) != 1:
        raise UsageError(f"{address} holds {len(inputs)} recordings: scan one after the other.")
    plugged = {name: make() for name, make in sink_makers(settings, address).items()}
    outputs = Dispatcher({**plugged, **(sinks or {}), "events": collected})
    analyser, pace = app.analyser_of(settings), app.pace_of(settings)
    with closing(outputs):
        opened = open_source(inputs[0], rate_hz=settings.images.rate_hz)
        app.look_ahead(analyser, inputs[0], settings)
        with opened as source, Reader(pace.thinned(source)) as frames:
            judge = app.judge_of(settings, Path(address).stem)
            pipeline = Pipeline(analyser, judge, outputs, Pace(None), app.detectors_of(settings))
            for frame in frames:
                pipeline.step(frame)
                yield from collected.events()
            pipeline.finish()
        yield from collected.events()


def compare(a: Picture, b: Picture, options: Options | None = None) -> Comparison:
    """Return what differs between two pictures, where, and by how much; see `monitor compare --help`."""
    return compare_images(a, b, options)


class _Collected:
    """A sink that keeps what came until it is asked for."""

    def __init__(self) -> None:
        self._moments: list[Moment] = []
        self._last: Moment | None = None

    def take(self, observation: Observation) -> None:
        moment = Moment(
            observation.frame.time_s,
            observation.scores,
            observation.mask.copy(),
            observation.changes,
            observation.near_misses,
        )
        self._last = moment
        self._moments.append(moment)

    def finish(self, changes: tuple[EventChange, ...], near_misses: tuple[NearMiss, ...]) -> None:
        if self._last is not None and (changes or near_misses):
            last = self._last
            self._moments.append(Moment(last.time_s, last.scores, last.mask, changes, near_misses))

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> list[Moment]:
        moments, self._moments = self._moments, []
        return moments

    def events(self) -> list[Event]:
        return [event for moment in self.taken() for event in moment.closed]


def _timed(given: object, number: int, rate_hz: float | None) -> tuple[float, Picture]:
    if isinstance(given, tuple):
        time_s, picture = given
        return float(time_s), picture
    if rate_hz is None or rate_hz <= 0:
        raise UsageError(
            "Pictures without times need rate_hz, above 0; or give pairs of a time and a picture."
        )
    return number / rate_hz, given  # type: ignore[return-value]
