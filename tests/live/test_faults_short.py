"""Short runs of the faults of `benchmarks.reliability`: real processes on a real RTSP server."""

import os
from pathlib import Path

import pytest

from benchmarks.reliability.__main__ import FAULTS
from benchmarks.reliability.fault import MissingError

ALWAYS = ("server-restarted", "kill", "soak")
"""A loop of pictures takes ten seconds: all faults take three minutes, these three less than one."""


@pytest.mark.parametrize("name", FAULTS)
def test_the_live_program_stands_a_fault(name: str, tmp_path: Path) -> None:
    if name not in ALWAYS and os.environ.get("MONITOR_FAULTS") != "all":
        pytest.skip("takes long; set MONITOR_FAULTS=all to try it")
    try:
        row = FAULTS[name](tmp_path, True)
    except MissingError as error:
        pytest.skip(str(error))
    assert row.passed, row.found
