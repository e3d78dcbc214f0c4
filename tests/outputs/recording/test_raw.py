"""Clips of sources that give decoded frames alone."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from monitor.capture.coded import CodedPicture
from monitor.events.event import EventChange
from monitor.frames import Frame, Size
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.clips import ClipSpans
from monitor.outputs.recording.encoder import KEY_INTERVAL_S, SOFTWARE, Encoder, best_encoder
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.rawclips import EncodedParts, RawClipSink
from monitor.outputs.recording.still import Still, StillRing, bytes_of, still_of
from monitor.outputs.recording.worker import Worker
from tests.outputs.recording.coded import RATE_HZ, SIZE, number_of, picture, shown
from tests.outputs.scene import closed, event, observation, opened

SPANS = ClipSpans(pre_roll_s=0.2, post_roll_s=0.4)


def frame(number: int, size: Size = SIZE) -> Frame:
    shown = picture(number, size)
    return Frame(number, number / RATE_HZ, shown[:, :, 0], None, lambda: shown)


def run(
    layout: Layout,
    worker: Worker,
    guard: DiskGuard,
    ledger: FileLedger,
    changes: dict[int, EventChange],
    *,
    count: int = 60,
    max_height_px: int = 720,
    privacy: Sequence[Polygon] = (),
) -> Path:
    sink = RawClipSink(
        lambda happening: EncodedParts(Parts(layout.clip(happening), guard)),
        worker,
        ledger,
        SPANS,
        max_height_px=max_height_px,
        privacy=privacy,
    )
    for number in range(count):
        seen = observation(number, (changes[number],) if number in changes else ())
        sink.take(replace(seen, frame=frame(number)))
    sink.close()
    return layout.folder / (ledger.files("e1").clip or "no clip")


EVENT = {20: opened(event(start=12)), 30: closed(event(start=12, end=28))}


def test_a_clip_spans_the_event_and_its_rolls_exactly(
    layout: Layout, worker: Worker, guard: DiskGuard, ledger: FileLedger
) -> None:
    numbers, times_s = shown(run(layout, worker, guard, ledger, EVENT))
    assert numbers == list(range(7, 39))
    assert times_s == pytest.approx([(n - 7) / RATE_HZ for n in numbers], abs=1e-4)


def test_a_clip_is_no_higher_than_wanted(
    layout: Layout, worker: Worker, guard: DiskGuard, ledger: FileLedger
) -> None:
    path = run(layout, worker, guard, ledger, EVENT, max_height_px=48)
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.width, context.height) == (72, 48)
    assert shown(path)[0] == list(range(7, 39))


def test_a_clip_shows_nothing_of_a_privacy_zone(
    layout: Layout, worker: Worker, guard: DiskGuard, ledger: FileLedger
) -> None:
    everything = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    path = run(layout, worker, guard, ledger, EVENT, privacy=[everything])
    assert set(shown(path)[0]) == {0}


def still(number: int, time_s: float | None = None, size: Size = SIZE) -> Still:
    kept = still_of(frame(number, size), 720)
    return kept if time_s is None else replace(kept, time_s=time_s)


def test_a_frame_is_kept_at_its_size_in_half_the_memory_of_colour() -> None:
    kept = still(5)
    assert kept.size == SIZE
    assert bytes_of(kept) == SIZE.width * SIZE.height * 3 // 2
    assert number_of(kept.planes[: SIZE.height]) == 5
    assert kept.time_s == frame(5).time_s


def test_a_frame_that_is_too_large_is_shrunk() -> None:
    kept = still_of(frame(5, Size(384, 256)), 64)
    assert kept.size == (96, 64)
    assert number_of(kept.planes[:64]) == 5


def test_an_odd_size_loses_its_last_row_and_column() -> None:
    odd = np.pad(picture(5), ((0, 1), (0, 1), (0, 0)))
    kept = still_of(replace(frame(5), render=lambda: odd), 720)
    assert kept.size == (96, 64)
    assert number_of(kept.planes[:64]) == 5


def test_the_ring_keeps_its_span_and_its_bytes() -> None:
    by_time, by_bytes = StillRing(1.0, 1 << 30), StillRing(100.0, 4 * bytes_of(still(0)))
    for number in range(100):
        by_time.add(still(number))
        by_bytes.add(still(number))
    kept = [round(one.time_s * RATE_HZ) for one in by_time.since(0.0)]
    assert kept == list(range(99 - RATE_HZ, 100))
    assert [round(one.time_s * RATE_HZ) for one in by_bytes.since(0.0)] == [96, 97, 98, 99]
    assert len(by_bytes.since(98 / RATE_HZ)) == 2


def test_a_picture_that_the_ring_cannot_hold_is_not_kept() -> None:
    ring = StillRing(1.0, bytes_of(still(0)) - 1)
    ring.add(still(0))
    assert ring.since(0.0) == []


def test_a_change_of_size_goes_on_in_a_second_file(tmp_path: Path, guard: DiskGuard) -> None:
    video = EncodedParts(Parts(tmp_path / "clip.mp4", guard))
    video.write([*map(still, range(10)), *(still(n, size=Size(128, 96)) for n in range(10, 20))])
    assert [shown(path)[0] for path in video.complete()] == [list(range(10)), list(range(10, 20))]


def test_key_pictures_come_by_time_whatever_the_rate() -> None:
    encoder = Encoder(SIZE, SOFTWARE)
    keys_s = [
        coded.time_s
        for number in range(12)
        for coded in encoder.encode(still(number, 50.0 + number * 0.7))
        if coded.is_key
    ]
    assert keys_s == pytest.approx([50.0, 52.1, 54.2, 56.3], abs=1e-4)
    assert all(after - before >= KEY_INTERVAL_S for before, after in pairwise(keys_s))


def test_nothing_is_held_back_in_software() -> None:
    encoder = Encoder(SIZE, SOFTWARE)
    assert [len(encoder.encode(still(number))) for number in range(10)] == [1] * 10
    assert encoder.finish() == []


def test_a_hole_is_followed_by_a_key_picture(tmp_path: Path, guard: DiskGuard) -> None:
    video = EncodedParts(Parts(tmp_path / "clip.mp4", guard))
    video.write([still(number) for number in range(10)])
    video.lost()
    video.write([still(number) for number in range(15, 25)])
    (path,) = video.complete()
    assert path.name == "clip.incomplete.mp4"
    assert shown(path)[0] == [*range(10), *range(15, 25)]


def test_the_encoder_chosen_works_here() -> None:
    coded = Encoder(Size(640, 480), best_encoder()).encode(still(0, size=Size(640, 480)))
    assert best_encoder() != SOFTWARE or coded[0].is_key


class Failing(Encoder):
    """Encodes in software; under another name it fails at the fourth picture, as a device pulled out."""

    def __init__(self, size: Size, name: str) -> None:
        super().__init__(size, SOFTWARE)
        self._fails = name != SOFTWARE

    def encode(self, still: Still) -> list[CodedPicture]:
        if self._fails and still.time_s == frame(3).time_s:
            raise av.FFmpegError(5, "the device is gone")
        return super().encode(still)


def test_a_hardware_encoder_that_fails_is_replaced_by_software(
    tmp_path: Path, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.outputs.recording.rawclips.Encoder", Failing)
    video = EncodedParts(Parts(tmp_path / "clip.mp4", guard), "hardware")
    video.write([still(number) for number in range(6)])
    paths = video.complete()
    assert [number for path in paths for number in shown(path)[0]] == list(range(6))
    assert "goes on in software" in caplog.text
