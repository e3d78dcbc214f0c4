"""`monitor events explain` over what a scan and a live camera left."""

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.cli.process import Result, run
from tests.cli.recordings import record, still

pytestmark = pytest.mark.usefixtures("here", "within")

SCAN = ("--no-annotate", "--no-clips", "--jobs", "1", "--set", "outputs.report=false")
STOPPED = ("--set", "motion.min_area_fraction=0.3")


def scan(video: Path, *options: object) -> Result:
    result = run("scan", video, "--out", "out", *SCAN, *options)
    assert result.code == 0, result.said
    return result


def explained(*args: object) -> dict[str, Any]:
    result = run("events", "explain", *args, "--in", "out", "--json")
    assert result.code == 0, result.said
    found: dict[str, Any] = json.loads(result.out)
    return found


@pytest.fixture
def video(here: Path, crossing_video: Path) -> Path:
    """The crossing as a file that may be removed."""
    return Path(shutil.copy(crossing_video, here / "yard.mp4"))


def first_event() -> dict[str, Any]:
    event: dict[str, Any] = json.loads(Path("out/yard/events.jsonl").read_text().splitlines()[0])
    return event


def test_an_event_is_explained_from_its_first_sight_to_its_end(video: Path) -> None:
    scan(video)
    event = first_event()
    found = explained(event["id"][:8])
    assert found["event"]["evidence"] == event["evidence"]
    assert [step["rule"] for step in found["steps"]][-2:] == ["min_displacement", None]
    assert max(look["peak_sigma"] for look in found["looks"]) > 4
    assert found["scores_from"].endswith("looked at again")
    assert found["notes"] == []


@pytest.mark.parametrize("name", ["why.png", "why.html"])
def test_the_sheet_shows_picture_mask_flow_and_measures(video: Path, name: str) -> None:
    scan(video)
    explained(first_event()["id"], "--figure", name)
    if name.endswith(".png"):
        sheet = cv2.imread(name)
        assert sheet is not None
        assert sheet.shape[1] == 1280
    else:
        page = Path(name).read_text()
        assert "data:image/png;base64," in page
        assert "opened, because" in page
        assert "http" not in page.replace("http-equiv", "")


def test_the_rule_that_stopped_it_is_told_with_value_limit_and_setting(video: Path) -> None:
    scan(video, *STOPPED)
    found = explained("--at", "3", *STOPPED)
    assert (found["verdict"], found["rule"], found["limit"], found["setting"]) == (
        "near_miss", "min_area", 0.3, "motion.min_area_fraction",
    )  # fmt: skip
    assert 0.01 < found["measured"] < 0.1
    assert found["seen"]["peak_sigma"] > 4


def test_stored_scores_answer_when_the_recording_is_gone(video: Path) -> None:
    scan(video, *STOPPED, "--scores", "scores.jsonl")
    video.unlink()
    found = explained("--at", "3", *STOPPED)
    assert (found["verdict"], found["rule"]) == ("near_miss", "min_area")
    assert "stored scores in" in found["scores_from"]


def test_without_scores_and_recording_the_record_answers_and_how_to_have_more_is_said(video: Path) -> None:
    scan(video, *STOPPED)
    video.unlink()
    found = explained("--at", "3", *STOPPED)
    assert (found["verdict"], found["rule"]) == ("near_miss", "min_area")
    assert "--scores FILE.jsonl" in found["scores_from"]


def test_a_scan_prints_near_misses_with_the_rule_that_stopped_them(video: Path) -> None:
    header, miss = scan(video, *STOPPED, "--near-misses").out.splitlines()
    assert header.split("\t") == ["start", "source", "kind", "rule", "why not"]
    assert miss.split("\t")[1:4] == ["yard.mp4", "motion", "min_area"]
    again = scan(video, *STOPPED, "--near-misses", "--json", "-").out.splitlines()
    assert [json.loads(line)["limit"] for line in again] == [0.3]


def test_where_nothing_moves_that_is_said(here: Path) -> None:
    scan(record(here / "yard.mp4", still()))
    assert explained("--at", "3")["verdict"] == "nothing_moved"


def test_a_moment_outside_of_the_recording_is_said_to_be(video: Path) -> None:
    scan(video)
    assert explained("--at", "99")["verdict"] == "outside"


def test_other_settings_than_those_of_the_scan_are_noted(video: Path) -> None:
    scan(video)
    (note,) = explained("--at", "1", *STOPPED)["notes"]
    assert "settings are not those of the scan" in note


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ([], "Name an event, or a time with --at"),
        (["5f3a", "--at", "3"], "Name an event, or a time with --at"),
        (["5f3a", "--figure", "why.gif"], "must end in .png, .jpg or .html"),
        (["--at", "25:99"], "is no time of a day"),
        (["--at", "soon"], "--at 'soon': is not a time"),
        (["--at", "3"], "there is none in"),
        (["5f3a"], "there is no journal"),
    ],
)
def test_wrong_use_is_told(args: list[str], sentence: str) -> None:
    result = run("events", "explain", *args)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.said


def test_an_id_that_no_scanned_event_has_is_told(video: Path) -> None:
    scan(video)
    result = run("events", "explain", "zz", "--in", "out")
    assert (result.code, "No event's id begins with 'zz' in out" in result.said) == (2, True)
