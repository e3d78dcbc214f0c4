"""Day and night: a model for each, switched by the picture."""

import numpy as np
import pytest

from monitor.analysis.analyser import Analyser
from monitor.analysis.daynight import Sight, sight_of
from monitor.analysis.scores import Scores, State
from monitor.frames import Chroma, Frame, Plane, Size
from tests.analysis.given import frame, noisy, pasted, planes, texture

SIZE = Size(160, 120)
DAY = texture(SIZE, seed=1)
NIGHT = texture(SIZE, mean=80, contrast=25, seed=2)
"""By infrared leaves are bright and coats are grey: quite another picture of the same place."""

COLOUR = np.clip(texture(Size(80, 60), mean=138, contrast=6, seed=3), 0, 255).astype(np.uint8)
GREY = np.full((60, 80), 128, np.uint8)
RATE_HZ = 15


def picture(index: int, *, day: bool, thing: bool = False) -> Frame:
    rng = np.random.default_rng(index)
    place = DAY if day else NIGHT
    if thing:
        place = pasted(place, texture(Size(20, 40), mean=190, contrast=10, seed=4), 60, 50)
    chroma = COLOUR if day else GREY
    return frame(noisy(place, 2.0, rng), chroma=Chroma(chroma, chroma), index=index, rate_hz=RATE_HZ)


def watch(analyser: Analyser, start_s: float, end_s: float, *, day: bool) -> list[Scores]:
    indices = range(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
    return [analyser.update(picture(index, day=day)) for index in indices]


@pytest.mark.parametrize(
    ("chroma", "sight"),
    [(GREY, Sight.INFRARED), (COLOUR, Sight.COLOUR), (None, None)],
)
def test_how_the_camera_sees(chroma: Plane | None, sight: Sight | None) -> None:
    luma = noisy(DAY, 2.0, np.random.default_rng(1))
    assert sight_of(planes(luma, chroma, chroma)) is sight


def test_behind_a_covered_lens_it_is_no_night() -> None:
    assert sight_of(planes(np.full((120, 160), 20, np.uint8), GREY, GREY)) is None


def test_a_car_in_a_grey_yard_does_not_tell() -> None:
    chroma = GREY.copy()
    chroma[20:40, 20:40] = 150
    luma = noisy(DAY, 2.0, np.random.default_rng(1))
    assert sight_of(planes(luma, chroma, chroma)) is None


def test_the_first_night_is_learnt_and_the_next_day_is_known(analyser: Analyser) -> None:
    watch(analyser, 0, 4, day=True)
    dusk = watch(analyser, 4, 12, day=False)
    assert State.RELEARNING in {scores.state for scores in dusk}
    assert dusk[-1].state is State.WATCHING
    dawn = watch(analyser, 12, 16, day=True)
    assert State.RELEARNING not in {scores.state for scores in dawn}
    assert dawn[-1].foreground_fraction < 0.01
    second_dusk = watch(analyser, 16, 20, day=False)
    assert State.RELEARNING not in {scores.state for scores in second_dusk}
    assert second_dusk[-1].foreground_fraction < 0.01


def test_who_comes_at_dawn_is_seen(analyser: Analyser) -> None:
    watch(analyser, 0, 4, day=True)
    watch(analyser, 4, 12, day=False)
    watch(analyser, 12, 14, day=True)
    scores = analyser.update(picture(14 * RATE_HZ, day=True, thing=True))
    assert [track.box for track in scores.tracks] == [
        pytest.approx((60 / 160, 50 / 120, 20 / 160, 40 / 120), abs=0.03)
    ]


def test_a_recording_that_fades_in_is_not_a_night_that_ends(analyser: Analyser) -> None:
    analyser.prime([picture(index, day=True) for index in range(20)])
    lumas = [picture(index, day=True).luma for index in range(8)]
    grey = Chroma(GREY, GREY)
    faded = [frame(luma, index, chroma=grey, rate_hz=RATE_HZ) for index, luma in enumerate(lumas)]
    states = {analyser.update(one).state for one in faded}
    states |= {scores.state for scores in watch(analyser, 8 / RATE_HZ, 3, day=True)}
    assert states == {State.WATCHING}
