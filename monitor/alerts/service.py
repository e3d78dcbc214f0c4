"""Takes events and notices, decides who is told, stores each alert and hands it to its channel."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import random
from typing import Any

from monitor.alerts.arming import Arming
from monitor.alerts.channel import Channel, OpenEvent
from monitor.alerts.kinds import NOTICE
from monitor.alerts.lane import FOR_EVER, Lane
from monitor.alerts.outbox import Outbox, OutboxStore, StoredAlert
from monitor.alerts.policy import Action, Decision, Happening, Policy
from monitor.alerts.worker import JOIN_S, Worker
from monitor.clock import Clock
from monitor.events.event import Phase

log = logging.getLogger(__name__)

GIVE_UP_S = 172_800.0
"""Two days: a weekend without a network loses nothing."""

FINISH_S = 5.0
"""At the end, time for what waits to be delivered at once, before it is left to the next start."""


@dataclass(slots=True)
class _Desk:
    """A channel with its rules: what it was told of, and what it will not be told of."""

    policy: Policy
    worker: Worker
    told: set[str] = field(default_factory=set)
    decided: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.worker.lane.channel.name


class Alerts:
    """All channels. `start`, then `take` and `notice` from any thread, then `close`.

    `take` and `notice` return after the alert is stored and its channel woken; they never wait for a
    channel. What is not sent is logged with the reason.
    """

    def __init__(
        self,
        channels: Sequence[tuple[Channel, Policy]],
        store: OutboxStore,
        clock: Clock,
        arming: Arming,
        *,
        give_up_s: float = GIVE_UP_S,
        chance: Callable[[], float] = random,
        new_id: Callable[[], str] = lambda: str(uuid.uuid4()),
    ) -> None:
        self._outbox = Outbox(store)
        self._clock = clock
        self._new_id = new_id
        self._give_up = timedelta(seconds=give_up_s)
        self._arming = arming
        self._lock = threading.Lock()
        self._last_created: datetime | None = None
        self._stored: list[tuple[_Desk, StoredAlert]] = []
        self._open: dict[str, tuple[str, str]] = {}
        self._desks = [self._desk(channel, policy, give_up_s, chance) for channel, policy in channels]

        self._tellers = [desk for desk in self._desks if desk.worker.lane.channel.takes_alerts]

    def start(self) -> None:
        """Start every channel, with what waits from before."""
        now = self._clock.wall()
        desks = {desk.name: desk for desk in self._desks}
        for alert in self._outbox.all_waiting(now + FOR_EVER):
            if alert.channel in desks:
                desks[alert.channel].worker.put(alert)
            else:
                self._orphan(alert, now)
        for desk in self._desks:
            look_back = timedelta(seconds=max(desk.policy.rules.cooldown_s, desk.policy.rules.digest_s))
            desk.policy.resume(self._outbox.recent(desk.name, now - look_back), now)
            self._arming.on_change(desk.worker.wake)
            desk.worker.start()

    def take(self, phase: Phase, record: Mapping[str, Any], snapshot: Path | None = None) -> None:
        """Tell of an event that opened, changed or closed.

        `record` is its JSON (design §5); `snapshot` a picture of it, if there is one by now.
        """
        with self._lock:
            for desk in self._tellers:
                self._consider(desk, phase, record, snapshot)
            self._note_open(phase, record)
            self._hand_over()

    def notice(self, title: str, message: str, source: str = "") -> None:
        """Tell what the program has to say of itself: a headline, and what is the case with the next step."""
        with self._lock:
            self._tell_all(title, message, source, besides=None)
            self._hand_over()

    def close(self, finish_s: float = FINISH_S) -> None:
        """Deliver what can be delivered within `finish_s`, then end every channel; safe to call twice.

        What is left waits in the store for the next start.
        """
        for desk in self._desks:
            desk.worker.finish()
        self._join(finish_s)
        for desk in self._desks:
            desk.worker.stop()
        for desk in self._join(JOIN_S):
            log.error("alert channel %s hangs and is left behind", desk.name)

    def counts(self, source: str) -> tuple[int, int]:
        """Return how many alerts of a source were delivered, and how many tries were not; for any thread."""
        lanes = [desk.worker.lane for desk in self._desks]
        return sum(lane.sent[source] for lane in lanes), sum(lane.failed[source] for lane in lanes)

    def _join(self, within_s: float) -> list[_Desk]:
        """Wait for all threads together; return those that have not ended."""
        # Threads end in real time, whatever the clock of the alerts says.
        until_s = time.monotonic() + within_s
        return [desk for desk in self._desks if not desk.worker.join(max(until_s - time.monotonic(), 0.0))]

    def _desk(self, channel: Channel, policy: Policy, give_up_s: float, chance: Callable[[], float]) -> _Desk:
        lane = Lane(
            channel,
            self._outbox,
            self._clock,
            chance=chance,
            give_up_s=give_up_s,
            tell=lambda sentence: self._tell_of_failure(channel.name, sentence),
        )
        return _Desk(policy, Worker(lane, self._clock))

    def _orphan(self, alert: StoredAlert, now: datetime) -> None:
        """Keep an alert whose channel is not in the settings for as long as any: it may come back."""
        why = f"the channel {alert.channel} is not in the settings"
        if now - alert.created >= self._give_up:
            self._outbox.given_up(alert, now, why)
            log.warning("alert %s is given up: %s", alert.dedupe_key, why)
        else:
            log.warning("alert %s waits: %s", alert.dedupe_key, why)

    def _consider(self, desk: _Desk, phase: Phase, record: Mapping[str, Any], snapshot: Path | None) -> None:
        event_id, when = record["id"], desk.policy.rules.when
        placed = record["box"] is not None
        what = Happening(record["source"], record["kind"], zones=record["zones"], placed=placed)
        is_first = event_id not in desk.decided
        if phase is Phase.CLOSED:
            if when == "closed" or (when == "both" and is_first):
                decision = self._decide(desk, what, event_id)
            elif when == "both" and event_id in desk.told:
                decision = desk.policy.follow_up(what, self._clock.wall())
            else:
                decision = Decision(Action.PASS_BY, "")
            desk.told.discard(event_id)
            desk.decided.discard(event_id)
        elif when == "closed" or not is_first:
            return
        else:
            # Also when it changes: what is told of a zone is told when it comes there.
            decision = self._decide(desk, what, event_id)
        if decision.goes:
            named = "closed" if phase is Phase.CLOSED else "opened"
            body = {"phase": named, "record": dict(record), "snapshot": str(snapshot) if snapshot else None}
            self._send(desk, decision, f"{event_id}:{named}", what, body)

    def _decide(self, desk: _Desk, what: Happening, event_id: str) -> Decision:
        armed = self._arming.is_armed(what.source)
        decision = desk.policy.decide(what, self._clock.wall(), armed=armed)
        if decision.action is not Action.PASS_BY:
            desk.decided.add(event_id)
        if decision.goes:
            desk.told.add(event_id)
        self._say_why(desk, what, event_id, decision)
        return decision

    def _note_open(self, phase: Phase, record: Mapping[str, Any]) -> None:
        if phase is Phase.CLOSED:
            self._open.pop(record["id"], None)
        else:
            self._open[record["id"]] = (record["source"], record["kind"])
        for desk in self._desks:
            shown = (OpenEvent(id_, *what, id_ in desk.told) for id_, what in self._open.items())
            desk.worker.show(tuple(shown))

    def _tell_of_failure(self, name: str, sentence: str) -> None:
        with self._lock:
            self._tell_all(f"alert channel {name} fails", sentence, "", besides=name)
            self._hand_over()

    def _tell_all(self, title: str, message: str, source: str, besides: str | None) -> None:
        what = Happening(source, NOTICE, title)
        body = {
            "phase": "notice",
            "record": {"schema": 1, "kind": NOTICE, "source": source, "title": title, "message": message},
            "snapshot": None,
        }
        key = self._new_id()
        for desk in self._tellers:
            if desk.name != besides:
                decision = desk.policy.decide(what, self._clock.wall(), armed=True)
                self._say_why(desk, what, title, decision)
                if decision.goes:
                    self._send(desk, decision, key, what, body)

    def _send(
        self, desk: _Desk, decision: Decision, key: str, what: Happening, body: Mapping[str, Any]
    ) -> None:
        created = self._next_moment()
        collected = decision.action is Action.COLLECT
        alert = StoredAlert(
            id=self._new_id(),
            channel=desk.name,
            dedupe_key=f"{desk.name}:{key}",
            kind=what.kind,
            source=what.source,
            created=created,
            next_try=(decision.at or created) if collected else created,
            attempts=0,
            body={**body, "collected": collected, "more": decision.more},
        )
        if self._outbox.add(alert):
            self._stored.append((desk, alert))
        else:
            log.info("alert %s was told before and is not told again", alert.dedupe_key)

    def _hand_over(self) -> None:
        """Wake the channels when all is stored: what they note of a delivery would hold the store up."""
        for desk, alert in self._stored:
            desk.worker.put(alert)
        self._stored.clear()

    def _next_moment(self) -> datetime:
        """Return the present, a microsecond after the last at least: the order must survive a restart."""
        now = self._clock.wall()
        if self._last_created is not None and now <= self._last_created:
            now = self._last_created + timedelta(microseconds=1)
        self._last_created = now
        return now

    @staticmethod
    def _say_why(desk: _Desk, what: Happening, name: str, decision: Decision) -> None:
        if decision.action is Action.PASS_BY:
            log.debug("%s %s is not told by %s: %s", what.kind, name, desk.name, decision.why)
        elif decision.action is Action.WITHHOLD:
            log.info(
                "%s %s of %s is not told by %s: %s", what.kind, name, what.source, desk.name, decision.why
            )
        elif decision.action is Action.COLLECT:
            log.info("%s %s is told by %s at %s: %s", what.kind, name, desk.name, decision.at, decision.why)
