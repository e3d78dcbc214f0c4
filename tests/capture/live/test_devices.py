"""FFmpeg's input devices: a real grab of a virtual screen, and generated video."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import av
import numpy as np
import pytest

from monitor.capture.live.opened import Connection, crashes_on_screens
from monitor.capture.live.opening import open_sources
from monitor.capture.live.stream import StreamSource
from monitor.capture.source import Source
from monitor.clock import SimulatedClock, SystemClock
from monitor.errors import SourceError
from monitor.settings.cameras import Camera
from tests.capture.contract import SourceContract


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A virtual screen of 320x240 in plain black."""
    if shutil.which("Xvfb") is None or "x11grab" not in av.formats_available:
        pytest.skip("Xvfb is not installed, or this FFmpeg grabs no screens")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "320x240x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL) as process:
        os.close(write_end)
        with os.fdopen(read_end) as told:
            number = told.readline().strip()
        yield f":{number}.0"
        process.terminate()


def grab(*arguments: str) -> dict[str, Any]:
    """Grab in a process of its own, where PyAV is loaded before OpenCV."""
    command = [sys.executable, "-m", "tests.capture.live.grab_screen", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_screen_is_grabbed_at_the_wanted_size_and_not_handed_on_as_coded(screen: str) -> None:
    told = grab(screen, "160", "120")
    assert told["sizes"] == [[160, 120]]
    assert told["luma"] == 0.0
    assert told["times_s"][0] == 0.0
    assert np.diff(told["times_s"]).mean() == pytest.approx(0.04, abs=0.02)
    assert told["coded"] == 0
    assert told["problems"] == 0


def test_a_screen_that_is_not_there_is_an_error() -> None:
    if "x11grab" not in av.formats_available:
        pytest.skip("this FFmpeg grabs no screens")
    assert "cannot be opened" in grab(":7654.0", "160", "120")["error"]


@pytest.mark.parametrize(
    ("modules", "crashes"),
    [(["sys", "cv2", "av"], True), (["cv2"], True), (["av", "cv2"], False), (["av"], False), ([], False)],
)
def test_a_grab_that_would_crash_the_process_is_refused(
    modules: list[str], crashes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert crashes_on_screens(modules) is crashes
    if crashes:
        monkeypatch.setattr("monitor.capture.live.opened.crashes_on_screens", lambda modules: True)
        with pytest.raises(SourceError, match="import av first"):
            StreamSource(Connection(":7654.0", format="x11grab"), SystemClock()).__enter__()


@pytest.mark.parametrize("module", ["monitor.app", "monitor.live.camera"])
def test_what_makes_a_program_loads_pyav_first(module: str) -> None:
    order = f"import sys, {module}; print([name for name in sys.modules if name in ('av', 'cv2')])"
    done = subprocess.run([sys.executable, "-c", order], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['av', 'cv2']"


class TestGenerated(SourceContract):
    @pytest.fixture
    def source(self) -> Source:
        if "lavfi" not in av.formats_available:
            pytest.skip("this FFmpeg generates no video")
        camera = Camera(address="testsrc=size=128x96:rate=10", format="lavfi")
        open_source, _ = open_sources(camera, SimulatedClock())
        return open_source(None)


def test_generated_video_comes_at_its_own_pace() -> None:
    if "lavfi" not in av.formats_available:
        pytest.skip("this FFmpeg generates no video")
    clock = SimulatedClock()
    camera = Camera(address="testsrc=size=128x96:rate=10", format="lavfi")
    open_source, _ = open_sources(camera, clock)
    with open_source(None) as source:
        frames = list(islice(source, 20))
    assert frames[-1].size == (128, 96)
    assert frames[-1].time_s == pytest.approx(1.9)
    assert clock.monotonic_s() == pytest.approx(1.9)


def test_a_device_that_this_ffmpeg_has_not_is_an_error() -> None:
    with pytest.raises(SourceError, match="no such thing"):
        StreamSource(Connection("x", format="no such thing"), SystemClock()).__enter__()
