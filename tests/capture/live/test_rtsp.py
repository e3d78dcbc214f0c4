"""RTSP cameras, by a real server."""

import logging
import threading
import time
from collections.abc import Callable
from itertools import islice

import numpy as np
import pytest

from monitor.capture.coded import CodedPicture
from monitor.capture.live.opened import Connection
from monitor.capture.live.opening import live_reader, open_sources
from monitor.capture.live.stream import StreamSource
from monitor.capture.source import Source
from monitor.clock import SystemClock
from monitor.errors import SourceError
from monitor.frames import Frame, Gap, Size
from monitor.settings.cameras import Camera
from tests.capture.contract import SourceContract
from tests.capture.live.conftest import RtspServer, RtspStarter
from tests.capture.live.servers import TcpServer

CLOCK = SystemClock()


class TestRtsp(SourceContract):
    @pytest.fixture
    def source(self, shared_rtsp: RtspServer) -> Source:
        return StreamSource(Connection(shared_rtsp.address), CLOCK)


def test_coded_pictures_begin_with_a_key_frame_and_carry_their_format(start_rtsp: RtspStarter) -> None:
    coded: list[CodedPicture] = []
    with StreamSource(Connection(start_rtsp().address), CLOCK, coded.append) as source:
        frames = list(islice(source, 15))
    assert coded[0].is_key
    times_s = [picture.time_s for picture in coded]
    assert times_s[:15] == pytest.approx([frame.time_s for frame in frames])
    assert {(picture.format.codec, picture.format.size) for picture in coded} == {("h264", Size(320, 240))}
    assert b"\x00\x00\x00\x01\x67" in coded[0].format.extradata
    assert np.allclose(np.diff(times_s), 0.04, atol=0.002)


@pytest.mark.parametrize("decode", [True, False])
def test_a_change_of_size_is_seen_in_frames_and_in_the_format(start_rtsp: RtspStarter, decode: bool) -> None:
    server = start_rtsp("--gop=5")
    coded: list[CodedPicture] = []
    frames: list[Frame] = []

    def tap(picture: CodedPicture) -> None:
        coded.append(picture)
        if len(coded) == 3:
            server.change_size(640, 360)
        if picture.format.size == (640, 360) and picture.time_s - coded[2].time_s > 1.0:
            raise StopIteration

    with StreamSource(Connection(server.address), CLOCK, tap, decode=decode) as source:
        with pytest.raises((StopIteration, RuntimeError)):
            frames.extend(source)
        problems = source.problems
    first = next(picture for picture in coded if picture.format.size == (640, 360))
    assert first.is_key
    assert first.format != coded[0].format
    assert first.format.extradata != coded[0].format.extradata
    if decode:
        assert {frame.size for frame in frames} == {(320, 240), (640, 360)}
        assert problems.size_changes == 1
    else:
        assert frames == []


def test_whoever_joins_in_the_middle_sees_nothing_grey(start_rtsp: RtspStarter) -> None:
    connection = Connection(start_rtsp("--gop=20").address)
    with StreamSource(connection, CLOCK) as first:
        list(islice(first, 25))  # key frames are at 0, 20, 40: the next one is far away
        coded: list[CodedPicture] = []
        with StreamSource(connection, CLOCK, coded.append) as second:
            frames = list(islice(second, 5))
            assert second.problems.damaged_packets == 0
    assert coded[0].is_key
    # A white ball on black: what is predicted from nothing is grey (128) all over.
    assert all(float(np.median(frame.luma)) < 20 for frame in frames)


def test_motion_jpeg_over_rtsp(start_rtsp: RtspStarter) -> None:
    coded: list[CodedPicture] = []
    with StreamSource(Connection(start_rtsp("--codec=mjpeg").address), CLOCK, coded.append) as source:
        assert len(list(islice(source, 3))) == 3
    assert coded[0].format.codec == "mjpeg"
    assert all(picture.is_key for picture in coded)


def test_udp_is_used_where_asked_for(start_rtsp: RtspStarter) -> None:
    with StreamSource(Connection(start_rtsp().address, transport="udp"), CLOCK) as source:
        assert len(list(islice(source, 3))) == 3


