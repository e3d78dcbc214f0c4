"""Which tracks are travellers, and from when to when something moved."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.analysis.scores import Box, Scores, TrackScore
from monitor.events.event import Kind, Phase
from monitor.events.motion import MotionJudge
from monitor.events.parameters import MotionParameters
from tests.events.given import Actor, Outcome, maker, stream, traveller, usual_limits

FRAME_S = 0.04
LIMITS = usual_limits().motion

Veto = tuple[str, str] | None
Run = Callable[..., Outcome]


@pytest.fixture
def run(motion_parameters: MotionParameters) -> Run:
    """Judge a stream; `vetoed` is a span in seconds in which nothing may count by the rule `by`."""

    def judge(
        scores: list[Scores], vetoed: tuple[float, float] = (0.0, 0.0), by: str = "integrity"
    ) -> Outcome:
        return judged(motion_parameters, scores, vetoed, by)

    return judge


def judged(
    limits: MotionParameters,
    scores: list[Scores],
    vetoed: tuple[float, float] = (0.0, 0.0),
    by: str = "integrity",
) -> Outcome:
    motion, outcome = MotionJudge(limits, maker()), Outcome()
    for one in scores:
        veto: Veto = (by, "the lens is covered") if vetoed[0] <= one.time_s < vetoed[1] else None
        changes, misses = motion.update(one, veto)
        outcome.changes += changes
        outcome.near_misses += misses
    changes, misses = motion.finish()
    outcome.changes += changes
    outcome.near_misses += misses
    outcome.check()
    return outcome


# What is motion


def test_a_traveller_is_one_event_from_first_to_last_sight(run: Run) -> None:
    event = run(stream(15, traveller(3, 8))).event
    assert (event.kind, event.source) == (Kind.MOTION, "yard")
    assert (event.start_s, event.start_frame) == (3.0, 75)
    assert (event.end_s, event.end_frame) == (7.96, 199)
    assert event.track_ids == (1,)


def test_the_event_opens_when_it_is_known_and_starts_when_it_began(run: Run) -> None:
    (opened, *_) = run(stream(15, traveller(3, 8))).changes
    assert opened.phase is Phase.OPENED
    assert opened.event.start_s == 3.0
    # Half its own size is 7.1 % / 2 of the diagonal, at 10 % a second after 0.36 s.
    assert opened.event.peak_s == pytest.approx(3.36, abs=FRAME_S)


def test_the_opening_sentence_has_each_value_with_its_limit(run: Run) -> None:
    sentence = run(stream(15, traveller(3, 8))).event.evidence.opened_by
    for part in (
        "1.00% of the frame (limit 0.08%)",
        "20.0 σ",
        f"limit {LIMITS.k_sigma:g} σ",
        f"limit {LIMITS.min_duration_s:g} s",
        "coherence 0.95",
    ):
        assert part in sentence


def test_evidence_is_that_of_the_whole_event(run: Run) -> None:
    evidence = run(stream(15, traveller(3, 8, area_fraction=0.02, peak_sigma=14.0))).event.evidence
    assert evidence.peak_sigma == 14.0
    assert evidence.area_fraction == 0.02
    assert evidence.displacement_fraction == pytest.approx(0.1 * 4.96)
    assert evidence.coherence == 0.95


def test_two_at_once_are_one_event_with_a_box_around_both(run: Run) -> None:
    left, right = Box(0.1, 0.2, 0.1, 0.2), Box(0.7, 0.5, 0.1, 0.3)
    event = run(
        stream(
            15,
            traveller(3, 8, box=left, area_fraction=0.01),
            traveller(3, 9, number=2, box=right, area_fraction=0.01),
        )
    ).event
    assert event.track_ids == (1, 2)
    assert event.box == pytest.approx((0.1, 0.2, 0.7, 0.6))


def test_a_clearer_view_moves_the_peak(run: Run) -> None:
    def approaching(time_s: float) -> float:
        return 0.01 if time_s < 6 else 0.04

    def actor(time_s: float) -> TrackScore | None:
        seen = traveller(3, 8)(time_s)
        return None if seen is None else replace(seen, area_fraction=approaching(time_s))

    outcome = run(stream(15, actor))
    assert [change.phase for change in outcome.changes] == [Phase.OPENED, Phase.UPDATED, Phase.CLOSED]
    assert outcome.event.peak_s == 6.0
    assert outcome.event.evidence.area_fraction == 0.04


def test_what_is_expected_but_not_seen_does_not_count(run: Run) -> None:
    assert run(stream(15, traveller(3, 8, visible=False))).events == []


# What is not, and why


@pytest.mark.parametrize(
    ("rule", "parts", "actor"),
    [
        ("min_area", ("0.05%", "0.08%"), traveller(3, 8, area_fraction=0.0005)),
        ("max_area", ("80%", "70%"), traveller(3, 8, area_fraction=0.8, box=Box(0, 0, 1, 0.8))),
        ("min_duration", ("0.24 s", "0.3 s"), traveller(3, 3.28, speed_per_s=1.0)),
        ("min_displacement", ("0.0%", "3.5%"), traveller(3, 8, speed_per_s=0.0)),
        (
            "max_speed",
            ("1.2 diag", f"{LIMITS.max_speed_per_s:g}", "0.8 s"),
            traveller(3, 3.6, speed_per_s=1.2),
        ),
        ("min_coherence", ("0.10", f"{LIMITS.min_coherence:g}"), traveller(3, 8, coherence=0.1)),
        ("at_rest", ("still for",), traveller(3, 18, speed_per_s=0.01, stops_s=3.0)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_rule_names_itself_with_value_and_limit(
    run: Run, rule: str, parts: tuple[str, ...], actor: Actor
) -> None:
    outcome = run(stream(20, actor))
    assert outcome.events == []
    (miss,) = outcome.near_misses
    assert miss.rule == rule
    assert all(part in miss.reason for part in parts)


def test_a_car_that_is_as_fast_but_stays_longer_is_motion(run: Run) -> None:
    event = run(stream(15, traveller(3, 4.0, speed_per_s=1.2, leaves=True))).event
    assert event.start_s == 3.0


@pytest.mark.parametrize(("length_s", "count"), [(0.8, 0), (0.88, 1)])
def test_what_is_fast_must_be_seen_for_four_fifths_of_a_second(run: Run, length_s: float, count: int) -> None:
    # The last of 20 frames from 3.00 s on shows it at an age of 0.76 s.
    assert len(run(stream(15, traveller(3, 3 + length_s, speed_per_s=1.2))).events) == count


def test_what_is_as_quick_to_go_but_slower_than_the_limit_is_motion(run: Run) -> None:
    slower = traveller(3, 3.6, speed_per_s=0.9 * LIMITS.max_speed_per_s)
    assert len(run(stream(15, slower)).events) == 1


def test_a_ghost_that_fades_is_no_traveller(run: Run) -> None:
    def ghost(time_s: float) -> TrackScore | None:
        seen = traveller(3, 8, speed_per_s=0.02, outline_ratio=0.2)(time_s)
        return None if seen is None else replace(seen, peak_sigma=30.0 if time_s < 3.5 else 5.0)

    outcome = run(stream(15, ghost))
    assert outcome.events == []
    assert [miss.rule for miss in outcome.near_misses] == ["faded"]


def test_a_near_miss_tells_when_where_and_how_much(run: Run) -> None:
    (miss,) = run(stream(15, traveller(3, 8, coherence=0.1))).near_misses
    assert (miss.source, miss.kind) == ("yard", Kind.MOTION)
    assert (miss.start_s, miss.end_s, miss.start_frame, miss.end_frame) == (3.0, 7.96, 75, 199)
    assert miss.box is not None
    assert miss.evidence.peak_sigma == 20.0
    assert miss.evidence.coherence == 0.1


def test_what_flashes_up_is_not_even_a_near_miss(run: Run) -> None:
    assert run(stream(15, traveller(3, 3.16))).near_misses == []


def test_what_became_motion_is_no_near_miss(run: Run) -> None:
    assert run(stream(15, traveller(3, 8))).near_misses == []


@pytest.mark.parametrize("area_fraction", [0.001, 0.02, 0.3])
def test_a_thing_must_travel_half_its_own_size(run: Run, area_fraction: float) -> None:
    half = 0.5 * (area_fraction / 2) ** 0.5
    least = max(0.03, half)
    below = traveller(3, 8, area_fraction=area_fraction, displacement_fraction=least * 0.95)
    above = traveller(3, 8, area_fraction=area_fraction, displacement_fraction=least * 1.05)
    assert run(stream(12, below)).events == []
    assert len(run(stream(12, above)).events) == 1


# Zones


def test_in_a_sensitive_zone_smaller_things_count(run: Run) -> None:
    small = traveller(3, 8, area_fraction=0.0005, zones=(("gate", 0.9),))
    event = run(stream(12, small)).event
    assert event.zones == ("gate",)
    assert "limit 0.04%" in event.evidence.opened_by


def test_beside_the_zone_they_do_not(run: Run) -> None:
    small = traveller(3, 8, area_fraction=0.0005, zones=(("gate", 0.2),))
    assert [miss.rule for miss in run(stream(12, small)).near_misses] == ["min_area"]


def test_zones_are_those_of_all_who_moved(run: Run) -> None:
    one = traveller(3, 8, zones=(("gate", 0.9),))
    other = traveller(4, 8, number=2, zones=(("door", 0.5), ("road", 0.1)))
    assert run(stream(12, one, other)).event.zones == ("door", "gate")


# When it ends


@pytest.mark.parametrize(("pause_s", "count"), [(LIMITS.event_gap_s - 0.5, 1), (LIMITS.event_gap_s + 0.5, 2)])
def test_a_pause_shorter_than_the_gap_is_bridged(run: Run, pause_s: float, count: int) -> None:
    scores = stream(20, traveller(3, 6), traveller(6 + pause_s, 12, number=2))
    assert len(run(scores).events) == count


def test_it_ends_after_the_gap_and_lasts_to_the_last_sight(run: Run) -> None:
    outcome = run(stream(15, traveller(3, 8)))
    assert outcome.event.end_s == 7.96
    assert outcome.event.evidence.closed_by == f"nothing that travels was seen for {LIMITS.event_gap_s:.1f} s"


def test_who_left_over_the_border_ends_it_sooner(run: Run) -> None:
    scores = stream(15, traveller(3, 6, leaves=True), traveller(7, 10, number=2))
    first, second = run(scores).events
    assert first.evidence.closed_by is not None
    assert "edge of the picture" in first.evidence.closed_by
    assert second.start_s == 7.0


def test_who_comes_to_rest_ends_it(run: Run) -> None:
    actor, known_s = traveller(3, 59, stops_s=8), 8 + LIMITS.rest_s
    before, after = (run(stream(known_s + more_s, actor)).event for more_s in (-2 * FRAME_S, 3 * FRAME_S))
    assert before.evidence.closed_by == "the source ended"
    assert after.evidence.closed_by == f"what moved has been still for {LIMITS.rest_s:g} s"


def test_motion_that_came_to_rest_ended_when_it_had_been_still_for_a_second(run: Run) -> None:
    assert run(stream(60, traveller(3, 59, stops_s=8))).event.end_s == pytest.approx(9.0, abs=2 * FRAME_S)


def test_what_faded_holds_no_event(run: Run) -> None:
    def dust(time_s: float) -> TrackScore | None:
        seen = traveller(3, 59)(time_s)
        return seen if seen is None or time_s < 8 else replace(seen, peak_sigma=5.0, outline_ratio=0.2)

    event = run(stream(60, dust)).event
    assert event.end_s == pytest.approx(8.0, abs=2 * FRAME_S)
    assert event.evidence.closed_by == f"nothing that travels was seen for {LIMITS.event_gap_s:.1f} s"


def test_who_walks_into_the_dark_with_his_own_outline_holds_it(run: Run) -> None:
    def walker(time_s: float) -> TrackScore | None:
        seen = traveller(3, 14)(time_s)
        return seen if seen is None or time_s < 8 else replace(seen, peak_sigma=5.0, outline_ratio=0.7)

    assert run(stream(20, walker)).event.end_s == pytest.approx(14.0, abs=2 * FRAME_S)


def test_one_who_rests_does_not_end_it_for_the_other(run: Run) -> None:
    rests, walks = traveller(3, 39, stops_s=5), traveller(4, 30, number=2, speed_per_s=0.02)
    assert run(stream(40, rests, walks)).event.end_s == pytest.approx(29.96, abs=FRAME_S + 1e-6)


def test_who_rested_and_goes_on_is_another_event(run: Run) -> None:
    def actor(time_s: float) -> TrackScore | None:
        seen = traveller(3, 40, stops_s=6)(time_s)
        if seen is None or time_s < 30:
            return seen
        return replace(seen, still_s=0.0, displacement_fraction=0.3 + 0.1 * (time_s - 30))

    first, second = run(stream(50, actor)).events
    assert second.start_s >= (first.end_s or 0.0)
    assert second.start_s == pytest.approx(30, abs=2 * FRAME_S)


def test_who_stood_and_goes_begins_to_move_when_he_goes(run: Run) -> None:
    def actor(time_s: float) -> TrackScore | None:
        seen = traveller(3, 30, speed_per_s=0.0, stops_s=3)(time_s)
        if seen is None or time_s < 20:
            return seen
        return replace(seen, still_s=0.0, displacement_fraction=0.1 * (time_s - 20))

    assert run(stream(35, actor)).event.start_s == pytest.approx(20, abs=2 * FRAME_S)


def test_who_swayed_long_before_he_went_did_not_move_then(run: Run) -> None:
    def actor(time_s: float) -> TrackScore | None:
        seen = traveller(3, 30, speed_per_s=0.0)(time_s)
        if seen is None or time_s < 20:
            return seen
        return replace(seen, displacement_fraction=0.1 * (time_s - 20))

    # Looking back is limited to 4 s, from when the motion is known as such.
    assert run(stream(35, actor)).event.start_s == pytest.approx(20.36 - 4.0, abs=3 * FRAME_S)


def test_an_event_does_not_begin_before_the_last_one_ended(run: Run) -> None:
    # The second stands in the picture all the time and sets off when the first is gone.
    def actor(time_s: float) -> TrackScore | None:
        seen = traveller(3, 15, number=2, speed_per_s=0.0)(time_s)
        if seen is None or time_s < 8.6:
            return seen
        return replace(seen, displacement_fraction=0.2 * (time_s - 8.6))

    first, second = run(stream(20, traveller(2, 8, leaves=True), actor)).events
    assert second.start_s >= (first.end_s or 0.0)


def test_what_is_open_at_the_end_of_the_source_is_closed_there(run: Run) -> None:
    event = run(stream(5, traveller(3, 9))).event
    assert event.end_s == 4.96
    assert event.evidence.closed_by == "the source ended"


# Veto


def test_what_is_vetoed_is_a_near_miss_that_says_so(run: Run) -> None:
    outcome = run(stream(15, traveller(3, 8)), vetoed=(2.0, 9.0))
    assert outcome.events == []
    (miss,) = outcome.near_misses
    assert (miss.rule, miss.reason) == ("integrity", "the lens is covered")


def test_who_is_still_there_after_the_veto_is_motion(run: Run) -> None:
    (opened, *_) = run(stream(15, traveller(3, 8)), vetoed=(2.0, 5.0)).changes
    assert opened.event.peak_s == 5.0


def test_who_was_known_to_move_is_not_seen_before_a_covered_lens(run: Run) -> None:
    assert run(stream(20, traveller(3, 12)), vetoed=(6.0, 15.0)).event.end_s == pytest.approx(5.96)


def test_who_was_known_to_move_goes_on_while_the_light_changes(run: Run) -> None:
    scores = stream(20, traveller(3, 12))
    assert run(scores, vetoed=(6.0, 15.0), by="light_change").event.end_s == pytest.approx(11.96)


# Always


travellers = st.builds(
    lambda start, length, number, leaves, speed, coherence: traveller(
        start, start + length, number=number, leaves=leaves, speed_per_s=speed, coherence=coherence
    ),
    st.floats(0, 10),
    st.floats(0.1, 8),
    st.integers(1, 1000),
    st.booleans(),
    st.sampled_from([0.0, 0.02, 0.3]),
    st.sampled_from([None, 0.1, 0.9]),
)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(travellers, max_size=4), st.tuples(st.floats(0, 10), st.floats(0, 20)))
def test_events_follow_each_other_without_overlap(actors: list[Actor], vetoed: tuple[float, float]) -> None:
    events = judged(LIMITS, stream(20, *actors, rate_hz=12.5), vetoed).events
    assert len({event.id for event in events}) == len(events)
    for earlier, later in pairwise(events):
        assert (earlier.end_s or 0.0) <= later.start_s
