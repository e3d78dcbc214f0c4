"""Clips of events by copying packets as they come."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.clock import SimulatedClock
from monitor.events.event import Event, EventChange
from monitor.frames import Size
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.notice import Notice, NoticeKind
from monitor.outputs.recording.clips import ClipSpans, CodedClipSink
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.worker import Worker
from tests.outputs.recording.coded import RATE_HZ, coded, shown
from tests.outputs.scene import closed, event, names_in, observation, opened

SPANS = ClipSpans(pre_roll_s=0.2, post_roll_s=0.4)
COUNT = 100

Make = Callable[..., CodedClipSink]


@pytest.fixture
def make(worker: Worker, guard: DiskGuard, layout: Layout, ledger: FileLedger, notices: list[Notice]) -> Make:
    def make(spans: ClipSpans = SPANS) -> CodedClipSink:
        record = lambda happening: Parts(layout.clip(happening), guard)  # noqa: E731
        return CodedClipSink(record, worker, ledger, notices.append, spans)

    return make


def run(
    sink: CodedClipSink,
    changes: dict[int, EventChange],
    count: int = COUNT,
    *,
    name: str = "H.264",
    judged_later: int = 3,
) -> None:
    """Send the pictures; the judge sees each so many pictures after the tap."""
    pictures = coded(name, start_s=0.0)
    for index in range(count):
        sink.push(pictures[index])
        seen = index - judged_later
        if seen >= 0:
            sink.take(observation(seen, (changes[seen],) if seen in changes else ()))


def a_clip(layout: Layout, happening: Event) -> tuple[list[int], list[float]]:
    return shown(layout.clip(happening))


@pytest.mark.parametrize("end", [40, 41, 42])
@pytest.mark.parametrize("name", ["H.264", "H.264 with B-frames"])
def test_a_clip_goes_from_the_key_picture_before_the_pre_roll_to_the_end_of_the_post_roll(
    name: str, end: int, make: Make, layout: Layout
) -> None:
    happening = event(start=30, end=end)
    sink = make()
    run(sink, {36: opened(event(start=30)), 45: closed(happening)}, name=name)
    sink.close()
    numbers, times_s = a_clip(layout, happening)
    # Five pictures of pre-roll reach 25, between the key pictures 20 and 30. Decoding is two pictures ahead
    # of what is shown, and what it has begun is finished.
    assert numbers[0] == 20
    assert end + 10 <= numbers[-1] <= end + 10 + (4 if name.endswith("B-frames") else 0)
    assert numbers == list(range(20, numbers[-1] + 1))
    assert times_s == pytest.approx([(n - 20) / RATE_HZ for n in numbers], abs=1e-4)


def test_a_clip_that_closes_late_runs_to_what_had_come(make: Make, layout: Layout) -> None:
    happening = event(start=30, end=40)
    sink = make()
    run(sink, {36: opened(event(start=30)), 80: closed(happening)})
    sink.close()
    assert a_clip(layout, happening)[0][-1] == 83


def test_overlapping_events_get_a_clip_each(make: Make, layout: Layout, ledger: FileLedger) -> None:
    first, second = event("a", start=30), event("b", start=45)
    sink = make()
    run(sink, {36: opened(first), 50: opened(second)})
    sink.close()
    assert a_clip(layout, first)[0] == list(range(20, COUNT))
    assert a_clip(layout, second)[0] == list(range(40, COUNT))
    assert ledger.files("b").clip == "clips/00001.800-motion.mp4"


def test_a_record_is_held_until_its_clip_is_complete(make: Make, worker: Worker, ledger: FileLedger) -> None:
    happening = event(start=30, end=40)
    sink = make()
    run(sink, {36: opened(event(start=30)), 45: closed(happening)}, count=50)
    assert not ledger.settled("e1")
    run(sink, {}, count=60)
    sink.finish((), ())
    assert ledger.settled("e1")
    assert ledger.files("e1").clip == "clips/00001.200-motion.mp4"


def test_a_camera_that_gives_nothing_more_does_not_keep_a_clip_open(
    make: Make, worker: Worker, ledger: FileLedger
) -> None:
    sink = make()
    run(sink, {36: opened(event(start=30)), 45: closed(event(start=30, end=45))}, count=50)
    sink.pause()
    worker.drain()
    sink.pause()
    assert ledger.settled("e1")


def test_an_event_that_goes_on_and_on_has_a_clip_of_the_longest_length(make: Make, layout: Layout) -> None:
    sink = make(replace(SPANS, max_clip_s=1.0))
    run(sink, {36: opened(event(start=30)), 90: closed(event(start=30, end=88))})
    sink.close()
    assert a_clip(layout, event(start=30))[0][-1] == 30 + RATE_HZ


def test_the_last_changes_of_a_source_are_followed(make: Make, layout: Layout, ledger: FileLedger) -> None:
    sink = make()
    run(sink, {36: opened(event(start=30))})
    sink.finish((closed(event(start=30, end=96)),), ())
    sink.close()
    assert a_clip(layout, event(start=30))[0][-1] == COUNT - 1
    assert ledger.files("e1").clip is not None


def test_a_clip_of_an_event_right_at_the_start_has_what_there_is(make: Make, layout: Layout) -> None:
    sink = make()
    run(sink, {0: opened(event(start=0))}, judged_later=0)
    sink.close()
    assert a_clip(layout, event(start=0))[0] == list(range(COUNT))


def test_a_clip_that_lacks_the_start_of_its_event_says_so(make: Make, layout: Layout) -> None:
    sink = make()
    for picture in coded(start_s=0.0)[31:35]:  # the key picture before was never seen
        sink.push(picture)
    sink.take(observation(34, (opened(event(start=32)),)))
    for picture in coded(start_s=0.0)[35:]:
        sink.push(picture)
    sink.close()
    assert names_in(layout.folder) == {"clips/00001.280-motion.incomplete.mp4"}
    assert shown(next(layout.folder.rglob("*.mp4")))[0] == list(range(40, COUNT))


def test_a_slow_disk_holds_nobody_up_and_the_clip_says_that_it_has_a_hole(
    clock: SimulatedClock, guard: DiskGuard, layout: Layout, ledger: FileLedger, notices: list[Notice]
) -> None:
    room = sum(len(picture.data) for picture in coded(start_s=0.0)[20:70])
    worker = Worker("driveway", clock, notices.append, max_bytes=room)
    sink = CodedClipSink(lambda e: Parts(layout.clip(e), guard), worker, ledger, notices.append, SPANS)
    opened_at_once = {36: opened(event(start=30))}
    run(sink, opened_at_once, count=90)  # the worker does not work yet
    assert worker.refused > 0
    worker.start()
    assert worker.drain()
    for picture in coded(start_s=0.0)[90:]:
        sink.push(picture)
    sink.close()
    worker.close()
    assert NoticeKind.PICTURES_LOST in [notice.kind for notice in notices]
    (path,) = (layout.folder / "clips").iterdir()
    assert path.name == "00001.200-motion.incomplete.mp4"
    numbers, times_s = shown(path)
    assert numbers[0] == 20
    assert numbers[-10:] == list(range(90, 100))
    assert len(numbers) < 80
    assert times_s == pytest.approx([(n - 20) / RATE_HZ for n in numbers], abs=1e-4)


def test_pictures_may_come_while_events_open_and_close(
    make: Make, layout: Layout, ledger: FileLedger
) -> None:
    sink = make(ClipSpans(pre_roll_s=100.0, post_roll_s=100.0))
    pictures = coded(start_s=0.0)
    for picture in pictures[:40]:
        sink.push(picture)

    def go_on() -> None:
        for picture in pictures[40:]:
            sink.push(picture)

    camera = threading.Thread(target=go_on)
    camera.start()
    for number in range(8):
        sink.take(observation(40, (opened(event(str(number), start=40)),)))
    camera.join()
    sink.close()
    clips = sorted((layout.folder / "clips").iterdir())
    assert len(clips) == 8
    assert all(shown(clip)[0] == list(range(COUNT)) for clip in clips)


def test_a_source_with_long_groups_is_told_of_once(make: Make, notices: list[Notice]) -> None:
    sink = make(ClipSpans(pre_roll_s=0.0))
    never_a_key = [replace(p, is_key=False, time_s=p.time_s + 1) for p in coded(start_s=0.0)[1:]]
    for lap in range(4):
        for picture in [coded(start_s=0.0)[0], *never_a_key] if lap == 0 else never_a_key:
            sink.push(replace(picture, time_s=picture.time_s + lap * 4))
    assert [notice.kind for notice in notices] == [NoticeKind.PRE_ROLL]


def test_a_camera_that_changes_its_format_in_an_event_gives_two_files(
    make: Make, layout: Layout, ledger: FileLedger
) -> None:
    sink = make()
    run(sink, {36: opened(event(start=30))})
    for picture in coded(size=Size(128, 96), start_s=4.0):
        sink.push(picture)
    sink.close()
    assert names_in(layout.folder) == {f"clips/00001.200-motion{n}.mp4" for n in ("", "-2")}
    assert ledger.files("e1").clip == "clips/00001.200-motion.mp4"
    assert ledger.files("e1").more_clips == ("clips/00001.200-motion-2.mp4",)


def test_a_clip_that_could_not_be_written_is_in_no_record(
    worker: Worker, tmp_path: Path, clock: SimulatedClock, ledger: FileLedger, layout: Layout
) -> None:
    full = DiskGuard(tmp_path, clock, lambda notice: None, min_free_bytes=1 << 60)
    sink = CodedClipSink(lambda e: Parts(layout.clip(e), full), worker, ledger, lambda notice: None, SPANS)
    run(sink, {36: opened(event(start=30)), 45: closed(event(start=30, end=45))})
    sink.close()
    assert ledger.settled("e1")
    assert ledger.files("e1").clip is None
