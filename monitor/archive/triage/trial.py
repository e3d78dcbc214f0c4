"""Seconds that look quiet, decoded in full: does the engine find an event where packets showed none?"""

from collections.abc import Iterable, Iterator, Sequence

from monitor.analysis.analyser import Analyser
from monitor.archive.triage.marks import Mark
from monitor.events.event import Event, Phase
from monitor.events.judge import Judge
from monitor.frames import Frame
from monitor.pipeline import Pace

_SHARE = 0.0025
_LEAST_S = 8.0
_PIECE_S = 4.0
"""A quarter of a percent of a recording is tried, at least two pieces, long enough for an event to open."""


def doubtful(nearness: Sequence[tuple[float, float]], marked: Sequence[Mark], end_s: float) -> list[Mark]:
    """Return the pieces outside of what is marked that came nearest to standing out, in order of time.

    `nearness` holds times and how near to standing out it was, in order of time. Where nothing is left to
    be tried the list is empty.
    """
    best: dict[int, float] = {}
    spans = iter(marked)
    span = next(spans, None)
    for time_s, near in nearness:
        while span is not None and time_s > span.end_s:
            span = next(spans, None)
        if span is None or time_s < span.start_s:
            piece = int(time_s // _PIECE_S)
            best[piece] = max(best.get(piece, 0.0), near)
    count = max(_LEAST_S, _SHARE * end_s) / _PIECE_S
    pieces = sorted(sorted(best, key=lambda piece: best[piece], reverse=True)[: round(count)])
    return [Mark(piece * _PIECE_S, min((piece + 1) * _PIECE_S, end_s)) for piece in pieces]


def events_in(frames: Iterable[Frame], analyser: Analyser, judge: Judge, pace: Pace) -> Iterator[Event]:
    """Yield the events that the engine opens in these frames, as soon as it does."""
    for frame in pace.thinned(frames):
        for change in judge.update(analyser.update(frame)).changes:
            if change.phase is Phase.OPENED:
                yield change.event
