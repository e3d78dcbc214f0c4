"""What must not alarm: webs, beams, shadows of people out of view, screens."""

import numpy as np
import pytest

from monitor.capture.scene.light import Infrared, Night
from monitor.capture.scene.near import Web
from monitor.capture.scene.part import MOVING, SHADOW, UNKNOWN, Part
from monitor.capture.scene.scene import Picture, Scene
from monitor.capture.scene.screen import Screen
from monitor.capture.scene.unseen import Beam, PassingShadow
from monitor.frames import Size

TINY = Size(160, 120)


def pictures(*parts: Part, place: str = "yard", duration_s: float = 2.0) -> list[Picture]:
    return list(Scene(parts, place, TINY, 5.0, duration_s, full_range=True).pictures())


def lumas(*parts: Part, place: str = "yard", duration_s: float = 2.0) -> np.ndarray:
    return np.stack([p.luma for p in pictures(*parts, place=place, duration_s=duration_s)]).astype(float)


def test_a_web_brightens_its_corner_and_sways() -> None:
    added = lumas(Web(80.0)) - lumas()
    assert added[:, :60, :80].mean() > 1
    assert np.abs(added[:, 90:]).max() == 0
    assert np.abs(np.diff(added, axis=0)).max() > 15


def test_a_web_hangs_still_until_the_wind_rises() -> None:
    added = lumas(Web(80.0, start_s=1.0))
    assert np.ptp(added[:5], axis=0).max() == 0
    assert np.ptp(added[5:], axis=0).max() > 15


def test_a_web_does_not_count_in_the_mask() -> None:
    labels = {int(label) for p in pictures(Web(80.0)) for label in np.unique(p.mask)}
    assert labels == {0, UNKNOWN}


def test_a_beam_multiplies_the_light_and_leaves_the_texture() -> None:
    dark, lit = lumas(Night(0.3)), lumas(Night(0.3), Beam(0.0, 2.0, strength=2.0))
    gain = lit[5, 60:90, 40:120] / np.maximum(dark[5, 60:90, 40:120], 1)
    assert gain.max() == pytest.approx(2.9, abs=0.4)
    # Neighbours are lit alike: what differs between them is the place's own.
    assert np.abs(np.diff(gain, axis=1)).mean() < 0.1


def test_a_beam_goes_along_its_path_and_is_gone_after() -> None:
    lit = lumas(Night(0.3), Beam(0.0, 1.4)) - lumas(Night(0.3))
    middles = [float((frame * np.arange(160)).sum() / frame.sum()) for frame in lit[2:6]]
    assert middles == sorted(middles)
    assert np.abs(lit[8:]).max() == 0


def test_of_somebody_out_of_view_only_the_shadow_is_seen() -> None:
    seen = pictures(PassingShadow(0.0, 2.0))
    assert any((p.mask == SHADOW).sum() > 50 for p in seen)
    assert not any((p.mask == MOVING).any() or p.boxes for p in seen)
    assert max(float(d.max()) for d in lumas(PassingShadow(0.0, 2.0)) - lumas()) <= 1


def test_a_screen_is_dark_before_and_after_and_changes_in_between() -> None:
    screen = np.s_[:, 18:40, 66:84]
    seen = lumas(Screen(0.6, 1.4), place="room")[screen].mean(axis=(1, 2))
    assert seen[[0, 1, 2, 7, 8, 9]].max() < 40 < seen[3:7].min()


def test_a_screen_lights_the_room_around_it() -> None:
    before, *_, after = lumas(Screen(1.0), place="room")
    assert after[45:60, 60:90].mean() > before[45:60, 60:90].mean() + 1


def test_a_screen_that_flickers_keeps_its_picture() -> None:
    seen = lumas(Screen(flicker_hz=1.0), place="room")[:, 18:40, 66:84]
    dark, light = seen.mean(axis=(1, 2)).min(), seen.mean(axis=(1, 2)).max()
    assert light > 1.8 * dark
    assert np.corrcoef(seen[1].ravel(), seen[4].ravel())[0, 1] > 0.95


@pytest.mark.parametrize(
    "part", [Web(), Beam(0.4, 1.6), PassingShadow(0.4, 1.6), Screen(0.4, 1.6)], ids=lambda p: type(p).__name__
)
def test_nuisances_are_told_as_quiet(part: Part) -> None:
    truth = Scene((part,), "room", TINY, 5.0, 2.0).truth()
    assert [event.kind for event in truth] == ["quiet"]
    assert truth[0].note != "nothing happens"


def test_a_camera_that_is_infrared_from_the_start_switches_nothing() -> None:
    assert [e.kind for e in Scene((Infrared(-1.0),), size=TINY, duration_s=2.0).truth()] == ["quiet"]
