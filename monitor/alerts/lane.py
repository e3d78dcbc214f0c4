"""The queue of one channel: what is delivered next, what failed and is tried again, what is given up."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from monitor.alerts.channel import Channel, DeliveryError, OpenEvent
from monitor.alerts.outbox import Outbox, StoredAlert
from monitor.clock import Clock

log = logging.getLogger(__name__)

FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 600.0
JITTER_FRACTION = 0.2
"""Tries come up to a fifth earlier or later, so that many monitors do not fall upon one server together."""

MOST_IN_MEMORY = 1000
"""Alerts that wait in memory, about 2 MB; more wait in the store alone."""

LOG_AGAIN_S = 60.0
"""A channel that goes on failing is logged this often, with a count."""

FOR_EVER = timedelta(days=3650)
"""Ahead of now: later than any alert waits."""


def retry_delay_s(failures: int, chance: float) -> float:
    """Return the wait after so many failures in a row (1 the first): 5 s, doubling up to 10 min.

    `chance` is a random number, 0 to 1.
    """
    # Beyond 2¹⁰ the longest is reached long since, and powers grow without bound.
    delay_s = min(FIRST_RETRY_S * 2.0 ** min(failures - 1, 10), LONGEST_RETRY_S)
    return delay_s * (1.0 + JITTER_FRACTION * (2.0 * chance - 1.0))


class Lane:
    """Delivers the alerts of one channel in order; those that are collected go together at their time.

    `put`, `show` and `hurry` may be called from any thread, `step` from one only. While the channel fails
    nothing overtakes: all of it waits. What is older than `give_up_s` after a failure is given up, and
    `tell` is handed how many and why. `sent` and `failed` count alerts delivered and tries that were not, by
    source; any thread may read them.
    """

    def __init__(
        self,
        channel: Channel,
        outbox: Outbox,
        clock: Clock,
        *,
        chance: Callable[[], float],
        give_up_s: float,
        tell: Callable[[str], None],
    ) -> None:
        self.channel = channel
        self.sent: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._outbox = outbox
        self._clock = clock
        self._chance = chance
        self._give_up = timedelta(seconds=give_up_s)
        self._tell = tell
        self._incoming: deque[StoredAlert] = deque()
        self._single: deque[StoredAlert] = deque()
        self._collected: list[StoredAlert] = []
        self._known: set[str] = set()
        self._more_in_store = False
        self._open: tuple[OpenEvent, ...] = ()
        self._shown: tuple[OpenEvent, ...] | None = None
        self._failures = 0
        self._retry_at_s = 0.0
        self._hurry = False
        self._logged_at_s = 0.0

    def put(self, alert: StoredAlert) -> None:
        """Queue a stored alert; one that is queued already is left as it is."""
        # Once some wait in the store alone, those that follow must not overtake them.
        if self._more_in_store or self._waiting() >= MOST_IN_MEMORY:
            self._more_in_store = True
        elif alert.id not in self._known:
            self._known.add(alert.id)
            self._incoming.append(alert)

    def show(self, events: tuple[OpenEvent, ...]) -> None:
        """Say what is happening now."""
        self._open = events

    def hurry(self) -> None:
        """Say that what failed may work now."""
        self._hurry = True

    def step(self) -> float | None:
        """Do the next thing; return the seconds until there is more to do: 0 now, None not before a call."""
        if self._open is not self._shown:
            self._shown = self._open
            self.channel.follow(self._shown)
        tick_s = self.channel.tick()
        self._sort_incoming()
        work_s = self._work()
        return min((wait for wait in (tick_s, work_s) if wait is not None), default=None)

    def _work(self) -> float | None:
        """Make one try if one is due; return the seconds until the next, None if nothing waits."""
        if self._hurry:
            self._hurry, self._retry_at_s = False, 0.0
        pause_s = self._retry_at_s - self._clock.monotonic_s()
        if pause_s > 0:
            return pause_s if self._waiting() else None
        now = self._clock.wall()
        batch = self._due(now)
        if not batch:
            waits = [(alert.next_try - now).total_seconds() for alert in self._collected]
            return min(waits, default=None)
        self._try(batch)
        return 0.0

    def _due(self, now: datetime) -> list[StoredAlert]:
        if self._single:
            return [self._single[0]]
        return [alert for alert in self._collected if alert.next_try <= now]

    def _try(self, batch: Sequence[StoredAlert]) -> None:
        try:
            self.channel.deliver(batch)
        except DeliveryError as error:
            self._failed(batch, error)
        except Exception as error:
            # A fault in one channel's library must neither end its thread nor lose the alert.
            log.exception("alert channel %s failed unexpectedly", self.channel.name)
            self._failed(batch, DeliveryError(f"unexpected {type(error).__name__}"))
        else:
            self._delivered(batch)

    def _delivered(self, batch: Sequence[StoredAlert]) -> None:
        if self._failures:
            log.info("alert channel %s works again after %d failures", self.channel.name, self._failures)
        self._failures = 0
        now = self._clock.wall()
        self.sent.update(alert.source for alert in batch)
        for alert in batch:
            self._remove(alert)
            self._outbox.sent(alert, now)

    def _failed(self, batch: Sequence[StoredAlert], error: DeliveryError) -> None:
        now, why = self._clock.wall(), str(error)
        self.failed.update(alert.source for alert in batch)
        if error.refused:
            self._drop(batch, now, why)
            return
        self._failures += 1
        delay_s = max(retry_delay_s(self._failures, self._chance()), error.retry_after_s or 0.0)
        self._retry_at_s = self._clock.monotonic_s() + delay_s
        self._log(why, delay_s)
        waiting = [*self._single, *self._collected]
        self._drop([alert for alert in waiting if now - alert.created >= self._give_up], now, why)
        for alert in batch:
            if alert in self._single or alert in self._collected:
                self._outbox.failed(alert, now, now + timedelta(seconds=delay_s), why)

    def _drop(self, batch: Sequence[StoredAlert], now: datetime, why: str) -> None:
        for alert in batch:
            self._remove(alert)
            self._outbox.given_up(alert, now, why)
        if batch:
            sentence = f"{len(batch)} alert{'s' * (len(batch) > 1)} given up: {why}"
            log.error("alert channel %s: %s", self.channel.name, sentence)
            if any(
                alert.kind != "notice" for alert in batch
            ):  # else two dead channels tell each other for ever
                self._tell(sentence)

    def _log(self, why: str, delay_s: float) -> None:
        now_s = self._clock.monotonic_s()
        if self._failures == 1 or now_s - self._logged_at_s >= LOG_AGAIN_S:
            self._logged_at_s = now_s
            log.warning(
                "alert channel %s: try %d failed, next in %.0f s, %d waiting: %s",
                self.channel.name, self._failures, delay_s, self._waiting(), why,
            )  # fmt: skip

    def _remove(self, alert: StoredAlert) -> None:
        self._known.discard(alert.id)
        if alert in self._single:
            self._single.remove(alert)
        elif alert in self._collected:
            self._collected.remove(alert)

    def _sort_incoming(self) -> None:
        while self._incoming:
            alert = self._incoming.popleft()
            (self._collected if alert.body.get("collected") else self._single).append(alert)
        if self._more_in_store and not self._waiting():
            self._more_in_store = False
            until = self._clock.wall() + FOR_EVER
            for alert in self._outbox.all_waiting(until):
                if alert.channel == self.channel.name:
                    self.put(alert)
            self._sort_incoming()

    def _waiting(self) -> int:
        return len(self._incoming) + len(self._single) + len(self._collected)