def test_a_password_with_every_sign_in_it_logs_in(
    start_rtsp: RtspStarter, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "p@:/ss%?#"
    server = start_rtsp("--user=me", f"--password={password}")
    monkeypatch.setenv("CAMERA_PASSWORD", password)
    camera = Camera(address=server.address, username="me", password_env="CAMERA_PASSWORD")
    open_source, recorded = open_sources(camera, CLOCK)
    with open_source(None) as source:
        assert next(iter(source)).size == (320, 240)
        assert source.info.name == server.address.replace("rtsp://", "rtsp://***@")
    assert recorded is None


def test_a_wrong_password_is_told_without_showing_it(
    start_rtsp: RtspStarter, capfd: pytest.CaptureFixture[str]
) -> None:
    server = start_rtsp("--user=me", "--password=right")
    address = server.address.replace("rtsp://", "rtsp://me:wrongsecret@")
    with pytest.raises(SourceError, match="refuses the name or the password") as caught:
        StreamSource(Connection(address), CLOCK).__enter__()
    error: BaseException | None = caught.value
    while error is not None:
        assert "wrongsecret" not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__
    assert "wrongsecret" not in repr(Connection(address))
    assert "wrongsecret" not in "".join(capfd.readouterr())


def test_nobody_there_is_an_error_without_the_password() -> None:
    with pytest.raises(SourceError, match="Connection refused") as caught:
        StreamSource(Connection("rtsp://me:secret@127.0.0.1:9/cam"), CLOCK).__enter__()
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("sent", [b"", bytes(range(256)) * 40], ids=["silence", "garbage"])
def test_a_server_that_talks_no_rtsp_is_given_up(
    start_tcp: Callable[[bytes], TcpServer], sent: bytes
) -> None:
    server = start_tcp(sent)
    with pytest.raises(SourceError, match="cannot be opened"):
        StreamSource(
            Connection(f"rtsp://127.0.0.1:{server.port}/cam", open_s=0.5, read_s=0.5), CLOCK
        ).__enter__()


def test_a_server_that_is_killed_and_comes_back_is_a_gap_and_no_more(
    start_rtsp: RtspStarter, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("monitor.capture.live.backoff.DELAYS_S", (0.2, 0.2, 0.2))
    server = start_rtsp()
    coded: list[CodedPicture] = []
    address = server.address.replace("rtsp://", "rtsp://me:secret@")
    camera = Camera(address=address, read_s=2.0, open_s=2.0)
    items: list[Frame | Gap] = []
    with (
        caplog.at_level(logging.INFO),
        live_reader(camera, name="door", clock=CLOCK, tap=coded.append) as reader,
    ):
        for item in reader:
            items.append(item)
            if len(items) == 10:
                server.kill()
            elif isinstance(item, Gap) and item.end_s is None:
                start_rtsp(f"--port={server.port}", "--width=640", "--height=360")
            elif isinstance(item, Frame) and item.size == (640, 360) and len(items) > 20:
                break
        statistics = reader.statistics
    gaps = [item for item in items if isinstance(item, Gap)]
    frames = [item for item in items if isinstance(item, Frame)]
    assert [gap.end_s is None for gap in gaps] == [True, False]
    times_s = np.array([frame.time_s for frame in frames])
    assert np.all(np.diff(times_s) > 0)
    walls = np.array([frame.wall_time.timestamp() for frame in frames if frame.wall_time is not None])
    # Half a second: the pictures that were looked at to know the stream are a little ahead.
    assert np.abs((walls - walls[0]) - (times_s - times_s[0])).max() < 0.5
    assert np.all(np.diff([picture.time_s for picture in coded]) > 0)
    assert statistics.reconnects == 1
    assert statistics.size == (640, 360)
    assert "secret" not in caplog.text + repr(statistics) + repr(gaps)


def test_a_camera_that_hangs_is_a_gap_and_stopping_does_not_wait_for_it(start_rtsp: RtspStarter) -> None:
    server = start_rtsp()
    camera = Camera(address=server.address, silence_s=0.5, read_s=60.0, hang_s=100.0)
    before = set(threading.enumerate())
    is_frozen = False
    with live_reader(camera, name="door", clock=CLOCK) as reader:
        for item in reader:
            # A machine with other work to do may see gaps before, too.
            if is_frozen and isinstance(item, Gap) and item.end_s is None:
                assert item.why == "no picture for 0.5 s"
                break
            if isinstance(item, Frame) and item.index >= 5 and not is_frozen:
                server.freeze()
                is_frozen = True
        threading.Timer(0.1, reader.stop).start()
        for _ in reader:
            pass
    (reading,) = (one for one in set(threading.enumerate()) - before if one.name == "live reader")
    assert reading.is_alive()  # the driver waits for the camera still


def test_a_camera_that_hangs_is_waited_for_once_and_its_last_picture_kept(start_rtsp: RtspStarter) -> None:
    server, read_s = start_rtsp(), 0.6
    asked_s = [0.0]
    waits_s: list[float] = []

    def take(source: StreamSource) -> None:
        for frame in source:
            waits_s.append(time.monotonic() - asked_s[-1])
            if frame.index == 5:
                server.freeze()
            asked_s.append(time.monotonic())

    with StreamSource(Connection(server.address, read_s=read_s), CLOCK) as source:
        asked_s.append(time.monotonic())
        with pytest.raises(SourceError, match=r"no answer within 0\.6 s"):
            take(source)
        waits_s.append(time.monotonic() - asked_s[-1])
    # FFmpeg keeps the picture that came last to itself, until it gives up.
    assert sum(wait_s >= 0.9 * read_s for wait_s in waits_s) == 1


def test_the_small_stream_is_analysed_while_the_large_one_is_recorded_undecoded(
    start_rtsp: RtspStarter,
) -> None:
    large, small = start_rtsp("--width=640", "--height=360"), start_rtsp("--width=160", "--height=128")
    coded: list[CodedPicture] = []
    camera = Camera(address=large.address, second_address=small.address)
    frames: list[Frame | Gap] = []
    with live_reader(camera, name="door", clock=CLOCK, tap=coded.append) as reader:
        for item in reader:
            frames.append(item)
            if len(frames) >= 20 and len(coded) >= 20:
                break
    assert all(isinstance(item, Frame) and item.size == (160, 128) for item in frames)
    assert {picture.format.size for picture in coded} == {(640, 360)}
    last = frames[-1]
    assert isinstance(last, Frame)
    assert abs(last.time_s - coded[-1].time_s) < 1.0
