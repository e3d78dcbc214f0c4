"""Events held against truth, frame by frame.

Truth is labelled in frames and has a tolerance; frames are turned into seconds by the recording's own
timestamps, so that a variable rate is measured right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]
Frames = NDArray[np.bool_]
"""Whether each frame is in a set of spans, (N,)."""

MOTION, QUIET, LIGHT_CHANGE = "motion", "quiet", "light_change"

ACCEPTED = {
    "camera_moved": {"camera_moved", "scene_change"},
    "view_lost": {"camera_moved", "scene_change", "covered", "blinded", "defocused"},
}
"""Kinds of event that say what a truth of this kind says; where none is listed, its own alone."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something of a kind from frame `first` to frame `last`, both included; `tolerance` in frames."""

    kind: str
    first: int
    last: int
    tolerance: int = 0

    def grown(self) -> "Span":
        """Return the span with its tolerance on both sides."""
        return replace(self, first=self.first - self.tolerance, last=self.last + self.tolerance)

    def shrunk(self) -> "Span":
        """Return the span without its tolerance on both sides; at least its middle stays."""
        by = min(self.tolerance, (self.last - self.first) // 2)
        return replace(self, first=self.first + by, last=self.last - by)

    def meets(self, other: "Span") -> bool:
        """Return whether the two have a frame in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one truth that is not motion: `latency_s` is None where no event says it."""

    clip: str
    kind: str
    latency_s: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found in one clip or, added up, in several; times in seconds.

    `false` motion events meet no motion truth. `alarms` are events of any kind but light_change that meet a
    quiet span and no truth that they answer. `others_false` are events of the kinds besides motion and
    light_change that answer no truth. `pieces` counts, for each touched truth, the motion events on it.
    `labelled_s` is predicted motion time under any label, `right_s` the part of it under motion.
    """

    watched_s: float = 0.0
    truths: int = 0
    touched: int = 0
    events: int = 0
    false: int = 0
    alarms: int = 0
    others_false: int = 0
    pieces: int = 0
    predicted_s: float = 0.0
    labelled_s: float = 0.0
    right_s: float = 0.0
    truth_s: float = 0.0
    covered_s: float = 0.0
    latencies_s: tuple[float, ...] = ()
    found: tuple[Found, ...] = field(default=())

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    @property
    def false_per_hour(self) -> float | None:
        """False motion events an hour of recording."""
        return ratio(self.false, self.watched_s / 3600)

    @property
    def fragments(self) -> float | None:
        """Motion events on each touched truth, 1 at best."""
        return ratio(self.pieces, self.touched)

    @property
    def precision(self) -> float | None:
        """Share of the predicted motion time under a label that is under motion."""
        return ratio(self.right_s, self.labelled_s)

    @property
    def strict_precision(self) -> float | None:
        """The same over all predicted motion time: what has no label counts as quiet."""
        return ratio(self.right_s, self.predicted_s)

    @property
    def recall(self) -> float | None:
        """Share of the true motion time that was predicted."""
        return ratio(self.covered_s, self.truth_s)

    @property
    def median_latency_s(self) -> float | None:
        """Median of how much later than the truth motion events start; negative is earlier."""
        return float(np.median(self.latencies_s)) if self.latencies_s else None


def judge(clip: str, times_s: Seconds, truth: Iterable[Span], events: Sequence[Span]) -> Figures:
    """Return the figures of one clip; `times_s` holds the time of each of its frames."""
    labels = list(truth)
    motion = [span for span in labels if span.kind == MOTION]
    said = sorted((span for span in events if span.kind == MOTION), key=lambda span: span.first)
    lasts_s = np.diff(times_s, append=2 * times_s[-1] - times_s[-2])
    predicted = _frames(said, len(times_s))
    right = _frames([span.grown() for span in motion], len(times_s))
    labelled = right | _frames(labels, len(times_s))
    core = _frames([span.shrunk() for span in motion], len(times_s))
    pieces = [sum(span.grown().meets(event) for event in said) for span in motion]
    return Figures(
        watched_s=float(lasts_s.sum()),
        truths=len(motion),
        touched=sum(count > 0 for count in pieces),
        events=len(said),
        false=sum(not _answers(event, motion) for event in said),
        alarms=sum(_alarms(event, labels) for event in events),
        others_false=sum(
            not _answers(event, labels) for event in events if event.kind not in (MOTION, LIGHT_CHANGE)
        ),
        pieces=sum(pieces),
        predicted_s=float(lasts_s[predicted].sum()),
        labelled_s=float(lasts_s[predicted & labelled].sum()),
        right_s=float(lasts_s[predicted & right].sum()),
        truth_s=float(lasts_s[core].sum()),
        covered_s=float(lasts_s[predicted & core].sum()),
        latencies_s=tuple(_latencies(motion, said, times_s)),
        found=tuple(
            Found(clip, span.kind, _found_after_s(span, events, times_s))
            for span in labels
            if span.kind not in (MOTION, QUIET)
        ),
    )


def ratio(part: float, whole: float) -> float | None:
    """Return part over whole, None where there is no whole."""
    return part / whole if whole else None


def _frames(spans: Iterable[Span], count: int) -> Frames:
    inside = np.zeros(count, np.bool_)
    for span in spans:
        inside[max(span.first, 0) : span.last + 1] = True
    return inside


def _answers(event: Span, labels: Iterable[Span]) -> bool:
    """Return whether the event says what some label says, where that is."""
    return any(
        event.kind in ACCEPTED.get(label.kind, {label.kind}) and label.grown().meets(event)
        for label in labels
    )


def _alarms(event: Span, labels: Sequence[Span]) -> bool:
    """Return whether the event disturbs a quiet span; that the light changed is no alarm."""
    if event.kind == LIGHT_CHANGE or _answers(event, labels):
        return False
    return any(label.kind == QUIET and label.shrunk().meets(event) for label in labels) and not any(
        label.kind == MOTION and label.grown().meets(event) for label in labels
    )


def _latencies(motion: Sequence[Span], said: Sequence[Span], times_s: Seconds) -> Iterable[float]:
    """Give for each event that starts on a truth its delay against the first such truth.

    Of several events on one truth only the first has a start to be compared.
    """
    started: set[int] = set()
    for event in said:
        at = next((i for i, span in enumerate(motion) if span.grown().meets(event)), None)
        if at is not None and at not in started:
            started.add(at)
            yield _at(times_s, event.first) - _at(times_s, motion[at].first)


def _found_after_s(span: Span, events: Sequence[Span], times_s: Seconds) -> float | None:
    accepted = ACCEPTED.get(span.kind, {span.kind})
    starts = [event.first for event in events if event.kind in accepted and span.grown().meets(event)]
    return _at(times_s, min(starts)) - _at(times_s, span.first) if starts else None


def _at(times_s: Seconds, frame: int) -> float:
    return float(times_s[min(max(frame, 0), len(times_s) - 1)])
