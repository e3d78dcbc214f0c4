"""The unit file, judged by systemd itself where it is installed."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.service.unit import Unit, unit_text

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")

UNIT = Unit(
    command=(sys.executable, "-m", "monitor", "watch", "--config", "/etc/motion-monitor/monitor.yaml"),
    folder=Path("/var/lib/motion-monitor"),
    environment_file=Path("/etc/motion-monitor/environment"),
    writable=(Path("/var/lib/motion-monitor/recordings"),),
    user="daemon",
    groups=("video",),
    environment={"MONITOR_LOG_LEVEL": "info"},
)
NASTY = 'a b%n "c" $HOME \\ \'d'


def lines(unit: Unit) -> list[str]:
    return unit_text(unit).splitlines()


def analyze(tmp_path: Path, unit: Unit, *words: str) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "motion-monitor.service"
    file.write_text(unit_text(unit), encoding="utf-8")
    command = [str(ANALYZE), *words, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_systemd
@pytest.mark.parametrize("user", ["daemon", None])
def test_systemd_finds_no_fault_in_it(tmp_path: Path, user: str | None) -> None:
    result = analyze(tmp_path, replace(UNIT, user=user, memory_max="800M"), "verify", "--man=no")
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_no_fault_whatever_the_paths_are(tmp_path: Path) -> None:
    nasty = tmp_path / NASTY
    nasty.mkdir()
    python = tmp_path / "a b%n $HOME"
    python.symlink_to(sys.executable)
    unit = replace(
        UNIT,
        command=(str(python), "-m", "monitor", "watch", "--config", str(nasty / "m.yaml")),
        folder=nasty,
        writable=(nasty, tmp_path / "also this"),
        environment={"PYTHONPATH": str(nasty)},
    )
    result = analyze(tmp_path, unit, "verify", "--man=no")
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


@needs_systemd
def test_little_is_left_open(tmp_path: Path) -> None:
    """Of 10: systemd calls below 5 medium and below 2.5 ok. The rest is network, cameras and graphics."""
    result = analyze(tmp_path, UNIT, "security", "--offline=true", "--json=short", "--threshold=25")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "Restart=on-failure",
        "RestartPreventExitStatus=2",
        "WatchdogSec=60",
        "User=daemon",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ReadWritePaths=/var/lib/motion-monitor/recordings",
        "ProtectHome=yes",
        "DeviceAllow=char-video4linux rw",
        "DeviceAllow=char-drm rw",
        "EnvironmentFile=-/etc/motion-monitor/environment",
        "WantedBy=multi-user.target",
    ],
)
def test_it_says(line: str) -> None:
    assert line in lines(UNIT)


def test_words_are_quoted_and_nothing_is_put_in_for_signs() -> None:
    unit = replace(UNIT, command=("/x y/$p", "--config", NASTY))
    assert 'ExecStart="/x y/$p" --config "a b%%n \\"c\\" $$HOME \\\\ \'d"' in lines(unit)


def test_home_folders_are_readable_only_where_something_is_there() -> None:
    assert "ProtectHome=read-only" in lines(replace(UNIT, sees_home=True))


def test_memory_is_limited_where_that_was_asked_for() -> None:
    assert "MemoryMax=800M" in lines(replace(UNIT, memory_max="800M"))
    assert "MemoryMax" not in unit_text(UNIT)


def test_the_service_of_a_user_asks_for_nothing_that_only_root_may_do() -> None:
    text = unit_text(replace(UNIT, user=None))
    assert "WantedBy=default.target" in text
    assert "NoNewPrivileges=yes" in text
    for setting in ("User=", "DeviceAllow", "ProtectSystem", "CapabilityBoundingSet", "SupplementaryGroups"):
        assert setting not in text


@pytest.mark.parametrize("name", ["two\nlines", "\x1b[31m", "\udce9", "blank "])
def test_a_path_that_no_unit_can_hold_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot stand in a unit file"):
        unit_text(replace(UNIT, folder=Path(f"/srv/{name}")))


@pytest.mark.parametrize("sign", ["'", '"', "\\"])
def test_a_program_that_systemd_would_not_run_is_refused(sign: str) -> None:
    with pytest.raises(UsageError, match="quotes or a backslash"):
        unit_text(replace(UNIT, command=(f"/srv/{sign}/python",)))
