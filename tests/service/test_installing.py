"""Installing and removing the service, step by step, in a folder that stands for the machine's root."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.service import NAME
from monitor.service.installing import Account, Step, account_of, install_steps, uninstall_steps
from monitor.service.places import Places, barrier, is_in_a_home, system_places, user_places
from monitor.service.systemd import Answer, ServiceError, Systemd, is_here, user_manager_is_here
from monitor.service.unit import MARK

TEXT = f"{MARK}\n[Unit]\n"
ME = Account("somebody", os.getuid(), (os.getgid(),))


@dataclass
class Machine:
    """Takes the place of the command line: keeps what is run, fails at what it is told to."""

    fails: Sequence[str] = ()
    out: str = ""
    ran: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str]) -> Answer:
        self.ran.append(" ".join(command))
        failed = any(word in self.fails for word in command)
        return Answer(1, "", "Access denied\n") if failed else Answer(0, self.out)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return system_places(tmp_path)


@pytest.fixture(autouse=True)
def owned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str]]:
    """What was given to whom; only root may really do so."""
    given: list[tuple[Path, str]] = []
    monkeypatch.setattr(shutil, "chown", lambda path, user, group: given.append((path, user)))
    return given


def steps_of(
    places: Places, machine: Machine, account: Account | None = ME, *, start: bool = True
) -> list[Step]:
    systemd = Systemd(user=account is None, run=machine.run)
    return install_steps(places, TEXT, [places.state / "recordings"], systemd, account, start=start)


def do(steps: Sequence[Step]) -> None:
    for step in steps:
        step.do()


def test_a_plan_does_nothing(places: Places, tmp_path: Path) -> None:
    machine = Machine()
    assert steps_of(places, machine)
    assert (machine.ran, list(tmp_path.iterdir())) == ([], [])


def test_the_unit_is_written_and_the_service_started(places: Places) -> None:
    machine = Machine()
    do(steps_of(places, machine))
    assert places.unit.read_text(encoding="utf-8") == TEXT
    assert places.unit.stat().st_mode & 0o777 == 0o644
    assert machine.ran == [
        "systemctl daemon-reload",
        f"systemctl enable {NAME}.service",
        f"systemctl restart {NAME}.service",
    ]


def test_it_is_not_started_where_that_is_not_wanted(places: Places) -> None:
    machine = Machine()
    do(steps_of(places, machine, start=False))
    assert not [command for command in machine.ran if "restart" in command]


def test_the_output_folders_are_made_for_the_user(places: Places, owned: list[tuple[Path, str]]) -> None:
    do(steps_of(places, Machine()))
    assert owned == [(places.state, "somebody"), (places.state / "recordings", "somebody")]
    assert (places.state / "recordings").stat().st_mode & 0o777 == 0o750


def test_a_user_that_is_missing_is_made_first(places: Places) -> None:
    machine = Machine()
    do(steps_of(places, machine, Account(NAME, None, ())))
    assert machine.ran[0].startswith("useradd --system --user-group ")
    assert machine.ran[0].endswith(f"--shell /usr/sbin/nologin {NAME}")


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_only_the_owner_may_read_the_secrets_whatever_the_umask_is(places: Places, umask: int) -> None:
    before = os.umask(umask)
    try:
        do(steps_of(places, Machine()))
    finally:
        os.umask(before)
    assert places.environment.stat().st_mode & 0o777 == 0o600
    assert places.unit.stat().st_mode & 0o777 == 0o644


def test_secrets_that_are_there_stay_and_are_closed(places: Places) -> None:
    places.environment.parent.mkdir(parents=True)
    places.environment.write_text("CAMERA_PASSWORD=x\n", encoding="utf-8")
    places.environment.chmod(0o644)
    do(steps_of(places, Machine()))
    assert places.environment.read_text(encoding="utf-8") == "CAMERA_PASSWORD=x\n"
    assert places.environment.stat().st_mode & 0o777 == 0o600


def test_installing_again_writes_the_unit_anew(places: Places) -> None:
    do(steps_of(places, Machine()))
    places.unit.write_text(TEXT + "# by hand\n", encoding="utf-8")
    do(steps_of(places, Machine()))
    assert places.unit.read_text(encoding="utf-8") == TEXT


def test_a_unit_of_somebody_else_is_left_alone(places: Places) -> None:
    places.unit.parent.mkdir(parents=True)
    places.unit.write_text("[Unit]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="was not written by this program"):
        steps_of(places, Machine())
    with pytest.raises(UsageError, match="left as it is"):
        uninstall_steps(places, Systemd(user=False, run=Machine().run))


def test_what_systemd_refuses_is_told_in_its_words(places: Places) -> None:
    with pytest.raises(ServiceError, match=r"systemctl restart .*: Access denied"):
        do(steps_of(places, Machine(fails=["restart"])))


def test_a_user_may_have_a_service_though_lingering_is_refused(places: Places) -> None:
    machine = Machine(fails=["enable-linger"])
    do(steps_of(places, machine, account=None))
    assert machine.ran[0] == "systemctl --user daemon-reload"
    assert machine.ran[-1] == "loginctl enable-linger"


def test_removing_leaves_all_but_the_unit(places: Places) -> None:
    machine = Machine()
    do(steps_of(places, machine))
    machine.ran.clear()
    do(uninstall_steps(places, Systemd(user=False, run=machine.run)))
    assert machine.ran == [f"systemctl disable --now {NAME}.service", "systemctl daemon-reload"]
    assert not places.unit.exists()
    assert places.environment.exists()
    assert (places.state / "recordings").is_dir()


def test_what_is_not_installed_cannot_be_removed(places: Places) -> None:
    with pytest.raises(UsageError, match="not installed"):
        uninstall_steps(places, Systemd(user=False, run=Machine().run))


def test_the_state_is_what_systemd_says() -> None:
    machine = Machine(
        out="ActiveState=active\nStatusText=2 cameras = all well\nMemoryCurrent=[not set]\nResult=\n"
    )
    state = Systemd(user=True, run=machine.run).state()
    assert state == {"ActiveState": "active", "StatusText": "2 cameras = all well"}
    assert machine.ran[0].startswith(f"systemctl --user show {NAME}.service ")


def test_systemd_is_known_by_its_folders(tmp_path: Path) -> None:
    assert is_here(tmp_path)
    assert not is_here(tmp_path / "none")
    (tmp_path / "systemd").mkdir()
    assert user_manager_is_here({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert not user_manager_is_here({})


def open_up(path: Path) -> None:
    """Let everybody reach a path below the folder for temporary files, through all that tests put between."""
    for folder in (path, *path.parents):
        if folder.parent.is_relative_to(tempfile.gettempdir()):
            folder.chmod(0o755)


def test_the_first_closed_door_is_found(tmp_path: Path) -> None:
    file = tmp_path / "home" / "m.yaml"
    file.parent.mkdir()
    file.touch()
    open_up(file)
    assert barrier(file, None, ()) is None
    assert barrier(file, None, (), "write") == file
    assert barrier(file, os.getuid() or 12345, ()) is None
    file.parent.chmod(0o750)
    assert barrier(file, None, ()) == file.parent
    assert barrier(file, None, (os.getgid(),)) is None
    assert barrier(file, 0, ()) is None


def test_a_link_into_a_closed_folder_is_found(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "python").touch()
    link = tmp_path / "python"
    link.symlink_to(closed / "python")
    open_up(tmp_path)
    assert barrier(link, None, ()) is None
    closed.chmod(0o700)
    assert barrier(link, None, ()) == closed


def test_home_folders_are_known() -> None:
    assert is_in_a_home(Path("/home/pi/venv/bin/python"))
    assert not is_in_a_home(Path("/homestead/python"))


def test_the_places_of_a_user_follow_their_environment(tmp_path: Path) -> None:
    assert user_places(tmp_path, {}).config == tmp_path / ".config" / NAME / "monitor.yaml"
    moved = user_places(tmp_path, {"XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d"})
    assert (moved.unit, moved.state) == (Path(f"/c/systemd/user/{NAME}.service"), Path(f"/d/{NAME}"))


def test_an_account_is_known_by_its_name() -> None:
    assert account_of("root").uid == 0
    assert account_of("nobody-of-this-name").uid is None
