"""Things of the brightness of their ground, left and taken: nothing but their colour tells them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from monitor.app import analyser_of, judge_of
from monitor.capture.scene.part import Canvas, Layer, Painter, Part, Stage
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Noise
from monitor.capture.scene.source import SceneSource
from monitor.events.event import Kind
from monitor.settings import Settings
from tests.events.given import Outcome

TURN_S = 4.0

RED, BLUE = (0.0, -30.6, 60.0), (60.0, -11.7, 0.0)
"""Added to blue, green and red; the luma stays (BT.601)."""

GREY = (40.0, 40.0, 40.0)


@dataclass(frozen=True)
class Cloth(Part):
    """A cloth on the ground, there from `appears_s` to `vanishes_s`.

    `shift` is what is added to the ground in grey levels; a plain one hides the ground's texture.
    """

    layer: ClassVar[Layer] = Layer.ACTORS

    shift: tuple[float, float, float]
    is_plain: bool
    appears_s: float
    vanishes_s: float

    def painter(self, stage: Stage) -> Painter:
        left, top = (round(side) for side in stage.point_px(0.45, 0.7))
        right, bottom = (round(side) for side in stage.point_px(0.57, 0.82))

        def paint(canvas: Canvas) -> None:
            if not self.appears_s <= canvas.time_s < self.vanishes_s:
                return
            ground = canvas.bgr[top:bottom, left:right]
            if self.is_plain:
                ground[:] = ground.mean(axis=(0, 1))
            ground += np.array(self.shift, np.float32)

        return paint


def kinds(cloth: Cloth) -> list[Kind]:
    analyser, judge, found = analyser_of(Settings()), judge_of(Settings(), "cloth"), Outcome()
    with SceneSource(Scene((cloth, Noise()), rate_hz=6.25, duration_s=16.0)) as source:
        for frame in source:
            found.changes += judge.update(analyser.update(frame)).changes
    return found.kinds


@pytest.mark.parametrize("is_plain", [True, False], ids=["plain", "textured"])
@pytest.mark.parametrize("shift", [RED, BLUE], ids=["red", "blue"])
def test_a_thing_told_by_colour_alone_is_left_or_removed(
    shift: tuple[float, float, float], is_plain: bool
) -> None:
    assert kinds(Cloth(shift, is_plain, TURN_S, 99.0)) == [Kind.OBJECT_LEFT]
    assert kinds(Cloth(shift, is_plain, 0.0, TURN_S)) == [Kind.OBJECT_REMOVED]


def test_a_brighter_grey_thing_is_still_told_by_its_luma() -> None:
    assert kinds(Cloth(GREY, True, TURN_S, 99.0)) == [Kind.OBJECT_LEFT]
