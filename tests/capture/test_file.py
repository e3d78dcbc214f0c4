"""Video files of many codecs and formats."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.plane import VideoPlane

from monitor.capture.file import FileSource
from monitor.capture.source import Problems, Source
from monitor.errors import UsageError
from monitor.frames import Frame, Size
from tests.capture.contract import SourceContract
from tests.capture.encode import RATE_HZ, encode, luma_of, mean_difference, pictures

CODEC_NOISE = 4.0
"""Grey levels that a lossy codec and halved chroma may cost on average on smooth pictures."""


class TestFileSource(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        return FileSource(encode(tmp_path / "clip.mp4", pictures(), options={"bf": "2"}))


class TestGreyFile(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        return FileSource(encode(tmp_path / "grey.mkv", pictures(), codec="ffv1", pix_fmt="gray"))


class TestRotatedRgbFile(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> Source:
        path = encode(tmp_path / "c.mp4", pictures(), codec="png", pix_fmt="rgb24", rotation_deg=90)
        return FileSource(path)


def read(path: Path) -> tuple[list[Frame], Problems]:
    with FileSource(path) as source:
        return list(source), source.problems


@pytest.mark.parametrize(
    ("codec", "name", "pix_fmt", "options"),
    [
        pytest.param("libx264", "a.mp4", "yuv420p", {}, id="H.264"),
        pytest.param("libx265", "a.mp4", "yuv420p", {"x265-params": "log-level=none"}, id="H.265"),
        pytest.param("mpeg4", "a.avi", "yuv420p", {"qmin": "2", "qmax": "2"}, id="MPEG-4"),
        pytest.param("mjpeg", "a.avi", "yuvj420p", {"qmin": "2", "qmax": "2"}, id="MJPEG"),
        pytest.param("wmv2", "a.wmv", "yuv420p", {"qmin": "2", "qmax": "2"}, id="WMV"),
        pytest.param("libvpx-vp9", "a.webm", "yuv420p", {"cpu-used": "8"}, id="VP9"),
        pytest.param("libsvtav1", "a.mkv", "yuv420p", {"preset": "12"}, id="AV1"),
    ],
)
def test_every_common_codec_gives_all_pictures_in_their_colours(
    tmp_path: Path, codec: str, name: str, pix_fmt: str, options: dict[str, str]
) -> None:
    truth = pictures()
    frames, problems = read(encode(tmp_path / name, truth, codec=codec, pix_fmt=pix_fmt, options=options))
    assert len(frames) == len(truth)
    assert problems == Problems()
    for frame, bgr in zip(frames, truth, strict=True):
        assert mean_difference(frame.bgr(), bgr) < CODEC_NOISE
        assert mean_difference(frame.luma, luma_of(bgr, full_range=codec == "mjpeg")) < CODEC_NOISE


@pytest.mark.parametrize(
    "pix_fmt",
    [
        *("yuv420p", "yuv422p", "yuv444p", "yuv410p", "yuva420p", "yuv420p10le", "yuv422p12le"),
        *("gray", "gray16le", "bgr0", "bgra", "gbrp10le"),
    ],
)
def test_every_pixel_format_gives_the_same_picture(tmp_path: Path, pix_fmt: str) -> None:
    truth = pictures(count=3)
    frames, _ = read(encode(tmp_path / "a.mkv", truth, codec="ffv1", pix_fmt=pix_fmt))
    grey = pix_fmt.startswith("gray")
    full_range = grey or "b" in pix_fmt
    for frame, bgr in zip(frames, truth, strict=True):
        expected = cv2.cvtColor(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR) if grey else bgr
        assert mean_difference(frame.bgr(), expected) < CODEC_NOISE
        assert mean_difference(frame.luma, luma_of(bgr, full_range=full_range)) < CODEC_NOISE
        assert (frame.chroma is None) == grey


@pytest.mark.parametrize(
    ("name", "pix_fmt"),
    [("a.nut", "bgr24"), ("a.avi", "bgr24"), ("a.nut", "nv12"), ("a.nut", "yuyv422"), ("a.nut", "rgb555le")],
)
def test_uncompressed_formats_decode(tmp_path: Path, name: str, pix_fmt: str) -> None:
    truth = pictures(count=3)
    frames, _ = read(encode(tmp_path / name, truth, codec="rawvideo", pix_fmt=pix_fmt))
    for frame, bgr in zip(frames, truth, strict=True):
        assert mean_difference(frame.luma, luma_of(bgr, full_range="b" in pix_fmt)) < CODEC_NOISE
        assert mean_difference(frame.bgr(), bgr) < CODEC_NOISE


def test_luma_and_chroma_are_the_decoders_own_memory(tmp_path: Path) -> None:
    frames, _ = read(encode(tmp_path / "a.mp4", pictures()))
    planes = [frames[3].luma, *(frames[3].chroma or ())]
    assert len(planes) == 3
    for plane in planes:
        assert isinstance(plane.base, VideoPlane)
        assert plane.__array_interface__["data"][0] == plane.base.buffer_ptr


def test_odd_sizes_are_kept(tmp_path: Path) -> None:
    truth = pictures(count=3, width=95, height=63)
    frames, _ = read(encode(tmp_path / "a.mkv", truth, codec="ffv1"))
    assert frames[0].luma.shape == (63, 95)
    assert frames[0].chroma is not None
    assert frames[0].chroma.u.shape == (32, 48)
    assert mean_difference(frames[0].bgr(), truth[0]) < CODEC_NOISE


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, -90])
def test_a_turned_or_mirrored_picture_comes_upright(
    tmp_path: Path, rotation_deg: int, mirrored: bool
) -> None:
    truth = pictures(count=3)[0]
    # The file holds the picture as it is before its matrix turns it counter-clockwise, then mirrors it.
    stored = np.ascontiguousarray(np.rot90(truth[:, ::-1] if mirrored else truth, -rotation_deg // 90))
    path = encode(tmp_path / "a.mp4", [stored] * 2, rotation_deg=rotation_deg, mirrored=mirrored)
    with FileSource(path) as source:
        frame = next(iter(source))
        assert source.info.size == Size(96, 64)
    assert mean_difference(frame.bgr(), truth) < CODEC_NOISE
    assert mean_difference(frame.luma, luma_of(truth)) < CODEC_NOISE
    assert frame.chroma is not None
    assert frame.chroma.u.shape == (32, 48)


@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize("matrix", ["bt709", "smpte170m"])
def test_colour_space_and_range_of_the_stream_are_respected(
    tmp_path: Path, full_range: bool, matrix: str
) -> None:
    # Y, U, V with the same red by each matrix: written out by the standards' equations.
    red, green, blue = 180, 60, 90
    kr, kb = {"bt709": (0.2126, 0.0722), "smpte170m": (0.299, 0.114)}[matrix]
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - luma) / (2 * (1 - kb)), (red - luma) / (2 * (1 - kr))
    y, u, v = (luma, cb + 128, cr + 128) if full_range else (16 + luma * 219 / 255, *_limited(cb, cr))
    path = _flat_video(tmp_path / "a.mp4", (round(y), round(u), round(v)), matrix, full_range)
    frames, _ = read(path)
    # Rounding Y, U and V to integers moves a colour by up to 2 levels, the lossy codec by 1 more.
    assert np.abs(frames[0].bgr()[32, 32].astype(int) - [blue, green, red]).max() <= 3


def _limited(cb: float, cr: float) -> tuple[float, float]:
    return 128 + cb * 224 / 255, 128 + cr * 224 / 255


def _flat_video(path: Path, yuv: tuple[int, int, int], matrix: str, full_range: bool) -> Path:
    options = {"colorspace": matrix, "color_range": "pc" if full_range else "tv", "qp": "1"}
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE_HZ, options=options)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        picture = av.VideoFrame(64, 64, "yuv420p")
        for plane, level in zip(picture.planes, yuv, strict=True):
            plane.update(bytes([level]) * plane.buffer_size)
        picture.color_range = 2 if full_range else 1
        picture.pts = 0
        container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def test_times_of_a_variable_rate_are_those_of_the_file(tmp_path: Path) -> None:
    ticks = [0, 40, 50, 200, 201, 1000, 1040, 3000]
    path = encode(tmp_path / "a.mkv", pictures(count=8), ticks=ticks, time_base=Fraction(1, 1000))
    frames, problems = read(path)
    assert [frame.time_s for frame in frames] == pytest.approx([tick / 1000 for tick in ticks])
    assert problems == Problems()


def test_time_counts_from_the_first_picture_where_the_file_starts_late(tmp_path: Path) -> None:
    frames, _ = read(encode(tmp_path / "a.mkv", pictures(count=3), ticks=[50, 51, 52]))
    assert [frame.time_s for frame in frames] == pytest.approx([0, 0.04, 0.08])


def test_missing_times_are_filled_from_the_rate_and_counted(tmp_path: Path) -> None:
    frames, problems = read(encode(tmp_path / "a.h264", pictures()))
    assert [frame.time_s for frame in frames] == pytest.approx([i / RATE_HZ for i in range(12)])
    assert problems.missing_timestamps == 12


def test_reordered_pictures_in_an_avi_are_spaced_evenly(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.avi", pictures(), codec="libx264", options={"bf": "2"})
    frames, _ = read(path)
    assert [frame.time_s for frame in frames] == pytest.approx([i / RATE_HZ for i in range(12)])


@pytest.mark.parametrize("name", ["a.mp4", "a.h264"])
def test_a_start_leaves_out_what_is_before_it_and_keeps_the_files_time(tmp_path: Path, name: str) -> None:
    path = encode(tmp_path / name, pictures(count=50), options={"g": "10", "bf": "2"})
    with FileSource(path, start_s=1.2) as source:
        frames = list(source)
    assert [frame.time_s for frame in frames] == pytest.approx([i / RATE_HZ for i in range(30, 50)])
    assert frames[0].index == 0
    assert mean_difference(frames[0].luma, luma_of(pictures(count=50)[30])) < CODEC_NOISE
    assert not source.problems.truncated


def test_a_start_before_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="starts at 0"):
        FileSource("a.mp4", start_s=-1)


def test_info_tells_what_the_container_states(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", pictures(), metadata={"creation_time": "2026-11-21T03:05:12.000000Z"})
    with FileSource(path) as source:
        info = source.info
    start = datetime(2026, 11, 21, 3, 5, 12, tzinfo=UTC)
    assert (info.name, info.size, info.rate_hz, info.frame_count) == ("a.mp4", Size(96, 64), 25.0, 12)
    assert (info.start_time, info.codec) == (start, "h264")
    assert info.duration_s == pytest.approx(0.48)


def test_wall_time_follows_the_creation_time(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", pictures(), metadata={"creation_time": "2026-11-21T03:05:12.000000Z"})
    frames, _ = read(path)
    start = datetime(2026, 11, 21, 3, 5, 12, tzinfo=UTC)
    assert frames[10].wall_time == start + timedelta(seconds=0.4)


@pytest.mark.parametrize("creation_time", ["1970-01-01T00:00:00Z", "yesterday"])
def test_a_clock_that_was_never_set_gives_no_wall_time(tmp_path: Path, creation_time: str) -> None:
    path = encode(tmp_path / "a.mkv", pictures(), metadata={"creation_time": creation_time})
    frames, _ = read(path)
    assert frames[0].wall_time is None


def test_a_size_that_changes_midway_is_followed_and_counted(tmp_path: Path) -> None:
    small = encode(tmp_path / "small.h264", pictures(count=4))
    large = encode(tmp_path / "large.h264", pictures(count=4, width=128, height=96))
    both = tmp_path / "both.h264"
    both.write_bytes(small.read_bytes() + large.read_bytes())
    frames, problems = read(both)
    assert [frame.size for frame in frames] == [Size(96, 64)] * 4 + [Size(128, 96)] * 4
    assert [frame.bgr().shape for frame in frames[3:5]] == [(64, 96, 3), (96, 128, 3)]
    assert problems.size_changes == 1
    assert problems.messages == ["from frame 4 on pictures are 128x96"]


def test_a_colon_in_the_name_is_no_protocol(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp4", pictures()).rename(tmp_path / "12:30:00.mp4")
    assert len(read(path)[0]) == 12


def test_only_the_video_stream_is_read_where_there_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=RATE_HZ)
        video.width, video.height, video.pix_fmt = 96, 64, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        silence.sample_rate = 8000
        container.mux(sound.encode(silence))
        for index, bgr in enumerate(pictures()):
            picture = av.VideoFrame.from_ndarray(bgr, format="bgr24")
            picture.pts = index
            container.mux(video.encode(picture))
        container.mux(video.encode())
    frames, problems = read(path)
    assert len(frames) == 12
    assert problems == Problems()


def test_frames_have_the_time_that_they_are_told_to_begin_at(tmp_path: Path) -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    with FileSource(encode(tmp_path / "a.mp4", pictures())) as source:
        source.begin_at(start)
        assert source.info.start_time == start
        assert [frame.wall_time for frame in source] == [
            start + timedelta(seconds=index / RATE_HZ) for index in range(12)
        ]
