"""The events of many recordings put together."""

import io
import json
from pathlib import Path

import pytest

from monitor.archive.manifest import Entry, State
from monitor.archive.records import Follower, event_lines, write_json
from monitor.errors import OutputExistsError


def entry(folder: str | None) -> Entry:
    return Entry("x", "/x.mp4", "x.mp4", State.DONE, "", folder=folder)


def add(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    with (folder / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write(text)


def test_events_are_followed_in_whole_lines_and_each_once(tmp_path: Path) -> None:
    stream = io.StringIO()
    follower = Follower(stream)
    follower.follow(tmp_path / "a")  # not there yet
    for text, expected in (("1\n2", "1\n"), ("3", "1\n"), ("\n4\n", "1\n23\n4\n"), ("", "1\n23\n4\n")):
        add(tmp_path / "a", text)
        follower.follow(tmp_path / "a")
        assert stream.getvalue() == expected


def test_the_events_of_several_recordings_are_kept_apart(tmp_path: Path) -> None:
    stream = io.StringIO()
    follower = Follower(stream)
    for name, text in (("a", "1\n"), ("b", "2\n"), ("a", "3\n")):
        add(tmp_path / name, text)
        follower.follow(tmp_path / name)
    assert stream.getvalue() == "1\n2\n3\n"


def test_one_file_holds_the_events_of_all_in_their_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        add(tmp_path / name, f'{{"source": "{name}"}}\n')
    write_json(tmp_path / "all.jsonl", [entry("b"), entry(None), entry("gone"), entry("a")], tmp_path)
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["b", "a"]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputExistsError):
        write_json(tmp_path / "all.jsonl", [], tmp_path)
    assert (tmp_path / "all.jsonl").read_text(encoding="utf-8") == "mine"


def test_half_a_line_is_no_event(tmp_path: Path) -> None:
    add(tmp_path / "a", '{"source": "a"}\n{"sou')
    assert list(event_lines(entry("a"), tmp_path)) == ['{"source": "a"}']
