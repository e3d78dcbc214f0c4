"""Where recordings are cut, and which are not."""

import logging
from pathlib import Path

import pytest

from monitor.archive.shards.cutting import cut, plan_of
from monitor.capture.opening import Input
from monitor.settings import load_settings
from tests.capture.encode import encode
from tests.cli.recordings import crossing


def item(folder: Path, **options: str) -> Input:
    """Write 24 s, with a key frame every 0.4 s unless the options say otherwise."""
    return Input(str(encode(folder / "x.mp4", crossing() * 4, options={"g": "10", **options})))


def test_parts_begin_at_key_frames_a_warm_up_before_they_count(tmp_path: Path) -> None:
    parts = cut(item(tmp_path), 24.0, 3, 2.2).parts
    assert [part.start_s for part in parts] == [0.0, 8.0, 16.0]
    assert [part.begin_s for part in parts] == [0.0, 5.6, 13.6]
    assert [part.end_s for part in parts] == [8.0, 16.0, None]


def test_parts_with_a_key_frame_in_common_are_one(tmp_path: Path) -> None:
    parts = cut(item(tmp_path, g="240", sc_threshold="0"), 24.0, 6, 2.0).parts
    assert len(parts) == 3


def test_without_key_frames_to_begin_at_it_is_not_cut_and_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(None, None, ["advanced.background.learning_s=1"])
    with caplog.at_level(logging.INFO):
        plan = plan_of(item(tmp_path, g="9999", sc_threshold="0"), settings, 2)
    assert not plan.parts
    assert caplog.messages == ["x.mp4 is scanned as a whole: it has no key frames at which parts could begin"]


def test_what_is_short_is_not_cut_and_that_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert not plan_of(item(tmp_path), load_settings(None, None, []), 4).parts
    assert caplog.messages == [
        "x.mp4 is scanned as a whole: 24 s long; cut into parts is what has from 240 s to 43200 s"
    ]


def test_there_are_fewer_parts_than_processes_where_they_would_be_too_short(tmp_path: Path) -> None:
    settings = load_settings(None, None, ["advanced.background.learning_s=1.5"])
    assert len(plan_of(item(tmp_path), settings, 4).parts) == 2
