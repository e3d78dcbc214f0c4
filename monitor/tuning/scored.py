"""A recording as it was measured: all that is needed to judge it again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np

from monitor import app
from monitor.analysis.scores import Scores
from monitor.capture.opening import Input
from monitor.events.judge import Judge
from monitor.settings import Settings

_KEY_BYTES = 8


@dataclass(frozen=True)
class Scored:
    """The scores of all frames of one recording that were analysed, in order.

    `name` is what its events carry as their source; `frames` and `duration_s` are those of the recording;
    `start_time` is when it began, None where unknown. `measured_with` is the `measuring_key` of the settings.
    `obvious` holds the positions in `scores` at which what moved was so plain that fewer looks followed:
    settings under which other positions are would have had other frames analysed.
    """

    name: str
    scores: Sequence[Scores]
    frames: int
    duration_s: float
    measured_with: str
    obvious: frozenset[int] = frozenset()
    start_time: datetime | None = None
    is_whole: bool = True

    def time_of_frame(self, index: int) -> float:
        """Return the time of a frame in seconds; of one that was not analysed as its neighbours say."""
        indices, times = self._clock
        return float(np.interp(index, indices, times)) if len(indices) else 0.0

    def time_of(self, moment: datetime) -> float | None:
        """Return when a moment was in seconds of the recording, None where it lies outside or is unknown."""
        if self.start_time is None:
            return None
        since_s = (moment - self.start_time) / timedelta(seconds=1)
        return since_s if 0 <= since_s <= self.duration_s else None

    @cached_property
    def _clock(self) -> tuple[list[int], list[float]]:
        return [one.index for one in self.scores], [one.time_s for one in self.scores]


def measuring_key(settings: Settings, item: Input) -> str:
    """Return a short text that is the same for all settings under which an input is measured alike."""
    parameters = app.analysis_parameters(settings)
    # How sensitive a zone is counts where its tracks are judged.
    zones = tuple(replace(zone, sensitivity=1.0) for zone in parameters.zones)
    analysis = settings.advanced.analysis
    deciding = (
        replace(parameters, zones=zones),
        analysis.max_rate_hz,
        analysis.look_ahead_s,
        app.enough_hz(settings, item, app.Extras()),
        settings.images.rate_hz if item.images else None,
    )
    return hashlib.blake2b(repr(deciding).encode(), digest_size=_KEY_BYTES).hexdigest()


def plain_judge(settings: Settings, name: str) -> Judge:
    """Return a judge whose events have ids that are the same each time: the name and a number."""
    numbers = iter(range(1, 1 << 62))
    return Judge(app.judge_parameters(settings), name, lambda: f"{name}-{next(numbers)}")


def obvious_positions(scores: Sequence[Scores], settings: Settings) -> frozenset[int]:
    """Return at which positions a scan with these settings would go on with fewer looks."""
    judge = plain_judge(settings, "")
    return frozenset(at for at, one in enumerate(scores) if judge.update(one).obvious)
