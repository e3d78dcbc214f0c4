"""Scores of a live camera are kept in little room, for some days, and read back by time."""

import gzip
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monitor.analysis.scores import Scores
from monitor.events.event import Phase
from monitor.events.judge import Judge
from monitor.frames import Frame
from monitor.outputs.scorestore import ScoreKeeper, kept_since, make_room, read_kept, tells_more
from monitor.outputs.sink import Observation
from tests.events.given import QUIET, judged, stream, traveller, usual_limits

NOON = datetime(2025, 11, 21, 12, tzinfo=UTC)


class Now:
    """Does jobs at once."""

    def add(self, job: Callable[[], object]) -> None:
        job()


def keeper(folder: Path, *, days: float = 7, most_bytes: int = 10**9, room: bool = True) -> ScoreKeeper:
    worker: Any = Now()
    return ScoreKeeper(folder, worker, lambda: room, days=days, most_bytes=most_bytes)


def at(scores: Iterable[Scores], start: datetime = NOON) -> list[Scores]:
    return [replace(one, wall_time=start + timedelta(seconds=one.time_s)) for one in scores]


def keep(into: ScoreKeeper, scores: Iterable[Scores]) -> None:
    plane = np.zeros((4, 4), np.uint8)
    for one in scores:
        frame = Frame(one.index, one.time_s, plane, None, lambda: plane)
        into.take(Observation(frame, one, plane, None, (), ()))
    into.close()


def everything(folder: Path) -> list[Scores]:
    return list(read_kept(folder, NOON - timedelta(days=99), NOON + timedelta(days=99)))


def test_what_was_seen_is_kept_and_judged_again_as_it_was(tmp_path: Path) -> None:
    live = stream(20, traveller(3, 6), traveller(9, 10, number=2, area_fraction=0.0004))
    keep(keeper(tmp_path), at(live))
    first, again = judged(usual_limits(), live), judged(usual_limits(), everything(tmp_path))
    assert [e.kind for e in again.events] == [e.kind for e in first.events]
    assert again.event.start_s == pytest.approx(first.event.start_s, abs=0.2)
    assert [miss.rule for miss in again.near_misses] == ["min_area"]


def test_while_nothing_is_seen_one_picture_a_second_is_kept(tmp_path: Path) -> None:
    keep(keeper(tmp_path), at(stream(20)))
    assert len(everything(tmp_path)) == 20


def test_the_end_of_an_event_writes_out_what_is_held(tmp_path: Path) -> None:
    into, judge = keeper(tmp_path), Judge(usual_limits(), "yard", lambda: "e")
    plane = np.zeros((4, 4), np.uint8)
    phases: set[Phase] = set()
    for one in at(stream(12, traveller(2, 5))):
        changes = judge.update(one).changes
        phases |= {change.phase for change in changes}
        assert everything(tmp_path) == []
        frame = Frame(one.index, one.time_s, plane, None, lambda: plane)
        into.take(Observation(frame, one, plane, None, changes, ()))
        if Phase.CLOSED in phases:
            assert everything(tmp_path)[-1].time_s > 5
            return
    raise AssertionError("no event ended")


@pytest.mark.parametrize("fields", [{"corrupt": True}, {"accepted": True}, {"gain": 1.2}])
def test_what_is_the_matter_with_a_picture_is_kept_at_once(fields: dict[str, Any]) -> None:
    assert not tells_more(replace(QUIET, time_s=0.1), QUIET)
    assert tells_more(replace(QUIET, time_s=0.1, **fields), QUIET)


def test_a_span_is_read_by_the_clock(tmp_path: Path) -> None:
    keep(keeper(tmp_path), at(stream(7300, rate_hz=1)))
    since = NOON + timedelta(minutes=59, seconds=58)
    found = [one.time_s for one in read_kept(tmp_path, since, since + timedelta(seconds=4))]
    assert found == [3598, 3599, 3600, 3601, 3602]
    assert kept_since(tmp_path) == NOON


def test_hours_that_are_too_old_go_when_another_begins(tmp_path: Path) -> None:
    for day in range(4):
        keep(keeper(tmp_path, days=2), at(stream(2), NOON + timedelta(days=day)))
    assert kept_since(tmp_path) == NOON + timedelta(days=1)


def test_the_oldest_hours_go_where_there_are_too_many_bytes(tmp_path: Path) -> None:
    for hour in range(4):
        keep(keeper(tmp_path), at(stream(2), NOON + timedelta(hours=hour)))
    size = max(path.stat().st_size for path in tmp_path.rglob("*.gz"))
    make_room(tmp_path / "scores", NOON - timedelta(days=1), 2 * size)
    assert kept_since(tmp_path) == NOON + timedelta(hours=2)


def test_what_a_power_cut_left_of_a_minute_is_read(tmp_path: Path) -> None:
    keep(keeper(tmp_path), at(stream(100, rate_hz=1)))
    (path,) = tmp_path.rglob("*.gz")
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert gzip.decompress(whole).count(b"\n") == 100
    assert 60 <= len(everything(tmp_path)) < 100


def test_nothing_is_written_while_there_is_no_room(tmp_path: Path) -> None:
    keep(keeper(tmp_path, room=False), at(stream(2)))
    assert everything(tmp_path) == []
