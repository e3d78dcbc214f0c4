"""HTTP cameras: pictures one after the other (MJPEG), and segments (HLS), by real servers."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from monitor.capture.coded import CodedPicture
from monitor.capture.live.opened import Connection
from monitor.capture.live.opening import open_sources
from monitor.capture.live.reader import LiveReader
from monitor.capture.live.source import LiveSource
from monitor.capture.live.stream import StreamSource
from monitor.capture.source import Source
from monitor.clock import SimulatedClock, SystemClock
from monitor.errors import SourceError
from monitor.frames import Frame, Gap, Size
from monitor.settings.cameras import Camera
from tests.capture.contract import SourceContract
from tests.capture.encode import pictures
from tests.capture.live.servers import PART, HttpServer, TcpServer, jpeg

CLOCK = SystemClock()


class LookedAt(SimulatedClock):
    """A second passes with every look at it, so that arrival is known however busy the machine is."""

    def monotonic_s(self) -> float:
        self.advance(1.0)
        return super().monotonic_s()


def parts(*jpegs: bytes, gap_s: float = 0.0) -> Callable[[], Iterator[bytes]]:
    """Return what gives these pictures, and then nothing more."""

    def give() -> Iterator[bytes]:
        for data in jpegs:
            yield PART % (len(data), data)
            threading.Event().wait(gap_s)

    return give


def until_it_ends(source: LiveSource) -> Iterator[Frame]:
    """Yield frames; the end of a connection is an error or the end of iteration, both a loss."""
    with suppress(SourceError):
        yield from source


class TestMotionJpeg(SourceContract):
    @pytest.fixture
    def source(self, http: HttpServer) -> Source:
        jpegs = [jpeg(grey) for grey in range(50, 130, 4)]
        return StreamSource(Connection(http.serve("/video", parts(*jpegs, gap_s=0.005))), CLOCK)


def test_motion_jpeg_is_timed_by_arrival_and_recorded_unchanged(http: HttpServer) -> None:
    coded: list[CodedPicture] = []
    jpegs = [jpeg(grey) for grey in (40, 80, 120, 160, 200)]
    address = http.serve("/video", parts(*jpegs))
    with StreamSource(Connection(address), LookedAt(), coded.append) as source:
        frames = list(islice(source, 4))
    assert [picture.data for picture in coded[:4]] == jpegs[:4]
    assert [round(float(frame.luma.mean()) / 40) for frame in frames] == [1, 2, 3, 4]
    # FFmpeg itself would say 0.04 each time; by this clock arrivals are whole seconds apart.
    steps_s = np.diff([frame.time_s for frame in frames])
    assert np.all(steps_s >= 1)
    assert np.allclose(steps_s, np.round(steps_s))


def test_a_change_of_size_of_motion_jpeg_is_seen(http: HttpServer) -> None:
    coded: list[CodedPicture] = []
    jpegs = [jpeg(100), jpeg(101), jpeg(102, 192, 128), jpeg(103, 192, 128), jpeg(104)]
    with StreamSource(Connection(http.serve("/v", parts(*jpegs))), CLOCK, coded.append) as source:
        sizes = [frame.size for frame in until_it_ends(source)]
    assert sizes[:4] == [(96, 64), (96, 64), (192, 128), (192, 128)]
    assert [picture.format.size for picture in coded[: len(sizes)]] == sizes


def test_damaged_pictures_in_between_are_counted_and_passed_over(http: HttpServer) -> None:
    good = [jpeg(grey) for grey in range(60, 120, 10)]
    jpegs = [good[0], good[1], b"\xff\xd8 this is no picture \xff\xd9", *good[2:]]
    with StreamSource(Connection(http.serve("/v", parts(*jpegs))), CLOCK) as source:
        assert len(list(until_it_ends(source))) >= len(good) - 1
        assert source.problems.damaged_packets >= 1


@pytest.mark.parametrize("kind", ["missing", "text"])
def test_an_address_without_video_is_an_error(http: HttpServer, kind: str) -> None:
    address = http.address + "/none"
    if kind == "text":
        address = http.serve("/page", lambda: iter([b"<html>no camera here</html>"] * 50))
    with pytest.raises(SourceError, match=r"cannot be opened|no video|whole picture") as caught:
        StreamSource(Connection(address + "?password=secret", open_s=2, read_s=2), CLOCK).__enter__()
    assert "secret" not in str(caught.value)


def test_a_password_with_every_sign_in_it_logs_in_and_a_wrong_one_is_told(
    http: HttpServer, tmp_path: Path
) -> None:
    http.protect("me:p@:/ss%?# é")
    address = http.serve("/video", parts(*[jpeg(grey) for grey in range(50, 70)]))
    file = tmp_path / "password"
    file.write_text("p@:/ss%?# é\n", encoding="utf-8")
    file.chmod(0o600)
    open_source, _ = open_sources(Camera(address=address, username="me", password_file=file), CLOCK)
    with open_source(None) as source:
        assert next(iter(source)).size == (96, 64)
    file.write_text("wrongsecret", encoding="utf-8")
    open_source, _ = open_sources(Camera(address=address, username="me", password_file=file), CLOCK)
    with pytest.raises(SourceError, match="refuses the name or the password") as caught:
        open_source(None).__enter__()
    assert "wrongsecret" not in repr(caught.value)


def test_a_server_that_falls_silent_is_given_up(start_tcp: Callable[[bytes], TcpServer]) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
    data = jpeg(90)
    server = start_tcp(head + (PART % (len(data), data)) * 12)
    connection = Connection(f"http://127.0.0.1:{server.port}/", open_s=1.0, read_s=0.5)
    with StreamSource(connection, CLOCK) as source, pytest.raises(SourceError, match=r"within 0\.5 s"):
        list(source)


def test_another_codec_after_a_reconnect_is_told(
    http: HttpServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("monitor.capture.live.backoff.DELAYS_S", (0.1,))
    segment(tmp_path / "clip.ts", 0, 20)
    first = parts(*[jpeg(grey) for grey in range(50, 70)], gap_s=0.002)
    answers = iter([first(), iter([(tmp_path / "clip.ts").read_bytes()])])
    address = http.serve("/video", lambda: next(answers, iter(())))
    coded: list[CodedPicture] = []
    open_source, _ = open_sources(Camera(address=address, open_s=2.0, read_s=2.0), CLOCK)
    kinds = []
    with LiveReader(open_source, name="door", tap=coded.append) as reader:
        for item in reader:
            kinds.append(type(item))
            if {picture.format.codec for picture in coded} == {"mjpeg", "h264"}:
                break
    assert Gap in kinds
    assert next(picture for picture in coded if picture.format.codec == "h264").is_key


def segment(path: Path, first: int, count: int) -> None:
    """Write H.264 with reordered pictures in MPEG-TS, `first` pictures after the start."""
    with av.open(str(path), "w", format="mpegts") as container:
        options = {"bf": "2", "g": str(count), "preset": "superfast"}
        stream = container.add_stream("libx264", rate=25, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for i, bgr in enumerate(pictures(count)):
            picture = av.VideoFrame.from_ndarray(bgr, format="bgr24")
            picture.pts = first + i + count  # late enough that no decoding time is below 0
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


@pytest.fixture
def playlist(tmp_path: Path, http: HttpServer) -> str:
    """A live playlist of three segments of 0.4 s, the fourth of which is there after a while."""
    for i in range(4):
        segment(tmp_path / f"{i}.ts", i * 10, 10)
    write_playlist(tmp_path, 3)
    http.serve_folder(tmp_path)
    threading.Timer(0.3, write_playlist, (tmp_path, 4)).start()
    return http.address + "/live.m3u8"


def write_playlist(folder: Path, segments: int) -> None:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", "#EXT-X-MEDIA-SEQUENCE:0"]
    for i in range(segments):
        lines += ["#EXTINF:0.4,", f"{i}.ts"]
    fresh = folder / "fresh"
    fresh.write_text("\n".join([*lines, *(["#EXT-X-ENDLIST"] if segments == 4 else [])]) + "\n")
    fresh.replace(folder / "live.m3u8")


def test_segments_come_at_their_own_pace_in_order_of_presentation(playlist: str) -> None:
    coded: list[CodedPicture] = []
    begun_s = None
    frames: list[Frame] = []
    with StreamSource(Connection(playlist), CLOCK, coded.append) as source:
        for frame in until_it_ends(source):
            begun_s = time.monotonic() if begun_s is None else begun_s
            frames.append(frame)
        assert begun_s is not None
        took_s = time.monotonic() - begun_s
    times_s = np.array([frame.time_s for frame in frames])
    # What the decoder still holds back for reordering goes with the connection.
    assert len(coded) == 40
    assert len(frames) >= 38
    assert np.allclose(np.diff(times_s), 0.04, atol=0.002)
    assert took_s > 1.3
    assert source.problems.disordered_timestamps == 0
    # Reordered: decoding times grow, times of presentation do not.
    assert np.all(np.diff([picture.decode_s for picture in coded]) > 0)
    assert np.any(np.diff([picture.time_s for picture in coded]) < 0)
    assert {picture.format.size for picture in coded} == {Size(96, 64)}


def test_a_playlist_cannot_name_a_file_of_this_machine(tmp_path: Path, http: HttpServer) -> None:
    segment(tmp_path / "secret.ts", 0, 10)
    served = tmp_path / "served"
    served.mkdir()
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", "#EXTINF:0.4,", f"file://{tmp_path}/secret.ts"]
    (served / "live.m3u8").write_text("\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n")
    http.serve_folder(served)
    with pytest.raises(SourceError):
        StreamSource(Connection(http.address + "/live.m3u8", open_s=2, read_s=2), CLOCK).__enter__()
