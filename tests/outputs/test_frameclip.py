"""Clips of sources that are no files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.events.event import EventChange
from monitor.outputs.files import FileLedger
from monitor.outputs.frameclip import FrameClipSink, FrameRing
from monitor.outputs.layout import Layout
from monitor.outputs.privacy import Polygon
from tests.outputs.scene import HEIGHT, RATE_HZ, WIDTH, closed, event, frame, luma, names_in, opened, stream


def run(
    layout: Layout,
    ledger: FileLedger,
    changes: dict[int, EventChange],
    count: int = 60,
    privacy: Sequence[Polygon] = (),
) -> FrameClipSink:
    sink = FrameClipSink(layout.clip, ledger, pre_roll_s=0.2, post_roll_s=0.4, privacy=privacy)
    for seen in stream(count, changes):
        sink.take(seen)
    return sink


def lefts(path: Path) -> list[int]:
    """The index of each picture of the scene in a clip, found by its square."""
    with FileSource(path) as source:
        planes = [picture.luma for picture in source]
    return [round(int(np.argmax(plane[120] > 160)) / 2) for plane in planes]


def test_a_clip_starts_with_the_pre_roll_though_the_event_was_known_later(
    layout: Layout, ledger: FileLedger
) -> None:
    run(layout, ledger, {20: opened(event(start=12)), 30: closed(event(start=12, end=28))})
    assert lefts(layout.clip(event(start=12))) == list(range(7, 39))


def test_a_clip_that_closes_late_runs_to_that_frame(layout: Layout, ledger: FileLedger) -> None:
    run(layout, ledger, {12: opened(event(start=10)), 45: closed(event(start=10, end=20))})
    assert lefts(layout.clip(event(start=10)))[-1] == 45


def test_a_record_is_held_until_its_clip_is_complete(layout: Layout, ledger: FileLedger) -> None:
    changes = {12: opened(event(start=10)), 20: closed(event(start=10, end=20))}
    sink = run(layout, ledger, changes, count=22)
    assert not ledger.settled("e1")
    sink.finish((), ())
    assert ledger.settled("e1")
    assert ledger.files("e1").clip == "clips/00000.400-motion.mp4"


def test_an_interruption_completes_the_clips_that_are_open(layout: Layout, ledger: FileLedger) -> None:
    sink = run(layout, ledger, {12: opened(event(start=10))}, count=30)
    sink.close()
    sink.close()
    assert names_in(layout.folder) == {"clips/00000.400-motion.mp4"}
    assert lefts(layout.clip(event(start=10))) == list(range(5, 30))


def test_overlapping_events_get_a_clip_each(layout: Layout, ledger: FileLedger) -> None:
    first, second = event("a", start=10), event("b", start=15)
    sink = run(layout, ledger, {12: opened(first), 17: opened(second)}, count=30)
    sink.close()
    assert len(lefts(layout.clip(first))) == 25
    assert len(lefts(layout.clip(second))) == 20


def test_a_clip_shows_nothing_of_a_privacy_zone(layout: Layout, ledger: FileLedger) -> None:
    everything = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    run(layout, ledger, {12: opened(event(start=10))}, privacy=[everything]).close()
    with FileSource(layout.clip(event(start=10))) as source:
        assert max(int(picture.bgr().max()) for picture in source) <= 2


def test_the_ring_keeps_its_span() -> None:
    ring = FrameRing(span_s=1.0)
    for index in range(100):
        ring.add(frame(index))
    assert [kept.index for kept in ring.since(0.0)] == list(range(99 - RATE_HZ, 100))


@pytest.mark.parametrize("room", [1, 4])
def test_the_ring_keeps_within_its_bytes(room: int) -> None:
    ring = FrameRing(span_s=100.0, max_bytes=room * 3 * WIDTH * HEIGHT)
    for index in range(10):
        ring.add(frame(index))
    assert [kept.index for kept in ring.since(0.0)] == list(range(10 - room, 10))


def test_the_scene_shows_its_index() -> None:
    assert [int(np.argmax(luma(index)[120] > 160)) // 2 for index in (0, 7, 59)] == [0, 7, 59]
