"""Channels as the settings say, a test through each, and the doctor who sends it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.build import ARMING_FILE, alerts_of, zone_of
from monitor.alerts.channel import DeliveryError
from monitor.alerts.memory import MemoryStore
from monitor.alerts.reception import Reception
from monitor.alerts.trial import try_channel
from monitor.clock import SimulatedClock, SystemClock
from monitor.errors import SettingsError, UsageError
from monitor.events.event import Phase
from monitor.settings import alerts as settings
from tests.alerts.given import loads_apprise, record
from tests.alerts.mosquitto import Mosquitto, listening
from tests.alerts.receiver import Receiver
from tests.cli.process import run


def given(**channels: Any) -> settings.Alerts:
    return settings.Alerts.model_validate({"timezone": "UTC", **channels})


def build(section: settings.Alerts, folder: Path, environ: dict[str, str] | None = None) -> Reception:
    alerts, _ = alerts_of(
        section,
        MemoryStore(),
        SystemClock(),  # a simulated one would let days pass before the broker has answered
        sources=["driveway"],
        healthy=lambda: True,
        folder=folder,
        environ=environ or {},
    )
    return alerts


@loads_apprise
def test_an_event_goes_through_every_kind_of_channel(
    receiver: Receiver, mosquitto: Mosquitto, tmp_path: Path
) -> None:
    pytest.importorskip("apprise", reason="apprise is not installed")
    mosquitto.start()
    file = tmp_path / "got.json"
    section = given(
        apprise={"phone": {"url_env": "PHONE"}},
        webhook={"server": {"url": f"{receiver.url}/hook", "secret_env": "KEY", "when": "opened"}},
        mqtt={"home": {"host": "127.0.0.1", "port": mosquitto.port}},
        command={"script": {"command": ("sh", "-c", f"cat > {file}")}},
        heartbeat={"watchdog": {"url": f"{receiver.url}/alive"}},
    )
    url = receiver.url.replace("http", "json") + "/phone"
    alerts = build(section, tmp_path, {"PHONE": url, "KEY": "secret"})
    with listening(mosquitto.port) as listener:
        alerts.start()
        alerts.take(Phase.OPENED, record(1))
        assert receiver.wait_for(3)
        listener.wait_for("monitor/driveway/event")
        alerts.close()
    assert {request.path for request in receiver.requests} == {"/hook", "/phone", "/alive"}
    assert json.loads(file.read_text()) == record(1)


def test_all_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    section = given(
        webhook={
            "server": {"url_env": "URL"},
            "other": {"url": "http://a/", "secret_file": tmp_path / "key"},
        },
        heartbeat={"off": {"url_env": "URL", "enabled": False}},
    )
    with pytest.raises(SettingsError) as caught:
        build(section, tmp_path)
    assert len(caught.value.problems) == 2
    assert "The alert channel server: the environment variable URL is not set" in caught.value.problems[0]


def test_what_was_disarmed_by_hand_is_kept_in_the_folder(tmp_path: Path) -> None:
    _, arming = alerts_of(
        given(), MemoryStore(), SimulatedClock(), sources=[], healthy=lambda: True, folder=tmp_path
    )
    arming.set("driveway", False)
    assert (tmp_path / ARMING_FILE).exists()


def test_the_time_zone_is_that_of_the_settings_then_the_machine() -> None:
    winter = datetime(2026, 1, 1, tzinfo=UTC)
    assert zone_of(settings.Alerts(timezone="Asia/Tokyo")) == ZoneInfo("Asia/Tokyo")
    assert zone_of(settings.Alerts(), {"TZ": ":Asia/Tokyo"}) == ZoneInfo("Asia/Tokyo")
    assert zone_of(settings.Alerts(), {"TZ": "Nowhere/At/All"}) == UTC
    assert zone_of(settings.Alerts(), {}).utcoffset(winter) is not None


def test_a_trial_goes_through_the_channel_also_if_it_is_off(receiver: Receiver) -> None:
    section = given(webhook={"server": {"url": receiver.url, "enabled": False}})
    try_channel(section, "server", SimulatedClock())
    assert json.loads(receiver.requests[0].body)["title"] == "Test of the monitor's alerts"


def test_a_trial_that_fails_says_why(receiver: Receiver) -> None:
    receiver.answers = [(404, {})]
    with pytest.raises(DeliveryError, match="localhost answered 404 Not Found"):
        try_channel(given(webhook={"server": {"url": receiver.url}}), "server", SimulatedClock())


def test_a_channel_that_is_not_known_is_told_with_those_that_are() -> None:
    section = given(webhook={"server": {"url": "http://a/"}}, gpio={"lamp": {"pin": 1}})
    with pytest.raises(UsageError, match=r"no alert channel lamb\. Known: server, lamp\."):
        try_channel(section, "lamb", SimulatedClock())


@pytest.fixture
def doctor(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run `monitor doctor --alert server` with these settings of the channel."""

    def doctor(*more: str, **channel: Any) -> Any:
        class Loaded:
            alerts = given(webhook={"server": channel})

        monkeypatch.setattr("monitor.settings.load_settings", lambda *_: Loaded)
        return run("doctor", "--alert", "server", *more)

    return doctor


def test_the_doctor_tells_that_a_test_arrived(receiver: Receiver, doctor: Callable[..., Any]) -> None:
    result = doctor(url=receiver.url)
    assert (result.code, len(receiver.requests)) == (0, 1)
    assert "alert server ok the test was delivered" in result.said


def test_the_doctor_ends_with_one_where_it_did_not(receiver: Receiver, doctor: Callable[..., Any]) -> None:
    receiver.answers = [(401, {})]
    result = doctor("--json", url=receiver.url)
    (check,) = json.loads(result.out)
    assert (result.code, check["state"]) == (1, "problem")
    assert check["found"] == "localhost answered 401 Unauthorized"


def test_a_channel_that_is_not_there_is_wrong_use(receiver: Receiver, doctor: Callable[..., Any]) -> None:
    result = doctor("--alert", "lamp", url=receiver.url)
    assert result.code == 2
    assert "There is no alert channel lamp. Known: server." in result.said
