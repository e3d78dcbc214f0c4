"""Events, states and pictures of cameras at an MQTT broker, with Home Assistant's discovery."""

import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.alerts.arming import Arming
from monitor.alerts.broker import RECONNECT_S, Address, Broker
from monitor.alerts.channel import Channel, DeliveryError, OpenEvent, require
from monitor.alerts.discovery import OFF, OFFLINE, ON, ONLINE, Topics, announcements
from monitor.alerts.heartbeat import Beat
from monitor.alerts.kinds import INTEGRITY, NOTICE
from monitor.alerts.outbox import StoredAlert
from monitor.alerts.retained import Retained
from monitor.clock import Clock
from monitor.events.event import Kind

if TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessageInfo

log = logging.getLogger(__name__)

ARMED_LOOK_S = 60.0
"""The schedule of arming is looked at this often at least, for clocks may be set."""


class Mqtt(Channel):
    """Publishes events and pictures as alerts, and what is happening now as retained states.

    States are published anew after every connection and when Home Assistant says that it has started. A
    picture goes with its event. `ON` or `OFF` at a camera's `armed/set` arms or disarms it. What `retained`
    knows of cameras that are gone is cleared.
    """

    def __init__(
        self,
        name: str,
        address: Address,
        topics: Topics,
        sources: Sequence[str],
        arming: Arming,
        clock: Clock,
        *,
        discovery_prefix: str | None,
        snapshots: bool,
        timeout_s: float,
        beat: Beat | None = None,
        retained: Retained | None = None,
        is_trial: bool = False,
        reconnect_s: tuple[float, float] = RECONNECT_S,
    ) -> None:
        super().__init__(name)
        require("paho.mqtt", "alerts", name)
        self._topics = topics
        self._sources = list(sources)
        self._commands = {topics.of(source, "armed/set"): source for source in sources}
        self._arming = arming
        self._clock = clock
        self._prefix = discovery_prefix
        self._snapshots = snapshots
        self._timeout_s = timeout_s
        self._beat = beat
        self._place = str(address)
        self._retained = retained or Retained()
        self._retained.claim(self._place, self._retained_topics())
        self._gone: list[str] = []
        self._states: dict[str, str] = {}
        self._published: dict[str, str] = {}
        self._announce = threading.Event()
        self._pending: dict[str, list[MQTTMessageInfo]] = {}
        self._ready: Callable[[], None] = lambda: None
        # A trial beside a running monitor must not say that it is off.
        will = None if is_trial else (topics.availability, OFFLINE)
        self._broker = Broker(
            address, will, on_up=self._up, on_message=self._received, reconnect_s=reconnect_s
        )

    def start(self, ready: Callable[[], None]) -> None:
        """Begin to connect."""
        self._ready = ready
        self._gone = self._retained.begin(self._place)
        subscriptions = list(self._commands)
        if self._prefix is not None:
            subscriptions.append(f"{self._prefix}/status")
        self._broker.start(subscriptions)

    def deliver(self, alerts: Sequence[StoredAlert]) -> None:
        """Publish each alert; afterwards the broker has said that it has them."""
        self._pending = {alert.id: self._pending[alert.id] for alert in alerts if alert.id in self._pending}
        for alert in alerts:
            # What paho still holds from the last try it sends by itself: published anew it would come twice.
            if alert.id not in self._pending:
                self._pending[alert.id] = self._publish(alert)
            for info in self._pending[alert.id]:
                self._broker.wait_for(info, self._timeout_s)
        self._pending.clear()

    def follow(self, events: Sequence[OpenEvent]) -> None:
        """Say of every camera whether something moves, and whether it has a problem."""
        for source in self._sources:
            kinds = {event.kind for event in events if event.source == source}
            self._states[self._topics.of(source, "motion")] = ON if Kind.MOTION in kinds else OFF
            self._states[self._topics.of(source, "problem")] = ON if kinds & INTEGRITY else OFF

    def tick(self) -> float | None:
        """Publish every state that changed, and a sign of life if one is due."""
        for source in self._sources:
            armed = ON if self._arming.is_armed(source) else OFF
            self._states[self._topics.of(source, "armed")] = armed
        with suppress(DeliveryError):  # states are published anew after every connection
            self._publish_states()
            self._publish_beat()
            self._clear_gone()
        waits = [ARMED_LOOK_S, self._arming.next_change_s()]
        if self._beat is not None and self._broker.is_up():
            waits.append(max(self._beat.wait_s, 0.0))
        return min(wait for wait in waits if wait is not None)

    def trial(self, alert: StoredAlert) -> None:
        """Wait for the connection, then publish."""
        self._broker.wait(self._timeout_s)
        self.deliver([alert])

    def close(self) -> None:
        """Say `offline` and part from the broker."""
        self._broker.close()

    def _publish(self, alert: StoredAlert) -> "list[MQTTMessageInfo]":
        record = alert.body["record"]
        if alert.kind == NOTICE:
            return [self._broker.publish(self._topics.notice, _json(record), retain=False)]
        infos = []
        if picture := self._picture(alert):
            topic = self._topics.of(alert.source, "snapshot")
            # A camera that is gone may have alerts that waited; nothing of it is to stay.
            infos.append(self._broker.publish(topic, picture, retain=alert.source in self._sources))
        ended = "_ended" if alert.body["phase"] == "closed" else ""
        content = {"event_type": f"{alert.kind}{ended}", **record}
        # Not retained: it happened once, and must not happen again whenever Home Assistant starts.
        infos.append(
            self._broker.publish(self._topics.of(alert.source, "event"), _json(content), retain=False)
        )
        return infos

    def _picture(self, alert: StoredAlert) -> bytes | None:
        name = alert.body.get("snapshot")
        if not self._snapshots or not name:
            return None
        try:
            return Path(name).read_bytes()
        except OSError as error:
            log.warning("%s goes out without its picture: %s: %s", alert.dedupe_key, name, error.strerror)
            return None

    def _publish_states(self) -> None:
        if self._announce.is_set() and self._broker.is_up():
            self._announce.clear()
            self._published.clear()
            if self._prefix is not None:
                for source in self._sources:
                    for topic, content in announcements(source, self._topics, self._prefix):
                        self._broker.publish(topic, _json(content), retain=True)
            self._broker.publish(self._topics.availability, ONLINE, retain=True)
        for topic, state in self._states.items():
            if self._published.get(topic) != state:
                self._broker.publish(topic, state, retain=True)
                self._published[topic] = state

    def _publish_beat(self) -> None:
        if self._beat is not None and self._broker.is_up() and self._beat.is_wanted():
            now = self._clock.wall().astimezone(UTC).isoformat(timespec="seconds")
            self._broker.publish(self._topics.heartbeat, now, retain=True)
            self._beat.done()

    def _retained_topics(self) -> Iterator[str]:
        yield self._topics.availability
        yield self._topics.heartbeat
        for source in self._sources:
            yield from self._topics.retained(source)
            if self._prefix is not None:
                yield from (topic for topic, _ in announcements(source, self._topics, self._prefix))

    def _clear_gone(self) -> None:
        """Publish nothing, retained, where the broker still keeps something of a camera that is gone."""
        if not self._gone or not self._broker.is_up():
            return
        for info in [self._broker.publish(topic, b"", retain=True) for topic in self._gone]:
            self._broker.wait_for(info, self._timeout_s)
        self._retained.cleared(self._place, self._gone)
        log.info("%s: %d topics of what is no longer configured were cleared", self.name, len(self._gone))
        self._gone = []

    def _up(self) -> None:
        self._announce.set()
        self._ready()

    def _received(self, topic: str, text: str, retained: bool) -> None:
        source = self._commands.get(topic)
        if source is None:
            if text == ONLINE:  # Home Assistant has started
                self._announce.set()
                self._ready()
        elif retained:
            log.warning("a retained message at %s is not followed: it may be years old", topic)
        elif text in (ON, OFF):
            self._arming.set(source, text == ON)
        else:
            log.warning("%s: %.20r is neither ON nor OFF", topic, text)


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, allow_nan=False)
