"""A command that gets the event on its standard input."""

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from monitor.alerts.channel import DeliveryError
from monitor.alerts.command import MOST_OUTPUT_BYTES, Command
from tests.alerts.given import IN_TIME_S, record, stored, wait_until


def python(code: str, *args: str, timeout_s: float = 10.0, hidden: tuple[str, ...] = ()) -> Command:
    return Command("script", [sys.executable, "-S", "-c", code, *args], timeout_s=timeout_s, hidden=hidden)


def failure(channel: Command) -> str:
    with pytest.raises(DeliveryError) as caught:
        channel.deliver([stored(1)])
    return str(caught.value)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_command_gets_the_event_and_its_arguments_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "got"
    code = "import sys; open(sys.argv[1], 'w').write(sys.argv[2] + sys.stdin.read())"
    python(code, str(file), "$HOME; `id` ").deliver([stored(1, body={"record": record(1, zones=["Tür"])})])
    text = file.read_text()
    assert text.startswith("$HOME; `id` {")
    assert json.loads(text[text.index("{") :]) == record(1, zones=["Tür"])


def test_what_it_says_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "monitor")
    python("import sys; print('hello'); print('there', file=sys.stderr)").deliver([stored(1)])
    assert "script said:" in caplog.text
    assert {"hello", "there"} <= set(caplog.text.split())


def test_another_exit_code_than_0_is_a_failure_with_what_it_said() -> None:
    assert failure(python("print('no paper'); raise SystemExit(3)")).endswith("ended with code 3: no paper")


def test_a_signal_is_a_failure() -> None:
    assert "was killed by signal 9" in failure(python("import os; os.kill(os.getpid(), 9)"))


def test_a_command_that_is_not_there_or_may_not_be_run_is_told(tmp_path: Path) -> None:
    script = tmp_path / "script.sh"
    assert "No such file" in failure(Command("script", [str(script)], timeout_s=1.0))
    script.write_text("#!/bin/sh\n")
    assert "Permission denied" in failure(Command("script", [str(script)], timeout_s=1.0))


def test_a_command_that_runs_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    code = (
        "import os, sys, time; pid = os.fork(); \n"
        "if pid: open(sys.argv[1], 'w').write(f'{os.getpid()} {pid}')\n"
        "time.sleep(60)"
    )
    began_s = time.monotonic()
    assert "was killed, for it ran longer than 0.5 s" in failure(python(code, str(file), timeout_s=0.5))
    assert time.monotonic() - began_s < IN_TIME_S
    pids = [int(pid) for pid in file.read_text().split()]
    assert len(pids) == 2
    assert wait_until(lambda: not any(map(is_alive, pids)))


def test_a_child_that_is_left_running_does_not_hold_the_channel_up(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = (
        "import os, sys, time; pid = os.fork()\n"
        "if pid: open(sys.argv[1], 'w').write(str(pid))\n"
        "else: time.sleep(60)"
    )
    began_s = time.monotonic()
    python(code, str(file)).deliver([stored(1)])
    assert time.monotonic() - began_s < IN_TIME_S
    os.kill(int(file.read_text()), 9)


def test_a_command_that_does_not_read_gets_much_all_the_same() -> None:
    large = stored(1, body={"record": record(1, why="x" * 1_000_000)})
    python("pass").deliver([large])
    with pytest.raises(DeliveryError, match="ran longer"):
        python("import time; time.sleep(60)", timeout_s=0.3).deliver([large])


def test_of_much_that_it_says_the_end_is_kept() -> None:
    said = failure(python("print('a' * 100_000 + 'the end'); raise SystemExit(1)"))
    assert said.endswith("the end")
    assert len(said) < MOST_OUTPUT_BYTES + 200


def test_it_does_not_get_the_secrets_of_other_channels(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "monitor")
    monkeypatch.setenv("PHONE_URL", "tgram://t0ken")
    monkeypatch.setenv("COLOUR", "green")
    code = "import os; print(os.environ.get('PHONE_URL'), os.environ['COLOUR'])"
    python(code, hidden=("PHONE_URL",)).deliver([stored(1)])
    assert "None green" in caplog.text


def test_it_can_be_ended_from_outside(tmp_path: Path) -> None:
    file = tmp_path / "begun"
    channel = python("import sys, time; open(sys.argv[1], 'w'); time.sleep(60)", str(file), timeout_s=60.0)

    def stop() -> None:
        assert wait_until(file.exists)
        channel.interrupt()

    stopper = threading.Thread(target=stop)
    stopper.start()
    assert "killed by signal 9" in failure(channel)
    stopper.join()
