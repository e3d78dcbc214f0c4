"""Continuous recording, the video of a day, and the names of both."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.layout import unfinished
from monitor.outputs.notice import Notice
from monitor.outputs.recording.encoder import SOFTWARE
from monitor.outputs.recording.names import DatedNames
from monitor.outputs.recording.segments import CodedSegmentSink, RawSegmentSink, Segments
from monitor.outputs.recording.timelapse import SHOWN_RATE_HZ, TimelapseSink
from monitor.outputs.recording.worker import Worker
from tests.outputs.recording.coded import GOP, RATE_HZ, coded, shown
from tests.outputs.recording.test_raw import frame
from tests.outputs.scene import event, names_in, observation

LENGTH_S = 60.0


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(datetime(2026, 11, 21, 23, 58, 58, tzinfo=UTC))


@pytest.fixture
def segments(tmp_path: Path, guard: DiskGuard) -> Segments:
    return Segments(DatedNames(tmp_path).segment, guard, LENGTH_S)


def test_segments_are_cut_at_round_times_on_a_key_picture_and_lose_nothing(
    segments: Segments, worker: Worker, clock: SimulatedClock, tmp_path: Path
) -> None:
    sink = CodedSegmentSink(segments, worker, clock)
    for picture in coded(start_s=0.0):
        sink.push(picture)
        clock.advance(1 / RATE_HZ)
        assert worker.drain()
    sink.close()
    sink.close()
    assert names_in(tmp_path) == {"segments/2026-11-21/23-58-58.mp4", "segments/2026-11-21/23-59-00.mp4"}
    first, second = sorted((tmp_path / "segments" / "2026-11-21").iterdir())
    assert shown(first)[0] + shown(second)[0] == list(range(100))
    assert shown(second)[0][0] == 50
    assert 50 % GOP == 0


def test_a_day_begins_with_a_segment_of_its_own(
    segments: Segments, worker: Worker, clock: SimulatedClock, tmp_path: Path
) -> None:
    sink = CodedSegmentSink(segments, worker, clock)
    for picture in coded(start_s=0.0):
        sink.push(picture)
        clock.advance(1.0)
        worker.drain()
    sink.close()
    days = sorted(path.name for path in (tmp_path / "segments").iterdir())
    assert days == ["2026-11-21", "2026-11-22"]
    assert sorted(path.name for path in (tmp_path / "segments" / days[1]).iterdir())[0] == "00-00-08.mp4"


def test_a_segment_grows_on_the_disk(
    segments: Segments, worker: Worker, clock: SimulatedClock, tmp_path: Path
) -> None:
    sink = CodedSegmentSink(segments, worker, clock)
    for picture in coded(start_s=0.0)[:60]:
        sink.push(picture)
    assert worker.drain()
    (part,) = tmp_path.rglob(".*.part.mp4")
    assert shown(part)[0] == list(range(57))  # three fragments of 19 pictures
    sink.close()


def test_a_slow_disk_leaves_a_hole_in_a_segment_that_says_so(
    segments: Segments, clock: SimulatedClock, notices: list[Notice], tmp_path: Path
) -> None:
    pictures = coded(start_s=0.0)
    worker = Worker("yard", clock, notices.append, max_bytes=sum(len(p.data) for p in pictures[:30]))
    sink = CodedSegmentSink(segments, worker, clock)
    for picture in pictures[:80]:
        sink.push(picture)
    worker.start()
    assert worker.drain()
    for picture in pictures[80:]:
        sink.push(picture)
    sink.close()
    worker.close()
    assert names_in(tmp_path) == {"segments/2026-11-21/23-58-58.incomplete.mp4"}
    numbers, _ = shown(next(tmp_path.rglob("*.mp4")))
    assert numbers[:30] == list(range(30))
    assert numbers[-20:] == list(range(80, 100))


def test_frames_are_encoded_into_segments(
    segments: Segments, worker: Worker, clock: SimulatedClock, tmp_path: Path
) -> None:
    sink = RawSegmentSink(segments, worker, clock, encoder=SOFTWARE, max_height_px=720)
    for number in range(100):
        sink.take(replace(observation(number), frame=frame(number)))
        clock.advance(1 / RATE_HZ)
        worker.drain()
    sink.finish((), ())
    first, second = sorted((tmp_path / "segments" / "2026-11-21").iterdir())
    assert (shown(first)[0], shown(second)[0]) == (list(range(50)), list(range(50, 100)))


@pytest.fixture
def timelapse(tmp_path: Path, guard: DiskGuard, worker: Worker, clock: SimulatedClock) -> TimelapseSink:
    names = DatedNames(tmp_path)
    return TimelapseSink(names.timelapse, guard, worker, clock, every_s=10.0, max_height_px=720)


def a_day(sink: TimelapseSink, clock: SimulatedClock, count: int, step_s: float = 5.0) -> None:
    for number in range(count):
        sink.take(replace(observation(number), frame=replace(frame(number), time_s=number * step_s)))
        clock.advance(step_s)


def test_a_timelapse_shows_one_picture_each_interval_and_a_video_each_day(
    timelapse: TimelapseSink, clock: SimulatedClock, tmp_path: Path
) -> None:
    a_day(timelapse, clock, 40)
    timelapse.close()
    timelapse.close()
    assert names_in(tmp_path) == {"timelapse/2026-11-21.mp4", "timelapse/2026-11-22.mp4"}
    first, first_s = shown(tmp_path / "timelapse" / "2026-11-21.mp4")
    second, _ = shown(tmp_path / "timelapse" / "2026-11-22.mp4")
    assert first == list(range(0, 13, 2))
    assert second == list(range(14, 40, 2))
    assert first_s == pytest.approx([place / SHOWN_RATE_HZ for place in range(7)], abs=1e-4)


def test_all_pictures_of_a_timelapse_but_the_last_are_on_the_disk(
    timelapse: TimelapseSink, clock: SimulatedClock, worker: Worker, tmp_path: Path
) -> None:
    a_day(timelapse, clock, 10)
    worker.drain()
    assert shown(unfinished(tmp_path / "timelapse" / "2026-11-21.mp4"))[0] == [0, 2, 4, 6]
    timelapse.close()


def test_a_day_that_was_begun_before_goes_on_in_another_file(
    timelapse: TimelapseSink, clock: SimulatedClock, tmp_path: Path
) -> None:
    (tmp_path / "timelapse").mkdir()
    (tmp_path / "timelapse" / "2026-11-21.mp4").write_text("the morning")
    a_day(timelapse, clock, 4)
    timelapse.finish((), ())
    assert shown(tmp_path / "timelapse" / "2026-11-21-2.mp4")[0] == [0, 2]


def test_names_are_by_day_and_time_in_utc(tmp_path: Path) -> None:
    names = DatedNames(tmp_path)
    east = datetime(2026, 11, 22, 1, 5, 12, 480_000, tzinfo=timezone(timedelta(hours=2)))
    happening = replace(event(), start_time=east)
    assert names.clip(happening) == tmp_path / "clips/2026-11-21/23-05-12.480-motion.mp4"
    assert names.snapshot(happening) == tmp_path / "snapshots/2026-11-21/23-05-12.480-motion.jpg"
    assert names.segment(east) == tmp_path / "segments/2026-11-21/23-05-12.mp4"
    assert names.timelapse(east) == tmp_path / "timelapse/2026-11-21.mp4"
    assert names.clip(replace(happening, start_time=None)) == tmp_path / "clips/00000.400-motion.mp4"


def test_nothing_waits_for_a_disk_that_stands_still(
    segments: Segments, worker: Worker, clock: SimulatedClock
) -> None:
    gate = threading.Event()
    worker.add(gate.wait)
    sink = CodedSegmentSink(segments, worker, clock)
    for picture in coded(start_s=0.0):
        sink.push(picture)
    assert not worker.drain(timeout_s=0.0)
    gate.set()
    sink.close()
