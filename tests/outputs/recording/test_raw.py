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
from monitor.frames import Bgr, Frame, Size
from monitor.outputs.diskguard import DiskGuard
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.privacy import Polygon
from monitor.outputs.recording.clips import ClipSpans
from monitor.outputs.recording.encoder import KEY_INTERVAL_S, SOFTWARE, Encoder, best_encoder
from monitor.outputs.recording.parts import Parts
from monitor.outputs.recording.rawclips import EncodedParts, RawClipSink, at_most
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
        lambda happening: EncodedParts(Parts(layout.clip(happening), guard), privacy=privacy),
        worker,
        ledger,
        SPANS,
        max_height_px=max_height_px,
        max_bytes=10_000_000,
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


def test_a_frame_that_is_small_enough_is_kept_as_it_is() -> None:
    small = frame(3)
    assert at_most(small, SIZE.height) is small


def test_a_frame_that_is_too_large_is_shrunk() -> None:
    large = frame(5, Size(384, 256))
    small = at_most(large, 64)
    assert small.size == (96, 64)
    assert small.bgr().shape == (64, 96, 3)
    assert number_of(small.luma) == number_of(small.bgr()[:, :, 1]) == 5
    assert small.time_s == large.time_s


def test_key_pictures_come_by_time_whatever_the_rate() -> None:
    encoder = Encoder(SIZE, SOFTWARE)
    keys_s = [
        coded.time_s
        for number in range(12)
        for coded in encoder.encode(picture(number), 50.0 + number * 0.7)
        if coded.is_key
    ]
    assert keys_s == pytest.approx([50.0, 52.1, 54.2, 56.3], abs=1e-4)
    assert all(after - before >= KEY_INTERVAL_S for before, after in pairwise(keys_s))


def test_nothing_is_held_back_in_software() -> None:
    encoder = Encoder(SIZE, SOFTWARE)
    assert [len(encoder.encode(picture(number), number / RATE_HZ)) for number in range(10)] == [1] * 10
    assert encoder.finish() == []


def test_a_hole_is_followed_by_a_key_picture(tmp_path: Path, guard: DiskGuard) -> None:
    video = EncodedParts(Parts(tmp_path / "clip.mp4", guard))
    video.write([frame(number) for number in range(10)])
    video.lost()
    video.write([frame(number) for number in range(15, 25)])
    (path,) = video.complete()
    assert path.name == "clip.incomplete.mp4"
    assert shown(path)[0] == [*range(10), *range(15, 25)]


def test_the_encoder_chosen_works_here() -> None:
    coded = Encoder(Size(640, 480), best_encoder()).encode(np.zeros((480, 640, 3), np.uint8), 0.0)
    assert best_encoder() != SOFTWARE or coded[0].is_key


class Failing(Encoder):
    """Encodes in software; under another name it fails at the fourth picture, as a device pulled out."""

    def __init__(self, size: Size, name: str) -> None:
        super().__init__(size, SOFTWARE)
        self._fails = name != SOFTWARE

    def encode(self, picture: Bgr, time_s: float) -> list[CodedPicture]:
        if self._fails and time_s == frame(3).time_s:
            raise av.FFmpegError(5, "the device is gone")
        return super().encode(picture, time_s)


def test_a_hardware_encoder_that_fails_is_replaced_by_software(
    tmp_path: Path, guard: DiskGuard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.outputs.recording.rawclips.Encoder", Failing)
    video = EncodedParts(Parts(tmp_path / "clip.mp4", guard), "hardware")
    video.write([frame(number) for number in range(6)])
    paths = video.complete()
    assert [number for path in paths for number in shown(path)[0]] == list(range(6))
    assert "goes on in software" in caplog.text
