"""What the tests of the command line share."""

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from monitor.archive import starting, workers
from tests.cli.recordings import crossing, record
from tests.cli.within import Within, started_never


@pytest.fixture(scope="session")
def crossing_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of one crossing, made once and never written to."""
    return record(tmp_path_factory.mktemp("recordings") / "yard.mp4", crossing())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def within(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Scans start no process; what they do to OpenCV's threads is undone."""
    threads = cv2.getNumThreads()
    monkeypatch.setattr(starting, "started_early", started_never)
    monkeypatch.setattr(workers, "LocalProcesses", Within)
    yield
    cv2.setNumThreads(threads)


@pytest.fixture
def data() -> Path:
    """The real recordings, which are not part of the project."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MONITOR_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"the real recordings are not at {folder}; set MONITOR_DATA")
    return folder
