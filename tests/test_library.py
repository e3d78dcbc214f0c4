"""The monitor as a library."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import monitor
from monitor import Kind, Moment, Observation, UsageError, analyse, compare, scan
from monitor.capture.file import FileSource
from monitor.capture.scene.encode import write_video
from monitor.capture.scene.library import SCENES
from monitor.outputs.sink import Sink

NAMES = [
    "Comparison",
    "Event",
    "EventChange",
    "Frame",
    "Kind",
    "Moment",
    "MonitorError",
    "NearMiss",
    "Observation",
    "Options",
    "Problems",
    "Scores",
    "Settings",
    "SettingsError",
    "Sink",
    "Source",
    "SourceError",
    "SourceInfo",
    "UsageError",
    "analyse",
    "compare",
    "frame_of",
    "load_settings",
    "scan",
]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording in which somebody passes."""
    path = tmp_path_factory.mktemp("walk") / "walk.mp4"
    write_video(replace(SCENES["walker"](), rate_hz=12.5), path)
    return path


def test_the_names_are_those_that_were_promised() -> None:
    assert monitor.__all__ == NAMES
    assert all(getattr(monitor, name) is not None for name in NAMES)


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = "import monitor, sys; print(any(name in sys.modules for name in ('numpy', 'cv2', 'av')))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_recording_gives_its_events(walk: Path) -> None:
    events = list(scan(walk))
    assert [event.kind for event in events] == [Kind.MOTION]
    assert events[0].end_s is not None
    assert events[0].evidence.opened_by


def test_arrays_give_the_same_event(walk: Path) -> None:
    with FileSource(walk) as source:
        pictures = [(frame.time_s, frame.bgr()) for frame in source]
    moments = list(analyse(pictures))
    (by_arrays,) = [event for moment in moments for event in moment.closed]
    (by_file,) = scan(walk)
    assert by_arrays.start_s == pytest.approx(by_file.start_s, abs=0.5)
    assert isinstance(moments[0], Moment)
    assert moments[0].mask.dtype == np.uint8


def test_every_picture_is_analysed_where_nothing_happens_too() -> None:
    noise = np.random.default_rng(1)
    still = [noise.normal(100, 2, (120, 160)).astype(np.uint8) for _ in range(100)]
    moments = list(analyse(still, rate_hz=25))
    assert [moment.scores.time_s for moment in moments] == [moment.time_s for moment in moments]


def test_pictures_without_times_need_a_rate() -> None:
    with pytest.raises(UsageError, match="rate_hz"):
        next(analyse([np.zeros((90, 160), np.uint8)]))


def test_two_pictures_are_compared() -> None:
    a = np.tile(np.linspace(60, 190, 320).astype(np.uint8)[None, :, None], (240, 1, 3))
    b = a.copy()
    b[80:160, 100:160] = 255
    assert not compare(a, a).different
    (box,) = compare(a, b).boxes
    assert box.x == pytest.approx(100 / 320, abs=0.03)


class Counting:
    """A sink that counts."""

    def __init__(self) -> None:
        self.frames, self.is_closed = 0, False

    def take(self, observation: Observation) -> None:
        self.frames += 1

    def finish(self, changes: object, near_misses: object) -> None:
        """Nothing to do."""

    def close(self) -> None:
        self.is_closed = True


def test_a_sink_gets_every_frame_and_is_closed(walk: Path) -> None:
    mine = Counting()
    given: Sink = mine
    list(scan(walk, sinks={"mine": given}))
    assert mine.frames > 50
    assert mine.is_closed
