"""When fewer looks suffice."""

from dataclasses import replace

import pytest

from monitor.analysis.scores import Scores, State
from monitor.events.attention import is_still
from monitor.events.judge import Judge
from monitor.events.parameters import JudgeParameters
from tests.events.given import NOBODY, QUIET


def test_nothing_in_motion_is_still() -> None:
    assert is_still(QUIET)


@pytest.mark.parametrize(
    "seen",
    [replace(QUIET, tracks=(NOBODY,)), replace(QUIET, foreground_fraction=0.001)],
    ids=["something followed", "something not yet followed"],
)
def test_what_may_become_an_event_is_not_still(seen: Scores) -> None:
    assert not is_still(seen)


def test_a_still_picture_needs_fewer_looks(judge_parameters: JudgeParameters) -> None:
    assert Judge(judge_parameters, "yard", lambda: "1").update(QUIET).obvious


@pytest.mark.parametrize(
    "picture",
    [replace(QUIET, state=State.WARMING_UP), replace(QUIET, corrupt=True), replace(QUIET, structure=0.5)],
    ids=["being learnt", "damaged", "hidden"],
)
def test_a_picture_in_doubt_is_looked_at_closely(judge_parameters: JudgeParameters, picture: Scores) -> None:
    assert not Judge(judge_parameters, "yard", lambda: "1").update(picture).obvious
