"""What the fixture for all tests does to a test that logs an ERROR."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.logs_errors

FIXTURE = Path(__file__).with_name("conftest.py")


def outcomes(pytester: pytest.Pytester, *lines: str, head: str = "") -> dict[str, int]:
    pytester.makeconftest(FIXTURE.read_text(encoding="utf-8"))
    body = "\n    ".join(lines)
    pytester.makepyfile(f"import logging, pytest\n{head}\ndef test_it(caplog):\n    {body}\n")
    return pytester.runpytest("--strict-markers").parseoutcomes()


def test_a_test_that_logs_an_error_fails(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, "logging.getLogger('sink').error('lost')") == {"passed": 1, "errors": 1}


def test_a_warning_is_no_error(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, "logging.warning('late')") == {"passed": 1}


def test_a_marked_test_may_log_an_error(pytester: pytest.Pytester) -> None:
    assert outcomes(pytester, "logging.error('lost')", head="@pytest.mark.logs_errors") == {"passed": 1}


def test_a_test_that_looked_at_its_errors_and_cleared_them_passes(pytester: pytest.Pytester) -> None:
    lines = ("logging.error('lost')", "assert caplog.records", "caplog.clear()")
    assert outcomes(pytester, *lines) == {"passed": 1}
