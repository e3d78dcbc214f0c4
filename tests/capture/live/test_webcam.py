"""Webcams, by a driver that sends real JPEGs: what a real one sends, without its cable."""

import logging
from itertools import cycle, islice

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from monitor.capture.coded import CodedPicture
from monitor.capture.live.settling import LONGEST_S, Settling
from monitor.capture.live.v4l2 import MJPEG, YUYV, Mode, V4l2Driver
from monitor.capture.live.webcam import WebcamSource
from monitor.capture.planes import planes_of_bgr
from monitor.capture.source import Source
from monitor.clock import SimulatedClock
from monitor.errors import SourceError
from monitor.frames import Size
from tests.capture.contract import SourceContract
from tests.capture.encode import mean_difference, pictures

RATE_HZ = 25.0
SETTLED = 14
"""Pictures until a camera whose light does not change counts as settled: half a second, and the first."""


def coded(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    done, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    assert done
    return np.asarray(data, np.uint8).reshape(1, -1)


class FakeDriver:
    """Sends the given pictures, one for each frame's time on the clock, the last for ever."""

    def __init__(self, raw: list[NDArray[np.uint8] | None], mode: Mode, clock: SimulatedClock) -> None:
        self._raw = raw
        self._clock = clock
        self._sent = 0
        self.mode = mode
        self.closed = 0

    def read(self) -> NDArray[np.uint8] | None:
        self._clock.advance(1 / RATE_HZ)
        self._sent += 1
        return self._raw[min(self._sent, len(self._raw)) - 1]

    def close(self) -> None:
        self.closed += 1


def webcam(
    raw: list[NDArray[np.uint8] | None],
    size: Size,
    *,
    pixels: str = MJPEG,
    tap: list[CodedPicture] | None = None,
    colour: bool = True,
) -> WebcamSource:
    clock = SimulatedClock()
    driver = FakeDriver(raw, Mode(size, RATE_HZ, pixels), clock)
    taken = None if tap is None else tap.append
    return WebcamSource(lambda wish: driver, Mode(), clock, taken, name="/dev/video0", colour=colour)


LARGE = Size(1280, 720)


def shots(count: int, size: Size = LARGE) -> list[NDArray[np.uint8]]:
    return pictures(count, *size)


@pytest.fixture(scope="module")
def jpegs() -> list[NDArray[np.uint8] | None]:
    return [coded(bgr) for bgr in shots(25)]


class TestMotionJpegWebcam(SourceContract):
    @pytest.fixture
    def source(self, jpegs: list[NDArray[np.uint8] | None]) -> Source:
        return webcam(jpegs, LARGE)


class TestLumaOnly(SourceContract):
    @pytest.fixture
    def source(self, jpegs: list[NDArray[np.uint8] | None]) -> Source:
        return webcam(jpegs, LARGE, colour=False)


def yuyv(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_YUY2), np.uint8)


class TestYuyvWebcam(SourceContract):
    @pytest.fixture
    def source(self) -> Source:
        raw: list[NDArray[np.uint8] | None] = [yuyv(bgr) for bgr in shots(25, Size(64, 48))]
        return webcam(raw, Size(64, 48), pixels=YUYV)


def test_frames_are_small_and_the_jpegs_are_handed_on_unchanged(
    jpegs: list[NDArray[np.uint8] | None],
) -> None:
    tap: list[CodedPicture] = []
    padded = [None if j is None else np.hstack([j, np.zeros((1, 500), np.uint8)]) for j in jpegs]
    with webcam(list(padded), LARGE, tap=tap) as source:
        frames = list(islice(source, 5))
        assert source.info.size == (640, 360)
    for frame, picture in zip(frames, tap, strict=False):
        sent = jpegs[SETTLED - 1 + frame.index]
        assert sent is not None
        assert picture.data == sent.tobytes()
        assert (picture.time_s, picture.is_key) == (frame.time_s, True)
        assert (picture.format.codec, picture.format.size) == ("mjpeg", (1280, 720))
        assert frame.size == (640, 360)
        whole = planes_of_bgr(shots(25)[SETTLED - 1 + frame.index])[0]
        assert mean_difference(frame.luma, cv2.resize(whole, frame.size, interpolation=cv2.INTER_AREA)) < 1.5


