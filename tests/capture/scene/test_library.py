from dataclasses import replace

import numpy as np
import pytest

from monitor.capture.scene.library import SCENES
from monitor.events.event import Kind
from monitor.frames import Size

KINDS_OF = {
    "walker": {"motion"}, "two_walkers": {"motion"}, "stander": {"motion"}, "headlights": {"motion"},
    "auto_exposure": {"motion"}, "shake": {"motion"}, "lamp": {"light_change"}, "infrared": {"light_change"},
    "object_left": {"motion", "object_left"}, "object_removed": {"motion", "object_removed"},
    "camera_moved": {"camera_moved"}, "covered": {"covered"}, "blinded": {"blinded"},
    "defocused": {"defocused"}, "frozen": {"frozen"}, "corrupt_frame": {"corrupt_frame"},
    "walker_in_rain": {"motion"}, "walker_in_leaves": {"motion"}, "walker_in_snow_at_night": {"motion"},
    "walker_behind_web_at_night": {"motion"},
    "demo": {"motion", "object_left", "light_change"},
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_holds_what_its_name_says(name: str) -> None:
    truth = SCENES[name]().truth()
    kinds = {event.kind for event in truth}
    assert kinds - {"quiet"} == KINDS_OF.get(name, set())
    assert "quiet" in kinds


@pytest.mark.parametrize("name", SCENES)
def test_truth_uses_the_words_of_the_events(name: str) -> None:
    known = {kind.value for kind in Kind} | {"quiet"}
    assert {event.kind for event in SCENES[name]().truth()} <= known


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_starts_with_two_quiet_seconds_for_the_warm_up(name: str) -> None:
    first = SCENES[name]().truth()[0]
    assert first.kind == "quiet"
    assert first.end_s > 2


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_can_be_drawn_from_start_to_end(name: str) -> None:
    scene = replace(SCENES[name](), size=Size(64, 48), rate_hz=2.0)
    pictures = list(scene.pictures())
    assert len(pictures) == scene.frame_count
    assert all(5 < np.mean(picture.luma) < 250 for picture in pictures)
