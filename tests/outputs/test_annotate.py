"""The annotated video and what is drawn into it."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.analysis.scores import FlowVector, State
from monitor.capture.file import FileSource
from monitor.errors import OutputError, OutputExistsError
from monitor.frames import Bgr, Size
from monitor.outputs import text
from monitor.outputs.annotate import AnnotateSink, Annotator, canvas_size
from monitor.outputs.files import FileLedger
from monitor.outputs.layout import Layout
from monitor.outputs.overlay import ALARM, CANDIDATE, FLOW, ZoneOutline, draw_flow, draw_heat, draw_tracks
from monitor.outputs.strip import SPAN_S, Plot
from monitor.outputs.text import draw_text, text_width, time_code, wrapped
from monitor.outputs.video import COMPLETE, GROWING, VideoWriter
from tests.outputs.scene import closed, event, names_in, observation, opened, stream, track

PRIVATE = ZoneOutline("window", "privacy", [(0.0, 0.3), (1.0, 0.3), (1.0, 0.7), (0.0, 0.7)])


def has_colour(picture: Bgr, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(picture.astype(int) - colour).max(axis=2) < 30).any())


def annotator(*zones: ZoneOutline) -> Annotator:
    return Annotator(k_sigma=4.0, kl_nats=0.02, zones=zones)


def sink_at(path: Path, ledger: FileLedger) -> AnnotateSink:
    return AnnotateSink(path, ledger, k_sigma=4.0, kl_nats=0.02)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (Size(1280, 720), Size(1280, 720)),
        (Size(1920, 1080), Size(960, 540)),
        (Size(3840, 2160), Size(960, 540)),
        (Size(320, 240), Size(640, 480)),
        (Size(641, 361), Size(640, 360)),
        (Size(48, 48), Size(672, 672)),
    ],
)
def test_a_source_is_shown_at_an_even_size_that_can_be_read(source: Size, shown: Size) -> None:
    assert canvas_size(source) == shown


def test_a_video_has_the_sources_timing(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    times_s = [0.0, 0.04, 0.1, 0.5, 1.25]
    for index, time_s in enumerate(times_s):
        seen = observation(index)
        sink.take(replace(seen, frame=replace(seen.frame, time_s=time_s)))
    sink.close()
    with FileSource(layout.annotated) as source:
        assert [frame.time_s for frame in source] == pytest.approx(times_s, abs=1e-4)


def test_the_strip_stands_below_the_picture(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    sink.take(observation(0))
    sink.close()
    with FileSource(layout.annotated) as source:
        assert source.info.size == Size(640, 480 + 58)


def test_a_video_that_is_not_closed_still_plays(tmp_path: Path) -> None:
    # A process that dies without closing anything, as in a power cut.
    path = tmp_path / "a.mp4"
    script = (
        "import os, sys, numpy as np; from pathlib import Path\n"
        "from monitor.frames import Size; from monitor.outputs.video import GROWING, VideoWriter\n"
        "w = VideoWriter(Path(sys.argv[1]), Size(64, 48), preset='ultrafast', options=GROWING)\n"
        "for i in range(200): w.write(np.full((48, 64, 3), i, np.uint8), i / 25)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, env=dict(os.environ))
    with FileSource(path) as source:
        count = sum(1 for _ in source)
    # Of 8 s at most the last fragment of 1 s and what the encoder looks ahead are lost.
    assert count > 100


def test_the_events_name_the_video_once_it_is_there(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    assert ledger.files("e1").annotated is None
    sink.take(observation(0))
    assert ledger.files("e1").annotated == "annotated.mp4"
    assert names_in(layout.folder) == {"annotated.mp4"}
    sink.close()
    sink.close()


def test_without_frames_there_is_no_video(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    sink.finish((), ())
    sink.close()
    assert names_in(layout.folder) == set()


def test_an_existing_video_is_not_overwritten(layout: Layout, ledger: FileLedger) -> None:
    layout.annotated.touch()
    with pytest.raises(OutputExistsError):
        sink_at(layout.annotated, ledger)


def test_a_frame_of_another_size_is_scaled(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    sink.take(observation(0))
    seen = observation(1)
    small = replace(
        seen.frame, luma=seen.frame.luma[::2, ::2], render=lambda: np.zeros((120, 160, 3), np.uint8)
    )
    sink.take(replace(seen, frame=small))
    sink.close()
    with FileSource(layout.annotated) as source:
        assert [frame.size for frame in source] == [Size(640, 538)] * 2


def write_all(writer: VideoWriter, shown: Sequence[Bgr]) -> None:
    for index, picture in enumerate(shown):
        writer.write(picture, index / 25)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    full = tmp_path / "full.mp4"
    full.symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"full\.mp4 cannot be written: No space left on device"):
        VideoWriter(full, Size(96, 96), options=GROWING)


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """No file of this process may grow beyond 30 kB."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.usefixtures("small_files_only")
@pytest.mark.parametrize("options", [GROWING, COMPLETE], ids=["growing", "complete"])
def test_a_disk_that_fills_up_is_told_and_the_file_does_not_pass_for_complete(
    tmp_path: Path, options: dict[str, str]
) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (20, 96, 96, 3), np.uint8)
    writer = VideoWriter(tmp_path / "a.mp4", Size(96, 96), preset="ultrafast", options=options)
    with pytest.raises(OutputError, match=r"a\.mp4 cannot be written: File too large"):
        write_all(writer, [*noise, *noise, *noise])
    with pytest.raises(OutputError, match=r"a\.mp4 (is not complete|cannot be written)"):
        writer.close()
    writer.close()


