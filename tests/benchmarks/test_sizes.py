"""What the benchmarks of size and of scaling are made of: journals, folders of results, and sums."""

from pathlib import Path

import pytest

from benchmarks.speed import journals, reports, scaling
from benchmarks.speed.scaling import Costs
from monitor.archive.report.write import write_report


def test_every_question_is_answered_by_a_small_journal() -> None:
    rows = [line.split(" | ") for line in journals.report(2000).splitlines() if line.startswith("| ")]
    found = {row[0].removeprefix("| "): row[1] for row in rows[2:]}
    assert len(found) == len(journals.questions())
    assert found["newest 50"] == "50"
    assert found["one event by the beginning of its id"] == "1"
    assert found["the last state of each camera"] == str(len(journals.CAMERAS))


def test_a_folder_of_results_has_events_with_pictures_for_its_report(tmp_path: Path) -> None:
    reports.fill(tmp_path, 3)
    written = write_report(tmp_path)
    assert (written.files, written.events) == (3, 3 * reports.EVENTS)
    assert written.page.read_text(encoding="utf-8").count("data:image/jpeg") == 3 * reports.EVENTS


@pytest.mark.parametrize(
    ("cost", "bytes_per_s", "first"),
    [
        (0.001, 1e5, "the workers themselves"),
        (0.001, 3e6, "storage at 1 Gbit/s"),
        (0.9, 1e5, "the thread that hands out"),
    ],
)
def test_the_resource_that_gives_out_first_is_named(cost: float, bytes_per_s: float, first: str) -> None:
    costs = Costs(wait_s=0.01, dispatch_s=cost, message_s=1e-5, append_s=0.0, identity_s=0.0)
    row = scaling.limit(100, costs, work_s=60.0, bytes_per_s=bytes_per_s)
    assert row[-1] == first
    assert row[3] == "99.98%"
