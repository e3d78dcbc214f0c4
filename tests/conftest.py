"""What holds for all tests: none that passes logs an ERROR, and those that take longest begin first."""

import logging
import os
from collections.abc import Iterator

import pytest

# Read when NumPy is loaded. Small products take OpenBLAS's threads longer to share out than to do, and longer
# still where the other processors run other tests: generated water was made in a quarter of the time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

MARKER = "logs_errors"

FIRST = ("tests/web/test_browser.py", "tests/live/test_faults_short.py", "tests/cli/test_readme.py")
"""Files that wait for much or share one large thing. Begun last, they would be all that is left to do for one
worker, and divided between two both would start a browser."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}: the test makes the program log an ERROR, on purpose")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.nodeid.partition("::")[0] not in FIRST)


@pytest.fixture(autouse=True)
def _no_error_is_logged(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test during which an ERROR was logged, unless it says so or has cleared what it looked at."""
    yield
    if request.node.get_closest_marker(MARKER) is not None:
        return
    records = caplog.get_records("setup") + caplog.get_records("call")
    loud = [f"{r.name}: {r.getMessage()}" for r in records if r.levelno >= logging.ERROR]
    if loud:
        pytest.fail(f"logged as ERROR; mark the test with {MARKER} if it should:\n" + "\n".join(loud))
