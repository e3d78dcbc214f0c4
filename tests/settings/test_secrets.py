"""Secrets come from the environment or a file of one's own, and are never shown."""

from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.settings.secrets import Secret, read_secret, scrubbed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("geheim\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def revealed(variable: str | None, file: Path | None) -> str | None:
    secret = read_secret("The channel", variable, file, {"A": " geheim ", "EMPTY": " "})
    return secret.reveal() if secret else None


def test_a_secret_comes_from_a_variable_or_a_file(file: Path) -> None:
    assert revealed("A", None) == revealed(None, file) == "geheim"
    assert revealed(None, None) is None


@pytest.mark.parametrize("variable", ["EMPTY", "MISSING"])
def test_a_variable_that_says_nothing_is_told_by_name(variable: str) -> None:
    with pytest.raises(UsageError, match=f"The channel: the environment variable {variable} is not set"):
        revealed(variable, None)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_may_read_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600") as caught:
        revealed(None, file)
    assert "geheim" not in str(caught.value)


def test_a_file_that_says_nothing_is_told(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not UTF-8"):
        revealed(None, file)
    file.write_bytes(b"\n")
    with pytest.raises(UsageError, match="is empty"):
        revealed(None, file)
    with pytest.raises(UsageError, match="No such file"):
        revealed(None, tmp_path / "missing")


def test_the_first_line_of_a_file_is_the_secret(file: Path) -> None:
    file.write_text("ge heim \nmore\n", encoding="utf-8")
    assert revealed(None, file) == "ge heim"
    file.write_text("\ngeheim\n", encoding="utf-8")
    with pytest.raises(UsageError, match="empty in its first line"):
        revealed(None, file)


def test_a_secret_shows_itself_to_nobody() -> None:
    secret = Secret("geheim")
    assert "geheim" not in f"{secret} {secret!r} {[secret]}"


def test_secrets_are_hidden_in_what_others_say() -> None:
    assert scrubbed("POST /geheim/geheim-2 failed", ["geheim", "geheim-2", "a"]) == "POST /***/*** failed"
