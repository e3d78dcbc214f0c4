"""The judged happening, its evidence, and the candidate that was suppressed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.analysis.scores import Box


class Kind(StrEnum):
    """What kind of happening an event is."""

    MOTION = "motion"
    LIGHT_CHANGE = "light_change"
    SCENE_CHANGE = "scene_change"
    OBJECT_LEFT = "object_left"
    OBJECT_REMOVED = "object_removed"
    COVERED = "covered"
    BLINDED = "blinded"
    DEFOCUSED = "defocused"
    CAMERA_MOVED = "camera_moved"
    FROZEN = "frozen"
    CORRUPT_FRAME = "corrupt_frame"
    SIGNAL_LOST = "signal_lost"
    DETECTED = "detected"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an event is believed; None is "not measured".

    `opened_by` and `closed_by` are sentences with the values and the limits.
    """

    opened_by: str
    closed_by: str | None = None
    peak_sigma: float | None = None
    area_fraction: float | None = None
    displacement_fraction: float | None = None
    coherence: float | None = None
    kl_nats: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A judged happening; `end_*` is None while it is open.

    Times ending in `_s` count from the start of the source. `peak_s` and `peak_frame` name the frame
    that shows it best.
    """

    id: str
    source: str
    kind: Kind
    start_s: float
    start_frame: int
    peak_s: float
    peak_frame: int
    evidence: Evidence
    end_s: float | None = None
    end_frame: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    zones: tuple[str, ...] = ()
    box: Box | None = None
    track_ids: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A candidate that the named rule suppressed, with the sentence that says why.

    `measured` and `limit` are the values that the sentence compares, None where it compares no single number.
    """

    source: str
    kind: Kind
    start_s: float
    end_s: float
    start_frame: int
    end_frame: int
    rule: str
    reason: str
    box: Box | None
    evidence: Evidence
    measured: float | None = None
    limit: float | None = None


class Phase(StrEnum):
    """What happened to an event."""

    OPENED = "opened"
    UPDATED = "updated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class EventChange:
    """An event as it is after it opened, found a better peak, or closed."""

    phase: Phase
    event: Event
