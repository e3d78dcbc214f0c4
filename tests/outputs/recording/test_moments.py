"""Pictures of live events: one at once, the best one at the end, from memory at any time."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.clock import SimulatedClock
from monitor.events.event import Event, EventChange, Phase
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.moments import LiveSnapshotSink
from monitor.outputs.recording.worker import Worker
from tests.outputs.recording.coded import number_of
from tests.outputs.recording.test_raw import frame
from tests.outputs.scene import closed, event, names_in, observation, opened


class Live:
    """A sink that is sent frames which show their number."""

    def __init__(
        self, layout: Layout, guard: DiskGuard, worker: Worker, ledger: FileLedger, privacy: Sequence[Polygon]
    ) -> None:
        self.sink = LiveSnapshotSink(layout.snapshot, guard, worker, ledger, privacy=privacy)
        self.worker = worker
        self.layout = layout

    def see(self, number: int, *changes: EventChange) -> None:
        self.sink.take(replace(observation(number, changes), frame=frame(number)))
        self.worker.drain()

    def on_disk(self, happening: Event) -> int:
        return shown(self.layout.snapshot(happening).read_bytes())


def shown(jpeg: bytes) -> int:
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert decoded is not None
    return number_of(decoded)


def updated(happening: Event) -> EventChange:
    return EventChange(Phase.UPDATED, happening)


@pytest.fixture
def live(layout: Layout, guard: DiskGuard, worker: Worker, ledger: FileLedger) -> Live:
    return Live(layout, guard, worker, ledger, ())


def test_a_first_picture_is_there_as_soon_as_the_event_opens(live: Live, ledger: FileLedger) -> None:
    live.see(12, opened(event(peak=12)))
    assert live.on_disk(event()) == 12
    live.see(13)
    assert ledger.files("e1").snapshot == "snapshots/00000.400-motion.jpg"
    assert not ledger.settled("e1")


def test_the_best_picture_takes_its_place_at_the_close(live: Live, ledger: FileLedger) -> None:
    live.see(12, opened(event(peak=12)))
    live.see(20, updated(event(peak=20)))
    live.see(25, updated(event(peak=20)))
    assert live.on_disk(event()) == 12
    live.see(40, closed(event(end=38, peak=20)))
    assert live.on_disk(event()) == 20
    live.see(41)
    assert ledger.settled("e1")
    assert names_in(live.layout.folder) == {"snapshots/00000.400-motion.jpg"}


def test_the_picture_is_to_be_had_from_memory_while_the_event_is_open(live: Live) -> None:
    live.see(12, opened(event(peak=12)))
    live.see(20, updated(event(peak=20)))
    jpeg = live.sink.picture("e1")
    assert jpeg is not None
    assert shown(jpeg) == 20
    live.see(40, closed(event(end=38, peak=20)))
    assert live.sink.picture("e1") is None


def test_a_frame_that_stays_the_best_is_kept_small(live: Live) -> None:
    moment = event(peak=12)
    live.see(12, opened(moment))
    live.see(20, updated(event(peak=20)))
    assert live.sink.kept_bytes > 0
    live.see(21)
    as_decoded = live.sink.kept_bytes
    live.see(50)
    assert 0 < live.sink.kept_bytes < as_decoded
    live.see(90, closed(event(end=85, peak=20)))
    assert live.on_disk(event()) == 20


def test_an_event_whose_peak_is_not_among_the_frames_shows_its_opening(live: Live) -> None:
    live.see(12, opened(event(peak=10)))
    live.see(40, closed(event(end=38, peak=10)))
    assert live.on_disk(event()) == 12


def test_the_end_of_the_source_writes_what_closed_there(live: Live, ledger: FileLedger) -> None:
    live.see(12, opened(event(peak=12)))
    live.sink.finish((closed(event(end=12, peak=12)),), ())
    live.sink.close()
    assert ledger.settled("e1")
    assert live.on_disk(event()) == 12


def test_a_picture_shows_nothing_of_a_privacy_zone(
    layout: Layout, guard: DiskGuard, worker: Worker, ledger: FileLedger
) -> None:
    everything = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    live = Live(layout, guard, worker, ledger, [everything])
    live.see(255, opened(event(peak=255)))
    assert live.on_disk(event()) == 0
    jpeg = live.sink.picture("e1")
    assert jpeg is not None
    assert shown(jpeg) == 0


def test_a_full_disk_takes_none_but_memory_has_it(
    layout: Layout, tmp_path: Path, clock: SimulatedClock, worker: Worker, ledger: FileLedger
) -> None:
    full = DiskGuard(tmp_path, clock, lambda notice: None, min_free_bytes=1 << 60)
    live = Live(layout, full, worker, ledger, ())
    live.see(12, opened(event(peak=12)))
    assert live.sink.picture("e1") is not None
    live.see(40, closed(event(end=38, peak=12)))
    live.see(41)
    assert ledger.settled("e1")
    assert ledger.files("e1").snapshot is None


def test_a_picture_never_takes_the_place_of_another_events(live: Live) -> None:
    other = live.layout.snapshot(event())
    other.parent.mkdir()
    other.write_text("mine")
    live.see(12, opened(event(peak=12)))
    assert other.read_text() == "mine"
    assert (other.parent / "00000.400-motion-2.jpg").exists()


def test_a_record_waits_for_all_that_hold_it(ledger: FileLedger) -> None:
    ledger.hold("e1")
    ledger.hold("e1")
    ledger.release("e1")
    assert not ledger.settled("e1")
    ledger.release("e1")
    ledger.release("e1")
    assert ledger.settled("e1")


def test_a_disk_that_stands_still_holds_nobody_up(live: Live, worker: Worker) -> None:
    gate = threading.Event()
    worker.add(gate.wait)
    live.sink.take(replace(observation(12, (opened(event(peak=12)),)), frame=frame(12)))
    assert not live.layout.snapshot(event()).exists()
    gate.set()
    worker.drain()
    assert live.on_disk(event()) == 12
