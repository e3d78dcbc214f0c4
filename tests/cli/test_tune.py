"""`monitor tune`, as a user calls it."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

from monitor.cli.tuneask import Asking
from tests.cli.process import run
from tests.cli.recordings import record, still

BLIND = ("--set", "motion.min_area_fraction=0.1", "--set", "motion.max_area_fraction=0.5")
"""The square of four per cent is not seen with these."""

QUICK = ("--quick", "--jobs", "1")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, crossing_video: Path) -> Path:
    """A folder with three recordings, and the truth about them."""
    folder = tmp_path_factory.mktemp("place")
    rows = ["source,start,end,kind,note"]
    for number in range(3):
        shutil.copy(crossing_video, folder / f"yard{number}.mp4")
        rows.append(f"yard{number}.mp4,0:02,0:04,motion,the square")
    (folder / "truth.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tuned(place: Path) -> dict[str, Any]:
    """What is printed for machines after all three were tuned from settings that see nothing."""
    done = run(
        "tune", place, "--labels", place / "truth.csv", "--out", place / "out", *BLIND, *QUICK, "--json"
    )
    assert done.code == 0, done.err
    printed: dict[str, Any] = json.loads(done.out)
    return printed


def test_settings_that_find_what_was_missed_are_proposed(tuned: dict[str, Any]) -> None:
    assert tuned["present"]["missed"] == 3
    assert tuned["with_proposal"]["missed"] == 0
    assert tuned["held_out"]["chosen"]["missed"] == 0
    assert tuned["proposed"]["motion.min_area_fraction"] < 0.05
    assert [effect["note"] for effect in tuned["effects"]] == ["the square"] * 3


def test_the_patch_is_a_settings_file_with_reasons(tuned: dict[str, Any], tmp_path: Path) -> None:
    patch = Path(tuned["files"]["proposal"])
    assert run("config", "check", patch).code == 0
    text = " ".join(patch.read_text(encoding="utf-8").split())
    assert "gain: motion at 0:02.0–0:04.0 in yard1.mp4" in text


def test_the_page_needs_nothing_but_itself(tuned: dict[str, Any]) -> None:
    page = Path(tuned["files"]["tuning"]).with_suffix(".html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "motion.<wbr>min_<wbr>area_<wbr>fraction" in page
    assert not any(outside in page for outside in ("http:", "https:", "<script", "src="))
    assert Path(tuned["files"]["tradeoff"]).read_bytes().startswith(b"\x89PNG")


def test_people_are_told_in_words_and_scores_are_used_again(place: Path, tuned: dict[str, Any]) -> None:
    kept = {path: path.stat().st_mtime_ns for path in (place / "out" / "scores").iterdir()}
    options = ("--target", "missed<5%", "--out", place / "out", *BLIND, *QUICK)
    done = run("tune", place, "--labels", place / "truth.csv", *options)
    assert done.code == 0
    assert "Proposed: motion.min_area_fraction" in done.said
    assert "3 labels say little" in done.said
    assert kept == {path: path.stat().st_mtime_ns for path in (place / "out" / "scores").iterdir()}


def test_without_a_terminal_questions_are_a_table_to_fill_in(place: Path, tuned: dict[str, Any]) -> None:
    done = run("tune", place / "yard0.mp4", "--ask", "--out", place / "out", *BLIND, *QUICK)
    assert done.code == 0, done.err
    rows = list(csv.DictReader((place / "out" / "questions.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["source"], row["kind"], row["label"]) for row in rows] == [("yard0.mp4", "motion", "")]
    assert Path(rows[0]["picture"]).is_file()
    assert "call again with --labels" in done.said


def test_where_all_settings_tell_the_same_there_is_nothing_to_ask(tmp_path: Path) -> None:
    quiet = record(tmp_path / "quiet.mp4", still(lasts_s=3.0))
    done = run("tune", quiet, "--ask", "--out", tmp_path / "out", *QUICK)
    assert done.code == 0, done.err
    assert "There is nothing to ask" in done.said


def test_on_a_terminal_it_asks_and_goes_on_with_the_answers(
    place: Path, tuned: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(place / "out" / "scores", tmp_path / "scores")
    monkeypatch.setattr(Asking, "has_terminal", property(lambda _: True))
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: "t")
    done = run("tune", place / "yard0.mp4", "--ask", "--out", tmp_path, *BLIND, *QUICK)
    assert done.code == 0, done.err
    (row,) = csv.DictReader((tmp_path / "labels.csv").read_text(encoding="utf-8").splitlines())
    assert row["label"] == "true"
    assert "too few labels to set some aside" in done.said


def test_a_recording_that_cannot_be_read_is_told_and_the_others_are_tuned(
    place: Path, tuned: dict[str, Any], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    labels = ("--labels", place / "truth.csv")
    done = run("tune", place / "yard0.mp4", broken, *labels, "--out", place / "out", *QUICK)
    assert done.code == 3
    assert "broken.mp4" in done.said
    assert "present settings" in done.said


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "There are no labels"),
        (("--labels", "none.csv"), "no such file of labels"),
        (("--labels", "stray.csv"), "they name other.mp4, the recordings are yard0.mp4"),
        (("--target", "false"), "is no target"),
    ],
)
def test_wrong_use_is_told_before_anything_is_measured(
    place: Path, here: Path, options: tuple[str, ...], told: str
) -> None:
    (here / "stray.csv").write_text("source,start,end,kind\nother.mp4,0:01,0:02,motion\n", encoding="utf-8")
    done = run("tune", place / "yard0.mp4", *options)
    assert done.code in (2, 3)
    assert told in done.said
    assert not (here / "monitor-tuning").exists()
    assert "Traceback" not in done.err
