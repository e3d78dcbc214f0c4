"""`monitor bench` measures a recording and says what limits this machine."""

import json
from pathlib import Path

import pytest

from tests.cli.process import run
from tests.cli.recordings import crossing, record


def test_every_pass_and_every_stage_is_measured(crossing_video: Path) -> None:
    result = run("bench", str(crossing_video), "--json")
    found = json.loads(result.out)
    assert result.code == 0
    assert found["packets"]["count"] == found["bare"]["count"]
    # The last frame of all is not always one that is looked at.
    assert found["scan"]["count"] == pytest.approx(found["bare"]["count"], abs=2)
    assert {"shrink", "compare", "follow", "learn", "judge"} <= set(found["stages_s"])
    assert found["scan_over_bare"] == pytest.approx(found["scan"]["wall_s"] / found["bare"]["wall_s"])
    assert found["bottleneck"] in {"decode", *found["stages_s"]}


def test_people_are_told_what_limits_and_how_many_cameras_it_can_watch(crossing_video: Path) -> None:
    out = run("bench", str(crossing_video)).out
    assert "limits the speed" in out
    assert "This machine can watch" in out


def test_a_file_that_is_no_video_ends_with_three(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("nothing to see")
    result = run("bench", str(path))
    assert result.code == 3
    assert "notes.mp4" in result.err


def test_of_a_single_picture_nothing_is_said_about_cameras(tmp_path: Path) -> None:
    out = run("bench", record(tmp_path / "one.mp4", crossing()[:1])).out
    assert "too short to tell what this machine can watch" in " ".join(out.split())
    assert "camera of this kind" not in out
