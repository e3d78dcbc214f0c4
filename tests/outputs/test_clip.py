"""Clips cut out of recordings, by copying and by encoding."""

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from monitor.capture.file import FileSource
from monitor.errors import OutputError
from monitor.events.event import Event
from monitor.frames import Bgr
from monitor.outputs.clip import ClipSink, Mode, encode_span
from monitor.outputs.copying import copy_span, suffix_for
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from tests.capture.encode import RATE_HZ, encode, mean_difference, pictures
from tests.outputs.scene import closed, event, names_in

DATA = Path(os.environ.get("MONITOR_DATA", "../shared/data"))
GOP = 10
COUNT = 60
REORDERED_TAIL = 4
"""Two B-frames delay decoding by two pictures, and the picture they refer to is two ahead of them."""

HALF_TICK_S = 0.5 / RATE_HZ

X264 = {"g": str(GOP), "keyint_min": str(GOP), "sc_threshold": "0"}
PLAIN = {**X264, "bf": "0"}
REORDERED = {**X264, "bf": "2", "b_strategy": "0"}
X265 = {"x265-params": f"log-level=none:keyint={GOP}:min-keyint={GOP}:scenecut=0:bframes=2:open-gop=1"}


def decoded(path: Path) -> tuple[list[float], list[Bgr]]:
    """All pictures with their times; fails where the file is damaged."""
    with FileSource(path) as source:
        frames = list(source)
        assert source.problems.damaged_packets == source.problems.disordered_timestamps == 0
        return [frame.time_s for frame in frames], [frame.bgr() for frame in frames]


def nearest(picture: Bgr, originals: list[Bgr]) -> int:
    """The number of the original that a coded picture resembles most."""
    return int(np.argmin([mean_difference(picture, original) for original in originals]))


def packet_count(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for packet in container.demux(video=0) if packet.size)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return encode(tmp_path / "in.mp4", pictures(COUNT), options=REORDERED)


@pytest.mark.parametrize(
    ("codec", "name", "pix_fmt", "options", "first"),
    [
        pytest.param("libx264", "a.mp4", "yuv420p", PLAIN, 20, id="H.264"),
        pytest.param("libx264", "a.mp4", "yuv420p", REORDERED, 20, id="H.264 with B-frames"),
        pytest.param("libx264", "a.mkv", "yuv420p", REORDERED, 20, id="Matroska with B-frames"),
        pytest.param("libx264", "a.ts", "yuv420p", REORDERED, 20, id="MPEG-TS"),
        pytest.param("libx265", "a.mp4", "yuv420p", X265, 20, id="H.265 with open groups"),
        pytest.param("mpeg4", "a.avi", "yuv420p", {"g": str(GOP)}, 20, id="MPEG-4 in AVI"),
        pytest.param("mjpeg", "a.avi", "yuvj420p", {}, 25, id="MJPEG in AVI"),
    ],
)
def test_a_copy_starts_at_the_key_frame_before_and_decodes_from_its_first_picture(
    tmp_path: Path, codec: str, name: str, pix_fmt: str, options: dict[str, str], first: int
) -> None:
    source = encode(tmp_path / name, pictures(COUNT), codec=codec, pix_fmt=pix_fmt, options=options)
    copy = tmp_path / f"copy{suffix_for(source)}"
    copy_span(source, copy, 25 / RATE_HZ, 40 / RATE_HZ)
    times_s, shown = decoded(copy)
    _, originals = decoded(source)
    assert 41 - first <= len(shown) <= 41 - first + REORDERED_TAIL
    assert all(np.array_equal(a, b) for a, b in zip(shown, originals[first:], strict=False))
    assert times_s == pytest.approx([i / RATE_HZ for i in range(len(shown))], abs=0.002)


def test_a_copy_holds_the_packets_of_its_span_and_no_more(recording: Path, tmp_path: Path) -> None:
    copy_span(recording, tmp_path / "c.mp4", 20 / RATE_HZ, 39 / RATE_HZ)
    assert 20 <= packet_count(tmp_path / "c.mp4") <= 20 + REORDERED_TAIL


