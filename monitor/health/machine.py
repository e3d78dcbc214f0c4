"""Cores, memory, clock and time zone; Linux, and unknown elsewhere."""

import ctypes
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.health.check import Check, State

LEAST_MEMORY_BYTES = 500_000_000
"""A scan of 1080p takes about 300 MB; what else runs wants some too."""

_TIME_ERROR = 5
"""What adjtimex(2) returns while the kernel's clock is not synchronised."""

_TIMEX_BYTES = 256
"""Room for `struct timex`: 208 bytes on 64-bit Linux."""


def cores_check() -> Check:
    """Return how many processor cores this process may use."""
    cores = len(os.sched_getaffinity(0))
    if cores > 1:
        return Check("cores", State.OK, str(cores))
    return Check("cores", State.WARNING, "1", "for live video start with --preset raspberry-pi")


def memory_check(meminfo: Path = Path("/proc/meminfo")) -> Check:
    """Return how much memory is to be had, in MB (10⁶ bytes)."""
    available = available_bytes(meminfo)
    if available is None:
        return Check("memory", State.OK, "unknown")
    found = f"{available / 1e6:.0f} MB available"
    if available >= LEAST_MEMORY_BYTES:
        return Check("memory", State.OK, found)
    least = f"{LEAST_MEMORY_BYTES / 1e6:.0f} MB"
    return Check("memory", State.WARNING, found, f"close other programs: {least} should be free")


def clock_check() -> Check:
    """Return whether the kernel says that its clock is synchronised."""
    synchronised = _is_synchronised()
    if synchronised is None:
        return Check("clock", State.OK, "unknown whether it is synchronised")
    if synchronised:
        return Check("clock", State.OK, "synchronised")
    step = "events may carry wrong times; turn on NTP: timedatectl set-ntp true"
    return Check("clock", State.WARNING, "not synchronised", step)


def time_zone_check(
    wanted: str | None = None,
    environ: Mapping[str, str] = os.environ,
    localtime: Path = Path("/etc/localtime"),
) -> Check:
    """Return by which local time quiet hours and schedules go: that of the settings, else the machine's."""
    name = wanted or environ.get("TZ", "").removeprefix(":")
    if name:
        try:
            now = datetime.now(ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            step = "name one that there is, as Europe/Vienna, or install the package tzdata"
            return Check("time zone", State.PROBLEM, f"none is called {name}", step)
        return Check("time zone", State.OK, f"{name}, now {now:%H:%M}")
    if not localtime.exists():
        step = "sudo timedatectl set-timezone Europe/Vienna, or set alerts.timezone"
        return Check("time zone", State.WARNING, "none is set: hours count in UTC", step)
    place = localtime.resolve()
    found = str(place).partition("zoneinfo/")[2] or "the machine's"
    return Check("time zone", State.OK, f"{found}, now {datetime.now().astimezone():%H:%M}")


def available_bytes(meminfo: Path = Path("/proc/meminfo")) -> int | None:
    """Return how much memory programs may still take; None where the system does not tell."""
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)


def _is_synchronised() -> bool | None:
    """Ask adjtimex(2) without changing anything; None where there is no such call."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR
