"""MQTT, through a real broker that is killed and started again."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.arming import Arming
from monitor.alerts.broker import Address
from monitor.alerts.discovery import EVENT_TYPES, Topics, announcements, slug
from monitor.alerts.heartbeat import Beat
from monitor.alerts.memory import MemoryStore
from monitor.alerts.mqtt import Mqtt
from monitor.alerts.policy import Policy
from monitor.alerts.retained import Retained
from monitor.alerts.service import Alerts
from monitor.clock import SystemClock
from monitor.events.event import Phase
from monitor.settings.channels import Channel as Rules
from monitor.settings.secrets import Secret
from tests.alerts.given import Fake, record
from tests.alerts.mosquitto import PASSWORD, USER, Listener, Mosquitto, listening

TOPICS = Topics("monitor")
CAMERA = "monitor/driveway"


class House:
    """Alerts with one MQTT channel and, beside it, a fake one, on the real clock."""

    def __init__(
        self,
        port: int,
        sources: Sequence[str] = ("driveway",),
        retained: Path | None = None,
        **address: Any,
    ) -> None:
        self.store = MemoryStore()
        self.fake = Fake()
        clock = SystemClock()
        self.healthy = True
        self.arming = Arming(clock, UTC)
        self.mqtt = Mqtt(
            "home",
            Address(address.pop("host", "127.0.0.1"), port, **address),
            TOPICS,
            sources,
            self.arming,
            clock,
            discovery_prefix="homeassistant",
            snapshots=True,
            timeout_s=5.0,
            beat=Beat(3600.0, lambda: self.healthy, clock),
            retained=Retained(retained),
            reconnect_s=(0.05, 0.1),
        )
        both = Policy(Rules(when="both", cooldown_s=0.0), UTC)
        opened = Policy(Rules(cooldown_s=0.0), UTC)
        desks = [(self.mqtt, both), (self.fake, opened)]
        self.alerts = Alerts(desks, self.store, clock, self.arming, chance=lambda: 0.5)


@pytest.fixture
def house_at(request: pytest.FixtureRequest) -> Callable[..., House]:
    def start(port: int, **options: Any) -> House:
        house = House(port, **options)
        request.addfinalizer(house.alerts.close)
        house.alerts.start()
        return house

    return start


HouseAt = Callable[..., House]


def test_an_event_arrives_with_its_record_and_is_not_retained(
    open_broker: Mosquitto, house_at: HouseAt
) -> None:
    with listening(open_broker.port) as listener:
        house = house_at(open_broker.port)
        house.alerts.take(Phase.OPENED, record(1))
        house.alerts.take(Phase.CLOSED, record(1, end_s=19.2))
        opened, closed = map(json.loads, listener.wait_for(f"{CAMERA}/event", 2))
        assert opened == {"event_type": "motion", **record(1)}
        assert closed == {"event_type": "motion_ended", **record(1, end_s=19.2)}
        assert {opened["event_type"], closed["event_type"]} <= set(EVENT_TYPES)
    with listening(open_broker.port) as late:
        late.wait_for(f"{CAMERA}/motion")
        late.say("end", "")
        late.wait_for("end")
        assert late.of(f"{CAMERA}/event") == []


def test_motion_is_on_while_an_event_is_open_and_retained(open_broker: Mosquitto, house_at: HouseAt) -> None:
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for_last(f"{CAMERA}/motion", "OFF")
        house.alerts.take(Phase.OPENED, record(1))
        assert listener.wait_for_last(f"{CAMERA}/motion", "ON")
        house.alerts.take(Phase.OPENED, record(2))
        house.alerts.take(Phase.OPENED, record(3, kind="covered", box=None))
        assert listener.wait_for_last(f"{CAMERA}/problem", "ON")
        house.alerts.take(Phase.CLOSED, record(1))
        with listening(open_broker.port) as late:
            assert late.wait_for(f"{CAMERA}/motion") == ["ON"]
            assert late.got[0][2]
        house.alerts.take(Phase.CLOSED, record(2))
        house.alerts.take(Phase.CLOSED, record(3, kind="covered"))
        assert listener.wait_for_last(f"{CAMERA}/motion", "OFF")
        assert listener.wait_for_last(f"{CAMERA}/problem", "OFF")


def test_the_picture_is_published_before_its_event_and_retained(
    open_broker: Mosquitto, house_at: HouseAt, tmp_path: Path
) -> None:
    picture = tmp_path / "motion.jpg"
    picture.write_bytes(b"JPEG")
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        house.alerts.take(Phase.OPENED, record(1), picture)
        listener.wait_for(f"{CAMERA}/event")
        topics = [topic for topic, _, _ in listener.got]
        assert topics.index(f"{CAMERA}/snapshot") < topics.index(f"{CAMERA}/event")
    with listening(open_broker.port) as late:
        assert late.wait_for(f"{CAMERA}/snapshot") == ["JPEG"]


def test_home_assistant_is_told_of_every_camera_and_again_when_it_starts(
    open_broker: Mosquitto, house_at: HouseAt
) -> None:
    house_at(open_broker.port, sources=("driveway", "Türe 2"))
    with listening(open_broker.port) as listener:
        named = [announcements(source, TOPICS, "homeassistant") for source in ("driveway", "Türe 2")]
        sought = [topic for announced in named for topic, _ in announced]
        for topic in sought:
            listener.wait_for(topic)
        with listening(open_broker.port) as late:
            for topic in sought:
                late.wait_for(topic)
            assert {retained for topic, _, retained in late.got if topic in sought} == {True}
        listener.say("homeassistant/status", "online")
        for topic in sought:
            listener.wait_for(topic, 2)
        listener.wait_for(f"{CAMERA}/motion", 2)


def test_a_camera_that_is_gone_leaves_nothing_at_the_broker(
    open_broker: Mosquitto, house_at: HouseAt, tmp_path: Path
) -> None:
    picture = tmp_path / "motion.jpg"
    picture.write_bytes(b"JPEG")
    others = {"homeassistant/light/lamp/config": "{}", "monitor/attic/motion": "OFF"}
    with listening(open_broker.port) as listener:
        for topic, text in others.items():
            listener.say(topic, text, retain=True)
        before = house_at(open_broker.port, sources=("driveway", "Türe 2"), retained=tmp_path / "mqtt.json")
        before.alerts.take(Phase.OPENED, record(1, source="Türe 2"), picture)
        listener.wait_for(TOPICS.of("Türe 2", "event"))
        listener.wait_for(TOPICS.of("driveway", "armed"))
        before.alerts.close()
    with listening(open_broker.port) as listener:
        mine = {topic for topic, _, _ in kept_by(listener)} - others.keys()
        gone = {topic for topic in mine if "T_re_2" in topic}
        assert len(gone) == 5 + 4
        house_at(open_broker.port, retained=tmp_path / "mqtt.json")
        for topic in gone:
            assert listener.wait_for_last(topic, "")
    with listening(open_broker.port) as late:
        assert {topic for topic, _, _ in kept_by(late)} == mine - gone | others.keys()


def kept_by(listener: Listener) -> list[tuple[str, str, bool]]:
    """Return all that the broker keeps."""
    listener.say("end", "")
    listener.wait_for("end")
    return [message for message in listener.got if message[2]]


def test_announcements_name_the_topics_that_are_published() -> None:
    found = dict(announcements("driveway", TOPICS, "homeassistant"))
    motion = found["homeassistant/binary_sensor/monitor_driveway/motion/config"]
    assert (motion["state_topic"], motion["device_class"]) == (f"{CAMERA}/motion", "motion")
    assert (
        found["homeassistant/image/monitor_driveway/snapshot/config"]["image_topic"] == f"{CAMERA}/snapshot"
    )
    switch = found["homeassistant/switch/monitor_driveway/armed/config"]
    assert (switch["command_topic"], switch["state_topic"]) == (f"{CAMERA}/armed/set", f"{CAMERA}/armed")
    event = found["homeassistant/event/monitor_driveway/event/config"]
    assert {"motion", "motion_ended", "signal_lost"} <= set(event["event_types"])
    assert {content["availability_topic"] for content in found.values()} == {"monitor/status"}
    assert len({content["unique_id"] for content in found.values()}) == len(found) == 5


def test_names_of_cameras_become_topics_that_differ() -> None:
    assert slug("driveway_2-b") == "driveway_2-b"
    slugs = {slug(name) for name in ("a b", "a/b", "a+b", "a#b", "ä b")}
    assert len(slugs) == 5
    assert all(part.isascii() and not set(part) & set("/+# ") for part in slugs)


def test_the_switch_arms_and_disarms(open_broker: Mosquitto, house_at: HouseAt) -> None:
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for_last(f"{CAMERA}/armed", "ON")
        listener.say(f"{CAMERA}/armed/set", "OFF")
        assert listener.wait_for_last(f"{CAMERA}/armed", "OFF")
        house.alerts.take(Phase.OPENED, record(1))
        house.alerts.take(Phase.CLOSED, record(1))
        listener.say(f"{CAMERA}/armed/set", "ON")
        assert listener.wait_for_last(f"{CAMERA}/armed", "ON")
        house.alerts.take(Phase.OPENED, record(2))
        assert [json.loads(text)["id"] for text in listener.wait_for(f"{CAMERA}/event")] == ["e2"]
        assert house.fake.wait_for(1)
        assert house.fake.told == ["e2:opened"]


@pytest.mark.parametrize("payload", ["off", "", "\0", "ON OFF"])
def test_what_is_neither_on_nor_off_changes_nothing(
    payload: str, open_broker: Mosquitto, house_at: HouseAt
) -> None:
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for_last(f"{CAMERA}/armed", "ON")
        listener.say(f"{CAMERA}/armed/set", payload)
        listener.say("homeassistant/status", "online")
        listener.wait_for(f"{CAMERA}/armed", 2)
        assert house.arming.is_armed("driveway")


def test_an_old_retained_command_is_not_followed(open_broker: Mosquitto, house_at: HouseAt) -> None:
    with listening(open_broker.port) as listener:
        listener.say(f"{CAMERA}/armed/set", "OFF", retain=True)
        house = house_at(open_broker.port)
        assert listener.wait_for_last(f"{CAMERA}/armed", "ON")
        listener.say("homeassistant/status", "online")
        listener.wait_for(f"{CAMERA}/armed", 2)
        assert house.arming.is_armed("driveway")


def test_it_says_online_and_at_the_end_offline(open_broker: Mosquitto, house_at: HouseAt) -> None:
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for_last("monitor/status", "online")
        house.alerts.close()
        assert listener.wait_for_last("monitor/status", "offline")
    with listening(open_broker.port) as late:
        assert late.wait_for("monitor/status") == ["offline"]


def test_the_broker_says_offline_when_the_monitor_dies(open_broker: Mosquitto, house_at: HouseAt) -> None:
    house = house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for_last("monitor/status", "online")
        client: Any = house.mqtt._broker._client
        client.socket().shutdown(2)  # as if the process were gone: no word of parting
        # What the broker had not acknowledged is sent again: `online` may come twice.
        with listener.changed:
            assert listener.changed.wait_for(lambda: "offline" in listener.of("monitor/status"), 10)
        assert listener.wait_for_last("monitor/status", "online")


def test_signs_of_life_come_while_the_monitor_is_healthy(open_broker: Mosquitto, house_at: HouseAt) -> None:
    house_at(open_broker.port)
    with listening(open_broker.port) as listener:
        assert listener.wait_for("monitor/heartbeat")[0].endswith("+00:00")


def test_every_alert_arrives_once_after_the_broker_was_killed(
    mosquitto: Mosquitto, house_at: HouseAt, caplog: pytest.LogCaptureFixture
) -> None:
    mosquitto.with_password()
    mosquitto.start()
    house = house_at(mosquitto.port, username=USER, password=Secret(PASSWORD))
    with listening(mosquitto.port) as listener:
        house.alerts.take(Phase.OPENED, record(0))
        listener.wait_for(f"{CAMERA}/event")
    mosquitto.stop()
    for number in range(1, 21):
        house.alerts.take(Phase.OPENED, record(number))
    mosquitto.start()
    with listening(mosquitto.port) as listener:
        texts = listener.wait_for(f"{CAMERA}/event", 20)
        assert [json.loads(text)["id"] for text in texts] == [f"e{number}" for number in range(1, 21)]
        # States that the broker has forgotten are there again.
        assert listener.wait_for_last(f"{CAMERA}/motion", "ON")
        assert listener.wait_for_last("monitor/status", "online")
    assert PASSWORD not in caplog.text


def test_a_broker_that_is_not_there_yet_gets_all_when_it_comes(
    mosquitto: Mosquitto, house_at: HouseAt
) -> None:
    house = house_at(mosquitto.port)
    for number in range(5):
        house.alerts.take(Phase.OPENED, record(number))
    assert house.fake.wait_for(5)
    assert house.store.waiting() >= 5
    mosquitto.start()
    with listening(mosquitto.port) as listener:
        assert len(listener.wait_for(f"{CAMERA}/event", 5)) == 5
