"""The journal and the disk are compared both ways, and put in order without deleting anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile

import pytest

from monitor.clock import SimulatedClock
from monitor.events.event import Kind
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.check import Check, Disorder, fault_of
from monitor.outputs.journal.entries import to_line
from monitor.outputs.journal.held import named_files, set_state
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import to_us
from monitor.outputs.journal.queries import Filter, JournalEvent, find_events
from monitor.outputs.journal.repair import CLOSED_BY, OPENED_BY, Outcome, Repair
from monitor.outputs.journal.spool import FOLDER_NAME
from monitor.outputs.journal.writer import JournalWriter
from tests.capture.encode import encode
from tests.cli.recordings import crossing
from tests.outputs.journal.given import at, closed_entry, entry, event

CLIP = "yard/clips/2025-11-21/12-00-00.000-motion.mp4"
SNAPSHOT = "yard/snapshots/2025-11-21/12-00-00.000-motion.jpg"

Find = Callable[[], list[tuple[Disorder, str]]]
Mend = Callable[[], list[Outcome]]


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("video") / "clip.mp4", crossing(lasts_s=0.4))


@pytest.fixture
def put(tmp_path: Path, video: Path) -> Callable[..., Path]:
    """Puts a clip that plays, or other content, at a place of the output folder."""

    def put_at(path: str, content: bytes | None = None) -> Path:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            copyfile(video, target)
        else:
            target.write_bytes(content)
        return target

    return put_at


@pytest.fixture
def find(tmp_path: Path, journal: Journal) -> Find:
    def findings() -> list[tuple[Disorder, str]]:
        check = Check(tmp_path, journal, "pi", datetime.now(UTC))
        return [(finding.what, finding.subject) for finding in check.findings()]

    return findings


@pytest.fixture
def mend(tmp_path: Path, journal: Journal, place: Place, find: Find) -> Mend:
    """Repairs, and asserts that nothing is left."""

    def repaired() -> list[Outcome]:
        repair = Repair(
            tmp_path, journal, lambda: Journal.open(place), "pi", SimulatedClock(datetime.now(UTC))
        )
        done = list(repair.run())
        assert [outcome.error for outcome in done] == [None] * len(done)
        assert find() == []
        return done

    return repaired


def did(outcomes: list[Outcome]) -> list[str | None]:
    return [outcome.did for outcome in outcomes]


def only(journal: Journal) -> JournalEvent:
    (found,) = find_events(journal, Filter())
    return found


def test_what_agrees_is_in_order(journal: Journal, put: Callable[..., Path], find: Find) -> None:
    put(CLIP)
    put(SNAPSHOT, b"jpeg")
    put("yard/segments/2025-11-21/12-00-00.mp4")
    journal.write([closed_entry(clip=CLIP, snapshot=SNAPSHOT)])
    assert find() == []


def test_an_event_left_open_is_closed_at_the_last_moment_known(
    journal: Journal, find: Find, mend: Mend
) -> None:
    journal.write([replace(entry(event(start_s=2.0)), seen_us=to_us(at(9.5)))])
    assert find() == [(Disorder.OPEN, event().id)]
    assert did(mend()) == ["closed at 2025-11-21T12:00:09.500Z, the last moment known"]
    read = only(journal)
    assert (read.is_open, read.record["end_s"], read.record["evidence"]["closed_by"]) == (
        False,
        9.5,
        CLOSED_BY,
    )


def test_an_event_of_a_running_program_may_be_open(
    journal: Journal, tmp_path: Path, place: Place, find: Find
) -> None:
    with JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi") as writer:
        writer.write([entry(event(), run=writer.run)])
        assert find() == []
    assert find() == [(Disorder.OPEN, event().id)]


def test_a_missing_file_is_no_longer_named(journal: Journal, find: Find, mend: Mend) -> None:
    journal.write([closed_entry(clip=CLIP)])
    assert find() == [(Disorder.MISSING, CLIP)]
    assert did(mend()) == ["no event names it any more"]
    assert only(journal).record["files"]["clip"] is None


def test_a_clip_that_does_not_play_is_moved_away(
    journal: Journal, tmp_path: Path, put: Callable[..., Path], find: Find, mend: Mend
) -> None:
    put(CLIP, b"no video " * 100)
    journal.write([closed_entry(clip=CLIP)])
    assert find() == [(Disorder.UNPLAYABLE, CLIP)]
    assert did(mend()) == [f"moved to lost+found/{CLIP}; no event names it any more"]
    assert (tmp_path / "lost+found" / CLIP).read_bytes() == b"no video " * 100


def test_at_a_start_clips_are_not_tried(
    journal: Journal, tmp_path: Path, place: Place, put: Callable[..., Path]
) -> None:
    put(CLIP, b"no video")
    journal.write([closed_entry(clip=CLIP), entry(event(2, 5))])
    repair = Repair(tmp_path, journal, lambda: Journal.open(place), "pi", SimulatedClock(datetime.now(UTC)))
    assert [outcome.finding.what for outcome in repair.run(try_clips=False)] == [Disorder.OPEN]


@pytest.mark.parametrize(("path", "role"), [(CLIP, "clip"), (SNAPSHOT, "snapshot")])
def test_a_file_finds_the_event_that_its_name_tells(
    journal: Journal, put: Callable[..., Path], find: Find, mend: Mend, path: str, role: str
) -> None:
    put(path)
    journal.write([closed_entry(), closed_entry(2, 1.0), closed_entry(3, kind=Kind.COVERED)])
    assert find() == [(Disorder.ORPHAN, path)]
    assert did(mend()) == ["named in event 00000001"]
    assert [named.event_ids for named in named_files(journal, "pi").values()] == [(event().id,)]
    assert next(find_events(journal, Filter(until=at(0.5)))).record["files"][role] == path  # type: ignore[literal-required]


def test_further_files_of_a_clip_belong_to_its_event(
    journal: Journal, put: Callable[..., Path], mend: Mend
) -> None:
    second = CLIP.replace(".mp4", "-2.mp4")
    put(CLIP)
    put(second)
    journal.write([closed_entry(clip=CLIP)])
    mend()
    assert set(named_files(journal, "pi")) == {CLIP, second}


def test_where_the_journal_was_lost_events_are_made_of_their_files(
    journal: Journal, put: Callable[..., Path], mend: Mend
) -> None:
    put(CLIP)
    put(SNAPSHOT, b"jpeg")
    mend()
    read = only(journal)
    assert (read.at, read.record["kind"], read.record["source"]) == (at(0), "motion", "yard")
    assert (read.record["files"]["clip"], read.record["files"]["snapshot"]) == (CLIP, SNAPSHOT)
    assert read.record["evidence"]["opened_by"] == OPENED_BY


def test_what_belongs_to_nothing_is_moved_away_and_nothing_is_overwritten(
    tmp_path: Path, put: Callable[..., Path], find: Find, mend: Mend
) -> None:
    put("yard/clips/holiday.mp4", b"first")
    mend()
    put("yard/clips/holiday.mp4", b"second")
    assert find() == [(Disorder.ORPHAN, "yard/clips/holiday.mp4")]
    mend()
    lost = tmp_path / "lost+found" / "yard" / "clips"
    assert {path.name: path.read_bytes() for path in lost.iterdir()} == {
        "holiday.mp4": b"first",
        "holiday-2.mp4": b"second",
    }


def test_results_of_a_scan_are_named_by_their_own_log(put: Callable[..., Path], find: Find) -> None:
    put("drive/clips/00001.000-motion.mp4")
    put("drive/clips/00001.000-motion-2.mp4")
    parts = b'"clip_parts": ["drive/clips/00001.000-motion.mp4", "drive/clips/00001.000-motion-2.mp4"]'
    log = b'{"files": {"clip": "drive/clips/00001.000-motion.mp4", ' + parts + b"}}\n{cut off"
    put("drive/events.jsonl", log)
    assert find() == []


def test_an_unfinished_clip_that_plays_is_named_in_its_event(
    journal: Journal, tmp_path: Path, put: Callable[..., Path], find: Find, mend: Mend
) -> None:
    part = "yard/clips/2025-11-21/.12-00-00.000-motion.part.mp4"
    put(part)
    journal.write([closed_entry()])
    assert find() == [(Disorder.LEFTOVER, part)]
    mend()
    clip = only(journal).record["files"]["clip"]
    assert clip == CLIP.replace(".mp4", ".incomplete.mp4")
    assert fault_of(tmp_path / clip) is None


@pytest.mark.parametrize("content", [b"", b"half a picture"])
@pytest.mark.parametrize("name", [".12-00-00.000-motion.part.mp4", "12-00-00.000-motion.jpg.part"])
def test_an_unfinished_file_that_does_not_play_is_moved_away(
    tmp_path: Path, put: Callable[..., Path], mend: Mend, name: str, content: bytes
) -> None:
    put(f"yard/clips/{name}", content)
    mend()
    assert (tmp_path / "lost+found" / "yard" / "clips" / name).read_bytes() == content


def test_a_fresh_file_of_a_running_program_may_be_unfinished(
    tmp_path: Path, place: Place, put: Callable[..., Path], find: Find
) -> None:
    put(CLIP)
    put("yard/clips/.b.part.mp4")
    with JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi"):
        assert find() == []
    assert len(find()) == 2


def test_a_deletion_that_was_begun_is_finished(
    journal: Journal, tmp_path: Path, put: Callable[..., Path], find: Find, mend: Mend
) -> None:
    put(CLIP)
    journal.write([closed_entry(clip=CLIP)])
    set_state(journal, list(named_files(journal, "pi").values()), "going")
    assert find()[0] == (Disorder.GOING, CLIP)
    mend()
    assert not (tmp_path / CLIP).exists()


def test_what_waited_for_the_journal_is_written_before_all_else(
    journal: Journal, tmp_path: Path, put: Callable[..., Path], find: Find, mend: Mend
) -> None:
    put(CLIP)
    (tmp_path / FOLDER_NAME).mkdir()
    (tmp_path / FOLDER_NAME / "crashed.jsonl").write_text(f"{to_line(closed_entry(clip=CLIP))}\n", "utf-8")
    assert (Disorder.SPOOL, f"{FOLDER_NAME}/crashed.jsonl") in find()
    assert did(mend()) == ["written into the journal"]
    assert only(journal).record["files"]["clip"] == CLIP


def test_a_path_that_leads_out_of_the_folder_is_not_followed(
    journal: Journal, tmp_path: Path, find: Find
) -> None:
    outside = tmp_path.parent / "mine.mp4"
    outside.write_bytes(b"no video")
    journal.write([closed_entry(clip="../mine.mp4", annotated=str(outside))])
    assert find() == []
    assert outside.exists()
