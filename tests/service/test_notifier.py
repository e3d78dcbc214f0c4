"""What systemd is told, received as systemd receives it."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from monitor.service.notifier import Notifier


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(1.0)
        yield listening


def said(systemd: socket.socket) -> list[str]:
    return systemd.recv(4096).decode().splitlines()


def test_each_call_is_one_datagram(systemd: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd.getsockname()})
    notifier.ready("watching 2 cameras")
    notifier.alive()
    notifier.status("driveway: no signal\nsince 3 s")
    notifier.stopping()
    assert [said(systemd) for _ in range(4)] == [
        ["READY=1", "STATUS=watching 2 cameras"],
        ["WATCHDOG=1"],
        ["STATUS=driveway: no signal since 3 s"],
        ["STOPPING=1"],
    ]


def test_a_socket_outside_of_the_file_system_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        name = f"monitor-test-{os.getpid()}"
        listening.bind("\0" + name)
        listening.settimeout(1.0)
        Notifier({"NOTIFY_SOCKET": "@" + name}).ready()
        assert said(listening) == ["READY=1"]


def test_without_systemd_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("something was said"))
    notifier = Notifier({})
    notifier.ready("watching")
    notifier.alive()
    assert notifier.watchdog_s is None


def test_a_systemd_that_is_gone_holds_nobody_up(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    Notifier({"NOTIFY_SOCKET": str(gone)}).alive()
    assert not gone.exists()


def test_a_systemd_that_does_not_listen_holds_nobody_up(systemd: socket.socket) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": systemd.getsockname()})
    sent = 5000  # many more than a socket keeps
    for _ in range(sent):
        notifier.alive()
    systemd.setblocking(False)
    kept = 0
    with suppress(BlockingIOError):
        while systemd.recv(64) == b"WATCHDOG=1":
            kept += 1
    assert 0 < kept < sent


@pytest.mark.parametrize(
    ("environ", "watchdog_s"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 60.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_time_limit_is_that_of_this_process(environ: dict[str, str], watchdog_s: float | None) -> None:
    assert Notifier(environ).watchdog_s == watchdog_s
