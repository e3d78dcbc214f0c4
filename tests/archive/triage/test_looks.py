"""Looks at key frames: which are looked at, and what has changed between two of them."""

from collections.abc import Sequence

import numpy as np
import pytest

from monitor import app
from monitor.archive.triage.looks import KeyLooks, look_times
from monitor.archive.triage.marks import Change, Mark
from monitor.frames import Bgr, Frame
from monitor.settings import load_settings

HEIGHT, WIDTH = 96, 160


def unseen() -> Bgr:
    raise AssertionError("nobody asks for colours")


def frames(count: int, boxed: Sequence[int], gain: float = 1.0, brighter_from: int = 99) -> list[Frame]:
    """Return noisy pictures of one place, a minute apart; some with a box in it, some in brighter light."""
    rng = np.random.default_rng(1)
    place = np.kron(rng.integers(60, 160, (HEIGHT // 8, WIDTH // 8)), np.ones((8, 8)))
    made = []
    for number in range(count):
        picture = place + rng.normal(0, 1, place.shape)
        if number in boxed:
            picture[40:64, 60:84] = 220
        if number >= brighter_from:
            picture *= gain
        luma = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
        made.append(Frame(number, 60.0 * number, luma, None, unseen))
    return made


def changes(looked: Sequence[Frame]) -> list[Change]:
    settings = load_settings(None, None, [])
    looks = KeyLooks(lambda: app.analyser_of(settings), settings.advanced.light.change_ratio)
    found = [change for frame in looked for change in looks.take(frame)]
    return sorted({*found, *looks.finish()}, key=lambda change: change.time_s)


def test_a_quiet_place_does_not_change() -> None:
    assert changes(frames(20, [])) == []


@pytest.mark.parametrize("boxed", [[5, 6, 7], [10], [17, 18, 19]])
def test_what_comes_and_goes_is_a_change_each_time(boxed: list[int]) -> None:
    found = changes(frames(20, boxed))
    came = Change(60.0 * (boxed[0] - 1), 60.0 * boxed[0])
    went = Change(60.0 * boxed[-1], 60.0 * (boxed[-1] + 1))
    assert found == ([came] if boxed[-1] == 19 else [came, went])


def test_what_is_there_at_the_start_alone_is_a_change() -> None:
    assert changes(frames(8, [0])) == [Change(0.0, 0.0), Change(0.0, 60.0)]


def test_another_light_is_a_change() -> None:
    assert Change(600.0, 660.0) in changes(frames(20, [], gain=1.5, brighter_from=11))


def test_looks_are_a_minute_apart_and_one_is_after_each_run() -> None:
    keys = [2.0 * number for number in range(1800)]
    times = look_times(keys, [Mark(1000, 1003), Mark(3599, 3599.9)], 3600)
    assert times[:3] == [0, 60, 120]
    assert 1004 in times
    assert len(times) == 61


def test_nothing_is_looked_at_while_packets_stand_out() -> None:
    keys = [2.0 * number for number in range(1800)]
    times = look_times(keys, [Mark(110, 185)], 3600)
    assert [time for time in times if time < 300] == [0, 60, 186, 240]


def test_a_short_recording_is_looked_at_more_often() -> None:
    keys = [2.0 * number for number in range(60)]
    assert look_times(keys, [], 120) == [10.0 * number for number in range(12)]
