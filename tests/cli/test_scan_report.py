"""What a scan tells of all its recordings together, and when each thing happened."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.process import run
from tests.cli.recordings import ENTERS_S

pytestmark = pytest.mark.usefixtures("here", "within")

RECORDS = (
    "--no-annotate",
    "--no-clips",
    "--set",
    "outputs.snapshots=false",
    "--set",
    "outputs.contact_sheet=false",
    "--set",
    "archive.timezone=UTC",
)


@pytest.fixture
def archive(crossing_video: Path, here: Path) -> Path:
    """Two cameras; each file is another one, for what is the same is scanned once."""
    for number, name in enumerate(("gate/20260302_080000.mp4", "yard/20260302_090000.mp4")):
        path = here / "archive" / name
        path.parent.mkdir(parents=True)
        shutil.copy(crossing_video, path)
        with path.open("ab") as file:
            file.write(b"\0\0\0\x08free" * (number + 1))
    return here / "archive"


def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("found/report.json").read_text(encoding="utf-8"))
    return found


def test_events_have_the_time_that_the_files_name_says(archive: Path) -> None:
    run("scan", archive / "gate", "--out", "found", *RECORDS)
    (line,) = Path("found/20260302_080000/events.jsonl").read_text(encoding="utf-8").splitlines()
    began = datetime.fromisoformat(json.loads(line)["start_time"])
    at = datetime.fromisoformat("2026-03-02T08:00:00+00:00") + timedelta(seconds=ENTERS_S)
    assert abs(began - at) < timedelta(seconds=0.5)


def test_one_report_tells_of_all_cameras_and_files(archive: Path) -> None:
    done = run("scan", archive, "--out", "found", *RECORDS)
    assert "found/report.html" in done.err
    assert [camera["name"] for camera in report()["cameras"]] == ["gate", "yard"]
    assert [file["start_time_from"] for file in report()["files"]] == ["name", "name"]
    assert report()["totals"]["events"] == {"motion": 2}


def test_the_report_is_told_again_after_each_scan_into_the_folder(archive: Path) -> None:
    run("scan", archive / "gate", "--out", "found", *RECORDS)
    run("scan", archive / "yard", "--out", "found", *RECORDS)
    assert len(report()["files"]) == 2


def test_who_wants_no_report_gets_none(archive: Path) -> None:
    run("scan", archive, "--out", "found", *RECORDS, "--set", "outputs.report=false")
    assert not list(Path("found").glob("report.*"))


def test_what_is_empty_missing_or_no_video_has_its_line_with_its_time(archive: Path) -> None:
    (archive / "gate" / "20260302_100000.mp4").touch()
    (archive / "gate" / "20260302_110000.mp4").write_bytes(b"no video at all")
    missing = "yard/20260302_120000.mp4"
    for _ in range(2):
        assert run("scan", archive, missing, "--out", "found", *RECORDS).code == 3
    assert len(report()["files"]) == 5
    failed = {file["name"]: file for file in report()["files"] if file["state"] == "failed"}
    assert {name: file["start_time"] for name, file in failed.items()} == {
        f"20260302_{hour}0000.mp4": f"2026-03-02T{hour}:00:00.000Z" for hour in (10, 11, 12)
    }
    assert all(file["error"] for file in failed.values())
    assert "2026-03-02 12:00:00</td><td>failed</td><td>yard/" in Path("found/report.html").read_text("utf-8")
