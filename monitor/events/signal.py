"""The signal: spans without a picture, and the pictures right after them, which are not to be trusted yet."""

from collections import deque
from datetime import timedelta

from monitor.analysis.scores import Scores
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import Event, EventChange, Evidence, Kind
from monitor.frames import Gap

SETTLE_S = 1.0
"""A stream that is joined anew shows grey and smeared pictures up to its next key frame, mostly a second."""

_LONGEST_S = 4.0
"""Then pictures are believed as they are: where the light never rests is watched too."""

_STEADY_S = 0.5
_STEADY_LEVELS = 2.0
"""Exposure control steps within tenths of a second; noise and a passer-by change the mean luma less."""


class SignalJudge:
    """Judges `signal_lost`, and says for how long after a gap nothing may be believed."""

    def __init__(self, maker: EventMaker) -> None:
        self._maker = maker
        self._event: Event | None = None
        self._back_s: float | None = None
        self._lumas: deque[tuple[float, float]] = deque()

    def take(self, gap: Gap, last: Moment | None) -> list[EventChange]:
        """Open an event with a gap that begins and close it with its end; `last` is the last picture."""
        index = 0 if last is None else last.index
        if gap.end_s is None:
            start = Moment(index, gap.start_s, gap.wall_time)
            change = self._maker.open(Kind.SIGNAL_LOST, start, Evidence(opened_by=gap.why), start)
            self._event = change.event
            return [change]
        self._back_s = gap.end_s
        self._lumas.clear()
        lasted_s = gap.end_s - gap.start_s
        wall_time = None if gap.wall_time is None else gap.wall_time + timedelta(seconds=lasted_s)
        return self._close(
            Moment(index + 1, gap.end_s, wall_time), f"pictures are back after {lasted_s:.1f} s"
        )

    def veto(self, scores: Scores) -> tuple[str, str] | None:
        """Return the rule and the reason why this frame may not be believed, None if it may."""
        if self._back_s is None:
            return None
        since_s = scores.time_s - self._back_s
        self._lumas.append((scores.time_s, scores.mean_luma))
        while scores.time_s - self._lumas[0][0] > _STEADY_S:
            self._lumas.popleft()
        levels = [luma for _, luma in self._lumas]
        steady = max(levels) - min(levels) <= _STEADY_LEVELS and not scores.corrupt
        if since_s >= _LONGEST_S or (since_s >= SETTLE_S and steady):
            self._back_s = None
            return None
        return "signal_lost", f"the signal is back for {since_s:.1f} s only, and the picture has to settle"

    def finish(self, last: Moment | None) -> list[EventChange]:
        """Close what is open: the source ended."""
        return self._close(last, "the source ended") if last is not None else []

    def _close(self, end: Moment, why: str) -> list[EventChange]:
        event, self._event = self._event, None
        return [] if event is None else [closed(event, end, why)]
