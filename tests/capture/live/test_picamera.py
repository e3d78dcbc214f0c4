"""The Raspberry Pi camera, by a picamera2 that keeps to its published interface."""

import sys
import threading
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.capture.coded import CodedPicture
from monitor.capture.live.picamera import PicameraSource
from monitor.capture.source import Source
from monitor.clock import SimulatedClock
from monitor.errors import MissingPackageError, SourceError, UsageError
from monitor.frames import Size
from tests.capture.contract import SourceContract

PADDING = 64
"""Bytes at the end of each line: the hardware's lines are multiples of its own."""

BOOT_NS = 50_000_000_000
FRAME_NS = 66_666_667


class Output:
    """As picamera2.outputs.Output: the encoder calls `outputframe` from its own thread."""

    def outputframe(self, frame: bytes, keyframe: bool = True, timestamp: int | None = None) -> None:
        raise NotImplementedError


class H264Encoder:
    def __init__(self, bitrate: int | None = None, repeat: bool = True, iperiod: int | None = None) -> None:
        self.repeat = repeat
        self.iperiod = iperiod
        self.firsttimestamp: int | None = None
        self.output: Output

    def encode(self, sensor_us: int, index: int) -> None:
        if self.firsttimestamp is None:
            self.firsttimestamp = sensor_us
        assert self.iperiod is not None
        arguments = (b"\0\0\0\1%d" % index, index % self.iperiod == 0, sensor_us - self.firsttimestamp)
        thread = threading.Thread(target=self.output.outputframe, args=arguments)
        thread.start()
        thread.join()


class Request:
    def __init__(self, picture: NDArray[np.uint8], sensor_ns: int) -> None:
        self._picture = picture
        self._sensor_ns = sensor_ns
        self.released = 0

    def make_array(self, name: str) -> NDArray[np.uint8]:
        assert name == "lores"
        return self._picture.copy()

    def get_metadata(self) -> dict[str, Any]:
        return {"SensorTimestamp": self._sensor_ns, "ExposureTime": 10_000}

    def release(self) -> None:
        self.released += 1


class Picamera2:
    made: "list[Picamera2]"

    def __init__(self, camera_num: int = 0) -> None:
        if camera_num > 0:
            raise IndexError("list index out of range")
        self.calls: list[str] = []
        self.encoder: H264Encoder | None = None
        self.requests: list[Request] = []
        Picamera2.made.append(self)

    def create_video_configuration(
        self, main: dict[str, Any], lores: dict[str, Any], controls: dict[str, Any]
    ) -> dict[str, Any]:
        return {"main": main, "lores": lores, "controls": controls}

    def configure(self, configuration: dict[str, Any]) -> None:
        self.configuration = configuration

    def camera_configuration(self) -> dict[str, Any]:
        return self.configuration

    def start(self) -> None:
        self.calls.append("start")

    def start_recording(self, encoder: H264Encoder, output: Output) -> None:
        assert isinstance(output, Output)
        encoder.output = output
        self.encoder = encoder
        self.calls.append("start_recording")

    def capture_request(self) -> Request:
        index = len(self.requests)
        width, height = self.configuration["lores"]["size"]
        luma = np.full((height, width + PADDING), 16 + index, np.uint8)
        luma[:, width:] = 255
        chroma = np.full((height // 2, width + PADDING), 128, np.uint8)
        sensor_ns = BOOT_NS + index * FRAME_NS
        self.requests.append(Request(np.vstack([luma, chroma]), sensor_ns))
        if self.encoder is not None:
            self.encoder.encode(sensor_ns // 1000, index)
        return self.requests[-1]

    def stop(self) -> None:
        self.calls.append("stop")

    def stop_recording(self) -> None:
        self.calls.append("stop_recording")

    def close(self) -> None:
        self.calls.append("close")


@pytest.fixture(autouse=True)
def _picamera2(monkeypatch: pytest.MonkeyPatch) -> None:
    Picamera2.made = []
    for name, content in (
        ("picamera2", {"Picamera2": Picamera2}),
        ("picamera2.encoders", {"H264Encoder": H264Encoder}),
        ("picamera2.outputs", {"Output": Output}),
    ):
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)


class TestPicamera(SourceContract):
    @pytest.fixture
    def source(self) -> Source:
        return PicameraSource("picamera", SimulatedClock())


@pytest.mark.parametrize("size", [Size(1280, 720), Size(640, 540)])
def test_frames_are_the_small_stream_without_its_padding(size: Size) -> None:
    with PicameraSource("picamera", SimulatedClock(), size=size) as source:
        frames = list(islice(source, 3))
    assert {frame.size for frame in frames} == {source.info.size}
    for frame in frames:
        assert np.all(frame.luma == 16 + frame.index)
        assert frame.chroma is not None
        assert frame.chroma.u.shape == (frame.luma.shape[0] // 2, frame.luma.shape[1] // 2)
        assert np.all(frame.chroma.u == 128)
        assert np.all(frame.chroma.v == 128)
    assert np.all(frames[0].bgr() == 0)


def test_frames_and_coded_pictures_have_the_sensor_times() -> None:
    coded: list[CodedPicture] = []
    threads = set()

    def tap(picture: CodedPicture) -> None:
        coded.append(picture)
        threads.add(threading.current_thread())

    with PicameraSource("picamera", SimulatedClock(), tap, rate_hz=15.0) as source:
        frames = list(islice(source, 31))
    assert frames[-1].time_s == pytest.approx(30 * FRAME_NS / 1e9, abs=1e-5)
    assert [picture.time_s for picture in coded] == [frame.time_s for frame in frames]
    assert [i for i, picture in enumerate(coded) if picture.is_key] == [0, 30]
    assert coded[0].format.size == (1280, 720)
    assert threads == {threading.current_thread()}


def test_size_and_rate_are_asked_of_the_camera() -> None:
    with PicameraSource("picamera:0", SimulatedClock(), size=Size(1920, 1080), rate_hz=10.0):
        pass
    asked = Picamera2.made[0].configuration
    assert asked["main"]["size"] == (1920, 1080)
    assert asked["lores"] == {"size": (960, 540), "format": "YUV420"}
    assert asked["controls"] == {"FrameRate": 10.0}


@pytest.mark.parametrize("recorded", [True, False])
def test_leaving_stops_and_closes_the_camera_and_frees_every_buffer(recorded: bool) -> None:
    tap = (lambda picture: None) if recorded else None
    with PicameraSource("picamera", SimulatedClock(), tap) as source:
        list(islice(source, 3))
    camera = Picamera2.made[0]
    stop = ["start_recording", "stop_recording"] if recorded else ["start", "stop"]
    assert camera.calls == [*stop, "close"]
    assert all(request.released == 1 for request in camera.requests)


def test_a_camera_that_is_not_there_is_an_error() -> None:
    with pytest.raises(SourceError, match="camera 1 cannot be opened"):
        PicameraSource("picamera:1", SimulatedClock()).__enter__()


def test_a_wrong_number_is_an_error() -> None:
    with pytest.raises(UsageError, match="picamera:x names no camera"):
        PicameraSource("picamera:x", SimulatedClock())


def test_without_picamera2_the_command_that_installs_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(MissingPackageError, match="apt install python3-picamera2"):
        PicameraSource("picamera", SimulatedClock()).__enter__()
