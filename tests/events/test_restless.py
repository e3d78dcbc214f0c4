"""What seems to travel and does not: light, weather, insects, what leaps; and what is left of a traveller."""

from dataclasses import replace
from typing import Any

import pytest

from monitor.analysis.scores import Box, TrackScore
from monitor.events.event import Kind
from tests.events.given import Actor, stream, traveller, usual_limits
from tests.events.test_motion import judged

LIMITS = usual_limits().motion


def flake(number: int, start_s: float, x: float = 0.4, **fixed: Any) -> Actor:
    """Return something as large as the traveller that is there for half a second and gets nowhere."""
    return traveller(
        start_s,
        start_s + 0.5,
        number=number,
        speed_per_s=0.0,
        centre=(x, 0.5),
        **{"area_fraction": 0.01} | fixed,
    )


def flurry(count: int, **fixed: Any) -> list[Actor]:
    return [flake(100 + n, 0.2 * n, **fixed) for n in range(count)]


@pytest.mark.parametrize(("share", "rules"), [(0.9, ["see_through"]), (0.7, []), (None, [])])
def test_what_shows_the_background_is_light_or_shadow(share: float | None, rules: list[str]) -> None:
    outcome = judged(LIMITS, stream(15, traveller(3, 8, see_through=share)))
    assert [miss.rule for miss in outcome.near_misses] == rules
    assert len(outcome.events) == 1 - len(rules)


def test_a_car_behind_the_beam_of_its_headlights_is_motion_once_it_hides_something() -> None:
    def car(time_s: float) -> TrackScore | None:
        seen = traveller(3, 8)(time_s)
        return None if seen is None else replace(seen, see_through=1.0 if time_s < 4 else 0.4)

    assert judged(LIMITS, stream(15, car)).event.start_s == 3.0


def test_among_many_that_get_nowhere_it_must_travel_further() -> None:
    # 16 flakes make the least way of 3.5 % six times as long: 21 % of the diagonal.
    short = traveller(3, 4.9, speed_per_s=0.1)
    assert len(judged(LIMITS, stream(12, short)).events) == 1
    outcome = judged(LIMITS, stream(12, *flurry(16), short))
    assert outcome.events == []
    assert "restless" in [miss.rule for miss in outcome.near_misses]


def test_who_does_travel_further_is_motion_in_any_weather_from_its_first_sight() -> None:
    event = judged(LIMITS, stream(12, *flurry(16), traveller(3, 8, speed_per_s=0.1, centre=(0.4, 0.5)))).event
    assert (event.kind, event.start_s) == (Kind.MOTION, 3.0)


@pytest.mark.parametrize(
    "others",
    [flurry(2), flurry(16, area_fraction=0.002), flurry(16, x=0.9)],
    ids=["few", "small", "far away"],
)
def test_few_small_or_far_things_hinder_nobody(others: list[Actor]) -> None:
    short = traveller(3, 4.9, speed_per_s=0.1, centre=(0.4, 0.5))
    assert len(judged(LIMITS, stream(12, *others, short)).events) == 1


def test_wind_is_forgotten_after_ten_seconds() -> None:
    later = traveller(15, 16.9, speed_per_s=0.1)
    assert len(judged(LIMITS, stream(20, *flurry(16), later)).events) == 1


def test_what_is_fast_and_winds_is_an_insect() -> None:
    def insect(time_s: float) -> TrackScore | None:
        seen = traveller(3, 6, speed_per_s=0.4)(time_s)
        return None if seen is None else replace(seen, path_fraction=2 * seen.displacement_fraction)

    outcome = judged(LIMITS, stream(12, insect))
    assert outcome.events == []
    assert [miss.rule for miss in outcome.near_misses] == ["winding"]


def test_who_winds_and_is_slow_is_motion() -> None:
    def child(time_s: float) -> TrackScore | None:
        seen = traveller(3, 6, speed_per_s=0.1)(time_s)
        return None if seen is None else replace(seen, path_fraction=2 * seen.displacement_fraction)

    assert len(judged(LIMITS, stream(12, child)).events) == 1


def test_what_has_just_leapt_has_yet_to_travel() -> None:
    def leaf(time_s: float) -> TrackScore | None:
        seen = traveller(3, 8, speed_per_s=0.0, coherence=0.4)(time_s)
        if seen is None or time_s >= 4:
            return seen if seen is None else replace(seen, coherence=0.9)
        return replace(seen, displacement_fraction=0.05)

    assert judged(LIMITS, stream(12, leaf)).events == []


def part(start_s: float, end_s: float, box: Box, **fixed: Any) -> Actor:
    return traveller(start_s, end_s, number=2, speed_per_s=0.0, box=box, **fixed)


PLACE = Box(0.45, 0.4, 0.05, 0.2)


def whole(time_s: float) -> TrackScore | None:
    """Return somebody who is lost from sight at 5 s."""
    return traveller(3, 5, box=PLACE)(time_s)


def test_what_is_left_of_a_traveller_holds_the_event() -> None:
    (event,) = judged(LIMITS, stream(15, whole, part(5.2, 9, PLACE))).events
    assert event.end_s == pytest.approx(8.96)


@pytest.mark.parametrize(
    "rest",
    [
        part(5.2, 9, Box(0.8, 0.4, 0.05, 0.2)),
        part(6.5, 9, PLACE),
        part(5.2, 9, PLACE, area_fraction=0.001),
        part(5.2, 9, PLACE, see_through=0.95),
    ],
    ids=["elsewhere", "later", "a speck", "a shadow"],
)
def test_what_is_not_of_the_traveller_does_not(rest: Actor) -> None:
    assert judged(LIMITS, stream(15, whole, rest)).event.end_s == pytest.approx(4.96)


def test_what_fades_at_the_border_has_not_left_over_it() -> None:
    def fades(time_s: float) -> TrackScore | None:
        seen = traveller(3, 7.2, touches_border=True)(time_s)
        return seen if seen is None or time_s < 5.9 else replace(seen, peak_sigma=4.0, outline_ratio=0.2)

    assert len(judged(LIMITS, stream(15, fades, traveller(6.6, 9, number=2))).events) == 1
