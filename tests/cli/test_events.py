"""`monitor events` lists, shows, exports and marks what the journal holds."""

import csv
import io
import json
import os
import pty
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from monitor.outputs.journal.entries import NearMissEntry
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import to_us
from monitor.outputs.records import json_line, near_miss_record, rfc3339
from tests.cli.journals import begin, some_events
from tests.cli.process import run, spawn, start
from tests.outputs.journal.given import at, closed_entry, entry, event
from tests.outputs.scene import near_miss

pytestmark = pytest.mark.usefixtures("here")

FIRST = "5f3a0001-0000-4000-8000-000000000000"


@pytest.fixture(autouse=True)
def journal(here: Path) -> Iterator[Journal]:
    with begin(*some_events()) as opened:
        yield opened


def rows(*args: object) -> list[list[str]]:
    result = run("events", "list", *args)
    assert result.code == 0, result.said
    return [line.split("\t") for line in result.out.splitlines()]


def test_events_are_listed_newest_first_and_plainly_when_piped() -> None:
    header, *listed = rows("--utc")
    assert header == ["id", "start (UTC)", "lasted", "source", "kind", "marks"]
    assert [row[1:] for row in listed] == [
        ["2025-11-21 12:00:30", "1:05", "gate", "covered", ""],
        ["2025-11-21 12:00:20", "—", "yard", "motion", "open"],
        ["2025-11-21 12:00:10", "2.0 s", "yard", "motion", ""],
    ]
    assert listed[2][0] == FIRST


def test_times_are_local_unless_utc_is_asked_for() -> None:
    result = spawn("events", "list", env=os.environ | {"TZ": "Asia/Tokyo"})
    header, *listed = [line.split("\t") for line in result.out.splitlines()]
    assert (header[1], listed[-1][1]) == ("start (JST)", "2025-11-21 21:00:10")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--source", "gate"], 1),
        (["--source", "gate", "--source", "yard"], 3),
        (["--kind", "motion"], 2),
        (["--since", "2025-11-21 12:00:20"], 2),
        (["--until", "2025-11-21T12:00:20"], 1),
        (["--since", "2025-11-21"], 3),
        (["--until", "2025-11-21T21:00:15+09:00"], 1),
        (["--until", "300w"], 0),
        (["--label", "none"], 3),
        (["--label", "any"], 0),
        (["--limit", "2"], 2),
    ],
)
def test_what_is_asked_for_is_listed(options: list[str], count: int) -> None:
    assert len(rows("--utc", *options)) == 1 + count


def test_machines_get_the_record_with_its_marks() -> None:
    run("events", "label", "5f3a", "false", "--note", "the cat")
    *_, record = [json.loads(line) for line in run("events", "list", "--json").out.splitlines()]
    assert (record["schema"], record["id"], record["files"]["clip"]) == (1, FIRST, "yard/clips/a.mp4")
    assert (record["label"], record["note"], record["kept"], record["open"]) == (
        False,
        "the cat",
        False,
        False,
    )


def test_near_misses_are_listed_with_their_rule(journal: Journal) -> None:
    record = {**near_miss_record(near_miss()), "start_time": rfc3339(at(1)), "end_time": rfc3339(at(2))}
    us = to_us(at(1))
    journal.write([NearMissEntry("n", "pi", "scene", "motion", us, us, us, json_line(record))])
    assert rows("--near-misses", "--utc")[1:] == [
        ["2025-11-21 12:00:01", "scene", "motion", "displacement", "moved 0.01 of the frame, less than 0.05"]
    ]
    (exported,) = csv.DictReader(io.StringIO(run("events", "export", "--near-misses").out))
    assert (exported["rule"], exported["peak_sigma"]) == ("displacement", "5.0")


