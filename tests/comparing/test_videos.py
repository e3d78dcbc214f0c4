"""Two videos are laid on each other: what differs, is missing, repeated or corrupted is told."""

from pathlib import Path

import pytest

from monitor.comparing.faults import Fault
from monitor.comparing.options import Options
from monitor.comparing.videos import VideoComparison
from monitor.errors import UsageError
from tests.comparing.scenes import Timed, corrupted, evenly, repeated, without, write, yard

Found = tuple[Fault, str, int]


@pytest.fixture(scope="module")
def a(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("videos") / "a.mp4", yard())


def compared(a: Path, b: Timed, tmp_path: Path, *, sync: bool = False, crf: int = 20) -> VideoComparison:
    comparison = VideoComparison(a, write(tmp_path / "b.mp4", b, crf), Options(), sync=sync)
    for _ in comparison:
        pass
    comparison.close()
    return comparison


def faults(comparison: VideoComparison) -> list[Found]:
    return [(fault.kind, fault.side, fault.frame) for fault in comparison.faults]


@pytest.mark.parametrize("crf", [18, 28])
def test_a_video_coded_anew_is_the_same(a: Path, tmp_path: Path, crf: int) -> None:
    found = compared(a, yard(), tmp_path, crf=crf)
    assert not found.different
    assert len(found.rows) == 75


def test_the_span_in_which_somebody_stands_there_is_told_with_a_box(a: Path, tmp_path: Path) -> None:
    found = compared(a, yard(somebody=range(25, 50), seed=500), tmp_path)
    (span,) = found.spans
    assert (span.start_s, span.end_s, span.frames) == pytest.approx((1.0, 1.96, 25), abs=0.05)
    assert (span.boxes[0].x, span.boxes[0].y) == pytest.approx((100 / 160, 50 / 120), abs=0.03)
    assert [row.different for row in found.rows] == [index in range(25, 50) for index in range(75)]


def test_pictures_that_are_missing_in_time_are_dropped(a: Path, tmp_path: Path) -> None:
    found = compared(a, without(yard(), (20, 21, 40)), tmp_path)
    assert faults(found) == [(Fault.DROPPED, "b", 20), (Fault.DROPPED, "b", 21), (Fault.DROPPED, "b", 40)]
    assert not found.spans
    assert found.different


def test_what_a_recorder_closed_up_is_found_by_content(a: Path, tmp_path: Path) -> None:
    found = compared(a, evenly(without(yard(), (20, 21, 40))), tmp_path, sync=True)
    assert [fault.frame for fault in found.faults if fault.kind is Fault.DROPPED] == [20, 21, 40]
    assert not found.spans


def test_a_recording_that_began_later_is_laid_where_it_belongs(a: Path, tmp_path: Path) -> None:
    found = compared(a, evenly(yard()[30:]), tmp_path, sync=True)
    assert found.offset_s == pytest.approx(30 / 25, abs=0.02)
    assert not found.different
    assert found.notes == ["A begins 1.20 s earlier"]


def test_repeated_and_corrupted_pictures_are_told_apart(a: Path, tmp_path: Path) -> None:
    found = compared(a, corrupted(repeated(yard(), (30, 31)), (50,)), tmp_path)
    assert (Fault.REPEATED, "b", 30) in faults(found)
    assert (Fault.REPEATED, "b", 31) in faults(found)
    assert [fault for fault in faults(found) if fault[0] is Fault.CORRUPTED] == [(Fault.CORRUPTED, "b", 50)]


def test_a_corrupted_first_picture_is_known_by_those_that_follow(a: Path, tmp_path: Path) -> None:
    assert faults(compared(a, corrupted(yard(), (0,)), tmp_path)) == [(Fault.CORRUPTED, "b", 0)]


def test_of_half_the_rate_every_picture_has_its_partner(a: Path, tmp_path: Path) -> None:
    found = compared(a, yard()[::2], tmp_path)
    assert not found.different
    assert [row.frame_a for row in found.rows] == list(range(0, 75, 2))


def test_videos_in_which_nothing_moves_alike_are_not_moved(a: Path, tmp_path: Path) -> None:
    still = [(time_s, yard(1)[0][1]) for time_s, _ in yard()]
    found = compared(a, still, tmp_path, sync=True)
    assert found.offset_s == 0
    assert "too little moves alike" in found.notes[0]


def test_what_is_no_video_is_a_sentence(a: Path, tmp_path: Path) -> None:
    text = tmp_path / "b.mp4"
    text.write_text("no video")
    with pytest.raises(UsageError, match=r"b\.mp4"):
        list(VideoComparison(a, text, Options()))
