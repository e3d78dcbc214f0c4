"""Servers and journals that are asked whether they are there; nothing is sent and nothing changed."""

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.alerts.servers import servers_of
from monitor.diagnosis import journal
from monitor.diagnosis.journal import journal_check
from monitor.errors import MonitorError
from monitor.health.check import State
from monitor.health.network import fault_of
from monitor.outputs.journal.address import FILE_NAME, journal_url
from monitor.outputs.journal.journal import Journal
from monitor.settings import Settings, load_settings
from monitor.settings.secrets import Secret


class Server:
    """Listens, and keeps what it is sent."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.heard = b""
        self._thread = threading.Thread(target=self._hear)
        self._thread.start()

    def _hear(self) -> None:
        channel, _ = self._listening.accept()
        with channel:
            self.heard = channel.recv(1000)

    def close(self) -> None:
        self._thread.join()
        self._listening.close()


@pytest.fixture
def server() -> Iterator[Server]:
    opened = Server()
    yield opened
    opened.close()


def test_a_server_that_answers_is_sent_nothing(server: Server) -> None:
    assert fault_of("127.0.0.1", server.port) is None
    server.close()
    assert server.heard == b""


def test_a_server_that_speaks_no_tls_is_told(server: Server) -> None:
    assert fault_of("127.0.0.1", server.port, tls=True) is not None


def test_a_server_that_is_away_is_told_why() -> None:
    assert fault_of("127.0.0.1", 1) == "connection refused"
    assert fault_of("no-such-host.invalid", 80) == "no such name is known"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("mailtos://u:p@example.org:465?smtp=mail.example.org", ("mail.example.org", 465)),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", ("api.telegram.org", 443)),
        ("json://localhost:8080/x", ("localhost", 8080)),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", None),
    ],
)
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise's own
def test_the_server_of_a_service_is_known_and_never_a_token(url: str, server: tuple[str, int] | None) -> None:
    pytest.importorskip("apprise", reason="the extra alerts is not installed")
    assert list(servers_of(Secret(url))) == ([server] if server else [])


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(overrides=[f"outputs.folder={tmp_path}"])


def begin(folder: Path) -> Path:
    Journal.open(journal_url("", folder)).close()
    return folder / FILE_NAME


def test_a_journal_that_is_not_begun_is_no_problem_and_is_not_begun(
    settings: Settings, tmp_path: Path
) -> None:
    assert journal_check(settings).state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_a_journal_of_today_is_fine(settings: Settings, tmp_path: Path) -> None:
    begin(tmp_path)
    check = journal_check(settings)
    assert (check.state, check.found.endswith("tables version 2")) == (State.OK, True)


def test_older_tables_are_told_and_left(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = begin(tmp_path)
    monkeypatch.setattr(journal, "HEAD", "3")
    check = journal_check(settings)
    assert (check.state, "version 2, this program's 3" in check.found) == (State.WARNING, True)
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT version_num FROM monitor_schema").fetchone() == ("2",)


def test_a_journal_of_a_newer_program_is_a_mistake_with_its_next_step(
    settings: Settings, tmp_path: Path
) -> None:
    with sqlite3.connect(begin(tmp_path)) as connection:
        connection.execute("UPDATE monitor_schema SET version_num = '9'")
    with pytest.raises(MonitorError, match="newer version of the program"):
        journal_check(settings)


def test_a_journal_that_may_not_be_written_is_a_problem(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(tmp_path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    check = journal_check(settings)
    assert (check.state, "chown" in str(check.next_step)) == (State.PROBLEM, True)


def test_a_file_that_is_no_database_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database " * 100)
    with pytest.raises(MonitorError, match="damaged"):
        journal_check(settings)
