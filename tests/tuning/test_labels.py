"""Labels as people write them, and the recordings that they are about."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.errors import UsageError
from monitor.events.event import Kind
from monitor.tuning.labelfile import Entry, entry_of_record, kinds_of, read_labels
from monitor.tuning.labelling import Place, Placed, place_labels
from monitor.tuning.labels import Says
from monitor.tuning.scored import Clock

NINE = datetime(2026, 11, 21, 9, tzinfo=UTC)


def written(folder: Path, text: str, name: str = "labels.csv") -> list[Entry]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_labels(path)


def place(name: str = "yard.mp4", start: datetime | None = NINE, address: str = "") -> Place:
    """Return a recording of 100 s at 10 pictures a second, of which every second was looked at."""
    indices = np.arange(0, 1001, 2)
    return Place(name, address or f"/videos/{name}", Clock(1001, 100.0, start, indices, indices / 10))


def placed(folder: Path, text: str, *places: Place, name: str = "labels.csv") -> Placed:
    return place_labels(written(folder, text, name), places or (place(),))


def test_a_list_of_all_that_happens_is_complete(tmp_path: Path) -> None:
    found = placed(tmp_path, "source,start,end,kind,note\nyard.mp4,1:10,75.5,motion,a fox\n")
    (recording,) = found.recordings
    assert recording.is_complete
    (label,) = recording.labels
    assert (label.says, label.kind, label.start_s, label.end_s) == (Says.TRUE, "motion", 70.0, 75.5)
    assert label.note == "a fox"


def test_answers_about_events_are_not_complete_and_empty_ones_say_nothing(tmp_path: Path) -> None:
    rows = "yard.mp4,1,2,motion,true\nyard.mp4,3,4,motion,FALSE\nyard.mp4,5,6,motion,\n"
    (recording,) = placed(tmp_path, f"source,start,end,kind,label\n{rows}").recordings
    assert [label.says for label in recording.labels] == [Says.TRUE, Says.FALSE]
    assert not recording.is_complete


def test_a_table_in_frames_with_a_tolerance_is_read(tmp_path: Path) -> None:
    head = "file,kind,start_frame,end_frame,tolerance_frames,note"
    found = placed(tmp_path, f"{head}\nyard.mp4,quiet,101,200,3,\nyard.mp4,view_lost,300,400,0,turned\n")
    quiet, lost = found.recordings[0].labels
    assert (quiet.says, quiet.start_s, quiet.end_s) == (Says.QUIET, 10.1, 20.0)
    assert quiet.tolerance_s == pytest.approx(0.3)
    assert Kind.CAMERA_MOVED in lost.answers


def test_moments_find_their_place_in_the_recording(tmp_path: Path) -> None:
    rows = "driveway,2026-11-21 09:00:10,2026-11-21T10:00:12+01:00,motion"
    (label,) = placed(tmp_path, f"source,start,end,kind\n{rows}\n").recordings[0].labels
    assert (label.start_s, label.end_s) == (10.0, 12.0)


def test_of_several_recordings_at_a_time_that_of_the_camera_is_meant(tmp_path: Path) -> None:
    text = "source,start,end,kind\ngate,2026-11-21 09:00:10,2026-11-21 09:00:12,motion\n"
    here, there = place("a.mp4", address="/videos/yard/a.mp4"), place("b.mp4", address="/videos/gate/b.mp4")
    found = placed(tmp_path, text, here, there)
    assert [len(one.labels) for one in found.recordings] == [0, 1]


def record(**more: Any) -> dict[str, Any]:
    usual = {"source": "yard.mp4", "kind": "motion", "start_s": 4.0, "end_s": 6.0, "label": False}
    return {**usual, "start_time": None, "end_time": None, "note": None} | more


def test_what_was_said_of_an_event_of_the_journal_is_a_label() -> None:
    entry = entry_of_record(record(note="the cat"), "event 5f3a")
    assert entry is not None
    assert (entry.says, entry.span_s, entry.note, entry.is_log) == (Says.FALSE, (4.0, 6.0), "the cat", False)
    assert entry_of_record(record(label=None), "event 5f3a") is None


def test_a_live_event_counts_by_its_moment_and_not_by_the_age_of_the_camera(tmp_path: Path) -> None:
    times = {"start_time": "2026-11-21T09:00:30Z", "end_time": "2026-11-21T09:00:33Z"}
    entry = entry_of_record(record(source="driveway", start_s=86_000.0, end_s=86_003.0, **times), "event 1")
    assert entry is not None
    (label,) = place_labels([entry], [place()]).recordings[0].labels
    assert (label.start_s, label.end_s) == (30.0, 33.0)


def test_exported_lines_are_read(tmp_path: Path) -> None:
    line = '{"source": "yard.mp4", "kind": "motion", "start_s": 1.0, "end_s": 2.0, "label": true}\n'
    unsaid = line.replace("true", "null")
    assert len(written(tmp_path, line + unsaid, "events.jsonl")) == 1


def test_labels_of_other_recordings_are_told_and_left_out(tmp_path: Path) -> None:
    rows = "yard.mp4,1,2,motion\nother.mp4,1,2,motion\nyard.mp4,500,501,motion\n"
    found = placed(tmp_path, f"source,start,end,kind\n{rows}")
    assert found.is_known
    assert "2 labels of other.mp4, yard.mp4" in found.problems[0]


def test_where_no_label_fits_it_is_said_what_they_name(tmp_path: Path) -> None:
    found = placed(tmp_path, "source,start,end,kind\nother.mp4,1,2,motion\n")
    assert not found.is_known
    assert "they name other.mp4, the recordings are yard.mp4" in found.problems[0]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("when,what\n1,2\n", "must name the columns source"),
        ("source,start,end,kind\nyard.mp4,1,2,cat\n", r"labels.csv:2: kind 'cat' is none of motion"),
        ("source,start,end,kind\nyard.mp4,5,2,motion\n", "ends before it starts"),
        ("source,start,end,kind\nyard.mp4,,,motion\n", "says not when"),
        ("source,start,end,kind\nyard.mp4,noon,2,motion\n", "give seconds"),
        ("source,start,end,kind\n,1,2,motion\n", "names no recording"),
        ("source,start,end,kind,label\nyard.mp4,1,2,motion,perhaps\n", "none of true, false, unclear"),
        ("source,start,end,kind,tolerance\nyard.mp4,1,2,motion,much\n", "give a number"),
    ],
)
def test_what_is_no_label_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        written(tmp_path, text)


def test_the_kinds_of_labels_say_what_is_to_be_tuned(tmp_path: Path) -> None:
    rows = "yard.mp4,1,2,covered\nyard.mp4,1,2,quiet\n"
    assert kinds_of(written(tmp_path, f"source,start,end,kind\n{rows}")) == {Kind.COVERED}
