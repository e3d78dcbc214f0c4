"""Which pictures may be spoilt, on a file whose packets are damaged on the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from av import Packet

from monitor.capture.live.opened import Connection
from monitor.capture.live.spoilt import LONGEST_S, Spoilt
from monitor.capture.live.stream import StreamSource
from monitor.clock import SimulatedClock
from monitor.errors import SourceError
from monitor.frames import Frame
from tests.capture.encode import RATE_HZ, encode, pictures

GROUP = 10
CAMERA = {"bf": "0", "g": str(GROUP), "keyint_min": str(GROUP), "sc_threshold": "0"}


def taken(spoilt: Spoilt, *pictures: str) -> list[bool]:
    """Take pictures a second apart: key, plain, or either with `!` where the decoder marked it."""
    return [
        spoilt.take(
            float(time_s),
            is_corrupt=picture.endswith("!"),
            is_key=picture.startswith("key"),
            damaged_packets=0,
        )
        for time_s, picture in enumerate(pictures)
    ]


def test_what_follows_a_damaged_picture_is_spoilt_up_to_the_next_whole_key_picture() -> None:
    seen = taken(Spoilt(), "key", "plain", "plain!", "plain", "key!", "plain", "key", "plain")
    assert seen == [False, False, True, True, True, True, False, False]


def test_a_packet_that_cannot_be_decoded_spoils_what_follows() -> None:
    spoilt = Spoilt()
    assert not spoilt.take(0.0, is_corrupt=False, is_key=True, damaged_packets=0)
    assert spoilt.take(1.0, is_corrupt=False, is_key=False, damaged_packets=1)
    assert spoilt.take(2.0, is_corrupt=False, is_key=False, damaged_packets=1)
    assert not spoilt.take(3.0, is_corrupt=False, is_key=True, damaged_packets=1)


def test_it_says_for_how_long_nothing_was_whole() -> None:
    spoilt = Spoilt()
    taken(spoilt, "key", "plain!", "plain", "plain")
    assert spoilt.lasted_s(3.0) == 2.0
    taken(spoilt, "key")
    assert spoilt.lasted_s(4.0) == 0.0


def holed(spoilt: Spoilt, times_s: list[float]) -> list[float]:
    """Return the times of the pictures that may be spoilt; the first alone is a key picture."""
    return [
        time_s
        for time_s in times_s
        if spoilt.take(time_s, is_corrupt=False, is_key=time_s == times_s[0], damaged_packets=0)
    ]


def test_where_pictures_may_get_lost_a_hole_in_steady_times_tells() -> None:
    times_s = [i * 0.04 for i in range(60) if i != 40]
    assert holed(Spoilt(may_lose=True), times_s) == [time_s for time_s in times_s if time_s > 1.6]
    assert holed(Spoilt(), times_s) == []


def test_a_camera_that_skips_pictures_by_itself_loses_none() -> None:
    times_s = [i * 0.04 for i in range(100) if i % 7]
    assert holed(Spoilt(may_lose=True), times_s) == []


def test_another_rate_is_no_loss_for_long() -> None:
    spoilt = Spoilt(may_lose=True)
    slow_s = [2.0 + i * 0.08 for i in range(50)]
    assert holed(spoilt, [i * 0.04 for i in range(50)] + slow_s)[0] == slow_s[1]
    assert not spoilt.take(6.0, is_corrupt=False, is_key=True, damaged_packets=0)
    assert holed(spoilt, [6.0 + i * 0.08 for i in range(50)]) == []


def _damaging(monkeypatch: pytest.MonkeyPatch, is_damaged: Any) -> None:
    """Change bytes of the packets of which that is said."""
    read = StreamSource._arriving

    def arriving(source: StreamSource, container: Any) -> "Iterator[Packet[Any]]":
        for number, packet in enumerate(read(source, container)):
            if packet.size and is_damaged(number):  # from its middle on, as if the rest were lost
                whole = bytes(packet)
                spoilt = whole[: len(whole) // 2]
                replaced = Packet(spoilt)
                replaced.stream, replaced.pts, replaced.dts = packet.stream, packet.pts, packet.dts
                replaced.time_base, replaced.is_keyframe = packet.time_base, packet.is_keyframe
                packet = replaced
            yield packet

    monkeypatch.setattr(StreamSource, "_arriving", arriving)


def _frames(path: Path) -> list[Frame]:
    with StreamSource(Connection(str(path), is_file=True), SimulatedClock()) as source:
        return list(source)


def test_the_pictures_of_a_stream_are_marked_up_to_the_next_whole_key_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = encode(tmp_path / "camera.mp4", pictures(4 * GROUP), options=CAMERA)
    _damaging(monkeypatch, lambda number: number == GROUP + 3)
    marked = [round(frame.time_s * RATE_HZ) for frame in _frames(path) if frame.damaged]
    assert marked
    assert set(range(GROUP + 4, 2 * GROUP)) <= set(marked) <= set(range(GROUP + 3, 2 * GROUP))


def test_a_stream_without_a_whole_key_picture_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = LONGEST_S + 2
    path = encode(tmp_path / "camera.mp4", pictures(round(seconds * RATE_HZ)), options=CAMERA)
    _damaging(monkeypatch, lambda number: number >= GROUP and number % GROUP == 0)
    with pytest.raises(SourceError, match="no whole key picture for 10 s"):
        _frames(path)
