"""Detectors that other packages plug in: each gives every analysed frame a score."""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from monitor.analysis.scores import DetectorScore, Scores
from monitor.errors import MonitorError
from monitor.frames import Frame
from monitor.plugins import Group, Plugin, naming, required

log = logging.getLogger(__name__)

TELL_AGAIN_S = 60.0
"""What keeps failing is told once a minute, with the count."""

Score = Callable[[Frame], float | None]


class DetectorError(MonitorError):
    """A detector failed on a frame."""

    exit_code = 3


@dataclass(slots=True)
class _Detector:
    """One detector, and how it fails: `failures` frames have no score because of it."""

    plugin: Plugin
    score: Score | None = None
    failures: int = 0
    untold: int = 0
    told_s: float = -math.inf
    last_error: str = ""


class Detectors:
    """The detectors of one source, by the names in the settings; raises `UsageError` for a missing one.

    One that fails gives no score of that frame, and is told: at first in full, then once a minute of the
    source with the count. The others go on.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._detectors = [_Detector(required(Group.DETECTORS, name)) for name in names]

    def added(self, scores: Scores, frame: Frame) -> Scores:
        """Return the scores of a frame with those of each detector; None where it cannot tell, or failed."""
        said = (DetectorScore(one.plugin.name, self._score(one, frame)) for one in self._detectors)
        return replace(scores, detectors=tuple(said))

    @property
    def failures(self) -> dict[str, str]:
        """What each detector that failed said last, with how often, by the name it goes under."""
        return {
            f"plug-in {one.plugin.name}": f"{one.last_error} ({one.failures} frames have no score)"
            for one in self._detectors
            if one.failures
        }

    def _score(self, one: _Detector, frame: Frame) -> float | None:
        try:
            with naming(one.plugin, DetectorError):
                if one.score is None:
                    one.score = _made(one.plugin)
                said = one.score(frame)
                score = None if said is None else float(said)
        except DetectorError as error:
            _failed(one, error, frame.time_s)
            return None
        return score if score is not None and math.isfinite(score) else None


def _made(plugin: Plugin) -> Score:
    """Return the function that is plugged in, or an object of the class."""
    found = plugin.load()
    made: Score = found() if isinstance(found, type) else found
    return made


def _failed(one: _Detector, error: DetectorError, now_s: float) -> None:
    one.failures += 1
    one.untold += 1
    one.last_error = str(error)
    if one.failures == 1:
        log.error("%s; its frames have no score", error, exc_info=error)
    elif now_s - one.told_s >= TELL_AGAIN_S:
        log.error("%s (%d more times)", error, one.untold)
    else:
        return
    one.told_s, one.untold = now_s, 0
