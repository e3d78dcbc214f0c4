"""Times across connections, drift and leaps; back-off and pace."""

from fractions import Fraction
from typing import cast

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from monitor.capture.live.backoff import Backoff
from monitor.capture.live.pace import Pace
from monitor.capture.live.packets import PacketClock
from monitor.capture.live.timing import ConnectionTimes
from monitor.capture.source import Problems
from monitor.clock import SimulatedClock

RATE_HZ = 25
STEP_S = 1 / RATE_HZ


def placed(sources_s: list[float], arrivals_s: list[float], after_s: float | None = None) -> list[float]:
    times = ConnectionTimes(after_s)
    result = []
    for source_s, now_s in zip(sources_s, arrivals_s, strict=True):
        times.arrived(source_s, now_s)
        result.append(times.place(source_s))
    return result


def seconds(span_s: float) -> list[float]:
    return [i * STEP_S for i in range(int(span_s * RATE_HZ))]


def test_distances_are_those_of_the_stream_whatever_the_network_does() -> None:
    jitter = np.random.default_rng(1).uniform(0, 0.4, 1500)
    source = seconds(60)
    times = placed(source, [s + 5 + j for s, j in zip(source, jitter, strict=True)])
    assert np.allclose(np.diff(times), STEP_S)


def test_a_stall_of_three_seconds_changes_no_time() -> None:
    source = seconds(60)
    arrivals = [33.0 if 30.0 <= s < 33.0 else s for s in source]
    assert np.allclose(placed(source, arrivals), source)


@pytest.mark.parametrize("rate", [1.001, 0.999, 1.05, 0.95])
def test_a_clock_that_drifts_is_followed_without_a_leap(rate: float) -> None:
    source = seconds(1200)
    arrivals = [s * rate for s in source]
    times = placed(source, arrivals)
    steps = np.diff(times)
    lag_s = np.abs(np.array(times) - arrivals)
    assert lag_s.max() < 3.0
    assert steps.min() > STEP_S * 0.8
    assert steps.max() < STEP_S * 1.2


def test_a_leap_of_the_stream_against_the_steady_clock_is_followed() -> None:
    source = seconds(120)
    arrivals = [s + (3600.0 if s >= 30 else 0.0) for s in source]
    times = placed(source, arrivals)
    assert times[-1] == pytest.approx(arrivals[-1], abs=0.5)
    assert np.all(np.diff(times) > 0)


def test_times_grow_also_with_a_stream_that_runs_twice_as_fast_as_time() -> None:
    source = seconds(600)
    times = placed(source, [s / 2 for s in source])
    assert np.all(np.diff(times) > 0)
    assert times[-1] - 300 < 30


def test_a_connection_begins_after_the_one_before_even_if_that_was_ahead() -> None:
    assert placed([0.0], [7.0], after_s=9.0)[0] > 9.0
    assert placed([0.0], [7.0], after_s=6.0) == [7.0]


def test_the_back_off_grows_to_half_a_minute_and_starts_over_after_a_good_minute() -> None:
    backoff = Backoff()
    assert [backoff.after(0.0) for _ in range(7)] == [1, 2, 5, 10, 30, 30, 30]
    assert backoff.after(59.9) == 30
    assert [backoff.after(60.0), backoff.after(0.0)] == [1, 2]


def test_a_stream_that_comes_all_at_once_is_held_back_to_its_pace() -> None:
    clock = SimulatedClock()
    pace = Pace(clock)
    for time_s in seconds(2):
        pace.wait(time_s)
        assert clock.monotonic_s() == pytest.approx(time_s)


def test_a_paced_stream_that_was_late_is_not_hurried() -> None:
    clock = SimulatedClock()
    pace = Pace(clock)
    pace.wait(0.0)
    clock.advance(5.0)
    pace.wait(0.04)
    pace.wait(0.08)
    assert clock.monotonic_s() == pytest.approx(5.04)


Stamp = tuple[int | None, int | None, float]
"""Presentation and decoding timestamp in milliseconds, and arrival in seconds."""


def rewritten(stamps: list[Stamp], *, by_arrival: bool = False) -> tuple[list[float], Problems]:
    """Return the presentation times in seconds."""
    problems = Problems()
    clock = PacketClock(RATE_HZ, problems, by_arrival=by_arrival)
    result = []
    for shown, decoded, now_s in stamps:
        packet = cast("av.Packet[VideoStream]", av.Packet(b"x"))
        packet.time_base = Fraction(1, 1000)
        packet.pts, packet.dts = shown, decoded
        clock.place(packet, now_s)
        assert packet.pts is not None
        result.append(packet.pts / 1e6)
    return result, problems


def test_packet_times_count_from_the_first_presentation() -> None:
    times, problems = rewritten([(5080, 5000, 0.0), (5200, 5040, 0.04), (5120, 5080, 0.08)])
    assert times == [0.0, 0.12, 0.04]
    assert problems == Problems()


@pytest.mark.parametrize("leap_ms", [-3_600_000, 3_600_000, -1000])
def test_a_camera_clock_that_is_set_leaves_no_mark(leap_ms: int) -> None:
    ticks = [i * 40 + (leap_ms if i >= 5 else 0) + 10_000_000 for i in range(10)]
    times, problems = rewritten([(tick, tick, i * 0.04) for i, tick in enumerate(ticks)])
    assert np.allclose(np.diff(times), 0.04)
    assert problems.disordered_timestamps == 1


def test_a_stall_of_the_network_is_no_leap_of_the_clock() -> None:
    times, problems = rewritten([(0, 0, 0.0), (60_000, 60_000, 60.0), (60_040, 60_040, 60.0)])
    assert times == [0.0, 60.0, 60.04]
    assert problems == Problems()


def test_a_first_packet_without_time_is_a_frame_before_the_second() -> None:
    times, problems = rewritten([(None, None, 0.0), (320, 320, 0.1), (360, 360, 0.1)])
    assert times == [0.0, 0.04, 0.08]
    assert problems == Problems()


def test_packets_of_a_format_without_clock_are_timed_by_arrival() -> None:
    times, _ = rewritten([(0, 0, 50.0), (40, 40, 50.2), (80, 80, 50.9)], by_arrival=True)
    assert times == pytest.approx([0.0, 0.2, 0.9])
