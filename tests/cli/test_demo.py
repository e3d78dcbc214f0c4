"""`monitor demo`: the way from a generated scene to what is shown of it; the scene here is a small one."""

import json
from pathlib import Path

import pytest

from monitor.capture.scene import library
from monitor.capture.scene.actors import Walker
from monitor.capture.scene.light import Lamp
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.frames import Size
from tests.cli.process import run

pytestmark = pytest.mark.usefixtures("here")

SMALL = Size(160, 120)


@pytest.fixture(autouse=True)
def _a_small_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person crosses an empty yard; few pictures a second, so that it is quickly made."""
    scene = Scene((Walker(5.0, 11.0), Noise()), size=SMALL, rate_hz=5.0)
    monkeypatch.setitem(library.SCENES, "demo", lambda: scene)


def test_what_was_found_is_shown_beside_the_truth() -> None:
    result = run("demo")
    assert result.code == 0
    assert "a person walks" in result.said
    assert "1 of 1 true events found, 0 false." in result.said
    assert "monitor-demo/demo/annotated.mp4" in result.out


def test_all_that_it_speaks_of_is_there() -> None:
    shown = json.loads(run("demo", "--out", "first", "--json").out)
    assert shown["perfect"]
    assert all(Path(shown[name]).stat().st_size for name in ("recording", "annotated", "contact"))
    assert Path("first/scores.jsonl").exists()


def test_a_second_run_leaves_the_first_alone() -> None:
    run("demo")
    before = Path("monitor-demo/demo/events.jsonl").read_bytes()
    run("demo")
    assert Path("monitor-demo-2/demo/annotated.mp4").exists()
    assert Path("monitor-demo/demo/events.jsonl").read_bytes() == before


def test_something_missed_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    invisible = Scene((Lamp(5.0, x=0.5, y=0.5, strength=0.001), Noise()), size=SMALL, rate_hz=5.0)
    monkeypatch.setitem(library.SCENES, "demo", lambda: invisible)
    result = run("demo")
    assert result.code == 1
    assert "0 of 1 true events found" in result.said
    assert "missed" in result.said


def test_a_recording_too_short_to_show_everything_is_refused() -> None:
    result = run("demo", "--seconds", "5")
    assert result.code == 2
    assert "'--seconds'" in result.said
    assert "40" in result.said


def test_a_folder_that_cannot_be_made_is_told() -> None:
    Path("mine").touch()
    result = run("demo", "--out", "mine/demo")
    assert result.code == 3
    assert result.err.splitlines()[-1] == (
        "mine cannot be written: File exists. Choose another output folder."
    )
