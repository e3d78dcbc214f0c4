"""What installing and removing the service does, step by step, so that it can be shown before it is done."""

import contextlib
import grp
import os
import pwd
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from monitor.errors import OutputError, UsageError
from monitor.service import NAME
from monitor.service.places import Places
from monitor.service.systemd import Run, ServiceError, Systemd
from monitor.service.unit import MARK

SECRETS = """\
# Secrets of the service, one a line, as NAME=VALUE; the settings name them (password_env, url_env, …).
# MONITOR_LOG_FORMAT=json and MONITOR_LOG_LEVEL=debug may stand here too.
"""

GROUPS = ("video", "render", "gpio")
"""Who may use cameras, graphics that encode, and the pins of a Raspberry Pi."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is done; `text` says what, as a command where it is one."""

    text: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Account:
    """Who the service runs as; without a `uid` it is made when the service is installed."""

    name: str
    uid: int | None
    gids: tuple[int, ...]


def account_of(name: str) -> Account:
    """Return the user of this name with all of its groups, and those that the service is given besides."""
    given = tuple(grp.getgrnam(group).gr_gid for group in groups_here())
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        return Account(name, None, given)
    return Account(name, user.pw_uid, (*os.getgrouplist(name, user.pw_gid), *given))


def groups_here() -> tuple[str, ...]:
    """Return those of `GROUPS` that there are: systemd starts no service that names another."""
    there = {group.gr_name for group in grp.getgrall()}
    return tuple(group for group in GROUPS if group in there)


def install_steps(
    places: Places,
    text: str,
    folders: Sequence[Path],
    systemd: Systemd,
    account: Account | None,
    *,
    start: bool = True,
) -> list[Step]:
    """Return the steps that install the unit `text`; `folders` are made and given to the account.

    Without an account it is the service of whoever runs this. Raises `UsageError` where a unit of this name
    is not ours.
    """
    if places.unit.exists() and not is_ours(places.unit):
        raise UsageError(f"{places.unit} was not written by this program; move it away and install again.")
    steps = []
    if account is not None and account.uid is None:
        command = ("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(places.state))
        steps.append(_command(systemd.run, *command, "--shell", "/usr/sbin/nologin", account.name))
    owner = None if account is None else account.name
    for folder in dict.fromkeys([places.state, *folders]):
        if not folder.is_dir():
            whose = f" for {owner}, with mode 0750" if owner else ""
            steps.append(Step(f"make {folder}{whose}", partial(_make_folder, folder, owner)))
    steps.append(
        Step(f"keep {places.environment} at mode 0600", lambda: _write_environment(places.environment))
    )
    steps.append(Step(f"write {places.unit}", lambda: _write(places.unit, text, 0o644)))
    words = [("daemon-reload",), ("enable", f"{NAME}.service")]
    steps += [_told(systemd, *word) for word in words + [("restart", f"{NAME}.service")] * start]
    if account is None:
        # Not all machines let a user do so; the service then runs while the user is logged in.
        linger = _command(systemd.run, "loginctl", "enable-linger")
        steps.append(Step(linger.text, lambda: _try(linger)))
    return steps


def uninstall_steps(places: Places, systemd: Systemd) -> list[Step]:
    """Return the steps that stop the service and remove its unit, and nothing else.

    Raises `UsageError` where it is not installed, or is not ours.
    """
    if not places.unit.exists():
        raise UsageError(f"The service is not installed: there is no {places.unit}.")
    if not is_ours(places.unit):
        raise UsageError(f"{places.unit} was not written by this program and is left as it is.")
    return [
        _told(systemd, "disable", "--now", f"{NAME}.service"),
        Step(f"remove {places.unit}", places.unit.unlink),
        _told(systemd, "daemon-reload"),
    ]


def is_ours(unit: Path) -> bool:
    """Return whether a unit file begins as those written here."""
    return unit.read_text(encoding="utf-8", errors="replace").startswith(MARK)


def _told(systemd: Systemd, *words: str) -> Step:
    return Step(" ".join(systemd.command(*words)), lambda: systemd.tell(*words))


def _command(run: Run, *command: str) -> Step:
    def do() -> None:
        answer = run(command)
        if answer.code != 0:
            raise ServiceError(f"{' '.join(command)}: {answer.err.strip() or f'exit code {answer.code}'}")

    return Step(" ".join(command), do)


def _try(step: Step) -> None:
    with contextlib.suppress(ServiceError):
        step.do()


def _make_folder(folder: Path, owner: str | None) -> None:
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        if owner is not None:
            shutil.chown(folder, owner, owner if _group_exists(owner) else None)
    except OSError as error:
        raise _failed(folder, error) from None


def _group_exists(name: str) -> bool:
    return any(group.gr_name == name for group in grp.getgrall())


def _write_environment(file: Path) -> None:
    """Begin the file of secrets where there is none; what it holds stays, its mode is set."""
    if not file.exists():
        _write(file, SECRETS, 0o600)
    file.chmod(0o600)


def _write(file: Path, text: str, mode: int) -> None:
    """Write a file whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as stream:
            os.fchmod(stream.fileno(), mode)  # whatever the umask is
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        raise _failed(file, error) from None


def _failed(place: Path, error: OSError) -> OutputError:
    step = "run this as root: sudo" if isinstance(error, PermissionError) else "free some space, or mount it"
    return OutputError(f"{place} cannot be written: {error.strerror}; {step}.")
