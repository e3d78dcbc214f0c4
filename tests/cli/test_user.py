"""`monitor user` and what `monitor serve` refuses."""

import io
import json
import sys
from pathlib import Path

import pytest

from tests.cli.process import run

PASSWORD = "correct horse battery"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The password comes from a pipe, as often as it is asked for."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n" * 5))


@pytest.mark.usefixtures("here", "typed")
def test_the_first_user_is_an_admin_and_others_view() -> None:
    assert "added as admin" in run("user", "add", "anna").said
    assert "added as viewer" in run("user", "add", "victor", "--camera", "yard").said
    listed = json.loads(run("user", "list", "--json").out)
    assert listed == [
        {"name": "anna", "role": "admin", "cameras": None},
        {"name": "victor", "role": "viewer", "cameras": ["yard"]},
    ]


@pytest.mark.usefixtures("here", "typed")
def test_a_name_that_is_taken_and_the_last_admin_are_refused() -> None:
    run("user", "add", "anna")
    assert run("user", "add", "anna").code == 2
    assert "last admin" in run("user", "remove", "anna").said


@pytest.mark.usefixtures("here")
def test_a_short_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    result = run("user", "add", "anna")
    assert (result.code, "10 to 1024 letters" in result.said) == (2, True)


def test_a_new_password_is_the_one_that_holds(here: Path, typed: None) -> None:
    run("user", "add", "anna")
    assert run("user", "password", "anna").code == 0
    assert run("user", "password", "nobody").code == 2


@pytest.mark.usefixtures("here")
def test_the_page_is_not_opened_to_others_without_a_password() -> None:
    result = run("serve", "--address", "0.0.0.0")
    assert result.code == 2
    assert "monitor user add NAME" in result.said


@pytest.mark.usefixtures("here")
def test_a_missing_extra_is_one_sentence_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.cli.serve.find_spec", lambda name: None)
    for command in (("serve",), ("user", "list")):
        result = run(*command)
        assert result.code == 2
        assert "pip install 'motion-change-monitor[web]'" in result.said
