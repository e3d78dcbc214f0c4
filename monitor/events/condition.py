"""An event that lasts as long as a condition of the whole picture does."""

from dataclasses import dataclass, replace
from functools import partial

from monitor.analysis.scores import Scores
from monitor.events.draft import EventMaker, Moment, closed
from monitor.events.event import Event, EventChange, Evidence, Kind
from monitor.events.gate import Gate, Turn


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition holds in one frame, and the sentence that says so with value and limit.

    `kind` says what it would be if it opened now, where the condition alone does not.
    """

    holds: bool
    why: str = ""
    kind: Kind | None = None


class ConditionJudge:
    """Turns one condition into events of one kind."""

    def __init__(
        self,
        kind: Kind,
        maker: EventMaker,
        *,
        open_after_s: float,
        close_after_s: float,
        over: str,
        is_of_picture: bool = True,
    ) -> None:
        """`over` says what the end means; without `is_of_picture` nothing of the picture is evidence."""
        self._kind = kind
        self._maker = maker
        self._new_gate = partial(Gate, open_after_s=open_after_s, close_after_s=close_after_s)
        self._gate = self._new_gate()
        self._over = over
        self._is_of_picture = is_of_picture
        self._first: Moment | None = None
        self._last: Moment | None = None
        self._event: Event | None = None

    @property
    def is_open(self) -> bool:
        """Whether an event of the kind is open."""
        return self._event is not None

    @property
    def is_pending(self) -> bool:
        """Whether the condition holds, be it long enough or not."""
        return self._gate.since_s is not None

    def update(self, finding: Finding, scores: Scores) -> list[EventChange]:
        """Judge one frame."""
        now = Moment.of(scores)
        if finding.holds:
            self._first = self._first if self._gate.since_s is not None else now
            self._last = now
        turn = self._gate.look(finding.holds, now.time_s)
        if turn is Turn.OPENED:
            change = self._maker.open(
                finding.kind or self._kind,
                self._first or now,
                Evidence(
                    opened_by=finding.why,
                    kl_nats=scores.kl_reference_nats if self._is_of_picture else None,
                    area_fraction=scores.foreground_fraction if self._is_of_picture else None,
                ),
                now,
            )
            self._event = change.event
            return [change]
        if turn is Turn.CLOSED:
            return self._close(self._over)
        return []

    def finish(self, why: str = "the source ended") -> list[EventChange]:
        """Close what is open, for this reason; the condition must then last anew."""
        self._gate = self._new_gate()
        return self._close(why)

    def _close(self, why: str) -> list[EventChange]:
        if self._event is None or self._last is None:
            return []
        change = closed(replace(self._event), self._last, why)
        self._event = None
        return [change]
