"""Events and near misses, line by line."""

import csv
import io
import json
from pathlib import Path

import pytest

from monitor.errors import OutputError, OutputExistsError
from monitor.outputs.files import FileLedger
from monitor.outputs.jsonl import EventLog, NearMissLog
from monitor.outputs.layout import Layout
from monitor.outputs.table import COLUMNS, EventTable
from tests.outputs.scene import closed, event, near_miss, observation, opened


def test_a_closed_event_is_on_disk_before_the_log_is_closed(layout: Layout, ledger: FileLedger) -> None:
    log = EventLog(layout.events, ledger)
    log.take(observation(60, (closed(event(end=60)),)))
    text = layout.events.read_text("utf-8")
    log.close()
    assert text.endswith("\n")
    assert json.loads(text)["id"] == "e1"


def test_an_event_that_is_only_open_is_not_written(layout: Layout, ledger: FileLedger) -> None:
    log = EventLog(layout.events, ledger)
    log.take(observation(10, (opened(event()),)))
    log.close()
    assert layout.events.read_text() == ""


def test_a_record_waits_for_its_clip(layout: Layout, ledger: FileLedger) -> None:
    log = EventLog(layout.events, ledger)
    ledger.hold("e1")
    log.take(observation(60, (closed(event(end=60)),)))
    early = layout.events.read_text()
    ledger.wrote_clip("e1", layout.clip(event()))
    ledger.release("e1")
    log.take(observation(61))
    log.close()
    assert early == ""
    assert json.loads(layout.events.read_text("utf-8"))["files"]["clip"] == "clips/00000.400-motion.mp4"


def test_a_record_whose_clip_never_came_is_written_at_the_close(layout: Layout, ledger: FileLedger) -> None:
    log = EventLog(layout.events, ledger)
    ledger.hold("e1")
    log.finish((closed(event(end=60)),), ())
    log.close()
    assert json.loads(layout.events.read_text("utf-8"))["files"]["clip"] is None


def test_a_log_can_be_closed_twice(layout: Layout, ledger: FileLedger) -> None:
    log = EventLog(layout.events, ledger)
    log.finish((closed(event(end=60)),), ())
    log.close()
    log.close()
    assert len(layout.events.read_text("utf-8").splitlines()) == 1


def test_an_existing_log_is_not_overwritten(layout: Layout, ledger: FileLedger) -> None:
    layout.events.write_text("mine")
    with pytest.raises(OutputExistsError):
        EventLog(layout.events, ledger)
    assert layout.events.read_text() == "mine"


def test_a_stream_is_written_but_left_open(ledger: FileLedger) -> None:
    stream = io.StringIO()
    log = EventLog(stream, ledger)
    log.finish((closed(event(end=60)),), ())
    log.close()
    assert json.loads(stream.getvalue())["kind"] == "motion"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_in_a_sentence(ledger: FileLedger) -> None:
    # Unbuffered, so that nothing is left to be written when the stream is closed.
    with Path("/dev/full").open("wb", buffering=0) as raw:
        full = io.TextIOWrapper(raw, write_through=True)
        log = EventLog(full, ledger)
        with pytest.raises(OutputError, match="No space left on device"):
            log.finish((closed(event(end=60)),), ())
        full.detach()


def test_near_misses_are_written_as_they_come(layout: Layout) -> None:
    log = NearMissLog(layout.near_misses)
    log.take(observation(30, near_misses=(near_miss(),)))
    log.finish((), (near_miss(),))
    log.close()
    rules = [json.loads(line)["rule"] for line in layout.near_misses.read_text().splitlines()]
    assert rules == ["displacement", "displacement"]


def table_rows(layout: Layout) -> list[dict[str, str]]:
    with layout.table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_has_one_row_an_event(layout: Layout, ledger: FileLedger) -> None:
    table = EventTable(layout.table, ledger)
    table.take(observation(60, (closed(event("a", end=60)), closed(event("b", end=60)))))
    table.close()
    (row, other) = table_rows(layout)
    assert (row["id"], other["id"]) == ("a", "b")
    assert (row["end_s"], row["width"], row["peak_sigma"], row["zones"]) == ("2.4", "0.15", "14.25", "gate")
    assert row["opened_by"] == event().evidence.opened_by
    assert row["clip"] == ""


def test_a_table_without_events_still_has_its_header(layout: Layout, ledger: FileLedger) -> None:
    EventTable(layout.table, ledger).close()
    assert layout.table.read_text().strip().split(",") == list(COLUMNS)


def test_a_table_row_waits_for_its_clip(layout: Layout, ledger: FileLedger) -> None:
    table = EventTable(layout.table, ledger)
    ledger.hold("e1")
    table.take(observation(60, (closed(event(end=60)),)))
    ledger.wrote_clip("e1", layout.clip(event()))
    ledger.release("e1")
    table.close()
    assert [row["clip"] for row in table_rows(layout)] == ["clips/00000.400-motion.mp4"]
