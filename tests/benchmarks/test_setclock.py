"""What moves the time of day of the watched program leaves its steady clock and its waits alone."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.reliability.clocks import HOUR_S, TimeOfDay
from benchmarks.reliability.fault import MissingError

TELL = """
import json, threading, time
waits, until_s = 0, time.monotonic() + 0.3
while time.monotonic() < until_s:
    threading.Event().wait(0.1)
    waits += 1
time.sleep(0.01)
print(json.dumps([time.time(), time.monotonic(), waits]))
"""


def test_only_the_time_of_day_moves(tmp_path: Path) -> None:
    try:
        clock = TimeOfDay(tmp_path)
    except MissingError as error:
        pytest.skip(str(error))
    clock.move(-HOUR_S)
    command = [sys.executable, "-S", "-c", TELL]
    told = subprocess.run(command, env={**os.environ, **clock.environment}, capture_output=True, check=True)
    wall, steady_s, waits = json.loads(told.stdout)
    assert wall - time.time() == pytest.approx(-HOUR_S, abs=60.0)
    assert steady_s == pytest.approx(time.monotonic(), abs=60.0)
    assert waits <= 4
