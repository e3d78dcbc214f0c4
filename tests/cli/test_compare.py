"""`monitor compare` with images and folders, as a user and as a script call it."""

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from monitor.comparing.boxes import Box
from monitor.comparing.meanings import MEANINGS
from monitor.comparing.pictures import read_picture
from tests.cli.process import run, spawn
from tests.comparing.files import save, save_animation
from tests.comparing.given import exposed, noisy, place, with_thing

pytestmark = pytest.mark.usefixtures("here")
THING = Box(0.5, 0.4, 0.2, 0.3)


@pytest.fixture
def pictures(here: Path) -> None:
    """An empty place, the same again, and the same with somebody."""
    save(Path("empty.png"), noisy(place()))
    save(Path("again.png"), noisy(place(), seed=2))
    save(Path("somebody.png"), noisy(with_thing(place(), THING), seed=3))


def told(*args: object) -> tuple[int, dict[str, Any]]:
    result = run("compare", *args, "--json")
    return result.code, json.loads(result.out)


@pytest.mark.usefixtures("pictures")
def test_one_place_twice_is_the_same_and_exits_with_0() -> None:
    result = run("compare", "empty.png", "again.png")
    assert result.code == 0
    assert result.out.startswith("same\n")


@pytest.mark.usefixtures("pictures")
def test_somebody_is_a_difference_with_a_place_and_exits_with_1() -> None:
    result = run("compare", "empty.png", "somebody.png")
    assert result.code == 1
    assert result.out.startswith("different: 1 place\n")


@pytest.mark.usefixtures("pictures")
def test_a_script_gets_one_object_with_boxes_and_every_measure() -> None:
    code, record = told("empty.png", "somebody.png")
    assert code == 1
    assert record["different"] is True
    assert record["boxes"][0] == pytest.approx([THING.x, THING.y, THING.width, THING.height], abs=0.03)
    assert record["shift"] is None
    assert set(record["measures"]) == set(MEANINGS)


@pytest.mark.usefixtures("pictures")
def test_equal_pictures_give_json_that_any_reader_takes() -> None:
    code, record = told("empty.png", "empty.png")
    assert (code, record["different"], record["boxes"]) == (0, False, [])
    assert (record["measures"]["ssim"], record["measures"]["psnr_db"]) == (1.0, None)


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    ("limits", "code"), [(["ssim<0.5"], 0), (["ssim<0.99"], 1), (["ssim<0.5", "boxes>0"], 1)]
)
def test_limits_alone_decide_where_they_are_set(limits: list[str], code: int) -> None:
    options = [part for limit in limits for part in ("--fail-over", limit)]
    assert told("empty.png", "somebody.png", *options)[0] == code


def test_brighter_is_a_difference_without_a_box_unless_it_is_normalised() -> None:
    save(Path("a.png"), place())
    save(Path("b.png"), exposed(place(), 1.3))
    plain, normalised = told("a.png", "b.png"), told("a.png", "b.png", "--normalise")
    assert (plain[0], plain[1]["boxes"], normalised[0]) == (1, [], 0)
    assert plain[1]["exposure_ratio"] == pytest.approx(1.3, abs=0.03)


def test_a_shift_is_told_and_taken_back() -> None:
    wide = noisy(place(200, 260), 1)
    save(Path("a.png"), wide[:180, :240])
    save(Path("b.png"), wide[4:184, 9:249])
    assert told("a.png", "b.png")[0] == 1
    code, record = told("a.png", "b.png", "--align", "shift")
    assert code == 0
    assert (record["shift"]["x_px"], record["shift"]["y_px"]) == (-9, -4)
    assert "9.0 px left and 4.0 px above" in run("compare", "a.png", "b.png", "--align", "shift").out


@pytest.mark.usefixtures("pictures")
def test_regions_leave_out_what_differs() -> None:
    mask = np.zeros((180, 240), np.uint8)
    mask[50:140, 100:190] = 255
    save(Path("mask.png"), mask)
    polygon = "0.4,0.3 0.8,0.3 0.8,0.8 0.4,0.8"
    for region in (polygon, "mask.png"):
        assert told("empty.png", "somebody.png", "--ignore", region)[0] == 0
        assert told("empty.png", "somebody.png", "--roi", region)[0] == 1


