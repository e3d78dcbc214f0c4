"""No passing test logs an ERROR: what is logged so loudly is a failure that somebody must see."""

import logging
from collections.abc import Iterator

import pytest

MARKER = "logs_errors"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"{MARKER}: the test makes the program log an ERROR, on purpose")


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
