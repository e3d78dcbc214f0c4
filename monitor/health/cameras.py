"""Cameras that Linux shows as devices."""

import grp
import os
import pwd
from pathlib import Path

from monitor.health.check import Check, State

_NO_CAMERAS = ("bcm2835-codec", "bcm2835-isp", "pispbe", "rpi-hevc-dec", "rpivid")
"""Names of the coders and image processors of a Raspberry Pi, which are video devices too."""


def cameras_check(
    devices: Path = Path("/dev"), about: Path = Path("/sys/class/video4linux"), uid: int | None = None
) -> Check:
    """Return which cameras there are, and whether this user, or whoever runs this, may open them."""
    cameras = {node: name for node in sorted(devices.glob("video*")) if (name := _camera(node, about)) != ""}
    if not cameras:
        return Check("cameras", State.OK, "none here; recordings and network streams need none")
    closed = [node for node in cameras if not os.access(node, os.R_OK | os.W_OK)]
    if closed:
        names = ", ".join(node.name for node in closed)
        step = _step(closed[0], os.getuid() if uid is None else uid)
        return Check("cameras", State.PROBLEM, f"no permission for {names}", step)
    shown = (node.name + (f" ({name})" if name else "") for node, name in cameras.items())
    return Check("cameras", State.OK, ", ".join(shown))


def _camera(node: Path, about: Path) -> str | None:
    """Return what a camera is called, None where that is unknown, "" for what is none."""
    try:
        name = (about / node.name / "name").read_text(encoding="utf-8", errors="replace").strip()
        index = (about / node.name / "index").read_text(encoding="ascii").strip()
    except OSError:
        return None
    # A webcam's second device gives data about its pictures, and no pictures.
    return "" if index != "0" or name.startswith(_NO_CAMERAS) else name


def _step(node: Path, uid: int) -> str:
    """Return the command that gives the user the right to open it."""
    status = node.stat()
    try:
        group, user = grp.getgrgid(status.st_gid), pwd.getpwuid(uid)
    except KeyError:
        return f"grant it: sudo chgrp video {node} && sudo chmod g+rw {node}"
    if not status.st_mode & 0o060 or group.gr_name == "root":
        return f"grant it: sudo chgrp video {node} && sudo chmod g+rw {node}"
    if user.pw_name in group.gr_mem:
        return f"log out and in again: {user.pw_name} is in the group {group.gr_name} only since"
    return f"join its group and log in again: sudo usermod -aG {group.gr_name} {user.pw_name}"
