"""The settings of a camera."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from monitor.capture.live.opening import open_sources
from monitor.clock import SimulatedClock
from monitor.errors import UsageError
from monitor.settings.cameras import Camera


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"address": "rtsp://host/a"}, "network"),
        ({"address": "RTSPS://host/a"}, "network"),
        ({"address": "http://host/a.m3u8"}, "network"),
        ({"address": 0}, "webcam"),
        ({"address": "2"}, "webcam"),
        ({"address": "/dev/video0"}, "webcam"),
        ({"address": "/dev/video0", "format": "v4l2"}, "device"),
        ({"address": ":99.0", "format": "x11grab"}, "device"),
        ({"address": "picamera"}, "picamera"),
        ({"address": "picamera:1"}, "picamera"),
        ({"address": "/dev/v4l/by-id/usb-cam", "kind": "webcam"}, "webcam"),
    ],
)
def test_the_address_tells_the_kind(given: dict[str, Any], kind: str) -> None:
    assert Camera(**given).kind_of_address == kind


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"address": "garden.mp4"}, "none of rtsp://"),
        ({"address": ":0", "kind": "device"}, "no format"),
        ({"address": "rtsp://host/", "hang_s": 5.0}, "above twice open_s"),
        ({"address": "rtsp://h/", "username": "me", "password_env": "A", "password_file": "b"}, "keep one"),
        ({"address": "rtsp://host/", "password_env": "A"}, "add username"),
        ({"address": "rtsp://host/", "silence_s": 0.1}, "greater than or equal to 0.5"),
        ({"address": "rtsp://host/", "transport": "carrier pigeon"}, "tcp"),
        ({"address": 0, "second_address": "rtsp://host/"}, "for network cameras"),
        ({"address": True}, "valid string"),
        ({}, "address"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Camera(**given)


def test_neither_repr_nor_text_shows_what_is_secret() -> None:
    address = "rtsp://me:secret@host/"
    camera = Camera(address=address, second_address=address, username="secret", password_env="NAME")
    assert "secret" not in repr(camera) + str(camera)


def test_a_password_that_cannot_be_read_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    camera = Camera(address="rtsp://host/", username="me", password_file=tmp_path / "none")
    with pytest.raises(UsageError, match="cannot be read"):
        open_sources(camera, SimulatedClock())
