"""Parts of a recording: its packets, single key frames and spans are those that a full reading gives."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.capture.spans import PartialSource, Span
from monitor.frames import Frame
from tests.capture.encode import encode, pictures

KEY_EVERY = 10


@pytest.fixture(scope="module", params=["mkv", "mp4"])
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 pictures at 25 a second with B frames and a key frame every 0.4 s."""
    path = tmp_path_factory.mktemp("spans") / f"video.{request.param}"
    options = {"g": str(KEY_EVERY), "keyint_min": str(KEY_EVERY), "sc_threshold": "0"}
    return encode(path, pictures(60), options=options)


@pytest.fixture
def source(video: Path) -> Iterator[PartialSource]:
    with PartialSource(video) as opened:
        yield opened


@pytest.fixture
def frames(video: Path) -> list[Frame]:
    with FileSource(video) as opened:
        return list(opened)


def test_packets_tell_the_times_of_all_frames(source: PartialSource, frames: list[Frame]) -> None:
    packets = list(source.packets())
    assert sorted(packet.time_s for packet in packets) == pytest.approx([frame.time_s for frame in frames])
    assert [p.time_s for p in packets if p.is_key] == pytest.approx([0.0, 0.4, 0.8, 1.2, 1.6, 2.0])


def test_key_frames_are_found_again_by_their_times(source: PartialSource, frames: list[Frame]) -> None:
    found = list(source.key_frames_at([0.4, 2.0]))
    assert [frame.time_s for frame in found] == pytest.approx([0.4, 2.0])
    assert np.array_equal(found[1].luma, frames[50].luma)


def test_a_span_has_the_frames_of_a_full_reading(source: PartialSource, frames: list[Frame]) -> None:
    for span in (Span(1.0, 1.2, 1.6, 25), Span(0.2, 0.2, 0.5, 5)):
        part = list(source.frames_of(span))
        whole = [frame for frame in frames if span.warm_s - 1e-6 <= frame.time_s <= span.end_s + 1e-6]
        assert [frame.index for frame in part] == [frame.index for frame in whole]
        assert [frame.time_s for frame in part] == pytest.approx([frame.time_s for frame in whole])
        assert all(np.array_equal(a.luma, b.luma) for a, b in zip(part, whole, strict=True))


def test_unreferenced_frames_are_left_out_where_enough_remain_and_counted(video: Path) -> None:
    with PartialSource(video, enough_hz=2.0) as source:
        part = list(source.frames_of(Span(0.8, 0.8, 2.0, 20)))
    assert len(part) < 31
    assert all(frame.index == round(frame.time_s * 25) for frame in part)
