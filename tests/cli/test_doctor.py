"""`monitor doctor`: what it shows, and with which code it ends."""

import json
from pathlib import Path

import pytest

from monitor.health import cameras, software
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
    monkeypatch.setattr(software, "opencv_check", lambda: broken)
    result = run("doctor")
    assert result.code == 1
    assert "OpenCV problem libGL.so.1 is missing → apt install libgl1" in result.said


def test_warnings_alone_mean_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    warned = Check("OpenCV", State.WARNING, "old", "update it")
    monkeypatch.setattr(software, "opencv_check", lambda: warned)
    monkeypatch.setattr(cameras, "cameras_check", lambda: Check("cameras", State.OK, "none"))
    assert run("doctor").code == 0
