"""A walk test tells what is seen, of every fifth of a second what came nearest to an event."""

import io
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from monitor.analysis.scores import Scores
from monitor.cli.walkview import WalkScreen, sight_line
from monitor.clock import SimulatedClock
from monitor.events.judge import Judge
from monitor.frames import Frame
from monitor.live.child import Teller, pass_on
from monitor.live.walk import Sight, WalkSink
from monitor.outputs.sink import Observation
from tests.events.given import stream, traveller, usual_limits
from tests.live.given import Told

NOON = datetime(2025, 11, 21, 12, tzinfo=UTC)


def sights(scores: Iterable[Scores]) -> list[Sight]:
    """Return what is told of scores that are measured at their own pace."""
    told: list[Sight] = []
    clock = SimulatedClock(NOON)
    sink = WalkSink("yard", told.append, clock)
    judge, plane = Judge(usual_limits(), "yard", lambda: "e"), np.zeros((4, 4), np.uint8)
    last_s = 0.0
    for one in scores:
        clock.advance(one.time_s - last_s)
        last_s = one.time_s
        verdict = judge.update(one)
        frame = Frame(one.index, one.time_s, plane, None, lambda: plane)
        changes, outlook = verdict.changes, verdict.outlook
        sink.take(Observation(frame, one, plane, None, changes, (), outlook=outlook))
    return told


def test_a_walker_is_told_first_with_the_rule_that_stops_it_then_as_what_fires() -> None:
    told = sights(stream(4, traveller(1, 3)))
    rules = [one.seen[0].rule for one in told if one.seen]
    assert rules[0] == "min_duration"
    assert rules[-1] is None
    assert {one.event for one in told} == {None, "motion"}


def test_five_sights_a_second_are_told_whatever_the_rate() -> None:
    assert len(sights(stream(10, rate_hz=50))) == pytest.approx(50, abs=3)  # sums of floats


def test_what_was_seen_between_two_sights_is_not_lost() -> None:
    told = sights(stream(4, traveller(1.02, 1.1)))
    assert sum(bool(one.seen) for one in told) >= 1


def test_a_sight_crosses_from_process_to_process_unchanged() -> None:
    sight = next(one for one in sights(stream(4, traveller(1, 3))) if one.seen)
    sight = replace(sight, wall_time=NOON)
    lines, told = io.StringIO(), Told()
    Teller(lines).sight(sight)
    pass_on(lines.getvalue(), told)
    assert told.sights == [sight]


def screen(out: io.StringIO, *, as_json: bool = False) -> tuple[WalkScreen, list[float]]:
    now = [0.0]
    return WalkScreen(out, as_json=as_json, cameras=1, now_s=lambda: now[0]), now


def test_piped_there_is_one_line_a_second_with_the_best_of_it() -> None:
    out = io.StringIO()
    shown, now = screen(out)
    for one in sights(stream(6, traveller(1, 3))):
        now[0] = one.time_s
        shown.sight(one)
    lines = out.getvalue().splitlines()
    assert len(lines) == 6
    assert lines[0] == "0.0 s yard: nothing moves"
    assert any("does not fire: min_d" in line for line in lines)
    assert "3.0 s yard: 20.0 σ, 1.00% of the picture, 20% of its height: fires" in lines


def test_machines_get_the_sight() -> None:
    out = io.StringIO()
    shown, _ = screen(out, as_json=True)
    shown.sight(sights(stream(1))[0])
    assert json.loads(out.getvalue())["walk"]["camera"] == "yard"


def test_while_nothing_may_be_judged_the_reason_is_told() -> None:
    (first, *_) = sights(stream(1))
    assert sight_line(replace(first, veto="the light changed 0.2 s before")).endswith(
        "yard: the light changed 0.2 s before"
    )
