"""Scores of plugged-in detectors turned into events, with hysteresis in value and in time."""

from dataclasses import dataclass

from monitor.analysis.scores import Scores
from monitor.events.condition import ConditionJudge, Finding
from monitor.events.draft import EventMaker, Moment
from monitor.events.event import EventChange, Evidence, Kind, NearMiss
from monitor.events.parameters import DetectorLimits

RULE = "min_duration"
"""What stops a score that was high enough: that it was so for too short a time."""


@dataclass(slots=True)
class _Rise:
    """A span in which the score was high enough, and where it was highest."""

    first: Moment
    last: Moment
    peak: float


class DetectorJudge:
    """Judges `detected` by the scores of one detector; frames without a score change nothing."""

    def __init__(self, limits: DetectorLimits, maker: EventMaker) -> None:
        self._limits = limits
        self._maker = maker
        self._condition = ConditionJudge(
            Kind.DETECTED,
            maker,
            open_after_s=limits.open_after_s,
            close_after_s=limits.close_after_s,
            over=f"{limits.name}: the score was below {limits.close_at:g} for {limits.close_after_s:g} s",
            is_of_picture=False,
        )
        self._rise: _Rise | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the score is low and no event is open."""
        return not self._condition.is_open and not self._condition.is_pending

    def update(self, scores: Scores) -> tuple[list[EventChange], list[NearMiss]]:
        """Judge one frame."""
        score = next((one.score for one in scores.detectors if one.name == self._limits.name), None)
        if score is None:
            return [], []
        holds = score >= (self._limits.close_at if self._condition.is_open else self._limits.open_at)
        missed = self._follow(holds, score, Moment.of(scores))
        return self._condition.update(Finding(holds, self._why(score)), scores), missed

    def finish(self, why: str) -> tuple[list[EventChange], list[NearMiss]]:
        """Close what is open, for this reason."""
        missed = self._end_of_rise()
        return self._condition.finish(why), missed

    def _why(self, score: float) -> str:
        peak = max(score, self._rise.peak if self._rise else score)
        limits = self._limits
        return (
            f"{limits.name}: a score of {peak:.3g} (limit {limits.open_at:g}) "
            f"for at least {limits.open_after_s:g} s"
        )

    def _follow(self, holds: bool, score: float, now: Moment) -> list[NearMiss]:
        if not holds:
            return self._end_of_rise()
        rise = self._rise or _Rise(now, now, score)
        self._rise = _Rise(rise.first, now, max(rise.peak, score))
        return []

    def _end_of_rise(self) -> list[NearMiss]:
        """Return the near miss that a rise comes to that ends before it was an event."""
        rise, self._rise = self._rise, None
        if rise is None or self._condition.is_open:
            return []
        lasted_s, limits = rise.last.time_s - rise.first.time_s, self._limits
        return [
            NearMiss(
                source=self._maker.source,
                kind=Kind.DETECTED,
                start_s=rise.first.time_s,
                end_s=rise.last.time_s,
                start_frame=rise.first.index,
                end_frame=rise.last.index,
                rule=RULE,
                reason=f"{limits.name}: a score of {rise.peak:.3g} (limit {limits.open_at:g}) lasted "
                f"{lasted_s:.2f} s, less than {limits.open_after_s:g} s",
                box=None,
                evidence=Evidence(opened_by=""),
                measured=lasted_s,
                limit=limits.open_after_s,
            )
        ]