def test_an_event_is_shown_with_its_evidence() -> None:
    said = run("events", "show", "5f3a", "--utc").out
    assert "start\t2025-11-21 12:00:10 UTC\n" in said
    assert "opened, because\tmoved 0.20 of the frame (limit 0.05) at 14.2 σ (limit 4.0 σ)\n" in said
    assert "clip\tyard/clips/a.mp4\n" in said
    assert json.loads(run("events", "show", "5f3a", "--json").out)["id"] == FIRST


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [("5f3", "Several events' ids begin with '5f3'"), ("77", "No event's id begins with '77'")],
)
def test_an_id_must_mean_one_event(prefix: str, sentence: str) -> None:
    for command in (["show", prefix], ["label", prefix, "true"], ["keep", prefix]):
        result = run("events", *command)
        assert (result.code, result.out) == (2, "")
        assert sentence in result.err


def test_labels_and_keeping_are_set_and_taken_back() -> None:
    assert run("events", "label", "5f3a", "true", "--note", "a fox").out == f"{FIRST}: true alarm\n"
    assert run("events", "keep", "5f3a").out == f"{FIRST}: true alarm, kept\n"
    assert rows("--label", "true")[1][-1] == "true alarm, kept"
    record: dict[str, Any] = json.loads(run("events", "keep", "5f3a", "--unkeep", "--json").out)
    assert (record["label"], record["note"], record["kept"]) == (True, "a fox", False)
    assert run("events", "label", "5f3a", "none", "--note", "").out == f"{FIRST}: not labelled, not kept\n"


def test_a_table_is_exported_with_all_columns() -> None:
    exported = list(csv.DictReader(io.StringIO(run("events", "export", "--format", "csv").out)))
    assert [row["kind"] for row in exported] == ["covered", "motion", "motion"]
    assert (exported[2]["clip"], exported[2]["zones"], exported[2]["x"], exported[2]["label"]) == (
        "yard/clips/a.mp4", "gate", "0.25", "",
    )  # fmt: skip


def test_records_are_exported_to_a_new_file_only() -> None:
    assert run("events", "export", "--format", "jsonl", "--out", "all.jsonl", "--source", "yard").code == 0
    assert len(Path("all.jsonl").read_text("utf-8").splitlines()) == 2
    again = run("events", "export", "--out", "all.jsonl")
    assert again.code == 3
    assert "exists already" in again.err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--since", "tomorrowish"], "--since 'tomorrowish': is not a time; give 2026-11-21,"),
        (["--kind", "burglar"], "--kind burglar: there is no such kind; there are blinded, camera_moved"),
        (["--journal", "none.sqlite"], "none.sqlite: there is no journal; `monitor watch` begins one"),
        (["--journal", "mysql://db"], "A journal cannot be kept in mysql"),
    ],
)
def test_wrong_use_is_told(options: list[str], sentence: str) -> None:
    result = run("events", "list", *options)
    assert (result.code, result.out) == (2, "")
    assert sentence in result.said


def test_another_journal_may_be_named() -> None:
    with begin(closed_entry(7), folder=Path("elsewhere")):
        assert len(rows("--journal", "elsewhere/journal.sqlite")) == 2


def test_a_damaged_journal_is_told_without_a_traceback() -> None:
    Path("bad.sqlite").write_bytes(b"no database" * 500)
    result = run("events", "list", "--journal", "bad.sqlite")
    assert (result.code, "is damaged (file is not a database). `monitor check --repair`" in result.said) == (
        3,
        True,
    )


def test_a_terminal_of_80_columns_shows_a_table() -> None:
    ours, theirs = pty.openpty()
    process = start(
        "events", "list", "--utc", stdout=theirs, env=os.environ | {"COLUMNS": "80", "TERM": "xterm"}
    )
    os.close(theirs)
    said = b""
    with suppress(OSError):  # the end of a terminal
        while more := os.read(ours, 65536):
            said += more
    os.close(ours)
    assert process.communicate(timeout=60)[1] == ""
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in said.decode().splitlines()]
    assert max(map(len, lines)) <= 80
    assert any(
        line.split() == ["5f3a0001", "2025-11-21", "12:00:10", "2.0", "s", "yard", "motion"] for line in lines
    )


def test_a_long_name_of_a_camera_is_shown_whole(journal: Journal) -> None:
    name = "the camera above the door of the old barn behind the house"
    journal.write([entry(event(9, 50, 52, source=name))])
    assert rows()[1][3] == name
