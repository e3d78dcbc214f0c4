"""What happens at a source is in the journal as it happens."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.analysis.scores import State
from monitor.clock import SimulatedClock
from monitor.events.event import EventChange, Phase
from monitor.frames import Gap
from monitor.outputs.files import FileLedger
from monitor.outputs.journal.address import Place
from monitor.outputs.journal.held import named_files
from monitor.outputs.journal.journal import Journal
from monitor.outputs.journal.moments import from_us
from monitor.outputs.journal.queries import Filter, JournalEvent, find_events, find_near_misses
from monitor.outputs.journal.schema import coverage, events, gaps
from monitor.outputs.journal.sink import HEARTBEAT_S, JournalSink, Watch
from monitor.outputs.journal.writer import JournalWriter
from tests.outputs.journal.given import at, event, seen
from tests.outputs.scene import closed, near_miss, opened


@pytest.fixture
def files(tmp_path: Path) -> FileLedger:
    return FileLedger(tmp_path)


@pytest.fixture
def sink(journal: Journal, place: Place, tmp_path: Path, files: FileLedger) -> Iterator[JournalSink]:
    with JournalWriter(lambda: Journal.open(place), tmp_path, SimulatedClock(), "pi") as writer:
        yield JournalSink(writer, "yard", files, SimulatedClock())


@pytest.fixture
def written(journal: Journal) -> Callable[[], JournalEvent]:
    def one() -> JournalEvent:
        (found,) = find_events(journal, Filter())
        return found

    return one


Span = tuple[str, str | None, datetime, datetime]


def spans(journal: Journal) -> list[Span]:
    with journal.reading() as connection:
        rows = connection.execute(select(coverage).order_by(coverage.c.start_us)).all()
    return [(row.state, row.why, from_us(row.start_us), from_us(row.end_us)) for row in rows]


def watch(sink: JournalSink, start_s: int, end_s: int) -> None:
    """Take a frame each second."""
    for second in range(start_s, end_s + 1):
        sink.take(seen(second))


def test_an_event_is_there_when_it_opens(sink: JournalSink, written: Callable[[], JournalEvent]) -> None:
    sink.take(seen(1, (opened(event(start_s=0.5)),)))
    read = written()
    assert (read.is_open, read.at, read.node, read.record["source"]) == (True, at(0.5), "pi", "yard")


def test_a_better_peak_is_written_with_the_next_beat(
    sink: JournalSink, written: Callable[[], JournalEvent]
) -> None:
    sink.take(seen(0, (opened(event()),)))
    sink.take(seen(1, (EventChange(Phase.UPDATED, event(peak_s=1.0)),)))
    assert written().record["peak_s"] == 0.8
    sink.take(seen(HEARTBEAT_S + 1))
    assert written().record["peak_s"] == 1.0


def test_an_open_event_is_known_to_go_on(sink: JournalSink, journal: Journal) -> None:
    sink.take(seen(0, (opened(event()),)))
    watch(sink, 1, 12)
    with journal.reading() as connection:
        seen_us = connection.execute(select(events.c.seen_us)).scalar_one()
    assert from_us(seen_us) >= at(12 - HEARTBEAT_S)


def test_an_event_closes_with_its_files(
    sink: JournalSink, files: FileLedger, tmp_path: Path, written: Callable[[], JournalEvent]
) -> None:
    sink.take(seen(0, (opened(event()),)))
    files.wrote_clip(event().id, tmp_path / "yard" / "clips" / "a.mp4")
    sink.take(seen(3, (closed(event(end_s=2.0)),)))
    read = written()
    assert (read.is_open, read.record["end_s"], read.record["files"]["clip"]) == (
        False,
        2.0,
        "yard/clips/a.mp4",
    )


def test_a_clip_in_several_files_comes_back_with_all_of_them(
    sink: JournalSink,
    files: FileLedger,
    tmp_path: Path,
    written: Callable[[], JournalEvent],
    journal: Journal,
) -> None:
    files.wrote_clip(event().id, tmp_path / "a.mp4", tmp_path / "a-2.mp4")
    sink.take(seen(3, (closed(event(end_s=2.0)),)))
    named = written().record["files"]
    assert (named["clip"], named["clip_parts"]) == ("a.mp4", ["a.mp4", "a-2.mp4"])
    assert set(named_files(journal, "pi")) == {"a.mp4", "a-2.mp4"}


def test_a_closed_event_does_not_wait_for_its_clip_and_names_it_later(
    sink: JournalSink, files: FileLedger, tmp_path: Path, written: Callable[[], JournalEvent]
) -> None:
    files.hold(event().id)
    sink.take(seen(3, (closed(event(end_s=2.0)),)))
    assert (written().is_open, written().record["files"]["clip"]) == (False, None)
    files.wrote_clip(event().id, tmp_path / "a.mp4")
    files.release(event().id)
    sink.take(seen(4))
    assert written().record["files"]["clip"] == "a.mp4"


def test_what_the_end_of_the_source_closes_is_written(
    sink: JournalSink, files: FileLedger, written: Callable[[], JournalEvent]
) -> None:
    sink.take(seen(0, (opened(event()),)))
    files.hold(event().id)
    sink.finish((closed(event(end_s=1.0)),), ())
    sink.close()
    sink.close()
    assert not written().is_open


def test_a_near_miss_has_the_time_of_its_frames(sink: JournalSink, journal: Journal) -> None:
    sink.take(seen(2, near_misses=(near_miss(),)))
    (miss,) = find_near_misses(journal, Filter())
    told = dict(miss)
    assert (told["rule"], told["start_time"]) == ("displacement", "2025-11-21T12:00:01.000Z")


def test_a_source_without_wall_time_has_events_and_no_coverage(
    sink: JournalSink, journal: Journal, written: Callable[[], JournalEvent]
) -> None:
    plain = seen(3, (closed(event(end_s=2.0, start_time=None, end_time=None)),))
    sink.take(replace(plain, frame=replace(plain.frame, wall_time=None)))
    assert written().record["start_time"] is None
    assert spans(journal) == []


def test_coverage_grows_while_it_is_watched(sink: JournalSink, journal: Journal) -> None:
    watch(sink, 0, 60)
    sink.close()
    assert spans(journal) == [("watching", None, at(0), at(60))]


def test_a_crash_loses_seconds_of_coverage(sink: JournalSink, journal: Journal) -> None:
    watch(sink, 0, 304)
    ((_, _, start, end),) = spans(journal)  # without close, as after a crash
    assert start == at(0)
    assert at(304 - HEARTBEAT_S) <= end <= at(304)


def test_learning_the_scene_is_not_watching(sink: JournalSink, journal: Journal) -> None:
    for second in range(4):
        observation = seen(second)
        scores = replace(observation.scores, state=State.WARMING_UP)
        sink.take(replace(observation, scores=scores))
    watch(sink, 4, 10)
    sink.close()
    assert spans(journal) == [("warming_up", None, at(0), at(4)), ("watching", None, at(4), at(10))]


def test_a_gap_blinds_until_the_next_frame(sink: JournalSink, journal: Journal) -> None:
    watch(sink, 0, 10)
    why = "the camera does not answer"
    sink.gap(Gap(10.0, None, why, at(10)))
    for second in range(11, 40):
        sink.coverage(Watch.BLIND, at(second), why)
    sink.gap(Gap(10.0, 40.0, why, at(10)))
    watch(sink, 40, 50)
    sink.close()
    assert spans(journal) == [
        ("watching", None, at(0), at(10)), ("blind", why, at(10), at(40)), ("watching", None, at(40), at(50)),
    ]  # fmt: skip
    with journal.reading() as connection:
        (row,) = connection.execute(select(gaps)).all()
    assert (from_us(row.start_us), from_us(row.end_us), row.why) == (at(10), at(40), why)


@pytest.mark.parametrize("jump_s", [600, -600])
def test_nothing_is_claimed_of_a_silence_nor_of_a_clock_set_back(
    sink: JournalSink, journal: Journal, jump_s: int
) -> None:
    watch(sink, 0, 10)
    for second in range(10):
        sink.coverage(Watch.WATCHING, at(10 + jump_s + second))
    sink.close()
    told = {(start, end) for _, _, start, end in spans(journal)}
    assert told == {(at(0), at(10)), (at(10 + jump_s), at(19 + jump_s))}
