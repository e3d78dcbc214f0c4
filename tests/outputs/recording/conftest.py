from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.notice import Notice
from monitor.outputs.recording.worker import Worker


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock()


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def guard(tmp_path: Path, clock: SimulatedClock, notices: list[Notice]) -> DiskGuard:
    return DiskGuard(tmp_path, clock, notices.append, min_free_bytes=0)


@pytest.fixture
def worker(clock: SimulatedClock, notices: list[Notice]) -> Iterator[Worker]:
    worker = Worker("driveway", clock, notices.append)
    worker.start()
    yield worker
    worker.close()