def test_a_track_of_an_open_event_stands_out() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    draw_tracks(canvas, [track(20)], {3}, 12)
    assert has_colour(canvas, ALARM)


def test_a_candidate_is_thin_and_grey() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    draw_tracks(canvas, [track(20)], set(), 12)
    assert has_colour(canvas, CANDIDATE)
    assert not has_colour(canvas, ALARM)


def test_a_track_that_is_not_seen_is_not_drawn() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    draw_tracks(canvas, [replace(track(20), visible=False)], {3}, 12)
    assert not canvas.any()


def test_a_box_is_where_the_track_is() -> None:
    canvas = np.zeros((480, 640, 3), np.uint8)
    draw_tracks(canvas, [track(20)], {3}, 12)
    rows, columns = np.nonzero(canvas[:, :, 2] > 150)
    assert (columns.min(), rows.max()) == pytest.approx((80, 288), abs=2)


def test_still_corners_have_no_arrow() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    draw_flow(canvas, [FlowVector(0.5, 0.5, 0.001, 0.0)])
    assert not canvas.any()


def test_an_arrow_shows_the_way_of_a_quarter_second() -> None:
    canvas = np.zeros((240, 320, 3), np.uint8)
    draw_flow(canvas, [FlowVector(0.25, 0.5, 1.0, 0.0)])
    columns = np.nonzero(canvas.any(axis=(0, 2)))[0]
    assert (columns.min(), columns.max()) == pytest.approx((80, 160), abs=2)
    assert has_colour(canvas, FLOW)


def test_heat_covers_the_foreground_beyond_the_threshold_only() -> None:
    canvas = np.full((120, 160, 3), 100, np.uint8)
    mask = np.zeros((60, 80), np.uint8)
    mask[20:40, 20:60] = 255
    sigma = np.full((60, 80), 12.0, np.float32)
    sigma[:, 40:] = 3.0
    draw_heat(canvas, sigma, mask, k_sigma=4.0)
    changed = (canvas != 100).any(axis=2)
    assert changed[44:76, 44:76].all()
    assert not changed[:, 84:].any()
    assert not changed[:36].any()


def test_no_foreground_leaves_the_picture_as_it_is() -> None:
    canvas = np.full((120, 160, 3), 100, np.uint8)
    draw_heat(canvas, np.full((60, 80), 9.0, np.float32), np.zeros((60, 80), np.uint8), 4.0)
    assert (canvas == 100).all()


def test_a_privacy_zone_is_black_in_the_annotated_picture() -> None:
    plain = replace(observation(20), sigma=None)
    quiet = replace(plain, scores=replace(plain.scores, tracks=(), flow=()))
    drawn = annotator(PRIVATE).draw(quiet)
    # Within the zone below its own name.
    assert drawn[200:330, 10:630].max() == 0


