"""Events as JSON, and the files that their records name."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from monitor.events.event import Evidence
from monitor.outputs.files import ClosedEvents, EventFiles, FileLedger
from monitor.outputs.records import (
    event_record,
    files_by_role,
    files_of_roles,
    json_line,
    near_miss_record,
    rfc3339,
)
from tests.outputs.scene import closed, event, near_miss, opened


def test_an_event_becomes_the_documented_record() -> None:
    files = EventFiles(clip="clips/a.mp4", snapshot="snapshots/a.jpg")
    assert json.loads(json_line({**event_record(event(end=60), files)})) == {
        "schema": 1,
        "id": "e1",
        "source": "scene",
        "kind": "motion",
        "start_s": 0.4,
        "end_s": 2.4,
        "start_time": "2026-11-21T03:05:00.400Z",
        "end_time": "2026-11-21T03:05:02.400Z",
        "start_frame": 10,
        "end_frame": 60,
        "peak_s": 0.8,
        "zones": ["gate"],
        "box": [0.25, 0.4, 0.15, 0.2],
        "evidence": {
            "peak_sigma": 14.25,
            "area_fraction": 0.03,
            "displacement_fraction": None,
            "coherence": 0.91,
            "kl_nats": None,
            "opened_by": "moved 0.20 of the frame (limit 0.05) at 14.2 σ (limit 4.0 σ)",
            "closed_by": "nothing moved for 2.0 s",
        },
        "files": {"clip": "clips/a.mp4", "annotated": None, "snapshot": "snapshots/a.jpg", "scores": None},
    }


def test_what_is_unknown_is_null() -> None:
    blank = replace(event(), start_time=None, box=None, zones=())
    record = event_record(blank, EventFiles())
    assert (record["end_s"], record["start_time"], record["end_time"], record["box"]) == (None,) * 4


def test_a_value_without_bound_is_unknown_for_json_has_none() -> None:
    endless = replace(event(), evidence=Evidence(opened_by="x", peak_sigma=float("inf")))
    assert event_record(endless, EventFiles())["evidence"]["peak_sigma"] is None


def test_a_record_is_one_line_even_with_line_breaks_inside() -> None:
    broken = replace(event(), source="a\nb")
    assert "\n" not in json_line({**event_record(broken, EventFiles())})


def test_a_near_miss_names_its_rule() -> None:
    record = near_miss_record(near_miss())
    assert (record["rule"], record["reason"]) == (
        "displacement",
        "moved 0.01 of the frame, less than 0.05",
    )
    assert record["evidence"]["peak_sigma"] == 5.0


@pytest.mark.parametrize("offset_h", [0, 2, -8])
def test_times_are_told_in_utc(offset_h: int) -> None:
    zone = timezone(timedelta(hours=offset_h))
    moment = datetime(2026, 11, 21, 12, 0, 0, 123456, zone)
    assert rfc3339(moment) == f"2026-11-21T{12 - offset_h:02d}:00:00.123Z"


def test_a_ledger_names_only_what_was_written() -> None:
    ledger = FileLedger(Path("out"))
    ledger.wrote_clip("a", Path("out/clips/a.mp4"))
    ledger.wrote_snapshot("a", Path("out/snapshots/a.jpg"))
    assert ledger.files("a") == EventFiles(clip="clips/a.mp4", snapshot="snapshots/a.jpg")
    assert ledger.files("b") == EventFiles()


def test_a_clip_in_several_files_names_them_all_and_its_first_as_ever() -> None:
    ledger = FileLedger(Path("out"))
    ledger.wrote_clip("a", Path("out/a.mp4"), Path("out/a-2.mp4"), Path("out/a.mkv"))
    record = event_record(event("a"), ledger.files("a"))["files"]
    assert (record["clip"], record["clip_parts"]) == ("a.mp4", ["a.mp4", "a-2.mp4", "a.mkv"])
    assert files_of_roles(files_by_role(record)) == record


def test_a_clip_in_one_file_has_no_list_of_parts() -> None:
    record = event_record(event("a"), EventFiles(clip="a.mp4"))["files"]
    assert record == {"clip": "a.mp4", "annotated": None, "snapshot": None, "scores": None}
    assert files_of_roles(files_by_role(record)) == record


def test_of_a_clip_whose_first_file_was_deleted_the_others_are_named() -> None:
    record = files_of_roles({"clip-10": "a-10.mp4", "clip-2": "a-2.mp4"})
    assert (record["clip"], record["clip_parts"]) == (None, ["a-2.mp4", "a-10.mp4"])


def test_a_file_of_the_whole_source_is_named_by_every_event() -> None:
    ledger = FileLedger(Path("out"))
    ledger.wrote_clip("a", Path("out/a.mp4"))
    ledger.wrote_annotated(Path("out/annotated.mp4"))
    ledger.wrote_scores(Path("out/scores.jsonl"))
    assert ledger.files("a") == EventFiles("a.mp4", "annotated.mp4", None, "scores.jsonl")


def test_events_that_wait_for_a_file_hold_back_those_behind_them() -> None:
    ledger = FileLedger(Path())
    events = ClosedEvents(ledger)
    ledger.hold("a")
    events.add([closed(event("a", end=20)), closed(event("b", end=30))])
    assert not list(events.settled())
    ledger.release("a")
    assert [settled.id for settled, _ in events.settled()] == ["a", "b"]


def test_an_event_is_handed_out_once() -> None:
    events = ClosedEvents(FileLedger(Path()))
    events.add([closed(event(end=20))])
    assert len(list(events.settled())) == 1
    assert not list(events.remaining())


def test_open_events_have_no_record() -> None:
    events = ClosedEvents(FileLedger(Path()))
    events.add([opened(event())])
    assert not list(events.remaining())
