"""Which alerts go through a channel, and when."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.policy import Action, Decision, Happening, Policy
from monitor.settings.channels import Channel
from tests.alerts.given import NOW, stored

MOTION = Happening("driveway", "motion", placed=True)
COVERED = Happening("driveway", "covered")
NIGHT: dict[str, Any] = {"quiet_hours": ("22:00-06:00",), "cooldown_s": 0.0}
EVENING = datetime(2026, 1, 1, 23, 0, tzinfo=UTC)


def policy(zone: tzinfo = UTC, **rules: Any) -> Policy:
    return Policy(Channel(**rules), zone)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def decide(rules: Policy, what: Happening, now: datetime = NOW, armed: bool = True) -> Decision:
    return rules.decide(what, now, armed=armed)


@pytest.mark.parametrize(
    ("rules", "passes"),
    [
        ({}, True),
        ({"kinds": ("motion",)}, True),
        ({"kinds": ("covered",)}, False),
        ({"sources": ("driveway",)}, True),
        ({"sources": ("garden",)}, False),
        ({"zones": ("gate", "door")}, True),
        ({"zones": ("door",)}, False),
    ],
)
def test_routes_go_by_kind_source_and_zone(rules: dict[str, Any], passes: bool) -> None:
    at_gate = Happening("driveway", "motion", zones=("gate",), placed=True)
    assert decide(policy(**rules), at_gate).action is (Action.SEND if passes else Action.PASS_BY)


def test_what_has_no_place_passes_a_rule_of_zones() -> None:
    assert decide(policy(zones=("gate",)), COVERED).goes


def test_what_concerns_the_program_passes_a_rule_of_sources() -> None:
    assert decide(policy(sources=("garden",)), Happening("", "notice", "disk")).goes


def test_the_cool_down_counts_each_source_and_kind_apart() -> None:
    rules = policy(cooldown_s=60.0)
    assert decide(rules, MOTION, at(0)).goes
    again = decide(rules, MOTION, at(59))
    assert (again.action, again.why.startswith("cool-down: the last one was 59 s ago")) == (
        Action.WITHHOLD,
        True,
    )
    assert decide(rules, Happening("garden", "motion"), at(59)).goes
    assert decide(rules, Happening("driveway", "object_left"), at(59)).goes
    assert decide(rules, MOTION, at(60)).goes


def test_notices_of_different_things_do_not_cool_each_other() -> None:
    rules = policy(cooldown_s=60.0)
    assert decide(rules, Happening("", "notice", "disk full")).goes
    assert decide(rules, Happening("", "notice", "mail fails")).goes
    assert not decide(rules, Happening("", "notice", "disk full")).goes


def test_what_was_withheld_is_counted_in_the_next_alert() -> None:
    rules = policy(cooldown_s=60.0)
    for seconds in (0, 10, 20):
        decide(rules, MOTION, at(seconds))
    assert [decide(rules, MOTION, at(70)).more, decide(rules, MOTION, at(140)).more] == [2, 0]


def test_a_clock_that_was_set_back_does_not_silence() -> None:
    rules = policy(cooldown_s=60.0)
    decide(rules, MOTION, at(86400))
    assert decide(rules, MOTION, at(0)).goes


def test_the_cool_down_outlives_a_restart() -> None:
    rules = policy(cooldown_s=60.0)
    rules.resume([stored(at=at(0))], at(30))
    assert not decide(rules, MOTION, at(30)).goes
    assert decide(rules, MOTION, at(61)).goes


def test_disarmed_withholds_and_says_so() -> None:
    assert decide(policy(), MOTION, armed=False) == Decision(Action.WITHHOLD, "alerts are disarmed")


def test_alerts_of_quiet_hours_come_at_their_end() -> None:
    decision = decide(policy(**NIGHT), MOTION, EVENING)
    assert (decision.action, decision.at) == (Action.COLLECT, datetime(2026, 1, 2, 6, 0, tzinfo=UTC))


def test_quiet_hours_are_local_time() -> None:
    rules = policy(ZoneInfo("America/New_York"), **NIGHT)
    assert decide(rules, MOTION, EVENING).action is Action.SEND  # 18:00 there
    assert decide(rules, MOTION, EVENING + timedelta(hours=5)).action is Action.COLLECT


def test_quiet_hours_may_drop() -> None:
    decision = decide(policy(**NIGHT, quiet_action="drop"), MOTION, EVENING)
    assert decision == Decision(Action.WITHHOLD, "quiet hours until Fri 06:00")


@pytest.mark.parametrize("what", [COVERED, Happening("", "notice", "disk full")])
def test_trouble_breaks_through_quiet_hours_and_disarming_unless_it_may_not(what: Happening) -> None:
    assert decide(policy(**NIGHT, digest_s=600.0), what, EVENING, armed=False).action is Action.SEND
    polite = policy(**NIGHT, integrity_always=False)
    assert decide(polite, what, EVENING, armed=False).action is Action.WITHHOLD
    assert decide(polite, what, EVENING).action is Action.COLLECT


def test_a_digest_collects_from_its_first_alert_on() -> None:
    rules = policy(digest_s=600.0, cooldown_s=0.0)
    times = [decide(rules, MOTION, at(seconds)).at for seconds in (0, 300, 599, 600)]
    assert times == [at(600), at(600), at(600), at(1200)]


def test_a_digest_that_would_come_in_quiet_hours_comes_at_their_end() -> None:
    rules = policy(**NIGHT, digest_s=7200.0)
    assert decide(rules, MOTION, datetime(2026, 1, 1, 21, tzinfo=UTC)).at == datetime(
        2026, 1, 2, 6, tzinfo=UTC
    )


def test_a_digest_goes_on_after_a_restart() -> None:
    rules = policy(digest_s=600.0, cooldown_s=0.0)
    rules.resume([stored(at=at(0), next_try=at(600), body={"collected": True})], at(100))
    assert decide(rules, MOTION, at(100)).at == at(600)


def test_the_end_of_what_was_told_is_told_without_a_cool_down() -> None:
    rules = policy(cooldown_s=60.0)
    decide(rules, MOTION)
    assert rules.follow_up(MOTION, at(5)).action is Action.SEND
