"""What truly happens in a scene, frame by frame."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from monitor.capture.scene.part import Happening

_ROUNDING = 1e-6
"""Frame numbers are computed from seconds; so much is forgiven."""

QUIET_AT_LEAST_S = 1.0
"""Shorter spans between happenings are not worth calling quiet."""


@dataclass(frozen=True, slots=True)
class TruthEvent:
    """Something that is seen from `start_frame` to `end_frame`, both included.

    `kind` is a word of the events' kinds, or "quiet": nothing may alarm there. The times are those of the
    two frames. `note` says in words what is to be seen.
    """

    kind: str
    start_s: float
    end_s: float
    start_frame: int
    end_frame: int
    note: str


def truth_of(happenings: Iterable[Happening], rate_hz: float, frame_count: int) -> tuple[TruthEvent, ...]:
    """Return what happens as truth events in order of start, with the quiet spans in between."""
    known = list(happenings)
    events = [
        event
        for happening in known
        if happening.kind is not None
        and (event := _event(happening.kind, happening, rate_hz, frame_count)) is not None
    ]
    return tuple(sorted([*events, *_quiet(events, known, rate_hz, frame_count)], key=lambda e: e.start_frame))


def _event(kind: str, happening: Happening, rate_hz: float, frame_count: int) -> TruthEvent | None:
    first = max(ceil(happening.start_s * rate_hz - _ROUNDING), 0)
    # What lasts less than a frame is still seen on the frame that follows its start.
    last = min(max(floor(happening.end_s * rate_hz + _ROUNDING), first), frame_count - 1)
    if first > last:
        return None
    return TruthEvent(kind, first / rate_hz, last / rate_hz, first, last, happening.note)


def _quiet(
    events: list[TruthEvent], happenings: list[Happening], rate_hz: float, frame_count: int
) -> list[TruthEvent]:
    busy = np.ones(frame_count + 2, bool)
    busy[1:-1] = False
    for event in events:
        busy[event.start_frame + 1 : event.end_frame + 2] = True
    edges = np.flatnonzero(np.diff(busy))
    spans = [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]
    return [
        TruthEvent(
            "quiet", first / rate_hz, last / rate_hz, first, last, _note(happenings, first, last, rate_hz)
        )
        for first, last in spans
        if (last - first + 1) / rate_hz >= QUIET_AT_LEAST_S
    ]


def _note(happenings: list[Happening], first: int, last: int, rate_hz: float) -> str:
    """Return what goes on in a quiet span that must not alarm."""
    notes = [
        h.note
        for h in happenings
        if h.kind is None and h.start_s * rate_hz <= last and h.end_s * rate_hz >= first
    ]
    return "; ".join(dict.fromkeys(notes)) or "nothing happens"
