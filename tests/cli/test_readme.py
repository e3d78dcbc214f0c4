"""What the README says to paste works when pasted."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")

SETS_UP = re.compile(r"python3 -m venv|export PATH")
"""Lines that install; .ci/run runs them."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if not SETS_UP.match(line)]


@pytest.fixture
def folder(tmp_path: Path, crossing_video: Path) -> Path:
    """An empty folder but for a recording where `monitor demo` would have put one."""
    (tmp_path / "monitor-demo").mkdir()
    shutil.copy(crossing_video, tmp_path / "monitor-demo" / "demo.mp4")
    return tmp_path


def paste(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell that finds the program as `monitor`."""
    program = folder / "bin" / "monitor"
    if not program.exists():
        program.parent.mkdir()
        code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from monitor.__main__ import main; main()"
        program.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-c", code])} "$@"\n')
        program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("block", blocks("yaml"))
def test_every_settings_file_is_valid_and_changes_something(block: str, tmp_path: Path) -> None:
    file = tmp_path / "monitor.yaml"
    file.write_text(block, encoding="utf-8")
    assert load_settings(file) != Settings()


def test_every_command_works_when_pasted_in_turn(folder: Path) -> None:
    results = {command: paste(command, folder) for command in commands()}
    assert len(results) > 5
    assert {command: result.stderr for command, result in results.items() if result.returncode} == {}


def test_both_examples_of_the_library_work(folder: Path) -> None:
    engine, recording = blocks("python")
    for code in (engine, recording):
        script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"
        result = subprocess.run(
            [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
        )
        assert result.stderr == ""
        expected = "opened motion" if code is engine else "True (Box("
        assert expected in result.stdout


def test_the_set_up_is_two_commands_and_one_runs_the_tests() -> None:
    installing = [line for block in blocks("sh") for line in block.splitlines() if "pip install" in line]
    assert len(installing) == 2
    assert [line.endswith("-m pytest -n 2") for line in installing] == [False, True]


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_what_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_its_picture_is_small() -> None:
    assert 10_000 < (ROOT / "docs" / "demo.jpg").stat().st_size < 200_000
