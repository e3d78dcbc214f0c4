"""What only a Raspberry Pi has: a supply that may be weak, and a camera of its own."""

import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from monitor.health.check import Check, State

_ASK_S = 5.0

_NOW = {0: "the supply is too weak", 1: "the frequency is capped", 2: "throttled", 3: "too hot"}
"""Bits of `vcgencmd get_throttled`, from the Raspberry Pi documentation; since the start: 16 higher."""

_SINCE = 16


def raspberry_checks(
    model: Path = Path("/proc/device-tree/model"), ask: Callable[[], str | None] | None = None
) -> Iterator[Check]:
    """Yield what is to be said of a Raspberry Pi; nothing on other machines.

    `ask` gives the word of the firmware, as `throttled=0x0`, or None.
    """
    try:
        name = model.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return
    if "Raspberry Pi" in name:
        yield _throttling_check(name, (ask or _throttled)())
        yield _picamera_check()


def _throttling_check(name: str, said: str | None) -> Check:
    word = (said or "").strip().removeprefix("throttled=")
    try:
        bits = int(word, 16)
    except ValueError:
        return Check("processor", State.OK, f"{name}; unknown whether it is slowed down")
    now = [text for bit, text in _NOW.items() if bits >> bit & 1]
    once = [text for bit, text in _NOW.items() if bits >> (bit + _SINCE) & 1]
    step = "use the supply made for this model, and cool it; frames are dropped while it is slowed down"
    if now:
        return Check("processor", State.PROBLEM, f"slowed down now: {', '.join(now)}", step)
    if once:
        return Check("processor", State.WARNING, f"was slowed down since its start: {', '.join(once)}", step)
    return Check("processor", State.OK, f"{name}, at full speed")


def _throttled() -> str | None:
    try:
        done = subprocess.run(
            ["vcgencmd", "get_throttled"], capture_output=True, text=True, check=False, timeout=_ASK_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout


def _picamera_check() -> Check:
    if find_spec("picamera2") is not None:
        return Check("picamera2", State.OK, "installed")
    step = (
        "for the ribbon cable's camera: sudo apt install python3-picamera2, and make the environment with "
        "python3 -m venv --system-site-packages"
    )
    return Check("picamera2", State.WARNING, "not installed; other cameras do not need it", step)
