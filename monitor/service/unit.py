"""The unit file of the service, as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from monitor.errors import UsageError

MARK = "# Written by `monitor service install`; a later install writes it anew."
"""The first line, by which a unit is known as ours; own additions belong into a drop-in file."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Unit:
    """What differs from machine to machine.

    `command` is run in `folder`, with `environment` and then what the file of secrets holds. It may write to
    `writable` alone. `user` and its further `groups` are for the system's service; without a user it is that
    of whoever is logged in. `sees_home` leaves home folders readable. `memory_max` is systemd's, such as 1G.
    """

    command: tuple[str, ...]
    folder: Path
    environment_file: Path
    writable: tuple[Path, ...]
    user: str | None = None
    groups: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    sees_home: bool = False
    memory_max: str | None = None


def unit_text(unit: Unit) -> str:
    """Return the unit file; raises `UsageError` for a path that none can hold."""
    sections = {
        "Unit": _unit_section(unit),
        "Service": [*_service_section(unit), "", *_sandbox(unit)],
        "Install": [f"WantedBy={'multi-user' if unit.user else 'default'}.target"],
    }
    parts = ["\n".join([f"[{name}]", *lines]) for name, lines in sections.items()]
    return "\n\n".join([MARK, *parts]) + "\n"


def _unit_section(unit: Unit) -> list[str]:
    lines = ["Description=Motion and change monitor"]
    if unit.user:
        # Wrong times make a wrong record; without a clock that is set it starts all the same.
        lines += ["Wants=network-online.target", "After=network-online.target time-sync.target"]
    # With a start every ten seconds and more: what crashes for minutes on end is left as failed.
    return [*lines, "StartLimitIntervalSec=600", "StartLimitBurst=20"]


def _service_section(unit: Unit) -> list[str]:
    lines = [
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={_command(unit.command)}",
        f"WorkingDirectory={_plain(unit.folder)}",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in unit.environment.items()),
        f"EnvironmentFile=-{_plain(unit.environment_file)}",
        "Restart=on-failure",
        "RestartSec=10",
        "# Wrong settings: starting again mends nothing.",
        "RestartPreventExitStatus=2",
        "SuccessExitStatus=130",
        "WatchdogSec=60",
        "TimeoutStartSec=120",
        "# Clips are closed and alerts sent first; what then still runs is killed.",
        "KillMode=mixed",
        "TimeoutStopSec=45",
    ]
    if unit.memory_max:
        lines.append(f"MemoryMax={unit.memory_max}")
    if unit.user:
        lines += [f"User={unit.user}", f"SupplementaryGroups={' '.join(unit.groups)}"]
    return lines


def _sandbox(unit: Unit) -> list[str]:
    lines = [
        "UMask=0027",
        "NoNewPrivileges=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged",
        "SystemCallErrorNumber=EPERM",
    ]
    if not unit.user:
        # What follows needs mounts, which the manager of a user may not make on every machine.
        return lines
    return [
        *lines,
        "CapabilityBoundingSet=",
        "AmbientCapabilities=",
        "ProtectSystem=strict",
        f"ReadWritePaths={' '.join(_quoted(str(path)) for path in unit.writable)}",
        f"ProtectHome={'read-only' if unit.sees_home else 'yes'}",
        "PrivateTmp=yes",
        "PrivateMounts=yes",
        "RemoveIPC=yes",
        "ProtectKernelTunables=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelLogs=yes",
        "ProtectControlGroups=yes",
        "ProtectClock=yes",
        "ProtectHostname=yes",
        "ProtectProc=invisible",
        "KeyringMode=private",
        "# Cameras (also by their number: the driver may be loaded later), graphics and the codecs of a",
        "# Raspberry Pi, and its pins.",
        "DevicePolicy=closed",
        *(f"DeviceAllow={device} rw" for device in _DEVICES),
    ]


_DEVICES = (
    "char-video4linux", "char-81", "char-media", "char-drm", "char-226", "char-dma_heap", "char-gpiochip",
    "/dev/vchiq", "/dev/vcsm-cma", "/dev/gpiomem",
)  # fmt: skip
"""81 and 226 are the fixed major numbers of cameras and graphics, Linux's admin-guide/devices.txt. Without
MemoryDenyWriteExecute: drivers of graphics make code as they run."""


def _command(parts: tuple[str, ...]) -> str:
    if set(parts[0]) & set("\"'\\"):
        raise UsageError(
            f"systemd runs no program whose path has quotes or a backslash: {parts[0]}; move it."
        )
    # Variables are put in everywhere but in the program's own path.
    program, *arguments = (_quoted(part) for part in parts)
    return " ".join([program, *(argument.replace("$", "$$") for argument in arguments)])


def _quoted(text: str) -> str:
    """Return a text as one word of systemd.syntax(7), in quotes where it needs them."""
    escaped = _printable(text).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return escaped if re.fullmatch(r"[\w@%+=:,./$-]+", escaped) else f'"{escaped}"'


def _plain(path: Path) -> str:
    """Return a path where systemd takes the whole line and knows no quotes."""
    return _printable(str(path)).replace("%", "%%")


def _printable(text: str) -> str:
    if _CONTROL.search(text) or text != text.strip() or not _is_utf8(text):
        raise UsageError(f"{text!r} cannot stand in a unit file; give it a name without control characters.")
    return text


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
