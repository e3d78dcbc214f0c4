"""Sources, sinks and detectors of another package, which is really installed: docs/plugins.md has it."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from monitor import Kind, UsageError, load_settings, scan
from monitor.errors import SettingsError
from monitor.plugins import Group, installed, plugin_of
from monitor.settings.sources import with_sources
from tests.cli.process import Result, run
from tests.cli.recordings import crossing

TEXT = (Path(__file__).parents[1] / "docs" / "plugins.md").read_text(encoding="utf-8")

BROKEN = """
[monitor.sinks]
gone = no_such_module:Sink
fails = broken_plugins:fails

[monitor.sources]
torn = broken_plugins:fails

[monitor.detectors]
fails = broken_plugins:fails
words = broken_plugins:words
"""

FAILS = """
def fails(*given):
    raise RuntimeError("the lamp is out")

def words(frame):
    return "very dark"
"""


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return str(found)


def install(folder: Path, module: str, code: str, points: str) -> None:
    """Put a package where an installer would put it."""
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir(parents=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(points, encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in which the program runs, the packages installed."""
    points = re.sub(r"\[project\.entry-points\.\"(.*)\"\]", r"[\1]", block("toml")).replace('"', "")
    install(tmp_path / "site", "yard_plugins", block("python"), points)
    install(tmp_path / "site", "broken_plugins", FAILS, BROKEN)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"), prepend=os.pathsep)  # for worker processes
    monkeypatch.chdir(tmp_path)
    (tmp_path / "monitor.yaml").write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "out").mkdir()
    np.save(tmp_path / "yard.npy", np.array(crossing(rate_hz=10.0)))
    yield tmp_path
    for module in ("yard_plugins", "broken_plugins"):
        sys.modules.pop(module, None)


LEAN = ("--jobs", "1", "--no-annotate", "--out", "out", "--set", "outputs.report=false")


def scanned(place: Path, *options: str) -> Result:
    return run("scan", f"tape://{place}/yard.npy", *LEAN, *options)


def test_a_scan_reads_the_source_and_serves_sink_and_detector(place: Path) -> None:
    done = scanned(place, "--config", "monitor.yaml", "--clip-mode", "encode")
    assert done.code == 0, done.err
    told = (place / "out" / "tally.txt").read_text(encoding="utf-8").splitlines()
    assert {line.split()[0] for line in told} >= {"motion", "detected"}
    (why,) = [line for line in told if line.startswith("detected")]
    assert re.fullmatch(r"detected dark: a score of 0\.00\d+ \(limit 0\.002\) for at least 0\.3 s", why)
    assert list((place / "out").glob("*/clips/*.mp4"))


def test_the_library_tells_the_same(place: Path) -> None:
    settings = load_settings("monitor.yaml", overrides=["outputs.folder=out"])
    events = list(scan(f"tape://{place}/yard.npy", settings=settings))
    assert {event.kind for event in events} == {Kind.MOTION, Kind.DETECTED}
    assert not [event for event in scan(f"tape://{place}/yard.npy") if event.kind is Kind.DETECTED]


def test_what_was_detected_for_too_short_a_time_is_a_near_miss(place: Path) -> None:
    given = ("--config", "monitor.yaml", "--set", "plugins.detectors.dark.open_after_s=5")
    done = scanned(place, *given, "--near-misses")
    assert done.code == 0, done.err
    assert "less than 5 s" in done.said


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--set", "plugins.sinks=[gone]"), "sink gone of broken_plugins 1.2"),
        (("--set", "plugins.sinks=[fails]"), "RuntimeError: the lamp is out"),
        (("--set", "plugins.detectors={fails: {}}"), "detector fails of broken_plugins 1.2"),
        (("--set", "plugins.detectors={words: {}}"), "could not convert string to float"),
    ],
)
def test_what_fails_is_named_and_the_rest_goes_on(place: Path, options: tuple[str, ...], told: str) -> None:
    done = scanned(place, *options)
    assert done.code == 3
    assert told in done.said
    assert "Traceback" not in done.out
    assert "motion" in (place / "out" / "yard" / "events.jsonl").read_text(encoding="utf-8")


def test_a_source_that_fails_is_an_input_that_cannot_be_read(place: Path) -> None:
    done = run("scan", "torn://1", f"tape://{place}/yard.npy", *LEAN)
    assert done.code == 3
    assert "source torn of broken_plugins 1.2 (broken_plugins:fails) failed: RuntimeError" in done.said
    assert (place / "out" / "yard" / "events.jsonl").exists()


def test_an_address_that_nobody_reads_is_said_to_be_one(place: Path) -> None:
    done = run("scan", "nobody://knows", *LEAN)
    assert done.code == 3
    assert "neither FFmpeg nor an installed package reads such addresses" in done.said


def test_a_name_that_nobody_brings_is_wrong_use(place: Path) -> None:
    with pytest.raises(SettingsError, match=r"detector called smoke \(there are: dark, fails, words\)"):
        load_settings(None, overrides=["plugins.detectors={smoke: {}}"])
    with pytest.raises(SettingsError, match=r"close_at \(0.9\) must be at most open_at \(0.5\)"):
        load_settings(None, overrides=["plugins.detectors={dark: {close_at: 0.9}}"])
    with pytest.raises(UsageError, match="is no camera"):
        with_sources(load_settings(None), ["nobody://knows"])


def test_a_camera_of_the_settings_may_be_plugged_in(place: Path) -> None:
    settings = with_sources(load_settings(None), [f"tape://{place}/yard.npy"])
    (camera,) = settings.cameras.values()
    assert camera.kind_of_address == "plugin"


def test_watching_reads_the_source_and_judges_the_detector(place: Path) -> None:
    np.save(place / "dark.npy", np.zeros((40, 120, 160, 3), np.uint8))
    done = run(
        "watch", f"tape://{place}/dark.npy", "--config", "monitor.yaml", "--out", "out",
        "--json", "--duration", "1.5", "--set", "plugins.detectors.dark.open_after_s=0",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert '"kind": "detected"' in done.out
    assert "dark: a score of 1 (limit 0.002)" in done.out


def test_the_doctor_lists_what_is_plugged_in(place: Path) -> None:
    from monitor.diagnosis.plugins import plugin_checks

    checks = {check.name: check for check in plugin_checks()}
    assert "addresses tape://" in checks["source tape"].found
    assert "yard_plugins 1.2" in checks["detector dark"].found
    assert checks["sink gone"].state == "problem"
    assert "broken_plugins" in checks["sink gone"].found


def test_without_any_nothing_is_plugged_in() -> None:
    assert [plugin for group in Group for plugin in installed(group)] == []
    assert plugin_of(Group.SOURCES, "rtsp") is None