def test_the_banner_stands_only_while_an_event_is_open() -> None:
    drawer = annotator()
    foot = slice(430, 480)
    quiet = drawer.draw(observation(1))[foot].copy()
    during = drawer.draw(observation(2, (opened(event()),)))[foot].copy()
    after = drawer.draw(observation(3, (closed(event(end=3)),)))[foot].copy()
    assert has_colour(during, ALARM)
    assert not has_colour(quiet, ALARM)
    assert not has_colour(after, ALARM)


def test_warming_up_is_told_in_another_colour() -> None:
    head = slice(0, 40)
    seen = observation(1)
    waiting = replace(seen, scores=replace(seen.scores, state=State.WARMING_UP))
    assert has_colour(annotator().draw(waiting)[head], (80, 200, 255))
    assert not has_colour(annotator().draw(seen)[head], (80, 200, 255))


def curve_of(values: Sequence[float | None]) -> Bgr:
    plot = Plot("peak", "σ", 4.0, 1, (0, 255, 0))
    for index, value in enumerate(values):
        plot.add(index * SPAN_S / 100, value, False)
    panel = np.zeros((118, 202, 3), np.uint8)
    plot.draw(panel, 12)
    return panel[18:]


def curve_rows(values: Sequence[float | None]) -> list[int]:
    """The rows in which the plot's line stands, 0 the top of 100."""
    green = (curve_of(values)[:, :, 1] > 200) & (curve_of(values)[:, :, 2] < 80)
    return np.nonzero(green.any(axis=1))[0].tolist()


def test_the_limit_stands_at_half_height() -> None:
    assert curve_rows([4.0] * 100) == pytest.approx([50], abs=2)


def test_a_value_without_bound_stays_in_the_picture() -> None:
    assert curve_rows([float("inf")] * 100)[0] <= 2


def test_nothing_measured_draws_no_line() -> None:
    assert curve_rows([None] * 100) == []


def test_the_plot_forgets_what_is_older_than_its_span() -> None:
    assert curve_rows([4000.0] * 10 + [4.0] * 120) == pytest.approx([50], abs=2)


@pytest.mark.parametrize(
    ("time_s", "code"), [(0.0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3723.5, "01:02:03.500")]
)
def test_a_time_code_is_rounded_as_a_whole(time_s: float, code: str) -> None:
    assert time_code(time_s) == code


def test_text_is_as_wide_as_it_says() -> None:
    canvas = np.zeros((40, 400, 3), np.uint8)
    draw_text(canvas, "peak 14.2 σ", (10, 5), height_px=20, colour=(255, 255, 255))
    columns = np.nonzero(canvas.any(axis=(0, 2)))[0]
    assert columns.max() - columns.min() == pytest.approx(text_width("peak 14.2 σ", 20), abs=6)


def test_without_a_true_type_font_text_is_still_drawn_within_its_width(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(text, "_FONT", None)
    canvas = np.zeros((40, 400, 3), np.uint8)
    draw_text(canvas, "peak 14.2 σ", (10, 5), height_px=20, colour=(255, 255, 255))
    rows, columns = np.nonzero(canvas.any(axis=2))
    assert columns.max() - columns.min() == pytest.approx(text_width("peak 14.2 σ", 20), abs=6)
    assert 5 <= rows.min() < rows.max() <= 5 + 20 * 4 // 3


def test_long_words_of_evidence_fit_their_lines() -> None:
    lines = wrapped("moved 0.34 of the frame at 14.2 σ " * 9, 400, 16, 2)
    assert len(lines) == 2
    assert all(text_width(line, 16) <= 400 for line in lines)
    assert lines[-1].endswith("…")


def test_a_whole_stream_is_written_frame_by_frame(layout: Layout, ledger: FileLedger) -> None:
    sink = sink_at(layout.annotated, ledger)
    for seen in stream(30, {10: opened(event()), 25: closed(event(end=25))}):
        sink.take(seen)
    sink.close()
    capture = cv2.VideoCapture(str(layout.annotated))
    assert int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) == 30
    capture.release()
