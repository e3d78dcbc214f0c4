"""The report's table and JSON document, and what they are read from."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.archive.manifest import State
from monitor.archive.report.contents import contents_of
from monitor.archive.report.record import json_text
from monitor.archive.report.table import csv_text
from monitor.archive.report.write import write_report
from monitor.errors import OutputError, UsageError
from tests.archive.given import Scanned, event, hours, miss, scanned

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def document(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json_text(contents_of(out, UTC)))
    return found


def rows(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(contents_of(out, UTC)))))


def test_an_event_without_a_time_gets_it_from_the_start_of_its_file(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, events=[event(10.0, 14.5)]))
    (found,) = document(out)["events"]
    assert (found["start_time"], found["end_time"]) == (
        "2026-03-02T08:00:10.000Z",
        "2026-03-02T08:00:14.500Z",
    )
    assert (found["camera"], found["address"]) == ("gate", "/archive/gate/x.mp4")


def test_an_event_of_a_file_without_a_time_keeps_none(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(None, events=[event()]))
    (found,) = document(out)["events"]
    assert (found["start_time"], found["start_s"]) == (None, 10.0)


def test_events_of_a_camera_are_in_the_order_of_time(tmp_path: Path) -> None:
    later, earlier = hours(START, 2, events=[event(30.0), event(10.0)])[::-1]
    out = scanned(tmp_path, later, Scanned(None, events=[event(1.0)]), earlier)
    times = [found["start_time"] for found in document(out)["events"]]
    assert times[:4] == sorted(times[:4])
    assert times[4] is None


def test_totals_count_files_events_and_rules(tmp_path: Path) -> None:
    failed = Scanned(START, state=State.FAILED, scanned_s=600.0, error="it ends")
    out = scanned(tmp_path, Scanned(START, events=[event()], near_misses=[miss(), miss("shadow")]), failed)
    assert document(out)["totals"] == {
        "files": 2,
        "failed": 1,
        "scanned_s": 4200.0,
        "events": {"motion": 1},
        "near_misses": {"too small": 1, "shadow": 1},
    }


def test_gaps_of_each_camera_are_told(tmp_path: Path) -> None:
    first, second, third = hours(START, 3)
    out = scanned(tmp_path, first, third, Scanned(second.start, camera="yard"))
    gate, yard = document(out)["cameras"]
    assert [(gap["start_time"], gap["end_time"]) for gap in gate["gaps"]] == [
        ("2026-03-02T09:00:00.000Z", "2026-03-02T10:00:00.000Z")
    ]
    assert gate["watched_fraction"] == pytest.approx(2 / 3, abs=1e-6)
    assert yard["gaps"] == []


def test_what_was_not_scanned_of_a_broken_file_was_not_watched(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, state=State.FAILED, scanned_s=900.0))
    (camera,) = document(out)["cameras"]
    assert (camera["recorded_s"], camera["watched_s"]) == (3600.0, 900.0)


def test_a_file_that_is_shorter_than_its_header_says_ends_where_it_ends(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, scanned_s=900.0))
    (camera,) = document(out)["cameras"]
    assert (camera["recorded_s"], camera["watched_s"]) == (900.0, 900.0)


def test_while_the_camera_was_covered_nothing_was_watched(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, events=[event(600.0, 1200.0, kind="covered")]))
    (camera,) = document(out)["cameras"]
    assert camera["watched_s"] == 3000.0


def test_results_that_were_removed_are_said_to_be_gone(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, events=[event()]))
    (out / "0" / "events.jsonl").unlink()
    (file,) = document(out)["files"]
    assert file["results_lost"]


def test_a_line_that_a_crash_cut_off_is_left_out(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START, events=[event()]))
    with (out / "0" / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"schema": 1, "id"')
    assert len(document(out)["events"]) == 1


def test_the_table_has_a_line_for_each_event_of_all(tmp_path: Path) -> None:
    found = event(10.0, 14.5, zones=["gate", "porch"])
    (row, _) = rows(scanned(tmp_path, *hours(START, 2, events=[found])))
    assert (row["camera"], row["kind"], row["zones"]) == ("gate", "motion", "gate;porch")
    assert (row["start_local"], row["lasted_s"]) == ("2026-03-02 08:00:10+00:00", "4.5")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_spreadsheet_takes_a_name_for_a_formula(tmp_path: Path, name: str) -> None:
    (row,) = rows(scanned(tmp_path, Scanned(START, camera=name, events=[event(source=name)])))
    assert row["camera"] == f"'{name}"
    assert row["source"] == f"'{name}"
    assert row["x"] == "0.1"


def test_a_folder_without_a_scan_is_told_with_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--out"):
        write_report(tmp_path)


def test_a_report_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START))
    (out / "report.csv").mkdir()
    (out / "report.csv" / "x").touch()
    with pytest.raises(OutputError, match=r"report\.csv"):
        write_report(out)
    assert not [path for path in out.iterdir() if path.name.startswith(".report")]


def test_a_report_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    out = scanned(tmp_path, Scanned(START))
    write_report(out)
    (out / "0" / "events.jsonl").write_text(json.dumps(event()) + "\n", encoding="utf-8")
    assert write_report(out).events == 1
    assert "id-10.0" in (out / "report.csv").read_text(encoding="utf-8")