def test_a_picture_that_is_not_wanted_is_recorded_and_not_decoded(
    jpegs: list[NDArray[np.uint8] | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tap: list[CodedPicture] = []
    decoded: list[int] = []
    imdecode = cv2.imdecode

    def counted(raw: NDArray[np.uint8], flags: int) -> object:
        decoded.append(flags)
        return imdecode(raw, flags)

    monkeypatch.setattr(cv2, "imdecode", counted)
    with webcam(jpegs, LARGE, tap=tap) as source:
        even = cycle([True, False])
        source.is_wanted = lambda time_s: next(even)
        frames = list(islice(source, 4))
    assert len(tap) == 7
    assert len(decoded) == SETTLED + len(frames)
    assert [frame.index for frame in frames] == [0, 2, 4, 6]
    assert np.allclose(np.diff([frame.time_s for frame in frames]), [2 / RATE_HZ] * 3)


def test_luma_alone_is_that_of_the_colour_picture(jpegs: list[NDArray[np.uint8] | None]) -> None:
    with webcam(jpegs, LARGE, colour=False) as grey, webcam(jpegs, LARGE) as coloured:
        a, b = next(iter(grey)), next(iter(coloured))
    assert a.chroma is None
    assert b.chroma is not None
    assert mean_difference(a.luma, b.luma) < 0.6


@pytest.mark.parametrize(
    ("size", "analysed"),
    [(Size(1920, 1080), (960, 540)), (Size(640, 480), (640, 480)), (Size(3840, 2160), (960, 540))],
)
def test_pictures_are_halved_while_enough_rows_are_left(size: Size, analysed: tuple[int, int]) -> None:
    with webcam([], size) as source:
        assert source.info.size == analysed


def test_yuyv_is_taken_as_it_is_and_not_recorded() -> None:
    tap: list[CodedPicture] = []
    bgr = shots(1, Size(64, 48))[0]
    with webcam([yuyv(bgr)], Size(64, 48), pixels=YUYV, tap=tap) as source:
        frame = next(iter(source))
    assert np.array_equal(frame.luma, yuyv(bgr)[:, :, 0])
    assert mean_difference(frame.bgr(), bgr) < 4
    assert tap == []


def test_pictures_are_held_back_until_the_exposure_has_settled() -> None:
    bgr = shots(1, Size(64, 48))[0]
    dark = [coded(cv2.convertScaleAbs(bgr, alpha=i / 25)) for i in range(25)]  # type: ignore[arg-type]
    raw: list[NDArray[np.uint8] | None] = [*dark, coded(bgr)]
    with webcam(raw, Size(64, 48)) as source:
        first = next(iter(source))
        assert source.reads > 25
    assert mean_difference(first.luma, planes_of_bgr(bgr)[0]) < 2
    assert first.time_s == 0


def test_a_light_that_never_rests_is_watched_after_a_while() -> None:
    settling = Settling()
    flicker = [np.full((48, 64), 60 + 80 * (i % 2), np.uint8) for i in range(200)]
    over = [settling.is_over(i / RATE_HZ, luma) for i, luma in enumerate(flicker)]
    assert over.index(True) / RATE_HZ == pytest.approx(LONGEST_S, abs=0.05)


def test_damaged_pictures_are_counted_and_passed_over(jpegs: list[NDArray[np.uint8] | None]) -> None:
    good = jpegs[0]
    assert good is not None
    cut = good[:, : good.shape[1] // 2]
    noise = np.frombuffer(b"\x01\x02\x03\xff\xd9" * 20, np.uint8).reshape(1, -1)
    with webcam([*[good] * 20, cut, noise, good], LARGE) as source:
        frames = list(islice(source, 10))
        assert source.problems.damaged_packets == 2
    assert np.diff([frame.time_s for frame in frames]).max() == pytest.approx(3 / RATE_HZ)


@pytest.mark.parametrize("raw", [None, np.zeros((1, 100), np.uint8)], ids=["nothing", "garbage"])
def test_a_webcam_that_gives_no_pictures_any_more_is_an_error(raw: NDArray[np.uint8] | None) -> None:
    with webcam([raw], Size(64, 48)) as source, pytest.raises(SourceError, match="cable"):
        list(source)


def test_what_was_asked_for_and_what_is_given_is_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO), webcam([], LARGE):
        pass
    (record,) = caplog.records
    assert record.message == (
        "/dev/video0: asked for any size MJPG any rate, the camera gives 1280x720 MJPG 25/s; "
        "analysed at 640x360"
    )


def test_a_webcam_that_is_not_there_is_an_error_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SourceError, match="/dev/video99 is no camera"):
        V4l2Driver("99", Mode())
    assert capfd.readouterr().err == ""


def test_a_device_that_is_no_camera_is_an_error() -> None:
    with pytest.raises(SourceError, match="/dev/null cannot be opened as a camera"):
        V4l2Driver("/dev/null", Mode())
