"""A recording as it was measured: all that is needed to judge it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from monitor import app
from monitor.analysis.scores import Scores
from monitor.archive.fingerprint import ENGINE
from monitor.capture.opening import Input
from monitor.events.judge import Judge
from monitor.plugins import Group, required
from monitor.settings import Settings

_KEY_BYTES = 8


@dataclass(frozen=True)
class Clock:
    """The times of a recording of so many `frames`; `start_time` is when it began, None where unknown.

    `indices` and `times_s` are those of the frames that were analysed.
    """

    frames: int
    duration_s: float
    start_time: datetime | None
    indices: NDArray[np.int64]
    times_s: NDArray[np.float64]

    def time_of_frame(self, index: int) -> float:
        """Return the time of a frame in seconds; of one that was not analysed as its neighbours say."""
        return float(np.interp(index, self.indices, self.times_s)) if len(self.indices) else 0.0

    def time_of(self, moment: datetime) -> float | None:
        """Return when a moment was in seconds of the recording, None where it lies outside or is unknown."""
        if self.start_time is None:
            return None
        since_s = (moment - self.start_time) / timedelta(seconds=1)
        return since_s if 0 <= since_s <= self.duration_s else None


@dataclass(frozen=True)
class Scored:
    """The scores of all frames of one recording that were analysed, in order.

    `name` is what its events carry as their source; `frames` and `duration_s` are those of the recording;
    `start_time` is when it began, None where unknown. `measured_with` is the `measuring_key` of the settings.
    `obvious` holds the positions in `scores` at which what moved was so plain that fewer looks followed:
    settings under which other positions are would have had other frames analysed. `is_whole` says that it
    was measured to its end.
    """

    name: str
    scores: Sequence[Scores]
    frames: int
    duration_s: float
    measured_with: str
    obvious: frozenset[int] = frozenset()
    start_time: datetime | None = None
    is_whole: bool = True

    @property
    def clock(self) -> Clock:
        """Its times."""
        indices = np.array([one.index for one in self.scores], dtype=np.int64)
        times_s = np.array([one.time_s for one in self.scores], dtype=np.float64)
        return Clock(self.frames, self.duration_s, self.start_time, indices, times_s)


def measuring_key(settings: Settings, item: Input) -> str:
    """Return a short text that is the same for all settings under which an input is measured alike."""
    parameters = app.analysis_parameters(settings)
    # How sensitive a zone is counts where its tracks are judged.
    zones = tuple(replace(zone, sensitivity=1.0) for zone in parameters.zones)
    analysis = settings.advanced.analysis
    deciding: tuple[object, ...] = (
        ENGINE,
        replace(parameters, zones=zones),
        analysis.max_rate_hz,
        analysis.look_ahead_s,
        app.enough_hz(settings, item, app.Extras()),
        settings.images.rate_hz if item.images else None,
    )
    if named := settings.plugins.detectors:
        deciding += (tuple(str(required(Group.DETECTORS, name)) for name in sorted(named)),)
    return hashlib.blake2b(repr(deciding).encode(), digest_size=_KEY_BYTES).hexdigest()


def plain_judge(settings: Settings, name: str) -> Judge:
    """Return a judge whose events have ids that are the same each time: the name and a number."""
    numbers = iter(range(1, 1 << 62))
    return Judge(app.judge_parameters(settings), name, lambda: f"{name}-{next(numbers)}")


def obvious_positions(scores: Sequence[Scores], settings: Settings) -> frozenset[int]:
    """Return at which positions a scan with these settings would go on with fewer looks."""
    judge = plain_judge(settings, "")
    return frozenset(at for at, one in enumerate(scores) if judge.update(one).obvious)
