"""The process: its exit codes, its sentences, what it loads, and how it ends when nobody listens."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import __main__, __version__
from monitor.cli import app as cli
from monitor.errors import MissingPackageError, SettingsError, SourceNotFoundError

HEAVY = {"av", "cv2", "dask", "numpy", "pydantic", "scipy", "yaml"}


def monitor(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def leave_code(monkeypatch: pytest.MonkeyPatch, command: Callable[[], None]) -> object:
    """Return the exit code of the program when its command line does what `command` does."""

    def app(prog_name: str) -> None:
        command()

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as caught:
        __main__.main()
    return caught.value.code


def raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


def test_the_version_is_told() -> None:
    assert monitor("--version").stdout == f"monitor {__version__}\n"


def test_without_a_command_the_help_is_shown() -> None:
    assert "Usage: monitor" in monitor().stdout


def test_a_wrong_option_is_wrong_use() -> None:
    assert monitor("--versoin").returncode == 2


def test_a_mistake_of_the_user_shows_its_sentences_and_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text("clips: {mode: fast, enabled: 3}", encoding="utf-8")
    result = monitor("config", "check", str(file))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"{file}:1: clips.enabled = 3: must be true or false",
        f"{file}:1: clips.mode = fast: must be copy or encode",
    ]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SettingsError(["wrong"]), 2),
        (SourceNotFoundError("yard.mp4: nothing is there"), 3),
        (MissingPackageError("needs dask: pip install motion-change-monitor[cluster]"), 2),
        (KeyboardInterrupt(), 130),
    ],
    ids=["settings", "source", "package", "interrupt"],
)
def test_each_kind_of_end_has_its_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    assert leave_code(monkeypatch, raising(error)) == code


def test_an_error_is_told_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    leave_code(monkeypatch, raising(SourceNotFoundError("yard.mp4: nothing is there")))
    assert capsys.readouterr() == ("", "yard.mp4: nothing is there\n")


def test_a_missing_system_library_is_told_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert leave_code(monkeypatch, raising(error)) == 2
    assert capsys.readouterr().err == (
        "The system library libGL.so.1 is missing, which OpenCV and video decoding need; "
        "on Debian and Ubuntu: apt install libgl1 libglib2.0-0\n"
    )


@pytest.mark.parametrize(
    "error", [ImportError("cannot import name 'x' from 'y'"), ZeroDivisionError("a bug"), OSError(28, "full")]
)
def test_a_bug_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def app(prog_name: str) -> None:
        raise error

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(type(error), match=str(error.args[-1])):
        __main__.main()


def test_a_reader_that_goes_away_ends_it_without_a_word() -> None:
    command = [sys.executable, "-m", "monitor", "config", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from monitor.__main__ import main\ntry: main()\nfinally: print(sorted(sys.modules))"
    command = [sys.executable, "-c", code, "--help"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    loaded = {name.strip("'[], ") for name in output.splitlines()[-1].split(",")}
    assert "typer" in loaded
    assert loaded & HEAVY == set()


def test_importing_the_package_loads_nothing_but_itself() -> None:
    code = "import sys; before = set(sys.modules); import monitor; print(sorted(set(sys.modules) - before))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "['monitor']\n"


def test_the_help_of_commands_is_as_wide_as_the_terminal() -> None:
    texts = [command.help or "" for command in cli.app.registered_commands]
    assert all(texts)
    assert [text for text in texts if "\n" in text.replace("\n\n", "")] == []
