"""What systemd is asked, and told, on the command line."""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import MonitorError
from monitor.service import NAME

LONGEST_S = 120.0
"""Of one command: a start waits until the program says that it is ready."""

_ASKED = (
    "LoadState", "ActiveState", "SubState", "UnitFileState", "StatusText", "MainPID", "NRestarts", "Result",
    "ExecMainStatus", "ActiveEnterTimestamp", "MemoryCurrent",
)  # fmt: skip


class ServiceError(MonitorError):
    """systemd did not do what it was told."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str = ""


Run = Callable[[Sequence[str]], Answer]
"""Runs a command to its end."""


def run(command: Sequence[str]) -> Answer:
    """Run a command without a shell; raises `ServiceError` where that takes too long or cannot be done."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"{' '.join(command)}: {error}") from None
    return Answer(done.returncode, done.stdout, done.stderr)


def is_here(booted: Path = Path("/run/systemd/system")) -> bool:
    """Return whether systemd runs this machine, as sd_booted(3) tells it."""
    return booted.is_dir()


def user_manager_is_here(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether systemd serves the user who asks; it does not in a shell of sudo or su."""
    folder = environ.get("XDG_RUNTIME_DIR")
    return folder is not None and (Path(folder) / "systemd").is_dir()


@dataclass(frozen=True, slots=True)
class Systemd:
    """The manager of the system or, with `user`, that of whoever runs this."""

    user: bool
    run: Run = run

    def command(self, *words: str) -> tuple[str, ...]:
        """Return the command that tells this manager something."""
        return ("systemctl", *(["--user"] if self.user else []), *words)

    def tell(self, *words: str) -> None:
        """Tell it something; raises `ServiceError` with what it answered where it failed."""
        answer = self.run(self.command(*words))
        if answer.code != 0:
            said = (answer.err or answer.out).strip()
            raise ServiceError(f"{' '.join(self.command(*words))}: {said or f'exit code {answer.code}'}")

    def state(self) -> Mapping[str, str]:
        """Return what it knows of the service; what is unset is left out."""
        answer = self.run(self.command("show", f"{NAME}.service", f"--property={','.join(_ASKED)}"))
        if answer.code != 0:
            raise ServiceError(f"systemctl show: {answer.err.strip()}")
        pairs = (line.partition("=") for line in answer.out.splitlines())
        return {name: value for name, _, value in pairs if value and value != "[not set]"}
