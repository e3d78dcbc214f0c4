"""Events held against labels: what is missed, and what is a false alarm."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.tuning.labels import Happening, Label, Labelled, Says

_BEYOND_S = 10.0
"""An event may begin before and end after what it tells of by this much altogether: by its quiet time, and by
what the labeller did not see. One that is longer outside than inside, and by more than this, tells of
nothing: settings under which all is one event would be without fault."""

_MOSTLY = 0.5
"""An event is about a span if one of the two lies in the other for this share."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What one recording's events get wrong: places of missed labels, and false alarms in order of time."""

    missed: tuple[int, ...] = ()
    false: tuple[Happening, ...] = ()


def mistakes_of(recording: Labelled, told: Iterable[Happening]) -> Mistakes:
    """Return what the events of a recording get wrong."""
    events = sorted(told, key=lambda event: (event.start_s, event.end_s, event.kind))
    missed = tuple(
        at for at, label in recording.truths() if not any(label.is_met_by(event) for event in events)
    )
    false = (event for event in events if _is_false(event, recording))
    return Mistakes(missed, tuple(false))


def _is_false(event: Happening, recording: Labelled) -> bool:
    met = [label for label in recording.labels if label.is_met_by(event)]
    if any(label.says is Says.UNCLEAR for label in met):
        return False
    truths = [label for label in met if label.says is Says.TRUE]
    if any(_denies(label, event, truths) for label in met):
        return True
    if not recording.is_complete or event.kind not in recording.counted_kinds():
        return False
    return not truths or _goes_beyond(event, truths)


def _denies(label: Label, event: Happening, truths: Sequence[Label]) -> bool:
    """Return whether a label says that this is a false alarm, and no truth at the same time excuses it."""
    if label.says not in (Says.FALSE, Says.QUIET):
        return False
    if any(truth.start_s <= label.end_s and label.start_s <= truth.end_s for truth in truths):
        return False
    if not truths and label.says is Says.FALSE:
        return True
    # The tolerance of a quiet span is the labeller's doubt about where the quiet begins.
    shared_s = min(event.end_s, label.end_s - label.tolerance_s) - max(
        event.start_s, label.start_s + label.tolerance_s
    )
    lasts_s = min(event.end_s - event.start_s, label.end_s - label.start_s)
    return shared_s >= 0 and shared_s >= _MOSTLY * lasts_s


def _goes_beyond(event: Happening, truths: Sequence[Label]) -> bool:
    inside_s = sum(label.shared_s(event) for label in truths)
    outside_s = event.end_s - event.start_s - inside_s
    return outside_s > max(_BEYOND_S, inside_s)
