"""The log of a command: JSON a line or text, without secrets, whatever goes wrong."""

import io
import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor import logs
from monitor.logs import JsonFormatter, SystemdFormatter, TextFormatter, goes_to_systemd, is_json, set_up
from tests.cli.process import run, spawn

SECRET_ADDRESS = "rtsp://admin:hunter2@192.168.1.20/stream?token=abc"


def record(message: str, *args: object, level: int = logging.WARNING, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("monitor.capture", level, __file__, 1, message, args, None)
    made.__dict__.update(more)
    return made


@pytest.fixture(autouse=True)
def _logging_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger(logs.ROOT)
    handlers, level = root.handlers[:], own.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    yield
    root.handlers[:] = handlers
    own.setLevel(level)
    logging.captureWarnings(False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_of_json_holds_time_level_logger_and_message() -> None:
    line = json.loads(JsonFormatter().format(record("%s: signal lost", "driveway", created=1795230300.25)))
    assert line == {
        "time": "2026-11-21T03:05:00.250Z",
        "level": "warning",
        "logger": "monitor.capture",
        "message": "driveway: signal lost",
    }
    assert datetime.fromisoformat(line["time"]).utcoffset() is not None


def test_the_camera_is_that_of_the_record_else_of_the_process() -> None:
    formatter = JsonFormatter("driveway")
    assert json.loads(formatter.format(record("lost")))["camera"] == "driveway"
    assert json.loads(formatter.format(record("lost", camera="yard")))["camera"] == "yard"


def test_whatever_a_message_holds_the_object_is_one_line() -> None:
    text = JsonFormatter().format(record('two\nlines, "quotes", \x1b[31m and ünïcode'))
    assert "\n" not in text
    assert json.loads(text)["message"] == 'two\nlines, "quotes", \x1b[31m and ünïcode'


def test_an_exception_is_within_the_object() -> None:
    try:
        raise ZeroDivisionError(f"at {SECRET_ADDRESS}")
    except ZeroDivisionError:
        made = record("failed", exc_info=sys.exc_info())
    line = json.loads(JsonFormatter().format(made))
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert "ZeroDivisionError" in line["exception"]
    assert "hunter2" not in line["exception"]


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter(), SystemdFormatter()])
def test_no_form_shows_a_secret(formatter: logging.Formatter) -> None:
    text = formatter.format(record("cannot open %s", SECRET_ADDRESS))
    assert "hunter2" not in text
    assert "abc" not in text
    assert "192.168.1.20" in text


def test_text_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    text = TextFormatter().format(record("driveway: signal lost", created=1795230300.25))
    assert text == "2026-11-21 03:05:00 WARNING driveway: signal lost"


def test_the_journal_of_systemd_gets_the_level_and_no_second_time() -> None:
    assert SystemdFormatter().format(record("one\ntwo", level=logging.ERROR)) == "<3>one\n<3>two"


def test_the_journal_of_systemd_is_known_by_its_stream(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as stream:
        place = os.fstat(stream.fileno())
        ours = {"JOURNAL_STREAM": f"{place.st_dev}:{place.st_ino}"}
        assert goes_to_systemd(stream, ours)
        assert not goes_to_systemd(stream, {"JOURNAL_STREAM": "1:1"})
        assert not goes_to_systemd(stream, {})
    assert not goes_to_systemd(io.StringIO(), ours)


def test_the_level_is_that_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", "info")
    logging.getLogger("monitor.capture").info("connected")
    logging.getLogger("monitor.capture").debug("a detail")
    logging.getLogger("somebody.else").info("chatter")
    assert [line["message"] for line in lines(capsys)] == ["connected"]


def test_a_second_call_replaces_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text", "info")
    set_up("json", "warning", camera="yard")
    logging.getLogger("monitor").warning("once")
    assert [line["camera"] for line in lines(capsys)] == ["yard"]
    assert is_json()


@pytest.mark.logs_errors
def test_what_ends_a_thread_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", "warning")

    def fail() -> None:
        raise ZeroDivisionError("a bug")

    thread = threading.Thread(target=fail, name="writer")
    thread.start()
    thread.join()
    (line,) = lines(capsys)
    assert (line["level"], line["message"]) == ("critical", "writer ended unexpectedly")
    assert "ZeroDivisionError: a bug" in line["exception"]


@pytest.mark.logs_errors
def test_what_ends_the_program_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json", "warning")
    error = ZeroDivisionError("a bug")
    sys.excepthook(ZeroDivisionError, error, None)
    (line,) = lines(capsys)
    assert line["message"] == "unexpected ZeroDivisionError"
    assert "a bug" in line["exception"]


def test_a_command_that_fails_says_so_in_its_log() -> None:
    result = spawn("check", "--config", "nowhere.yaml", "--log-format", "json")
    assert result.code == 2
    (line,) = [json.loads(text) for text in result.err.splitlines()]
    assert (line["level"], line["logger"]) == ("critical", "monitor")
    assert "nowhere.yaml" in line["message"]


def test_every_command_that_logs_has_the_options() -> None:
    for command in (["scan"], ["coverage"], ["check"], ["doctor"], ["demo"], ["events", "list"]):
        text = run(*command, "--help").said
        assert "--log-format" in text
        assert "--log-level" in text


def test_the_environment_may_ask_for_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_LOG_FORMAT", "json")
    result = spawn("check", "--config", "nowhere.yaml")
    assert json.loads(result.err)["level"] == "critical"


def test_another_format_is_wrong_use() -> None:
    assert run("scan", "x.mp4", "--log-format", "xml").code == 2
