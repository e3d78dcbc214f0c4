"""`monitor doctor`: what it shows, and with which code it ends."""

import json
from pathlib import Path

import pytest

from monitor.capture.scene.encode import write_video
from monitor.capture.scene.scene import Scene
from monitor.diagnosis import questions
from monitor.health.check import Check, State
from tests.cli.process import run

pytestmark = pytest.mark.usefixtures("here")


def test_every_question_is_answered() -> None:
    checks = json.loads(run("doctor", "--json").out)
    names = {check["name"] for check in checks}
    assert {"Python", "packages", "OpenCV", "reads h264", "writes H.264", "cores", "memory"} <= names
    assert {"output folder", "cameras", "clock"} <= names
    assert all(check["next_step"] for check in checks if check["state"] != "ok")


def test_the_output_folder_of_the_settings_is_tried() -> None:
    Path("m.yaml").write_text("outputs: {folder: elsewhere}", encoding="utf-8")
    result = run("doctor", "--config", "m.yaml")
    assert "elsewhere: " in result.said
    assert not Path("elsewhere").exists()


def test_a_problem_is_shown_with_its_next_step_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Check("OpenCV", State.PROBLEM, "libGL.so.1 is missing", "apt install libgl1")
    monkeypatch.setattr(questions, "opencv_check", lambda: broken)
    result = run("doctor")
    assert result.code == 1
    assert "OpenCV problem libGL.so.1 is missing → apt install libgl1" in result.said


def test_warnings_alone_mean_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    warned = Check("OpenCV", State.WARNING, "old", "update it")
    monkeypatch.setattr(questions, "opencv_check", lambda: warned)
    monkeypatch.setattr(questions, "cameras_check", lambda: Check("cameras", State.OK, "none"))
    assert run("doctor").code == 0


MACHINE = ("python_check", "packages_check", "extras_check", "opencv_check", "disk_check", "cameras_check")


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which all is well, so that only what the settings name is looked at."""
    for name in MACHINE:
        monkeypatch.setattr(questions, name, lambda *given: Check("machine", State.OK, "fine"))
    monkeypatch.setattr(questions, "_codecs", lambda: [])
    monkeypatch.setattr(questions, "_hardware_encoder", lambda: [])


def asked(settings: str) -> dict[str, dict[str, str]]:
    """Return what is said with these settings, by name."""
    Path("m.yaml").write_text(settings, encoding="utf-8")
    checks = json.loads(run("doctor", "--config", "m.yaml", "--json").out)
    return {check["name"]: check for check in checks}


@pytest.mark.usefixtures("ready")
def test_a_camera_is_opened_until_its_first_picture() -> None:
    said = asked('cameras: {yard: {address: "testsrc=size=320x240:rate=10", format: lavfi}}')["camera yard"]
    assert said["state"] == "ok"
    assert said["found"].startswith("320x240 ")


@pytest.mark.usefixtures("ready")
def test_a_camera_that_is_away_is_a_problem_and_its_password_is_hidden() -> None:
    said = asked('cameras: {yard: {address: "rtsp://admin:hunter2@127.0.0.1:1/s"}}')["camera yard"]
    assert said["state"] == "problem"
    assert said["found"] == "rtsp://***@127.0.0.1:1/s cannot be opened (Connection refused)"
    assert said["next_step"] == "check the address, and that the camera is on"


@pytest.mark.usefixtures("ready")
def test_each_alert_channel_is_looked_at_and_the_others_are_told_all_the_same() -> None:
    said = asked(
        "alerts:\n"
        "  webhook: {server: {url: 'http://127.0.0.1:1/secret-path'}}\n"
        "  heartbeat: {sign: {url_env: NO_SUCH_VARIABLE}}\n"
        "  mqtt: {home: {host: 127.0.0.1, port: 1}, off: {host: 127.0.0.1, enabled: false}}\n"
        "  command: {script: {command: [/nowhere/tell.sh]}, good: {command: [cat]}}\n"
    )
    assert said["alert server"]["found"] == "127.0.0.1:1: connection refused"
    assert "NO_SUCH_VARIABLE is not set" in said["alert sign"]["found"]
    assert "Connection refused" in said["alert home"]["found"]
    assert "no such program" in said["alert script"]["found"]
    assert said["alert script"]["next_step"].endswith("monitor doctor --alert script")
    assert (said["alert good"]["state"], said["alert good"]["found"]) == ("ok", "cat")
    assert "alert off" not in said


@pytest.mark.usefixtures("ready")
def test_what_is_asked_is_not_logged_as_well() -> None:
    Path("m.yaml").write_text("alerts: {mqtt: {home: {host: 127.0.0.1, port: 1}}}", encoding="utf-8")
    assert "WARNING" not in run("doctor", "--config", "m.yaml").err


def test_walkers_are_painted_into_a_recording_and_what_is_found_is_told(here: Path) -> None:
    write_video(Scene(duration_s=12.0, rate_hz=6.0), here / "yard.mp4")
    small = ("--set", "advanced.analysis.max_height_px=120", "--height", "0.01")
    result = run("doctor", "--inject", "yard.mp4", *small, "--json")
    assert result.code == 0, result.said
    found = json.loads(result.out)
    assert [(one["zone"], one["light"]) for one in found["limits"]] == [(None, "day"), (None, "night")]
    assert 0.03 < found["limits"][0]["smallest_height_fraction"] < 0.5
    assert found["limits"][0]["missed_because"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["--inject"], "Name a recording or a camera: monitor doctor --inject SOURCE. Cameras: none."),
        (["--inject", "nowhere.mp4"], "nowhere.mp4 is no camera"),
        (["yard.mp4"], "a source is looked at with --inject: monitor doctor --inject yard.mp4"),
    ],
)
def test_a_source_that_cannot_be_walked_through_is_told(args: list[str], sentence: str) -> None:
    result = run("doctor", *args)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.said
