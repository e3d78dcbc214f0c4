"""How fast a scan goes and how long it still takes."""

import pytest

from monitor.archive.executor import Progress
from monitor.cli.pace import Pace, share_of


def test_time_left_follows_from_the_bytes_that_are_over() -> None:
    pace = Pace({"a": 100, "b": 300}, began_s=10.0)
    assert pace.standing(10.0).left_s is None
    pace.done("a", frames=250, scanned_s=10.0)
    standing = pace.standing(15.0)
    assert standing.share == pytest.approx(0.25)
    assert (standing.frames_per_s, standing.speed) == (50.0, 2.0)
    assert standing.left_s == pytest.approx(15.0)


def test_what_runs_counts_as_far_as_it_is() -> None:
    pace = Pace({"a": 100, "b": 100}, began_s=0.0)
    pace.heard("a", Progress(frames=50, scanned_s=2.0, duration_s=4.0))
    pace.heard("b", Progress(frames=25, scanned_s=1.0, duration_s=4.0))
    standing = pace.standing(1.0)
    assert standing.share == pytest.approx(0.375)
    assert (standing.frames_per_s, standing.speed) == (75.0, 3.0)


def test_what_need_not_be_scanned_is_over_but_no_sign_of_speed() -> None:
    pace = Pace({"a": 900, "b": 100, "c": 100}, began_s=0.0)
    pace.skipped("a")
    assert pace.standing(1.0).left_s is None
    pace.done("b", frames=10, scanned_s=1.0)
    assert pace.standing(2.0).left_s == pytest.approx(2.0)


def test_without_sizes_all_inputs_count_the_same() -> None:
    pace = Pace({"a": 0, "b": 0}, began_s=0.0)
    pace.done("a", frames=1, scanned_s=1.0)
    assert pace.standing(1.0).share == pytest.approx(0.5)


def test_of_a_recording_of_unknown_length_no_share_is_known() -> None:
    assert share_of(Progress(frames=9, scanned_s=9.0)) == 0.0
    assert share_of(Progress(frames=9, scanned_s=9.0, duration_s=6.0)) == 1.0
