"""What `monitor doctor` asks of a machine, each answer with the next step where there is one."""

import os
from importlib import metadata
from itertools import count
from pathlib import Path

import pytest

from monitor.health import disk
from monitor.health.cameras import cameras_check
from monitor.health.check import Check, State
from monitor.health.disk import PROBE_BYTES, disk_check
from monitor.health.machine import clock_check, cores_check, memory_check
from monitor.health.software import opencv_check, packages_check, python_check

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


def test_cameras_are_listed(tmp_path: Path) -> None:
    for number in (0, 2):
        (tmp_path / f"video{number}").touch()
    assert cameras_check(tmp_path) == Check("cameras", State.OK, "video0, video2")


def test_a_camera_that_may_not_be_opened_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "video0").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    check = cameras_check(tmp_path)
    assert (check.state, check.found) == (State.PROBLEM, "no permission for video0")
    assert "usermod -aG video" in str(check.next_step)


def test_no_camera_is_no_problem(tmp_path: Path) -> None:
    assert cameras_check(tmp_path).state is State.OK
