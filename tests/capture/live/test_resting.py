"""Packets that lie undecoded, and what becomes of them; on a file, by an attention that follows a script."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.capture.coded import CodedPicture
from monitor.capture.live.opened import Connection
from monitor.capture.live.resting import HELD_S, PacketFacts
from monitor.capture.live.stream import StreamSource
from monitor.clock import SimulatedClock
from monitor.frames import Frame
from tests.capture.encode import RATE_HZ, encode, mean_difference, pictures

GROUP = 10
COUNT = 160
REST_S = (1.1, 5.0)
"""From the midst of a group to the start of another."""

CAMERA = {"bf": "0", "g": str(GROUP), "keyint_min": str(GROUP), "sc_threshold": "0"}


class Script:
    """Lets pictures rest in a span of time; keeps what it is told."""

    def __init__(self, rest_s: tuple[float, float] = REST_S) -> None:
        self._rest_s = rest_s
        self.packets: list[PacketFacts] = []
        self.begun = 0

    def begin(self) -> None:
        self.begun += 1

    def read(self, packet: PacketFacts) -> bool:
        self.packets.append(packet)
        start_s, end_s = self._rest_s
        return not start_s <= packet.time_s < end_s


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("resting") / "camera.mp4", pictures(COUNT), options=CAMERA)


def read(
    path: Path,
    attention: Script | None,
    wanted: Callable[[float], bool] = lambda time_s: True,
    tap: Callable[[CodedPicture], None] | None = None,
) -> list[tuple[Frame, bool]]:
    """Return all frames, and of each whether it came while the source was catching up."""
    connection = Connection(str(path), is_file=True)
    with StreamSource(connection, SimulatedClock(), tap, attention=attention) as source:
        source.is_wanted = wanted
        return [(frame, source.is_catching_up) for frame in source]


def times_of(frames: list[tuple[Frame, bool]]) -> list[float]:
    return [frame.time_s for frame, _ in frames]


def test_at_rest_one_picture_of_each_group_is_decoded(camera: Path) -> None:
    times_s = times_of(read(camera, Script()))
    oldest_held_s = REST_S[1] - HELD_S
    at_rest = [time_s for time_s in times_s if REST_S[0] <= time_s < oldest_held_s - GROUP / RATE_HZ]
    assert at_rest == pytest.approx([1.2, 1.6, 2.0, 2.4])


def test_what_was_held_is_given_before_what_stands_out_and_nothing_after_it_lacks(camera: Path) -> None:
    frames = read(camera, Script())
    caught_up = [frame.time_s for frame, late in frames if late]
    assert caught_up == pytest.approx([caught_up[0] + i / RATE_HZ for i in range(len(caught_up))])
    assert REST_S[1] - caught_up[0] >= HELD_S
    assert caught_up[-1] == pytest.approx(REST_S[1] - 1 / RATE_HZ)
    later = [frame.time_s for frame, late in frames if frame.time_s >= REST_S[1]]
    assert len(later) == COUNT - REST_S[1] * RATE_HZ


def test_pictures_are_the_same_as_if_it_had_never_rested(camera: Path) -> None:
    every = {round(frame.time_s, 3): frame for frame, _ in read(camera, None)}
    for frame, _ in read(camera, Script()):
        assert mean_difference(frame.luma, every[round(frame.time_s, 3)].luma) == 0


def test_every_coded_picture_is_recorded_in_its_order(camera: Path) -> None:
    coded: list[CodedPicture] = []
    read(camera, Script(), tap=coded.append)
    assert [picture.time_s for picture in coded] == pytest.approx([i / RATE_HZ for i in range(COUNT)])


def test_each_picture_is_asked_for_once_whether_decoded_or_not(camera: Path) -> None:
    asked: list[float] = []

    def wanted(time_s: float) -> bool:
        asked.append(time_s)
        return round(time_s * RATE_HZ) % 2 == 0

    frames = read(camera, Script(), wanted)
    assert asked == pytest.approx([i / RATE_HZ for i in range(COUNT)])
    late = [round(frame.time_s * RATE_HZ) for frame, late in frames if late]
    assert late == list(range(late[0], round(REST_S[1] * RATE_HZ), 2))


def test_pictures_that_come_in_another_order_than_they_go_in_are_all_decoded(tmp_path: Path) -> None:
    options = {**CAMERA, "bf": "2", "b-adapt": "0"}
    path = encode(tmp_path / "reordered.mp4", pictures(60), options=options)
    assert len(read(path, Script((0.5, 2.0)))) == len(read(path, None))


def test_attention_is_told_of_each_packet_and_of_the_connection(camera: Path) -> None:
    script = Script()
    read(camera, script)
    assert script.begun == 1
    # Up to the first whole picture all is decoded unasked.
    assert [packet.time_s for packet in script.packets] == pytest.approx(
        [i / RATE_HZ for i in range(1, COUNT)]
    )
    assert sum(packet.is_key for packet in script.packets) == COUNT // GROUP - 1
    assert all(packet.size_bytes > 0 for packet in script.packets)
