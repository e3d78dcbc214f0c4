"""How a camera is doing: one plain value for whoever shows it, counts it or judges its health."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class CameraState(StrEnum):
    """What a camera's watch is doing."""

    STARTING = "starting"
    WARMING_UP = "warming_up"
    WATCHING = "watching"
    BLIND = "blind"
    RESTARTING = "restarting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """How one camera is doing at one moment; None is unknown.

    `why` says what is the matter in `BLIND` and `RESTARTING`. `frames` came from the camera, `analysed` of
    them were looked at, `dropped` were thrown away because the analysis was behind. `reconnects` counts
    connections after the first, `restarts` those of the camera's process. `rate_hz` is the camera's,
    `last_frame_wall` when its last picture was taken. `events` are those that opened, by kind. `recording` is
    "on", "off" or the sentence that says why it has stopped. `waiting` counts what waits to be written into
    the journal, `alerts_waiting` what waits to be told, `pictures_lost` those that were not recorded because
    the disk was slow. `failed_outputs` gives for an output that fails the sentence that says why. `stage_s`
    is the mean time that an analysed frame takes in each stage, in seconds; `delay_s` how long after its
    picture the last frame was judged. `cpu_fraction` is the share of one processor that the camera's process
    uses, `finds` what is still found under a budget. `gap_s` is the time without a signal, up
    to now; `near_miss_rules` are the near misses by the rule that stopped them. `alerts_sent` were delivered,
    `alerts_failed` are tries that were not, both since the program began; other counts begin anew with the
    camera's process.
    """

    name: str
    state: CameraState = CameraState.STARTING
    why: str | None = None
    frames: int = 0
    analysed: int = 0
    dropped: int = 0
    reconnects: int = 0
    restarts: int = 0
    rate_hz: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    last_frame_wall: datetime | None = None
    events: Mapping[str, int] = field(default_factory=dict)
    open_events: int = 0
    near_misses: int = 0
    near_miss_rules: Mapping[str, int] = field(default_factory=dict)
    gap_s: float = 0.0
    recording: str = "off"
    pictures_lost: int = 0
    waiting: int = 0
    alerts_waiting: int | None = None
    alerts_sent: int | None = None
    alerts_failed: int | None = None
    failed_outputs: Mapping[str, str] = field(default_factory=dict)
    stage_s: Mapping[str, float] = field(default_factory=dict)
    delay_s: float | None = None
    cpu_fraction: float | None = None
    memory_bytes: int | None = None
    finds: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        return {**asdict(self), "last_frame_wall": _text(self.last_frame_wall)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Return the status that `to_json` wrote; raises `TypeError` or `ValueError` for anything else."""
        wall = values.get("last_frame_wall")
        moment = None if wall is None else datetime.fromisoformat(wall)
        status = cls(**values)
        return replace(status, state=CameraState(status.state), last_frame_wall=moment)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