def test_a_copy_of_all_is_as_long_as_the_recording(recording: Path, tmp_path: Path) -> None:
    copy_span(recording, tmp_path / "c.mp4", 0.0, 1e6)
    assert packet_count(tmp_path / "c.mp4") == COUNT


def test_a_copy_keeps_a_variable_rate(tmp_path: Path) -> None:
    ticks = [i * 4 + (i % 3) for i in range(COUNT)]
    source = encode(
        tmp_path / "in.mp4", pictures(COUNT), ticks=ticks, time_base=Fraction(1, 100), options=PLAIN
    )
    copy_span(source, tmp_path / "c.mp4", ticks[20] / 100, ticks[39] / 100)
    times_s, _ = decoded(tmp_path / "c.mp4")
    assert times_s == pytest.approx([(tick - ticks[20]) / 100 for tick in ticks[20:40]], abs=0.001)


def cut(recording: Path, layout: Layout, happening: Event, mode: Mode = "copy") -> FileLedger:
    ledger = FileLedger(layout.folder)
    sink = ClipSink(recording, layout.clip, ledger, mode=mode, pre_roll_s=0.2, post_roll_s=0.4)
    sink.finish((closed(happening),), ())
    sink.close()
    return ledger


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_clip_is_named_in_the_record_and_nothing_else_is_left(
    recording: Path, layout: Layout, mode: Mode
) -> None:
    ledger = cut(recording, layout, event(start=25, end=35), mode)
    assert ledger.files("e1").clip == "clips/00001.000-motion.mp4"
    assert names_in(layout.folder) == {"clips/00001.000-motion.mp4"}


def test_an_encoded_clip_spans_the_event_and_its_rolls_exactly(recording: Path, layout: Layout) -> None:
    cut(recording, layout, event(start=25, end=35), "encode")
    times_s, shown = decoded(layout.clip(event(start=25)))
    assert times_s == pytest.approx([i / RATE_HZ for i in range(26)], abs=1e-4)
    _, originals = decoded(recording)
    # x264 at crf 20 costs about two grey levels here; the pictures next to it differ by more.
    assert nearest(shown[0], originals) == 20
    assert nearest(shown[-1], originals) == 45


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_clip_ends_with_the_recording(recording: Path, layout: Layout, mode: Mode) -> None:
    cut(recording, layout, event(start=2, end=COUNT - 1), mode)
    assert packet_count(layout.clip(event(start=2))) == COUNT


