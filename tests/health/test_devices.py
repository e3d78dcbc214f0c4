"""Cameras as Linux shows them, and what only a Raspberry Pi has."""

import grp
import os
import pwd
from pathlib import Path

import pytest

from monitor.health import raspberry
from monitor.health.cameras import cameras_check
from monitor.health.check import Check, State
from monitor.health.raspberry import raspberry_checks


def device(folder: Path, number: int, name: str | None = None, index: int = 0) -> Path:
    """Make a device, with what the kernel says of it."""
    node = folder / f"video{number}"
    node.touch()
    if name is not None:
        about = folder / "about" / node.name
        about.mkdir(parents=True)
        (about / "name").write_text(name + "\n", encoding="utf-8")
        (about / "index").write_text(f"{index}\n", encoding="ascii")
    return node


def test_cameras_are_listed_with_what_they_are_called(tmp_path: Path) -> None:
    device(tmp_path, 0, "HD Webcam")
    device(tmp_path, 2)
    check = cameras_check(tmp_path, tmp_path / "about")
    assert check == Check("cameras", State.OK, "video0 (HD Webcam), video2")


def test_what_gives_no_pictures_is_no_camera(tmp_path: Path) -> None:
    device(tmp_path, 0, "HD Webcam")
    device(tmp_path, 1, "HD Webcam", index=1)
    device(tmp_path, 10, "bcm2835-codec-decode")
    assert cameras_check(tmp_path, tmp_path / "about").found == "video0 (HD Webcam)"


def test_no_camera_is_no_problem(tmp_path: Path) -> None:
    assert cameras_check(tmp_path).state is State.OK


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of devices that may not be opened; their group is called video and has the member pi."""
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    group = grp.struct_group(("video", "x", os.getgid(), ["pi"]))
    monkeypatch.setattr(grp, "getgrgid", lambda gid: group)
    device(tmp_path, 0).chmod(0o660)
    return tmp_path


def name_user(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    user = pwd.struct_passwd((name, "x", 1000, 1000, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: user)


def test_who_is_not_in_the_group_is_told_the_command(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name_user(monkeypatch, "ann")
    check = cameras_check(closed, closed)
    assert (check.state, check.found) == (State.PROBLEM, "no permission for video0")
    assert str(check.next_step).endswith("sudo usermod -aG video ann")


def test_who_has_joined_the_group_only_now_is_told_to_log_in_again(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_user(monkeypatch, "pi")
    assert "log out and in again" in str(cameras_check(closed, closed).next_step)


def test_a_device_that_its_group_may_not_open_is_granted_first(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name_user(monkeypatch, "ann")
    (closed / "video0").chmod(0o600)
    assert f"chmod g+rw {closed / 'video0'}" in str(cameras_check(closed, closed).next_step)


ONCE = "was slowed down since its start"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    file = tmp_path / "model"
    file.write_bytes(b"Raspberry Pi 4 Model B Rev 1.4\0")
    return file


@pytest.mark.parametrize(
    ("said", "state", "found"),
    [
        ("throttled=0x0\n", State.OK, "Raspberry Pi 4 Model B Rev 1.4, at full speed"),
        ("throttled=0x50000\n", State.WARNING, f"{ONCE}: the supply is too weak, throttled"),
        ("throttled=0x50005\n", State.PROBLEM, "slowed down now: the supply is too weak, throttled"),
        ("throttled=0x80008\n", State.PROBLEM, "slowed down now: too hot"),
        (None, State.OK, "Raspberry Pi 4 Model B Rev 1.4; unknown whether it is slowed down"),
        ("nonsense", State.OK, "Raspberry Pi 4 Model B Rev 1.4; unknown whether it is slowed down"),
    ],
)  # fmt: skip
def test_a_slow_raspberry_pi_is_told_why(model: Path, said: str | None, state: State, found: str) -> None:
    check = next(raspberry_checks(model, lambda: said))
    assert (check.name, check.state, check.found) == ("processor", state, found)


def test_the_camera_of_a_raspberry_pi_needs_a_package(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raspberry, "find_spec", lambda name: None)
    check = list(raspberry_checks(model, lambda: None))[1]
    assert (check.state, "apt install python3-picamera2" in str(check.next_step)) == (State.WARNING, True)
    monkeypatch.setattr(raspberry, "find_spec", lambda name: object())
    assert list(raspberry_checks(model, lambda: None))[1].state is State.OK


@pytest.mark.parametrize("text", [None, "Some other board\0"])
def test_other_machines_are_asked_nothing(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "model").write_text(text, encoding="utf-8")
    assert list(raspberry_checks(tmp_path / "model", lambda: "throttled=0x5")) == []
