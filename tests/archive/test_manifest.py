"""The manifest tells what is true, however the scan before ended."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.archive.manifest import NAME, Entry, Manifest, State, Triage, read
from monitor.errors import OutputError
from monitor.frames import Size

FULL = Entry(
    id="ab12",
    address="/archive/yard.mp4",
    name="yard.mp4",
    state=State.DONE,
    settings="f00d",
    folder="yard",
    camera="gate",
    start_time="2026-11-21T03:05:12.480Z",
    start_time_from="name",
    duration_s=60.0,
    scanned_s=59.96,
    frames=1500,
    rate_hz=25.0,
    size=Size(1280, 720),
    codec="h264",
    events={"motion": 2, "covered": 1},
    near_misses=4,
    problems=("damaged packets skipped: 2",),
    took_s=3.5,
    triage=Triage("packets", "nothing moved", 0.25, ((0.0, 10.0), (40.0, 45.5))),
    outputs=("clips",),
    scores="/scores.csv",
)


def add(out: Path, *entries: Entry) -> None:
    with Manifest(out) as manifest:
        for entry in entries:
            manifest.add(entry)


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    bare = Entry("c3", "/x.avi", "x.avi", State.FAILED, "f00d", error="x.avi is no video.")
    add(tmp_path, FULL, bare)
    assert read(tmp_path) == [FULL, bare]


def test_a_line_has_the_keys_that_others_read(tmp_path: Path) -> None:
    add(tmp_path, FULL)
    line = json.loads((tmp_path / NAME).read_text(encoding="utf-8"))
    assert line["schema"] == 1
    assert (line["state"], line["size"], line["events"]) == ("done", [1280, 720], {"motion": 2, "covered": 1})
    assert line["triage"]["decoded_share"] == 0.25


def test_the_last_line_of_an_id_holds_and_keeps_its_place(tmp_path: Path) -> None:
    other = replace(FULL, id="other")
    add(tmp_path, FULL, other, replace(FULL, folder="yard-2"))
    assert [(entry.id, entry.folder) for entry in read(tmp_path)] == [("ab12", "yard-2"), ("other", "yard")]


@pytest.mark.parametrize("cut_bytes", [1, 2, 100])
def test_a_torn_last_line_is_none_and_harms_no_other(tmp_path: Path, cut_bytes: int) -> None:
    add(tmp_path, FULL, replace(FULL, id="torn"))
    os.truncate(tmp_path / NAME, (tmp_path / NAME).stat().st_size - cut_bytes)
    assert [entry.id for entry in read(tmp_path)] == ["ab12"]
    add(tmp_path, replace(FULL, id="next"))
    # All of a line but its end is a line, once it has one.
    assert {entry.id for entry in read(tmp_path)} - {"torn"} == {"ab12", "next"}


def test_lines_of_something_else_are_left_out(tmp_path: Path) -> None:
    add(tmp_path, FULL)
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write('[]\n{}\nnonsense\n{"schema": 99}\n{"schema": 1, "id": "x"}\n')
    assert read(tmp_path) == [FULL]


def test_what_has_no_identity_is_known_by_its_address(tmp_path: Path) -> None:
    empty = replace(FULL, id=None, state=State.FAILED)
    other = replace(empty, address="/archive/other.mp4")
    add(tmp_path, empty, other, replace(empty, error="it is empty"))
    assert read(tmp_path) == [replace(empty, error="it is empty"), other]


def test_what_failed_is_forgotten_when_something_else_is_at_its_address(tmp_path: Path) -> None:
    add(tmp_path, replace(FULL, id=None, state=State.FAILED), FULL)
    assert read(tmp_path) == [FULL]
    grown = replace(FULL, id="cd34", address="/archive/other.mp4")
    add(tmp_path, replace(grown, id="c2", state=State.FAILED), grown)
    assert read(tmp_path) == [FULL, grown]


def test_what_is_done_is_kept_when_something_else_is_at_its_address(tmp_path: Path) -> None:
    newer = replace(FULL, id="cd34")
    add(tmp_path, FULL, newer)
    assert read(tmp_path) == [FULL, newer]


def test_what_was_scanned_while_it_was_written_is_forgotten_for_the_whole_of_it(tmp_path: Path) -> None:
    whole = replace(FULL, id="cd34", scanned_s=300.0, start_time="2026-11-21T03:05:13.000Z")
    add(tmp_path, FULL, whole)
    assert read(tmp_path) == [whole]


def test_a_longer_recording_of_another_time_at_its_address_is_another(tmp_path: Path) -> None:
    newer = replace(FULL, id="cd34", scanned_s=300.0, start_time="2026-11-21T04:05:12.480Z")
    add(tmp_path, FULL, newer)
    assert read(tmp_path) == [FULL, newer]


def test_what_is_known_already_takes_no_line(tmp_path: Path) -> None:
    add(tmp_path, FULL, FULL)
    add(tmp_path, FULL)
    assert len((tmp_path / NAME).read_bytes().splitlines()) == 1


def test_without_a_folder_nothing_is_known(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == []


def test_a_manifest_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises((OutputError, IsADirectoryError)):
        add(tmp_path, FULL)


def test_a_path_that_is_no_text_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    address = os.fsdecode(b"/archive/caf\xe9.mp4")
    entry = replace(FULL, id=None, address=address, state=State.FAILED)
    add(tmp_path / "out", entry)
    assert read(tmp_path / "out") == [entry]
