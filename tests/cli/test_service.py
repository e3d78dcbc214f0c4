"""`monitor service`: what it would do, what it refuses, and how it says how the service does."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from monitor.cli import servicestate
from monitor.service import NAME, systemd
from monitor.service.systemd import Answer
from tests.cli.process import run


@pytest.fixture(autouse=True)
def _no_systemd_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: Path) -> None:
    monkeypatch.setattr(systemd, "is_here", lambda: True)
    monkeypatch.setattr(systemd, "user_manager_is_here", lambda: True)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (here / "m.yaml").write_text("outputs: {folder: clips here}", encoding="utf-8")


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> list[str]:
    """Have systemd answer with this text; return where its commands are kept."""
    ran: list[str] = []

    def run_(command: list[str]) -> Answer:
        ran.append(" ".join(command))
        return Answer(0, text)

    monkeypatch.setattr(systemd.Systemd.__init__, "__defaults__", (run_,))
    return ran


def test_a_plan_shows_steps_and_unit_and_does_nothing(tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    result = run("service", "install", "--user", "--config", "m.yaml", "--dry-run")
    assert result.code == 0
    assert "systemctl --user daemon-reload" in result.out
    assert f"monitor watch --config {tmp_path}/m.yaml\n" in result.out
    assert f"make {tmp_path}/.local/share/{NAME}/clips here" in result.out
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("whose", [("--system", "--as", "daemon"), ("--user",)])
def test_systemd_finds_no_fault_in_what_is_shown(whose: tuple[str, ...]) -> None:
    result = run("service", "install", *whose, "--config", "m.yaml", "--dry-run", "--json")
    unit = Path(f"{NAME}.service")
    unit.write_text(json.loads(result.out)["unit"], encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_it_is_installed_and_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran = answer(monkeypatch, "")
    result = run("service", "install", "--user", "--config", "m.yaml")
    unit = tmp_path / ".config/systemd/user" / f"{NAME}.service"
    assert (result.code, unit.is_file()) == (0, True)
    assert f"systemctl --user restart {NAME}.service" in ran
    assert (tmp_path / ".local/share" / NAME / "clips here").is_dir()
    result = run("service", "uninstall", "--user")
    assert (result.code, unit.exists()) == (0, False)
    assert "Left as they are" in result.said
    assert f"systemctl --user disable --now {NAME}.service" in ran


def test_a_machine_without_systemd_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "is_here", lambda: False)
    for words in (("install", "--config", "m.yaml"), ("status",)):
        result = run("service", *words, "--user")
        assert result.code == 2
        assert "not run by systemd" in result.said
        assert "--restart unless-stopped" in result.said
    assert run("service", "install", "--user", "--config", "m.yaml", "--dry-run").code == 0


def test_a_shell_of_sudo_is_told_that_systemd_does_not_serve_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systemd, "user_manager_is_here", lambda: False)
    result = run("service", "install", "--user", "--config", "m.yaml")
    assert (result.code, "not by su or sudo" in result.said) == (2, True)


def test_only_root_installs_the_service_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    result = run("service", "install", "--system", "--config", "m.yaml")
    assert (result.code, "sudo" in result.said) == (2, True)


def test_what_the_user_of_the_service_cannot_read_is_told_before_anything_is_done(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    result = run("service", "install", "--system", "--config", "m.yaml", "--as", "daemon", "--dry-run")
    assert result.code == 2
    assert f"daemon cannot read {tmp_path}/m.yaml: " in result.said
    assert "is closed. Move it to" in result.said


def test_settings_that_are_wrong_are_told_before_anything_is_done() -> None:
    Path("m.yaml").write_text("motion: {k_sigma: much}", encoding="utf-8")
    result = run("service", "install", "--user", "--config", "m.yaml")
    assert (result.code, "motion.k_sigma" in result.said) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--user",), "monitor config init"),
        (("--user", "--config", "m.yaml", "--memory-max", "lots"), "is not a size"),
        (("--user", "--config", "m.yaml", "--as", "daemon"), "--as is for --system"),
        (("--system", "--config", "m.yaml", "--as", "root", "--dry-run"), "does not run as root"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], sentence: str) -> None:
    result = run("service", "install", *words)
    assert (result.code, sentence in result.said) == (2, True)


RUNNING = """\
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
StatusText=watching 2 cameras
MainPID=312
NRestarts=2
Result=success
MemoryCurrent=300000000
ActiveEnterTimestamp=Sat 2026-11-21 03:05:00 CET
"""


def test_how_it_runs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, RUNNING)
    result = run("service", "status", "--system")
    assert result.code == 0
    assert f"{NAME}: active (running) since Sat 2026-11-21 03:05:00 CET" in result.said
    for words in ("says watching 2 cameras", "memory 300 MB", "started again 2 times", f"-u {NAME} -f"):
        assert words in result.said
    assert json.loads(run("service", "status", "--system", "--json").out)["MainPID"] == "312"


@pytest.mark.parametrize(
    ("result_word", "sentence"),
    [("watchdog", "no sign of life"), ("oom-kill", "want of memory"), ("exit-code", "exit-code 2")],
)
def test_why_it_failed_is_told_with_the_next_step(
    monkeypatch: pytest.MonkeyPatch, result_word: str, sentence: str
) -> None:
    answer(monkeypatch, f"LoadState=loaded\nActiveState=failed\nResult={result_word}\nExecMainStatus=2\n")
    result = run("service", "status", "--user")
    assert result.code == 1
    assert sentence in result.said
    assert f"→ journalctl --user -u {NAME} -n 50" in result.said


def test_a_service_that_is_not_installed_is_told_how(capsys: pytest.CaptureFixture[str]) -> None:
    servicestate.show({"LoadState": "not-found", "ActiveState": "inactive"}, True)
    assert "monitor service install --system" in capsys.readouterr().out
