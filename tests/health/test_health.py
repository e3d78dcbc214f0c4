"""What `monitor doctor` asks of a machine, each answer with the next step where there is one."""

import os
from importlib import metadata
from itertools import count
from pathlib import Path

import pytest

from monitor.health import disk
from monitor.health.check import Check, State
from monitor.health.disk import PROBE_BYTES, disk_check
from monitor.health.machine import clock_check, cores_check, memory_check, time_zone_check
from monitor.health.software import extras_check, opencv_check, packages_check, python_check

INSTALLED = {"av": "18.1.0", "numpy": "2.4.0"}


def version_of(name: str) -> str:
    if name not in INSTALLED:
        raise metadata.PackageNotFoundError(name)
    return INSTALLED[name]


def test_a_new_python_is_fine() -> None:
    assert python_check((3, 11, 0)) == Check("Python", State.OK, "3.11.0")


def test_an_old_python_is_a_problem() -> None:
    check = python_check((3, 10, 12))
    assert (check.state, check.found) == (State.PROBLEM, "3.10.12, needs 3.11")


def test_packages_that_are_new_enough_are_listed() -> None:
    check = packages_check(["av>=14.0", "numpy>=2.4", 'pytest>=8; extra == "test"'], version_of)
    assert check == Check("packages", State.OK, "av 18.1.0, numpy 2.4.0")


def test_each_missing_or_old_package_is_named() -> None:
    check = packages_check(["av>=18.2", "numpy>=2.4.1", "scipy>=1.12"], version_of)
    assert check.state is State.PROBLEM
    assert check.found == "av 18.1.0, needs 18.2; numpy 2.4.0, needs 2.4.1; scipy is missing"
    assert check.next_step == "pip install --upgrade motion-change-monitor"


def test_an_uninstalled_program_is_a_warning() -> None:
    assert packages_check([], version_of).state is State.WARNING


def test_opencv_loads_here() -> None:
    assert opencv_check().state is State.OK


def test_cores_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1, 2})
    assert cores_check() == Check("cores", State.OK, "3")
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0})
    assert cores_check().state is State.WARNING


@pytest.mark.parametrize(
    ("text", "state", "found"),
    [
        ("MemTotal: 9 kB\nMemAvailable:  4000000 kB\n", State.OK, "4096 MB available"),
        ("MemAvailable:  100000 kB\n", State.WARNING, "102 MB available"),
        ("nothing of the kind\n", State.OK, "unknown"),
    ],
)
def test_memory_is_read_from_the_kernel(tmp_path: Path, text: str, state: State, found: str) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text(text, encoding="ascii")
    check = memory_check(meminfo)
    assert (check.state, check.found) == (state, found)


def test_the_clock_is_asked_and_left_alone() -> None:
    assert clock_check().state in (State.OK, State.WARNING)


def test_a_folder_is_written_to_and_left_as_it_was(tmp_path: Path) -> None:
    ticks = count(0.0, PROBE_BYTES / 100e6)  # so that it seems to write 100 MB a second
    check = disk_check(tmp_path / "new" / "folder", ticks.__next__)
    assert check.state is State.OK
    assert check.found.endswith("written at 100 MB/s")
    assert list(tmp_path.iterdir()) == []


def test_a_slow_disk_is_a_warning(tmp_path: Path) -> None:
    check = disk_check(tmp_path, count(0.0, 8.0).__next__)
    assert (check.state, check.next_step) == (State.WARNING, "use a faster disk, or --no-annotate")


def test_a_nearly_full_disk_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "LEAST_FREE_BYTES", 10**18)
    check = disk_check(tmp_path, count(0.0, 0.1).__next__)
    assert (check.state, check.next_step) == (State.WARNING, "free some space: 1 GB or more")


def test_a_folder_that_is_a_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    check = disk_check(tmp_path / "mine")
    assert (check.state, check.found) == (State.PROBLEM, f"{tmp_path / 'mine'}: Not a directory")


EXTRAS = [
    "av>=18.0",
    'gpiozero>=2.0; extra == "gpio"',
    'numpy>=2.0; extra == "alerts"',
    'paho-mqtt>=2.0; extra == "alerts"',
    'numpy>=1.0; extra == "metrics"',
    'pytest>=8; extra == "test"',
    'psycopg[binary]>=3.1.8; extra == "postgres"',
]


def test_extras_that_are_missing_are_told_with_the_command_that_installs_them() -> None:
    check = extras_check(EXTRAS, version_of)
    assert check == Check(
        "extras",
        State.OK,
        "metrics; not installed: alerts, gpio, postgres",
        "where they are wanted: pip install 'motion-change-monitor[alerts,gpio,postgres]'",
    )


def test_extras_that_are_all_there_need_no_step() -> None:
    assert extras_check(EXTRAS[4:5], version_of) == Check("extras", State.OK, "metrics")


def test_the_time_zone_is_that_of_the_settings_else_the_machine() -> None:
    assert time_zone_check("Europe/Vienna", {"TZ": "UTC"}).found.startswith("Europe/Vienna, now ")
    assert time_zone_check(None, {"TZ": ":Asia/Tokyo"}).found.startswith("Asia/Tokyo, now ")


def test_a_zone_that_there_is_not_is_a_problem() -> None:
    assert time_zone_check(None, {"TZ": "Mars/Base"}).state is State.PROBLEM


def test_the_machines_zone_is_read_from_its_link(tmp_path: Path) -> None:
    zones = tmp_path / "zoneinfo/Europe"
    zones.mkdir(parents=True)
    (zones / "Vienna").touch()
    (tmp_path / "localtime").symlink_to(zones / "Vienna")
    assert time_zone_check(None, {}, tmp_path / "localtime").found.startswith("Europe/Vienna, now ")


def test_a_machine_without_a_zone_is_a_warning(tmp_path: Path) -> None:
    check = time_zone_check(None, {}, tmp_path / "localtime")
    assert (check.state, "timedatectl set-timezone" in str(check.next_step)) == (State.WARNING, True)
