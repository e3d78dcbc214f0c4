"""A recording in parts gives what it gives as a whole, whatever happens where it is cut."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from monitor import app
from monitor.analysis.scores import Scores
from monitor.archive.shards.cutting import cut
from monitor.archive.shards.joining import Joined, Joiner
from monitor.archive.shards.measured import Measured
from monitor.archive.shards.measuring import measure
from monitor.archive.shards.plan import Part
from monitor.capture.opening import Input
from monitor.events.event import Event, Phase
from monitor.settings.load import load_settings
from tests.archive.shards.recordings import LASTS_S, MIDDLE_S, RATE_HZ, SCENES, record

EDGE_S = 0.2
"""By so much the edges of an event may differ."""

WARM_UP_S = 8.0
"""Twice the time constant below, as in `cutting`."""


SETTINGS = load_settings(None, None, ["advanced.background.learning_s=4", "advanced.analysis.look_ahead_s=4"])
"""Everything is learnt five times as fast, so that 40 s are as long as three minutes."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("recordings")


@cache
def whole(item: Input) -> Measured:
    """Measure the whole, once for all tests."""
    return measure(item, SETTINGS, Part(0.0, 0.0, None), threads=1)


@cache
def in_parts(item: Input, count: int = 2) -> Joined:
    """Measure the parts one after the other, and join them, once for all tests."""
    parts = cut(item, LASTS_S, count, WARM_UP_S).parts
    assert len(parts) == count
    joiner = Joiner(parts, 0.5 * SETTINGS.motion.min_area_fraction)
    for number, part in enumerate(parts):
        measured = measure(item, SETTINGS, part, threads=1)
        longer = joiner.take(number, measured)
        while longer is not None:
            more = measure(item, SETTINGS, longer.part, before=longer.before, threads=1)
            longer = joiner.go_on(more)
    joined = joiner.joined()
    assert joined is not None
    assert joined.is_whole
    return joined


def events(scores: Iterable[Scores]) -> list[Event]:
    judge = app.judge_of(SETTINGS, "x")
    changes = [change for one in scores for change in judge.update(one).changes]
    changes += judge.finish().changes
    closed = [change.event for change in changes if change.phase is Phase.CLOSED]
    return sorted(closed, key=lambda event: (event.start_s, event.kind))


@pytest.mark.parametrize("name", SCENES)
def test_parts_give_the_events_of_the_whole(name: str, folder: Path) -> None:
    item = Input(str(record(name, folder)))
    single = events(whole(item).scores)
    parts = events(in_parts(item).scores())
    assert single
    assert [event.kind for event in parts] == [event.kind for event in single]
    for one, other in zip(parts, single, strict=True):
        assert one.start_s == pytest.approx(other.start_s, abs=EDGE_S)
        assert one.end_s == pytest.approx(other.end_s, abs=EDGE_S)
        assert one.start_frame == pytest.approx(other.start_frame, abs=EDGE_S * RATE_HZ)


def test_frames_are_counted_once_and_in_order(folder: Path) -> None:
    item = Input(str(record("walkers before and after", folder)))
    joined = in_parts(item, 3)
    assert len(joined.stretches) == 3
    assert joined.last_index == LASTS_S * RATE_HZ - 1
    indices = [scores.index for scores in joined.scores()]
    assert indices == [scores.index for scores in whole(item).scores]


def test_no_part_hands_on_while_the_lens_is_covered(folder: Path) -> None:
    joined = in_parts(Input(str(record("covered over the seam", folder))))
    assert all(not 9.0 < stretch.from_s < 27.0 for stretch in joined.stretches)


def test_no_part_hands_on_while_somebody_stands_whom_the_next_takes_for_the_wall(folder: Path) -> None:
    joined = in_parts(Input(str(record("a stander over the seam", folder))))
    assert all(not MIDDLE_S - WARM_UP_S < stretch.from_s < 27.0 for stretch in joined.stretches)


def test_what_goes_on_from_a_standstill_is_as_if_it_had_never_stopped(folder: Path) -> None:
    item = Input(str(record("a walker at the seam", folder)))
    first = measure(item, SETTINGS, Part(0.0, 0.0, MIDDLE_S), threads=1)
    rest = measure(item, SETTINGS, Part(MIDDLE_S, MIDDLE_S, None), before=first.standstill, threads=1)
    assert list(first.followed_by(rest).scores) == list(whole(item).scores)


def test_a_recording_without_an_end_within_the_first_part_needs_no_other(folder: Path) -> None:
    item = Input(str(record("a walker at the seam", folder)))
    joiner = Joiner([Part(0.0, 0.0, 60.0), Part(50.0, 60.0, None)], 0.0)
    measured = measure(item, SETTINGS, Part(0.0, 0.0, 60.0), threads=1)
    assert joiner.take(0, measured) is None
    assert joiner.is_complete
    joined = joiner.joined()
    assert joined is not None
    assert joined.last_index == LASTS_S * RATE_HZ - 1


def test_a_user_who_stops_ends_the_measuring(folder: Path) -> None:
    item = Input(str(record("a walker at the seam", folder)))
    measured = measure(item, SETTINGS, Part(0.0, 0.0, None), threads=1, watch=lambda frame: frame.index == 50)
    assert measured.was_stopped
    assert measured.last_s >= 5.0
    assert max(scores.index for scores in measured.scores) == 50
