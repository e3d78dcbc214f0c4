"""The parts in which a recording is scanned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A span of a recording that is measured by itself, in seconds of the recording.

    It answers for what lies from `start_s` to before `end_s` (None is to the end), and is measured from
    `begin_s` on, so that by `start_s` it has learnt what the part before it knows.
    """

    begin_s: float
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The parts of a recording of `duration_s`; fewer than two where it is not to be cut."""

    duration_s: float = 0.0
    parts: tuple[Part, ...] = ()
