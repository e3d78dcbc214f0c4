"""`monitor report`: from what a scan left, as a user calls it."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

from tests.archive.given import Scanned, event, scanned
from tests.cli.process import run

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_the_report_is_made_anew_and_said_where(tmp_path: Path) -> None:
    out = scanned(tmp_path / "results", Scanned(START, events=[event()]))
    done = run("report", out)
    assert done.code == 0
    assert done.out.splitlines() == [
        "1 event in 1 recording:",
        *(f"  {out / 'report'}.{suffix}" for suffix in ("html", "csv", "json")),
    ]


def test_machines_get_the_names_of_the_files(tmp_path: Path) -> None:
    out = scanned(tmp_path / "results", Scanned(START))
    told = json.loads(run("report", out, "--json").out)
    assert told["page"] == str(out / "report.html")
    assert (told["files"], told["events"]) == (1, 0)


def test_times_are_of_the_zone_that_is_set(tmp_path: Path) -> None:
    out = scanned(tmp_path / "results", Scanned(START, events=[event()]))
    config = tmp_path / "monitor.yaml"
    config.write_text("archive: {timezone: Asia/Tokyo}\n", encoding="utf-8")
    locals_ = []
    for options in (("--config", config), ("--config", config, "--utc")):
        run("report", out, *options)
        (row,) = csv.DictReader((out / "report.csv").read_text(encoding="utf-8").splitlines())
        locals_.append(row["start_local"])
    assert locals_ == ["2026-03-02 17:00:10+09:00", "2026-03-02 08:00:10+00:00"]


def test_a_folder_without_results_is_a_sentence(tmp_path: Path) -> None:
    done = run("report", tmp_path)
    assert done.code == 2
    assert "holds no results of a scan" in done.said
    assert "Traceback" not in done.err


def test_a_store_is_told_to_be_none_of_its_folders() -> None:
    done = run("report", "s3://bucket/results")
    assert done.code == 2
    assert "s3://bucket/results is in a store" in done.said
