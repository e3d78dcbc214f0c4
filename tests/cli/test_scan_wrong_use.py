"""`monitor scan` called wrongly: every mistake is told at once, and nothing is begun."""

from pathlib import Path

import pytest

from tests.cli.process import run

pytestmark = pytest.mark.usefixtures("here")


def test_all_wrong_settings_are_told_at_once(crossing_video: Path) -> None:
    Path("m.yaml").write_text("motion:\n  k_sgima: 4\n  min_duration_s: -1\n", encoding="utf-8")
    wrong = ("--set", "clips.mode=fast", "--set", "xyzzy.x=1", "--set", "motion.k_sigma", "--preset", "moon")
    result = run("scan", crossing_video, "--config", "m.yaml", *wrong)
    assert (result.code, result.out) == (2, "")
    assert sorted(result.err.splitlines()) == [
        "--preset preset=moon: must be indoor, outdoor, raspberry-pi or null",
        "--set clips.mode=fast: must be copy or encode",
        "--set motion.k_sigma: must be KEY=VALUE, as --set motion.k_sigma=4",
        "--set xyzzy: unknown key; `monitor config init` writes a file with all keys",
        "m.yaml:2: motion.k_sgima = 4: unknown key; did you mean motion.k_sigma?",
        "m.yaml:3: motion.min_duration_s = -1: must be a number, 0 to 60 seconds",
    ]
    assert not Path("recordings").exists()


@pytest.mark.parametrize("zone", ["gate", "gate=", "=0,0 1,0 1,1", "gate=0,0 1,0 1", "gate=0,0 1,0,5 1,1"])
def test_a_zone_that_is_no_polygon_is_told_with_an_example(crossing_video: Path, zone: str) -> None:
    result = run("scan", crossing_video, "--zone", zone)
    assert result.code == 2
    assert result.err.startswith(f"--zone {zone!r}: not NAME=x,y x,y x,y; give at least three corners")
    assert "--zone 'gate=0.1,0.5 0.9,0.5 0.9,1'" in result.err


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("gate:foo=0,0 1,0 1,1", "zones.gate.role=foo: must be include, exclude or privacy"),
        ("gate=0,0 1,0 1,7", "zones.gate.points[2][1]=7: must be 3 to 100 points [x, y], each number 0 to 1"),
        ("gate=0,0 1,0", "must be 3 to 100 points [x, y]"),
        ("gate=0,0 1,1 1,0 0,1", "the outline crosses or touches itself between points 1 and 3"),
        ("a.b=0,0 1,0 1,1", "zones.a"),
        ("gate=a,0 1,0 1,1", "zones.gate.points[0][0]=a: must be 3 to 100 points"),
    ],
)
def test_a_zone_out_of_bounds_names_the_limit(crossing_video: Path, zone: str, sentence: str) -> None:
    result = run("scan", crossing_video, "--zone", zone)
    assert result.code == 2
    assert sentence in result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize("option", ["--json", "--csv", "--scores"])
def test_an_existing_file_is_never_overwritten(crossing_video: Path, option: str) -> None:
    Path("mine.jsonl").write_text("mine", encoding="utf-8")
    result = run("scan", crossing_video, option, "mine.jsonl")
    assert (result.code, result.out) == (3, "")
    assert result.err == (
        "mine.jsonl exists already and is not overwritten. Choose another name or remove it.\n"
    )
    assert Path("mine.jsonl").read_text(encoding="utf-8") == "mine"
    assert not Path("recordings").exists()


def test_scores_of_several_inputs_overwrite_nothing(crossing_video: Path) -> None:
    Path("s-yard.csv").write_text("mine", encoding="utf-8")
    result = run("scan", crossing_video, "missing.mp4", "--scores", "s.csv")
    assert result.code == 3
    assert "s-yard.csv exists already and is not overwritten." in result.err
    assert Path("s-yard.csv").read_text(encoding="utf-8") == "mine"


def test_masks_go_only_into_an_empty_folder(crossing_video: Path) -> None:
    Path("masks").mkdir()
    Path("masks/mine.png").touch()
    result = run("scan", crossing_video, "--masks", "masks")
    assert result.code == 2
    assert result.err == "--masks masks: is not an empty folder; choose another or empty it.\n"


def test_scores_need_a_known_format(crossing_video: Path) -> None:
    result = run("scan", crossing_video, "--scores", "scores.txt")
    assert (result.code, result.err) == (2, "--scores scores.txt: the name must end in .jsonl or .csv.\n")


def test_without_an_input_the_use_is_told() -> None:
    result = run("scan")
    assert result.code == 2
    assert "Missing argument 'PATH" in result.said
