"""What the tests of the command line share."""

import os
from pathlib import Path

import pytest

from tests.cli.recordings import crossing, record


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
def data() -> Path:
    """The real recordings, which are not part of the project."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("MONITOR_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"the real recordings are not at {folder}; set MONITOR_DATA")
    return folder
