"""Scores that events can be judged from again."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.analysis.scores import Box, Scores, State
from monitor.errors import SourceFormatError, SourceNotFoundError, UsageError
from monitor.outputs.files import FileLedger
from monitor.outputs.scorefile import ScoreFile, read_scores, scores_line
from tests.outputs.scene import observation, scores, track


def written(path: Path, count: int = 5) -> Path:
    file = ScoreFile(path, FileLedger(path.parent))
    for index in range(count):
        file.take(observation(index))
    file.finish((), ())
    file.close()
    return path


def test_scores_come_back_equal(tmp_path: Path) -> None:
    assert list(read_scores(written(tmp_path / "s.jsonl"))) == [scores(index) for index in range(5)]


def test_types_come_back_too(tmp_path: Path) -> None:
    first = next(read_scores(written(tmp_path / "s.jsonl")))
    assert isinstance(first.state, State)
    assert isinstance(first.tracks[0].box, Box)
    assert first.wall_time is not None
    assert first.wall_time.tzinfo is not None


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.floats(0, 1e6),
    st.none() | st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    st.sampled_from(State),
    st.integers(0, 3),
)
def test_any_finite_scores_come_back_equal(
    tmp_path_factory: pytest.TempPathFactory,
    time_s: float,
    nats: float | None,
    move: tuple[float, float] | None,
    state: State,
    tracks: int,
) -> None:
    path = tmp_path_factory.mktemp("scores") / "s.jsonl"
    any_scores: Scores = replace(
        scores(1),
        time_s=time_s,
        kl_previous_nats=nats,
        camera_move=move,
        state=state,
        tracks=tuple(track(i) for i in range(tracks)),
    )
    path.write_text(scores_line(any_scores) + "\n")
    assert list(read_scores(path)) == [any_scores]


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "s.jsonl")
    path.write_bytes(path.read_bytes()[:-40])
    assert [found.index for found in read_scores(path)] == [0, 1, 2, 3]


def test_a_line_that_is_no_score_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "s.jsonl", 1)
    path.write_text(path.read_text() + '{"index": 1}\n')
    with pytest.raises(SourceFormatError, match="line 2 holds no scores"):
        list(read_scores(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="no such score file"):
        next(read_scores(tmp_path / "s.jsonl"))


def test_a_score_table_has_one_row_a_frame(tmp_path: Path) -> None:
    with written(tmp_path / "s.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["index"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert (rows[1]["time_s"], rows[1]["tracks"], rows[1]["peak_sigma"]) == ("0.04", "1", "14.25")
    assert rows[1]["kl_reference_nats"] == ""


def test_another_suffix_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.jsonl or \.csv"):
        ScoreFile(tmp_path / "s.txt", FileLedger(tmp_path))
    assert not list(tmp_path.iterdir())


def test_every_event_names_the_score_file(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    ScoreFile(tmp_path / "s.csv", ledger).close()
    assert ledger.files("any").scores == "s.csv"
