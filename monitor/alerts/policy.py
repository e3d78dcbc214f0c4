"""Whether an alert goes through a channel: its routes, arming, quiet hours, cool-down and digest."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from monitor.alerts.kinds import URGENT
from monitor.alerts.outbox import StoredAlert
from monitor.settings.channels import Channel as Rules
from monitor.settings.weekly import end_of, parse_span


class Action(StrEnum):
    """What is done with an alert; `PASS_BY` means that it is none of this channel's."""

    SEND = "send"
    COLLECT = "collect"
    WITHHOLD = "withhold"
    PASS_BY = "pass by"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with an alert and why; `at` is when, `more` how many of its kind were withheld before."""

    action: Action
    why: str
    at: datetime | None = None
    more: int = 0

    @property
    def goes(self) -> bool:
        """Whether it is sent, now or later."""
        return self.action in (Action.SEND, Action.COLLECT)


@dataclass(frozen=True, slots=True)
class Happening:
    """What an alert is about, as far as rules look at it.

    `subject` tells notices apart, which are all of one kind; `placed`: it has a place in the picture.
    """

    source: str
    kind: str
    subject: str = ""
    zones: Sequence[str] = ()
    placed: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What a cool-down counts apart."""
        return self.source, self.kind, self.subject


class Policy:
    """The rules of one channel, with what it has sent; not for use from several threads at once.

    `zone` is the local time of quiet hours.
    """

    def __init__(self, rules: Rules, zone: tzinfo) -> None:
        self.rules = rules
        self._zone = zone
        self._quiet = [parse_span(text) for text in rules.quiet_hours]
        self._last: dict[tuple[str, str, str], datetime] = {}
        self._withheld: Counter[tuple[str, str, str]] = Counter()
        self._collect_until: datetime | None = None

    def resume(self, recent: Iterable[StoredAlert], now: datetime) -> None:
        """Go on from what was sent before a restart, the oldest first."""
        for alert in recent:
            if alert.body["phase"] == "closed" and self.rules.when == "both":
                continue  # the end of what was told began no cool-down
            subject = alert.body["record"].get("title", "")
            self._last[alert.source, alert.kind, subject] = alert.created
            if alert.state == "waiting" and alert.body.get("collected") and alert.next_try > now:
                self._collect_until = alert.next_try

    def decide(self, what: Happening, now: datetime, *, armed: bool) -> Decision:
        """Return what is done with something new; what goes starts the cool-down."""
        if not self._is_routed(what):
            return Decision(Action.PASS_BY, "not among the channel's sources, kinds and zones")
        urgent = self._is_urgent(what)
        if not armed and not urgent:
            return self._withhold(what, "alerts are disarmed")
        quiet_until = end_of(self._quiet, now, self._zone)
        if quiet_until and not urgent and self.rules.quiet_action == "drop":
            return self._withhold(what, f"quiet hours until {quiet_until.astimezone(self._zone):%a %H:%M}")
        if reason := self._cooling(what, now):
            return self._withhold(what, reason)
        self._last[what.key] = now
        return self._timed(now, quiet_until, urgent, self._withheld.pop(what.key, 0))

    def follow_up(self, what: Happening, now: datetime) -> Decision:
        """Return what is done with the end of an event whose beginning was told: it goes too."""
        return self._timed(now, end_of(self._quiet, now, self._zone), self._is_urgent(what), 0)

    def _is_urgent(self, what: Happening) -> bool:
        return self.rules.integrity_always and what.kind in URGENT

    def _is_routed(self, what: Happening) -> bool:
        rules = self.rules
        return (
            (not rules.kinds or what.kind in rules.kinds)
            and (not rules.sources or not what.source or what.source in rules.sources)
            and (not rules.zones or not what.placed or not set(rules.zones).isdisjoint(what.zones))
        )

    def _cooling(self, what: Happening, now: datetime) -> str | None:
        last = self._last.get(what.key)
        if last is None or not self.rules.cooldown_s:
            return None
        # A last time in the future is one of before the clock was set back: it says nothing.
        since_s = (now - last).total_seconds()
        if not 0 <= since_s < self.rules.cooldown_s:
            return None
        return (
            f"cool-down: the last one was {since_s:.0f} s ago, at least {self.rules.cooldown_s:g} s are set"
        )

    def _withhold(self, what: Happening, why: str) -> Decision:
        self._withheld[what.key] += 1
        return Decision(Action.WITHHOLD, why)

    def _timed(self, now: datetime, quiet_until: datetime | None, urgent: bool, more: int) -> Decision:
        if urgent or not (quiet_until or self.rules.digest_s):
            return Decision(Action.SEND, "", now, more)
        if self._collect_until is None or self._collect_until <= now:
            self._collect_until = now + timedelta(seconds=self.rules.digest_s)
        # A digest that would come in quiet hours comes at their end.
        end = end_of(self._quiet, self._collect_until, self._zone)
        self._collect_until = max(self._collect_until, end or self._collect_until, quiet_until or now)
        why = "quiet hours" if quiet_until else "collected into a digest"
        return Decision(Action.COLLECT, why, self._collect_until, more)
