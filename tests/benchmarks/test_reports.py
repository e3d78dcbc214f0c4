"""What programs print is read, results are written, and floors can fail."""

from pathlib import Path

import pytest

from benchmarks.accuracy.clips import dvr_scan_events
from benchmarks.accuracy.leave_one_out import DEFAULTS, choices
from benchmarks.accuracy.matching import Span
from benchmarks.accuracy.quick import BOUNDS, Bound, passes
from benchmarks.results import table, write_sections

PRINTED = """[DVR-Scan] Opened video a.wmv (320 x 240 at 15.000 FPS).
[DVR-Scan] Comma-separated timecode values:
00:00:04.000,00:00:12.533,00:01:00.000,00:01:02.000
"""


def test_the_times_of_dvr_scan_become_frames_at_its_own_rate() -> None:
    assert dvr_scan_events(PRINTED, 2000) == [Span("motion", 60, 188), Span("motion", 900, 930)]


def test_an_end_past_the_last_frame_is_the_last_frame() -> None:
    assert dvr_scan_events(PRINTED, 910)[-1].last == 909


def test_no_events_are_no_spans() -> None:
    assert dvr_scan_events("[DVR-Scan] Opened video a.wmv (320 x 240 at 15.000 FPS).\nNo events.", 9) == []


def test_a_table_has_decimals_and_a_dash_for_the_unknown() -> None:
    text = table(["a", "b"], [["x", 0.5], ["y", None]], digits=2)
    assert text.splitlines() == ["| a | b |", "| --- | ---: |", "| x | 0.50 |", "| y | – |"]


def test_written_sections_replace_their_own_and_keep_the_others(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    path.write_text("# Title\n\n## Masks\n\nold\n\n## Tried and not kept\n\nby hand\n")
    write_sections(path, "Title", {"Masks": "new", "Events": "more"})
    assert path.read_text() == (
        "# Title\n\n## Masks\n\nnew\n\n## Tried and not kept\n\nby hand\n\n## Events\n\nmore\n"
    )


def test_each_set_is_scored_with_what_is_best_on_the_others() -> None:
    scores = {
        DEFAULTS: {"a": 0.5, "b": 0.5, "c": 0.5},
        "k=3": {"a": 0.9, "b": 0.4, "c": 0.4},
    }
    chosen = {one.left_out: (one.chosen, one.f) for one in choices(scores)}
    assert chosen == {"a": (DEFAULTS, 0.5), "b": ("k=3", 0.4), "c": ("k=3", 0.4)}


@pytest.mark.parametrize(
    ("bound", "value", "holds"),
    [
        (Bound(0.8, 0.9, "2026-11-21"), 0.8, True),
        (Bound(0.8, 0.9, "2026-11-21"), 0.79, False),
        (Bound(1, 0, "2026-11-21", at_most=True), 1, True),
        (Bound(1, 0, "2026-11-21", at_most=True), 2, False),
    ],
)
def test_a_bound_holds_up_to_its_limit(bound: Bound, value: float, holds: bool) -> None:
    assert bound.holds(value) is holds


def test_one_broken_floor_fails_the_run() -> None:
    good = {name: bound.measured for name, bound in BOUNDS.items()}
    assert passes(good)
    assert not any(passes({**good, name: _worse(bound)}) for name, bound in BOUNDS.items())


def _worse(bound: Bound) -> float:
    return bound.limit + 1 if bound.at_most else bound.limit - 0.01