def test_odd_sizes_lose_their_last_row_and_column(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mkv", pictures(5, 97, 65), codec="ffv1", pix_fmt="yuv444p")
    encode_span(source, tmp_path / "c.mp4", 0.0, 1.0)
    _, shown = decoded(tmp_path / "c.mp4")
    assert shown[0].shape == (64, 96, 3)
    assert nearest(shown[3], [picture[:64, :96] for picture in pictures(5, 97, 65)]) == 3


def test_an_encoded_clip_of_a_rotated_recording_is_upright(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", pictures(5), options=PLAIN, rotation_deg=90)
    encode_span(source, tmp_path / "c.mp4", 0.0, 1.0)
    _, originals = decoded(source)
    _, shown = decoded(tmp_path / "c.mp4")
    assert shown[0].shape == (96, 64, 3)
    assert mean_difference(shown[0], originals[0]) < 3


def test_a_copied_clip_of_a_rotated_recording_stays_rotated(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mp4", pictures(5), options=PLAIN, rotation_deg=90)
    copy_span(source, tmp_path / "c.mp4", 0.0, 1.0)
    _, shown = decoded(tmp_path / "c.mp4")
    assert np.array_equal(shown[0], decoded(source)[1][0])


def test_a_copy_that_would_show_a_privacy_zone_is_encoded_without_it(
    recording: Path, layout: Layout, ledger: FileLedger
) -> None:
    left_half = [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)]
    sink = ClipSink(recording, layout.clip, ledger, mode="copy", privacy=[left_half])
    sink.finish((closed(event(start=25, end=35)),), ())
    _, shown = decoded(layout.clip(event(start=25)))
    # Four pixels off the border, where halved chroma and the deblocking filter do not reach.
    assert max(int(picture[:, :44].max()) for picture in shown) <= 4
    assert min(float(picture[:, 52:].mean()) for picture in shown) > 30


def test_what_is_decoded_by_a_library_without_an_encoder_is_copied_as_anything_else(tmp_path: Path) -> None:
    source = encode(tmp_path / "a.mkv", pictures(COUNT), codec="libsvtav1", options={"preset": "12"})
    assert suffix_for(source) == ".mp4"
    copy_span(source, tmp_path / "c.mp4", 0.0, COUNT / RATE_HZ)
    assert packet_count(tmp_path / "c.mp4") == packet_count(source)
    with FileSource(tmp_path / "c.mp4") as copied:
        assert copied.info.codec == "av1"
        assert len(list(copied)) == COUNT


def test_what_fits_no_container_is_encoded(
    tmp_path: Path, layout: Layout, caplog: pytest.LogCaptureFixture
) -> None:
    source = encode(tmp_path / "a.wmv", pictures(COUNT), codec="wmv2", options={"g": str(GOP)})
    ledger = FileLedger(layout.folder)
    sink = ClipSink(source, layout.clip, ledger)
    for start in (10, 25):
        sink.finish((closed(event(str(start), start=start, end=start + 10)),), ())
    assert ledger.files("10").clip == "clips/00000.400-motion.mp4"
    assert packet_count(layout.clip(event("25", start=25))) == COUNT
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_reordered_pictures_in_avi_are_encoded_for_their_times_are_unknown(
    tmp_path: Path, layout: Layout
) -> None:
    source = encode(tmp_path / "a.avi", pictures(COUNT), codec="mpeg4", options={"bf": "2", "g": "10"})
    cut(source, layout, event(start=25, end=35))
    times_s, _ = decoded(layout.clip(event(start=25)))
    assert times_s == pytest.approx([i / RATE_HZ for i in range(len(times_s))], abs=HALF_TICK_S)


def test_overlapping_events_get_a_clip_each(recording: Path, layout: Layout, ledger: FileLedger) -> None:
    sink = ClipSink(recording, layout.clip, ledger)
    sink.finish((closed(event("a", end=30)), closed(event("b", end=40))), ())
    assert names_in(layout.folder / "clips") == {"00000.400-motion.mp4", "00000.400-motion-2.mp4"}


def test_a_recording_that_has_gone_is_told(layout: Layout) -> None:
    with pytest.raises(OutputError, match=r"00001\.000-motion\.mp4 cannot be written"):
        cut(layout.folder / "gone.mp4", layout, event(start=25, end=35))


def test_a_failed_clip_leaves_no_file_behind(recording: Path, layout: Layout) -> None:
    late = replace(event(end=35), start_s=1e3, end_s=1e3)
    with pytest.raises(OutputError, match="has no picture between"):
        cut(recording, layout, late, "encode")
    assert names_in(layout.folder) == set()


@pytest.mark.parametrize(
    "name",
    ["raw/traffic_camera_vfr.mp4", "raw/vtest_pets2009.mp4", "events/overhead_office.mkv"],
)
def test_real_recordings_are_copied_picture_for_picture(name: str, tmp_path: Path) -> None:
    source = DATA / name
    if not source.exists():
        pytest.skip(f"no {source}: set MONITOR_DATA to where the recordings are")
    copy_span(source, tmp_path / "c.mp4", 2.0, 5.0)
    copied_s, copied = decoded(tmp_path / "c.mp4")
    with FileSource(source) as original:
        frames = [(frame.time_s, frame.bgr()) for frame in original if frame.time_s < 6.0]
    begin = next(i for i, (_, picture) in enumerate(frames) if np.array_equal(picture, copied[0]))
    begin_s = frames[begin][0]
    assert begin_s <= 2.0
    # A millisecond is Matroska's clock.
    assert copied_s == pytest.approx(
        [time_s - begin_s for time_s, _ in frames[begin : begin + len(copied)]], abs=0.002
    )
    assert 5.0 - 0.1 <= begin_s + copied_s[-1] <= 5.5
    assert np.array_equal(copied[-1], frames[begin + len(copied) - 1][1])
