"""What stays: an object left behind, or the place of one that was taken."""

from typing import Any

import pytest

from monitor.events.event import Kind
from monitor.events.parameters import MotionParameters, PictureParameters
from monitor.events.stationary import StationaryJudge
from tests.events.given import Actor, Outcome, maker, stream, traveller

FRAME_S = 0.04


@pytest.fixture
def judge(motion_parameters: MotionParameters, picture_parameters: PictureParameters) -> StationaryJudge:
    return StationaryJudge(motion_parameters, picture_parameters, maker())


def outcome(judge: StationaryJudge, *actors: Actor, vetoed: bool = False) -> Outcome:
    found = Outcome()
    for one in stream(30, *actors):
        found.changes += judge.update(one, vetoed)
    found.check()
    return found


def standing(outline_ratio: float, **fixed: Any) -> Actor:
    """Return something that is there from 5 s on and never moves."""
    return traveller(5, 30, speed_per_s=0.0, stops_s=5, outline_ratio=outline_ratio, **fixed)


def test_what_brings_its_own_edges_and_stays_was_left(
    judge: StationaryJudge, picture_parameters: PictureParameters
) -> None:
    event = outcome(judge, standing(0.8)).event
    assert event.kind is Kind.OBJECT_LEFT
    assert event.start_s == 5.0
    assert event.end_s == pytest.approx(5.0 + picture_parameters.left_s, abs=FRAME_S)
    assert event.track_ids == (1,)
    assert event.box is not None


def test_what_has_the_edges_of_the_background_is_the_place_of_something(
    judge: StationaryJudge, picture_parameters: PictureParameters
) -> None:
    event = outcome(judge, standing(0.2)).event
    assert event.kind is Kind.OBJECT_REMOVED
    assert event.end_s == pytest.approx(5.0 + picture_parameters.removed_s, abs=FRAME_S)


def test_it_tells_how_long_and_whose_edges(
    judge: StationaryJudge, picture_parameters: PictureParameters
) -> None:
    limit_s = picture_parameters.left_s
    sentence = outcome(judge, standing(0.8)).event.evidence.opened_by
    still = f"still for {limit_s:.1f} s (limit {limit_s:g} s)"
    for part in ("1.00% of the frame", still, "its own (0.80, limits 0.4 and 0.5)"):
        assert part in sentence


@pytest.mark.parametrize(
    "actor",
    [
        standing(0.45),
        standing(0.8, touches_border=True),
        standing(0.8, visible=False),
        standing(0.8, area_fraction=0.0005),
        traveller(5, 30, stops_s=25, outline_ratio=0.8),
        traveller(5, 10, speed_per_s=0.0, stops_s=5, outline_ratio=0.8),
        traveller(0.2, 30, speed_per_s=0.0, stops_s=0.2, outline_ratio=0.8),
    ],
    ids=["doubtful", "cut off", "not seen", "small", "moving", "gone too soon", "there from the beginning"],
)
def test_nothing_is_said_of_what_is(judge: StationaryJudge, actor: Actor) -> None:
    assert outcome(judge, actor).events == []


def test_nothing_is_said_while_nothing_can_be_trusted(judge: StationaryJudge) -> None:
    assert outcome(judge, standing(0.8), vetoed=True).events == []


def test_each_thing_is_told_once(judge: StationaryJudge) -> None:
    assert outcome(judge, standing(0.8), standing(0.2, id=2)).kinds == [Kind.OBJECT_REMOVED, Kind.OBJECT_LEFT]
