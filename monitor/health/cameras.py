"""Cameras that Linux shows as devices."""

import os
from pathlib import Path

from monitor.health.check import Check, State


def cameras_check(devices: Path = Path("/dev")) -> Check:
    """Return which video devices there are, and whether they may be opened."""
    cameras = sorted(devices.glob("video*"))
    if not cameras:
        return Check("cameras", State.OK, "none here; recordings and network streams need none")
    closed = [camera.name for camera in cameras if not os.access(camera, os.R_OK | os.W_OK)]
    if closed:
        step = "join the group video and log in again: sudo usermod -aG video $USER"
        return Check("cameras", State.PROBLEM, f"no permission for {', '.join(closed)}", step)
    return Check("cameras", State.OK, ", ".join(camera.name for camera in cameras))