@pytest.mark.usefixtures("pictures")
def test_all_pictures_and_a_report_that_needs_nothing_else_are_written() -> None:
    _, record = told("empty.png", "somebody.png", "--out", "out", "--figure", "sheet.png")
    names = {"a", "b", "difference", "side_by_side", "flicker", "report", "figure"}
    assert set(record["files"]) == names
    assert all(Path(path).stat().st_size > 500 for path in record["files"].values())
    page = Path("out/report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 3
    assert 'type="range"' in page
    assert "http" not in page.replace("http-equiv", "")
    assert cv2.imcount("out/flicker.gif") == 2


@pytest.mark.usefixtures("pictures")
def test_where_nothing_differs_nothing_is_drawn() -> None:
    assert told("empty.png", "again.png", "--out", "out")[0] == 0
    for name, picture in (("a", "empty.png"), ("b", "again.png")):
        assert np.array_equal(
            read_picture(Path(f"out/{name}.png")).picture, read_picture(Path(picture)).picture
        )
    levels = cv2.imread("out/difference.png")
    assert levels is not None
    assert (levels.max(axis=2) == levels.min(axis=2)).all()  # no colour: nothing counts
    assert "<rect" not in Path("out/report.html").read_text(encoding="utf-8")


@pytest.mark.usefixtures("pictures")
def test_nothing_is_overwritten() -> None:
    Path("out").mkdir()
    Path("out/mine.txt").touch()
    Path("mine.png").touch()
    in_use = run("compare", "empty.png", "again.png", "--out", "out")
    named = run("compare", "empty.png", "again.png", "--figure", "mine.png")
    assert (in_use.code, named.code) == (3, 3)
    assert "out holds something already" in in_use.err
    assert "mine.png exists already and is not overwritten" in named.err


@pytest.mark.usefixtures("pictures")
def test_folders_are_compared_pair_by_pair_and_what_is_missing_is_told() -> None:
    for side, b in (("old", "empty.png"), ("new", "again.png")):
        save(Path(side) / "1.png", cv2.imread(b))  # type: ignore[arg-type]
        save(Path(side) / "2.png", cv2.imread("empty.png" if side == "old" else "somebody.png"))  # type: ignore[arg-type]
    save(Path("old/3.png"), place())
    code, record = told("old", "new", "--out", "out")
    assert code == 1
    assert [(pair["name"], pair["different"]) for pair in record["pairs"]] == [
        ("1.png", False),
        ("2.png", True),
    ]
    assert (record["only_in_a"], record["only_in_b"]) == (["3.png"], [])
    assert Path("out/2.png/flicker.gif").exists()
    assert not Path("out/1.png").exists()
    assert "1 of 2 pairs differs; 1 only in A" in run("compare", "old", "new").out


@pytest.mark.usefixtures("pictures")
def test_a_pair_that_cannot_be_compared_does_not_stop_the_others() -> None:
    for side in ("old", "new"):
        save(Path(side) / "1.png", place())
        save(Path(side) / "2.png", place(90 if side == "old" else 100, 120))
    code, record = told("old", "new")
    assert code == 2
    assert record["pairs"][0]["different"] is False
    assert "give --resize" in record["pairs"][1]["error"]
    assert told("old", "new", "--resize")[1]["pairs"][1]["measures"]["ssim"] is not None


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("empty.png",), "Name what A is to be compared with"),
        (("empty.png", "missing.png"), "missing.png does not exist; check the path."),
        (("empty.png", "folder"), "empty.png is an image and folder a folder; give two images"),
        (("empty.png", "text.png"), "text.png cannot be read as an image"),
        (("empty.png", "small.png"), "A is 240x180 and B 120x90 pixels; give --resize"),
        (("empty.png", "moving.gif"), "monitor compare moving.gif --against empty.png"),
        (("empty.png", "again.png", "--fail-over", "nice<1"), "no measure 'nice'"),
        (("empty.png", "again.png", "--blur", "-1"), "the blur is -1.0 pixels; give 0 to 100."),
        (("empty.png", "again.png", "--k-sigma", "nan"), "give a number above 0"),
        (("empty.png", "again.png", "--roi", "0,0 1,1"), "give three corners or more"),
        (("empty.png", "again.png", "--roi", "small.png"), "the mask is 120x90 pixels and A 240x180"),
    ],
)  # fmt: skip
def test_wrong_use_is_a_sentence_and_exits_with_2(args: tuple[str, ...], sentence: str) -> None:
    Path("folder").mkdir()
    Path("text.png").write_text("no picture")
    save(Path("small.png"), place(90, 120))
    save_animation(Path("moving.gif"), place(), place(seed=6))
    result = run("compare", *args)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.said


def test_help_explains_every_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    said = spawn("compare", "--help").out
    for name, meaning in MEANINGS.items():
        line = next(line for line in said.splitlines() if line.strip().startswith(f"{name}:"))
        assert all(part in line for part in (meaning.what, meaning.range, meaning.blind_to))
