"""The camera itself: covered, blinded, out of focus, frozen, turned."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from monitor.events.camera import CameraJudge
from monitor.events.event import Event, Kind
from monitor.events.parameters import PictureParameters
from tests.events.given import HIDDEN, Outcome, during, maker, stream

FRAME_S = 0.04

SOFT = {"structure": 0.12, "sharpness": 0.4, "layout": 0.95}
STILL = {"change_previous": 0.0}

Picture = Callable[[float], Mapping[str, Any]]
Run = Callable[..., Outcome]


@pytest.fixture
def camera(picture_parameters: PictureParameters) -> CameraJudge:
    return CameraJudge(picture_parameters, maker())


@pytest.fixture
def run(camera: CameraJudge) -> Run:
    def judge(picture: Picture, duration_s: float = 60.0, rate_hz: float = 25.0) -> Outcome:
        outcome = Outcome()
        for one in stream(duration_s, picture=picture, rate_hz=rate_hz):
            outcome.changes += camera.update(one)
        outcome.changes += camera.finish()
        outcome.check()
        return outcome

    return judge


def lasted(event: Event, start_s: float, end_s: float) -> bool:
    """Return whether it was so from the first to the last frame of a span."""
    assert event.end_s is not None
    return event.start_s == pytest.approx(start_s, abs=FRAME_S) and event.end_s == pytest.approx(
        end_s, abs=FRAME_S + 1e-6
    )


def test_an_undisturbed_camera_has_no_events(run: Run) -> None:
    assert run(during(0, 0)).events == []


def test_a_dark_flat_picture_is_a_covered_lens(run: Run) -> None:
    event = run(during(40, 50, **HIDDEN)).event
    assert event.kind is Kind.COVERED
    assert lasted(event, 40, 50)


def test_it_tells_the_measures_with_their_limits(run: Run) -> None:
    sentence = run(during(40, 50, **HIDDEN)).event.evidence.opened_by
    for part in ("3% of the learnt edges", "limit 30%", "sharpness 0.20", "mean luma 30"):
        assert part in sentence


def test_a_bright_flat_picture_is_a_blinded_lens(run: Run) -> None:
    event = run(during(40, 50, **{**HIDDEN, "mean_luma": 240.0})).event
    assert event.kind is Kind.BLINDED
    assert lasted(event, 40, 50)


def test_somebody_who_passes_the_lens_does_not_cover_it(run: Run) -> None:
    assert run(during(40, 40.6, **HIDDEN)).events == []


def test_light_between_the_fingers_does_not_end_it(run: Run) -> None:
    def fingers(time_s: float) -> Mapping[str, Any]:
        return {} if 44 <= time_s < 44.6 else during(40, 50, **HIDDEN)(time_s)

    assert lasted(run(fingers).event, 40, 50)


def test_another_place_with_sharp_edges_is_no_cover(run: Run) -> None:
    assert run(during(40, 50, structure=0.05, sharpness=1.1)).events == []


HALF_SHARP = {**HIDDEN, "sharpness": 0.7}


def test_another_place_with_half_of_the_edges_and_at_rest_is_no_cover(run: Run) -> None:
    cut = during(40, 40.04, change_previous=40.0)
    assert run(lambda time_s: {**during(40, 50, **HALF_SHARP)(time_s), **cut(time_s)}).events == []


def test_a_hand_with_half_of_the_edges_that_trembles_is_a_cover(run: Run) -> None:
    assert run(during(40, 50, **HALF_SHARP, change_previous=6.0)).kinds == [Kind.COVERED]


def test_weak_edges_in_usual_light_are_out_of_focus(run: Run) -> None:
    event = run(during(40, 50, **SOFT)).event
    assert event.kind is Kind.DEFOCUSED
    assert lasted(event, 40, 50)
    assert "0.40 of the learnt (limit 0.75 of the contrast)" in event.evidence.opened_by


def test_haze_that_takes_of_all_contrasts_alike_is_not_out_of_focus(run: Run) -> None:
    assert run(during(40, 50, **{**SOFT, "sharpness": 0.6}, luma_deviation=24.0)).events == []


@pytest.mark.parametrize("luma", [80.0, 120.0])
def test_weak_edges_in_another_light_are_not_out_of_focus(run: Run, luma: float) -> None:
    assert run(during(40, 50, **SOFT, mean_luma=luma)).events == []


def test_nothing_counts_while_the_picture_is_out_of_focus(camera: CameraJudge) -> None:
    for one in stream(10, picture=during(5, 10, **SOFT)):
        camera.update(one)
    veto = camera.veto()
    assert veto is not None
    assert "out of focus" in veto[1]


def test_a_moment_of_refocusing_is_no_event(run: Run) -> None:
    assert run(during(40, 41.8, **SOFT)).events == []


def test_weak_edges_in_another_layout_are_not_out_of_focus(run: Run) -> None:
    assert Kind.DEFOCUSED not in run(during(40, 50, **{**SOFT, "layout": 0.5})).kinds


def test_what_is_not_known_to_keep_its_layout_is_not_called_out_of_focus(run: Run) -> None:
    assert Kind.DEFOCUSED not in run(during(40, 50, **{**SOFT, "layout": None})).kinds


def test_a_hand_whose_shade_happens_to_keep_the_layout_is_no_cover(run: Run) -> None:
    assert run(during(40, 50, **{**HIDDEN, "layout": 0.95})).events == []


def test_weak_edges_in_the_dark_are_not_out_of_focus(run: Run) -> None:
    assert run(during(40, 50, **SOFT, luma_deviation=12.0)).events == []


def test_pictures_that_used_to_differ_and_are_equal_are_frozen(run: Run) -> None:
    event = run(during(80, 95, **STILL), 120).event
    assert event.kind is Kind.FROZEN
    assert lasted(event, 80, 95)
    assert "10 s" in event.evidence.opened_by
    assert "100% differed" in event.evidence.opened_by


def test_equal_pictures_for_less_than_the_limit_are_not_frozen(run: Run) -> None:
    assert run(during(80, 89, **STILL), 120).events == []


def test_a_clock_on_a_frozen_picture_does_not_hide_it(run: Run) -> None:
    def ticking(time_s: float) -> Mapping[str, Any]:
        ticks = (time_s + 0.5) % 1.0 < FRAME_S / 2
        return during(80, 95, change_previous=0.1 if ticks else 0.0)(time_s)

    event = run(ticking, 120).event
    assert event.kind is Kind.FROZEN
    assert lasted(event, 80, 95)


def test_a_picture_that_moves_now_and_then_is_not_frozen(run: Run) -> None:
    def moving(time_s: float) -> Mapping[str, Any]:
        moves = time_s % 3.0 < 0.6
        return during(80, 110, change_previous=0.4 if moves else 0.0)(time_s)

    assert run(moving, 120).events == []


def test_a_source_that_is_always_still_is_not_frozen(run: Run) -> None:
    assert run(during(0, 200, **STILL), 120).events == []


def test_a_source_of_which_every_second_frame_is_a_copy_is_not_frozen(run: Run) -> None:
    def doubled(time_s: float) -> Mapping[str, Any]:
        return STILL if round(time_s / FRAME_S) % 2 or 80 <= time_s < 95 else {}

    assert run(doubled, 120).events == []


def turning(to_s: float, structure: float, step: float) -> Picture:
    """Return a picture that shifts from 40 s on by a step each frame, and has then lost its edges."""
    return lambda time_s: {
        **during(40, to_s, camera_move=(step, step / 2))(time_s),
        **during(40, 60, structure=structure, sharpness=1.0)(time_s),
    }


def test_a_background_that_goes_one_way_is_a_turned_camera(run: Run) -> None:
    event = run(turning(41, 0.2, 0.01)).event
    assert event.kind is Kind.CAMERA_MOVED
    # It is known when the shifts of the last second exceed 5 %: after five of 1.1 %.
    assert event.start_s == pytest.approx(40.16, abs=FRAME_S)
    assert event.end_s == pytest.approx(42.0, abs=0.3)
    # It is told half a second later, when a mast that sways would be back.
    assert event.peak_s == pytest.approx(40.66, abs=FRAME_S)
    assert "limit 5.0%" in event.evidence.opened_by


def test_a_shift_that_keeps_the_place_in_view_is_no_turned_camera(run: Run) -> None:
    assert run(turning(41, 0.8, 0.01)).events == []


def test_a_mast_that_sways_is_no_turned_camera(run: Run) -> None:
    def swaying(time_s: float) -> Mapping[str, Any]:
        step = 0.01 if round(time_s / FRAME_S) % 2 else -0.01
        return {"camera_move": (step, 0.0), "structure": 0.4}

    assert run(swaying).events == []


def test_a_mast_whose_swings_add_up_for_a_moment_is_no_turned_camera(run: Run) -> None:
    assert run(turning(40.3, 0.2, 0.03)).kinds == [Kind.CAMERA_MOVED]

    def swinging(time_s: float) -> Mapping[str, Any]:
        """Swing by a tenth of the picture, there in 0.3 s and back in 0.3 s."""
        step = 0.013 if int(time_s / 0.3) % 2 else -0.013
        return {"camera_move": (step, 0.0), "structure": 0.3}

    assert run(swinging).events == []


def nudged(offset: float, structure: float = 0.4) -> Picture:
    return during(40, 60, structure=structure, offset=(offset, 0.0))


def test_a_place_that_stays_out_of_its_position_is_a_nudged_camera(run: Run) -> None:
    event = run(nudged(0.02)).event
    assert event.kind is Kind.CAMERA_MOVED
    assert "2.0% of the picture out of its position" in event.evidence.opened_by
    assert "limit 1.2%" in event.evidence.opened_by
    # Settled for 0.6 s, and for 0.5 s more to be sure.
    assert event.peak_s == pytest.approx(41.1, abs=2 * FRAME_S)


def test_a_place_nearly_in_its_position_is_not(run: Run) -> None:
    assert run(nudged(0.012)).events == []


def test_a_place_that_shakes_about_its_position_is_not(run: Run) -> None:
    def shaking(time_s: float) -> Mapping[str, Any]:
        return {"structure": 0.3, "offset": (0.04 * math.sin(20 * time_s), 0.0)}

    assert run(shaking).events == []


@pytest.mark.parametrize("hidden", [HIDDEN, SOFT], ids=["covered", "out of focus"])
def test_when_the_place_was_last_out_of_sight_is_known(
    run: Run, camera: CameraJudge, hidden: Mapping[str, Any]
) -> None:
    assert camera.hidden_s == float("-inf")
    run(during(40, 50, **hidden))
    # It counts as hidden until the event is closed, a second after it was last hidden.
    assert camera.hidden_s == pytest.approx(51.0, abs=3 * FRAME_S)


def test_when_the_camera_was_moved_is_known(run: Run, camera: CameraJudge) -> None:
    assert camera.moved_s == float("-inf")
    run(turning(41, 0.2, 0.01))
    assert 41 < camera.moved_s < 47


def test_nothing_counts_while_the_place_is_not_to_be_seen(camera: CameraJudge) -> None:
    hidden, clear = stream(0.04, picture=during(0, 1, **HIDDEN)), stream(0.04)
    camera.update(clear[0])
    assert camera.veto() is None
    camera.update(hidden[0])
    veto = camera.veto()
    assert veto is not None
    assert veto[0] == "integrity"


def test_what_is_not_known_is_no_event(run: Run) -> None:
    unknown = {"structure": None, "sharpness": None, "camera_move": None, "change_previous": None}
    assert run(during(0, 60, **unknown)).events == []


def test_what_is_open_at_the_end_of_the_source_is_closed_there(run: Run) -> None:
    event = run(during(40, 70, **HIDDEN)).event
    assert event.evidence.closed_by == "the source ended"
    assert lasted(event, 40, 60)


@pytest.mark.parametrize("rate_hz", [5.0, 12.5, 50.0])
def test_the_rate_changes_the_times_by_a_frame(run: Run, rate_hz: float) -> None:
    event = run(during(40, 50, **HIDDEN), rate_hz=rate_hz).event
    assert event.start_s == pytest.approx(40, abs=1 / rate_hz)
    assert event.end_s == pytest.approx(50, abs=1 / rate_hz + 1e-6)
