"""Moments that differ joined to spans, as a video or a live source is compared picture by picture."""

from dataclasses import dataclass

from monitor.comparing.boxes import Box
from monitor.comparing.judging import Judged
from monitor.comparing.measures import Measures

JOIN_S = 1.0
"""Pictures that differ with no more than this between them belong to one span: somebody who stands still or
passes behind a post is not two."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span that differs, in seconds of A; `frames` of its pictures do.

    `peak_s` is when it differed most, `boxes` are those of that moment, `said` is the verdict on it.
    """

    start_s: float
    end_s: float
    frames: int
    peak_s: float
    boxes: tuple[Box, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """What was found at one moment; `frame_a` and `frame_b` are the numbers of the pictures, from 0.

    `frame_a` is None where A is a reference image.
    """

    time_s: float
    frame_a: int | None
    frame_b: int
    different: bool
    boxes: tuple[Box, ...]
    measures: Measures


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A pair of pictures as it was compared; `is_peak` where it is the worst so far of its span."""

    time_s: float
    judged: Judged
    is_peak: bool


class SpanFinder:
    """Is told of each picture in turn; `current` is the span that is going on, None where all is the same.

    `is_peak` says whether the picture that was taken last is the one of its span that differs most so far.
    """

    def __init__(self) -> None:
        self.current: Span | None = None
        self._peak = 0.0
        self.is_peak = False

    def add(self, time_s: float, judged: Judged) -> Span | None:
        """Take a picture; return the span that it ends, None if it ends none."""
        self.is_peak = False
        before = self.current
        ended = before is not None and time_s - before.end_s > JOIN_S
        if ended:
            self.current = None
        if judged.different:
            self._extend(time_s, judged)
        return before if ended else None

    def close(self) -> Span | None:
        """Return the span that was going on at the end."""
        span, self.current = self.current, None
        return span

    def _extend(self, time_s: float, judged: Judged) -> None:
        size, boxes = badness(judged), judged.found.boxes
        span = self.current
        self.is_peak = span is None or size > self._peak
        if span is None or self.is_peak:
            self._peak = size
            start_s, frames = (time_s, 0) if span is None else (span.start_s, span.frames)
            self.current = Span(start_s, time_s, frames + 1, time_s, boxes, judged.said)
        else:
            self.current = Span(span.start_s, time_s, span.frames + 1, span.peak_s, span.boxes, span.said)


def badness(judged: Judged) -> float:
    """Return how much two pictures differ: the share beyond the noise, and where that is alike the SSIM."""
    measures = judged.found.measures
    return measures.beyond_noise_fraction + 1e-3 * (1 - (measures.ssim or 0.0))
