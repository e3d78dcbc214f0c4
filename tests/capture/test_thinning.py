"""Pictures that no other is built on are left out where enough remain, and are counted all the same."""

from pathlib import Path
from typing import cast

import av
import pytest

from monitor.capture.file import FileSource
from monitor.capture.thinning import Thinning
from monitor.frames import Frame
from tests.capture.encode import RATE_HZ, encode, mean_difference, pictures

PYRAMID = {"bf": "3", "b-pyramid": "normal", "b-adapt": "0", "g": "48"}
"""P b B b: every second picture is referenced."""

FLAT = {"bf": "3", "b-pyramid": "none", "b-adapt": "0", "g": "48"}
"""P b b b: every fourth one is."""


def read(path: Path, enough_hz: float | None) -> list[Frame]:
    with FileSource(path, enough_hz=enough_hz) as source:
        return list(source)


@pytest.fixture
def pyramid(tmp_path: Path) -> Path:
    return encode(tmp_path / "pyramid.mp4", pictures(200), options=PYRAMID)


def test_every_second_picture_suffices(pyramid: Path) -> None:
    # A group of pictures ends with referenced ones: four groups, up to two each.
    assert len(read(pyramid, RATE_HZ / 2)) == pytest.approx(100, abs=8)


def test_what_remains_is_the_same_picture_with_the_same_index_and_time(pyramid: Path) -> None:
    every = read(pyramid, None)
    for frame in read(pyramid, RATE_HZ / 2):
        other = every[frame.index]
        assert frame.time_s == pytest.approx(other.time_s)
        assert mean_difference(frame.luma, other.luma) == 0


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts"])
@pytest.mark.parametrize(
    ("codec", "options"),
    [
        ("libx264", PYRAMID),
        ("libx264", {**PYRAMID, "aud": "1"}),
        ("libx265", {"x265-params": "bframes=3:b-adapt=0:keyint=48:log-level=none"}),
    ],
)
def test_left_out_packets_never_reach_the_decoder(
    tmp_path: Path, codec: str, options: dict[str, str], suffix: str
) -> None:
    path = encode(tmp_path / f"video.{suffix}", pictures(100), codec=codec, options=options)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        thinning = Thinning(stream, enough_hz=RATE_HZ / 4)
        packets = [packet for packet in container.demux(stream) if packet.size]
        kept = [packet for packet in packets if not thinning.leaves_out(packet)]
        assert stream.codec_context.skip_frame == "DEFAULT"
    every, sparse = read(path, None), read(path, RATE_HZ / 4)
    assert len(sparse) == len(kept) < 70
    for frame in sparse:
        assert mean_difference(frame.luma, every[frame.index].luma) == 0


def test_for_other_codecs_the_decoder_leaves_out_what_it_can(tmp_path: Path) -> None:
    path = encode(tmp_path / "video.mp4", pictures(100), codec="mpeg4", options={"bf": "2", "g": "48"})
    every, sparse = read(path, None), read(path, RATE_HZ / 4)
    assert len(sparse) < 70
    for frame in sparse:
        assert mean_difference(frame.luma, every[frame.index].luma) == 0


def test_a_packet_whose_header_is_nonsense_is_left_to_the_decoder(pyramid: Path) -> None:
    with av.open(str(pyramid)) as container:
        thinning = Thinning(container.streams.video[0], enough_hz=1.0)
        for nonsense in (b"\x00\x00\x00\x02\x01\xff", b"nothing of the kind"):
            assert not thinning.leaves_out(cast("av.Packet[av.VideoStream]", av.Packet(nonsense)))


def test_where_too_few_would_remain_all_are_decoded(pyramid: Path) -> None:
    frames = read(pyramid, RATE_HZ * 0.7)
    late = [frame for frame in frames if frame.index >= 100]
    assert [frame.index for frame in late] == list(range(100, 200))


def test_the_longest_intervals_decide_not_the_mean(tmp_path: Path) -> None:
    flat = encode(tmp_path / "flat.mp4", pictures(200), options=FLAT)
    # Noticed after 25 of every fourth picture; the second half is whole.
    assert len(read(flat, RATE_HZ / 3)) > 120


def test_a_stream_without_bidirectional_pictures_loses_none(tmp_path: Path) -> None:
    path = encode(tmp_path / "camera.mp4", pictures(50), options={"bf": "0"})
    assert len(read(path, 1.0)) == 50


def test_a_stream_that_is_too_slow_to_spare_any_loses_none_from_its_beginning(pyramid: Path) -> None:
    assert [frame.index for frame in read(pyramid, RATE_HZ * 1.5)] == list(range(200))
