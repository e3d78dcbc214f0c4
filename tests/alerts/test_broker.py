"""The connection to an MQTT broker: log-in, TLS, trials, and a broker that answers nothing for a while."""

import gc
import json
import logging
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts import channel as channels
from monitor.alerts.arming import Arming
from monitor.alerts.broker import Address
from monitor.alerts.channel import DeliveryError
from monitor.alerts.discovery import Topics
from monitor.alerts.mqtt import Mqtt
from monitor.clock import SimulatedClock
from monitor.errors import MissingPackageError, UsageError
from monitor.settings.secrets import Secret
from tests.alerts.conftest import Certificates
from tests.alerts.given import stored
from tests.alerts.mosquitto import PASSWORD, USER, Mosquitto, listening

TOPICS = Topics("monitor")
CAMERA = "monitor/driveway"


def mqtt_at(port: int, timeout_s: float = 1.0, **address: Any) -> Mqtt:
    """A channel as a trial has it."""
    clock = SimulatedClock()
    return Mqtt(
        "home",
        Address(address.pop("host", "127.0.0.1"), port, **address),
        TOPICS,
        (),
        Arming(clock, UTC),
        clock,
        discovery_prefix="homeassistant",
        snapshots=True,
        timeout_s=timeout_s,
        is_trial=True,
        reconnect_s=(0.05, 0.1),
    )


def try_once(port: int, **address: Any) -> None:
    mqtt = mqtt_at(port, **address)
    try:
        mqtt.start(lambda: None)
        words = {"title": "Test", "message": "It works."}
        mqtt.trial(stored(1, kind="notice", source="", body={"phase": "notice", "record": words}))
    finally:
        mqtt.close()


def test_a_trial_leaves_a_running_monitor_alone(open_broker: Mosquitto) -> None:
    with listening(open_broker.port) as listener:
        listener.say("monitor/status", "online", retain=True)
        assert listener.wait_for_last("monitor/status", "online")
        try_once(open_broker.port)
        listener.wait_for("monitor/notice")
        listener.say("end", "")
        listener.wait_for("end")
        assert set(listener.of("monitor/status")) == {"online"}


def test_a_wrong_password_is_told_without_it(mosquitto: Mosquitto, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mosquitto.with_password()
    mosquitto.start()
    with pytest.raises(DeliveryError, match="Not authorized") as caught:
        try_once(mosquitto.port, username=USER, password=Secret("wr0ng"))
    assert "wr0ng" not in str(caught.value) + caplog.text


def test_nobody_there_is_told(mosquitto: Mosquitto) -> None:
    with pytest.raises(
        DeliveryError, match=f"the broker 127.0.0.1:{mosquitto.port}: cannot be reached: .*refused"
    ):
        try_once(mosquitto.port)


def test_tls_with_password(mosquitto: Mosquitto, certificates: Certificates) -> None:
    mosquitto.with_password()
    mosquitto.with_tls(certificates.certificate, certificates.key, certificates.ca)
    mosquitto.start()
    login = {"username": USER, "password": Secret(PASSWORD)}
    with listening(mosquitto.port, certificates.ca) as listener:
        try_once(mosquitto.port, host="localhost", tls=True, ca_file=certificates.ca, **login)
        assert len(listener.wait_for("monitor/notice")) == 1


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_tls_with_a_certificate_that_cannot_be_trusted_is_told(
    mosquitto: Mosquitto, certificates: Certificates
) -> None:
    mosquitto.with_tls(certificates.certificate, certificates.key, certificates.ca)
    mosquitto.start()
    with pytest.raises(DeliveryError, match=r"cannot be reached: .*certificate"):
        try_once(mosquitto.port, host="localhost", tls=True)
    gc.collect()


def test_a_certificate_file_that_is_none_is_told(mosquitto: Mosquitto, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nonsense")
    with pytest.raises(UsageError, match=r"ca\.pem holds no certificate"):
        try_once(mosquitto.port, tls=True, ca_file=tmp_path / "ca.pem")


def test_without_the_package_its_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=r"home needs .* paho: pip install '.*\[alerts\]'"):
        try_once(1)


def test_what_a_frozen_broker_did_not_acknowledge_arrives_once(open_broker: Mosquitto) -> None:
    mqtt = mqtt_at(open_broker.port, timeout_s=0.3)
    with listening(open_broker.port) as listener:
        try:
            mqtt.start(lambda: None)
            mqtt.trial(stored(1))
            open_broker.freeze()
            with pytest.raises(DeliveryError, match=r"no acknowledgement within 0\.3 s"):
                mqtt.deliver([stored(2)])
            open_broker.thaw()
            mqtt.deliver([stored(2)])
            mqtt.deliver([stored(3)])
        finally:
            mqtt.close()
        texts = listener.wait_for(f"{CAMERA}/event", 3)
        assert [json.loads(text)["id"] for text in texts] == ["e1", "e2", "e3"]
