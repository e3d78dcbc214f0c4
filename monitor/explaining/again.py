"""A recording looked at again: what was measured in a span of it, and the picture of one moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor import app
from monitor.analysis.scores import Scores
from monitor.capture.opening import Input, open_source
from monitor.events.event import Phase
from monitor.frames import Bgr, Frame, Plane
from monitor.outputs.privacy import blacken
from monitor.settings import Settings

LEAD_S = 120.0
"""So long before what is asked for a recording is looked at again: six times the time in which a background
is learnt, and longer than anything that a rule remembers."""


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """One moment: the picture without what is private, and at analysis size the mask (uint8, 0 or 255) and
    the distance from μ in σ.
    """

    picture: Bgr
    mask: Plane
    sigma: NDArray[np.float32]
    scores: Scores


@dataclass(frozen=True, slots=True)
class Again:
    """What was found: the scores in order, the moment that was asked for, and when the looking began."""

    scores: tuple[Scores, ...]
    peak: Peak | None
    begun_s: float


def look_again(
    item: Input,
    settings: Settings,
    *,
    start_s: float = 0.0,
    until_s: float = float("inf"),
    picture_at_s: float | None = None,
    begins: datetime | None = None,
) -> Again:
    """Measure a recording from before `start_s` up to `until_s`, as a scan does; `begins` is its first time.

    Without `picture_at_s` the picture is the one that shows an event best. What begins later than `LEAD_S` is
    looked at from so long before, and its background learnt there. Raises `SourceError`.
    """
    analyser, judge = app.analyser_of(settings), app.judge_of(settings, item.name)
    detectors, pace = app.detectors_of(settings), app.pace_of(settings)
    begun_s = max(0.0, start_s - LEAD_S)
    if not begun_s:
        app.look_ahead(analyser, item, settings)
    enough_hz = None if not item.is_coded else app.enough_hz(_plain(settings), item, app.Extras())
    scores: list[Scores] = []
    peak: Peak | None = None
    privacy = app.privacy_of(settings)
    # The decoder's threads keep all cores busy: OpenCV's would only wait for each other.
    cv2.setNumThreads(1)
    with open_source(item, enough_hz=enough_hz, start_s=begun_s, rate_hz=settings.images.rate_hz) as source:
        source.begin_at(begins)
        for frame in _up_to(pace.thinned(source), until_s):
            measured = analyser.update(frame)
            if detectors is not None:
                measured = detectors.added(measured, frame)
            scores.append(measured)
            if picture_at_s is None:
                is_wanted = any(change.phase is not Phase.CLOSED for change in judge.update(measured).changes)
            else:
                is_wanted = peak is None and frame.time_s >= picture_at_s - _SAME_S
            if is_wanted:
                picture = blacken(frame.bgr(), privacy)
                peak = Peak(picture, analyser.mask.copy(), analyser.sigma_distance().copy(), measured)
    return Again(tuple(scores), peak, begun_s)


_SAME_S = 0.001
"""Records are rounded to a microsecond, and two frames are never so near."""


def _plain(settings: Settings) -> Settings:
    """Return settings in which no output asks for every picture."""
    outputs = settings.outputs.model_copy(update={"annotate": False})
    return settings.model_copy(update={"outputs": outputs})


def _up_to(frames: Iterator[Frame], until_s: float) -> Iterator[Frame]:
    for frame in frames:
        if frame.time_s > until_s:
            return
        yield frame
