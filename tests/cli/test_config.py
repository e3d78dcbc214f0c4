"""`monitor config` writes, shows, checks and describes settings."""

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from monitor.cli.app import app
from monitor.errors import MonitorError, OutputError, OutputExistsError, SettingsError
from monitor.settings import Settings, load_settings
from monitor.settings.reference import json_schema, reference_text


@pytest.fixture(autouse=True)
def _inside_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*args: str) -> Result:
    result = CliRunner().invoke(app, ["config", *args])
    if isinstance(result.exception, MonitorError):
        raise result.exception
    return result


def test_init_writes_the_reference() -> None:
    assert run("init").output == "monitor.yaml: written\n"
    assert Path("monitor.yaml").read_text(encoding="utf-8") == reference_text()


def test_init_writes_where_it_is_told() -> None:
    written = json.loads(run("init", "yard.yaml", "--json").output)
    assert (written, Path("yard.yaml").exists()) == ({"written": "yard.yaml"}, True)


def test_init_never_writes_over_a_file() -> None:
    Path("monitor.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError, match=r"monitor\.yaml: exists already and is left as it is"):
        run("init")
    assert Path("monitor.yaml").read_text(encoding="utf-8") == "mine"


def test_init_into_a_missing_folder_is_told() -> None:
    with pytest.raises(OutputError, match=r"none/m\.yaml: cannot be written: No such file or directory"):
        run("init", "none/m.yaml")


def test_show_prints_yaml_that_loads_as_what_is_in_effect() -> None:
    Path("m.yaml").write_text("motion: {k_sigma: 7}", encoding="utf-8")
    arguments = (
        "--config",
        "m.yaml",
        "--preset",
        "outdoor",
        "--set",
        "clips.mode=encode",
        "--set",
        "images.rate_hz=5",
    )
    Path("shown.yaml").write_text(run("show", *arguments).output, encoding="utf-8")
    expected = load_settings(Path("m.yaml"), "outdoor", ["clips.mode=encode", "images.rate_hz=5"])
    assert load_settings(Path("shown.yaml")) == expected


def test_show_marks_only_what_was_given() -> None:
    marked = [line for line in run("show", "--set", "motion.k_sigma=5").output.splitlines() if "#" in line]
    assert marked == ["  k_sigma: 5.0  # from --set, default 4.0"]


def test_show_for_machines_holds_settings_and_origins() -> None:
    shown = json.loads(run("show", "--json", "--set", "motion.k_sigma=5").output)
    assert (shown["settings"]["motion"]["k_sigma"], shown["from"]) == (5.0, {"motion.k_sigma": "--set"})


def test_show_without_anything_holds_the_defaults() -> None:
    assert yaml.safe_load(run("show").output) == Settings().model_dump(mode="json")


def test_show_refuses_a_mistake() -> None:
    with pytest.raises(SettingsError, match=r"did you mean motion\.k_sigma\?"):
        run("show", "--set", "motion.k_sigam=3")


def test_check_says_ok_of_a_right_file() -> None:
    run("init")
    result = run("check")
    assert (result.output, result.exit_code) == ("monitor.yaml: ok\n", 0)


def test_check_raises_all_mistakes_of_a_wrong_file() -> None:
    Path("m.yaml").write_text("clips: {mode: fast}\nmotion: {k_sigma: 99}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        run("check", "m.yaml")
    assert len(caught.value.problems) == 2


def test_check_for_machines_lists_the_mistakes_and_fails() -> None:
    Path("m.yaml").write_text("clips: {mode: fast}\n", encoding="utf-8")
    result = run("check", "m.yaml", "--json")
    problem = "m.yaml:1: clips.mode = fast: must be copy or encode"
    assert (json.loads(result.output), result.exit_code) == ({"ok": False, "problems": [problem]}, 2)


def test_check_for_machines_says_ok_of_a_right_file() -> None:
    run("init")
    result = run("check", "--json")
    assert (json.loads(result.output), result.exit_code) == ({"ok": True, "problems": []}, 0)


def test_schema_prints_the_schema() -> None:
    assert json.loads(run("schema").output) == json_schema()


@pytest.mark.parametrize("command", ["init", "show", "check", "schema"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert (f"Example: monitor config {command}" in result.output, result.exit_code) == (True, 0)
