"""What stops a region from being an event is told with its values, frame by frame."""

from collections.abc import Iterable
from typing import Any

import pytest

from monitor.analysis.scores import Scores, State
from monitor.events.judge import Judge
from monitor.events.refusal import RULES, Outlook, Standing
from tests.events.given import during, judged, stream, traveller, usual_limits


def outlooks(scores: Iterable[Scores]) -> list[Outlook]:
    judge = Judge(usual_limits(), "yard", lambda: "e")
    return [judge.update(one).outlook for one in scores]


def test_a_traveller_stands_first_refused_and_then_as_what_counts() -> None:
    found = outlooks(stream(3, traveller(0, 3, number=7)))
    first, last = found[0].standings[0], found[-1].standings[0]
    assert first.refusal is not None
    assert (first.track_id, first.counts, first.refusal.rule) == (7, False, "min_duration")
    assert last == Standing(7, counts=True)


@pytest.mark.parametrize(
    ("fixed", "rule", "measured", "limit"),
    [
        ({"area_fraction": 0.0005}, "min_area", 0.0005, 0.0008),
        ({"area_fraction": 0.8}, "max_area", 0.8, 0.7),
        ({"coherence": 0.2}, "min_coherence", 0.2, 0.5),
        ({"displacement_fraction": 0.01}, "min_displacement", 0.01, 0.5 * 0.005**0.5),
    ],
)
def test_a_refusal_has_the_measured_value_beside_the_limit(
    fixed: dict[str, Any], rule: str, measured: float, limit: float
) -> None:
    (standing,) = outlooks(stream(2, traveller(0, 2, **fixed)))[-1].standings
    assert standing.refusal is not None
    assert standing.refusal.rule == rule
    assert (standing.refusal.measured, standing.refusal.limit) == pytest.approx((measured, limit))


def test_a_veto_is_told_and_stands_before_every_rule_of_the_region() -> None:
    found = outlooks(stream(2, traveller(0, 2), picture=during(0, 2, state=State.WARMING_UP)))
    assert found[-1].veto is not None
    assert found[-1].veto.rule == "learning"
    assert found[-1].standings[0].refusal == found[-1].veto


def test_a_near_miss_keeps_the_values_of_its_refusal() -> None:
    (miss,) = judged(usual_limits(), stream(4, traveller(0, 2, area_fraction=0.0005))).near_misses
    assert (miss.rule, miss.measured, miss.limit) == ("min_area", 0.0005, 0.0008)
    assert miss.rule in RULES
