"""Ready-made scenes by name: one for each phenomenon, and the demonstration."""

from __future__ import annotations

from collections.abc import Callable

from monitor.capture.scene.actors import Headlights, Vehicle, Walker
from monitor.capture.scene.camera import Blinded, Covered, Defocused, Shake, Turned
from monitor.capture.scene.figure import Clothes
from monitor.capture.scene.light import Cloud, Infrared, Lamp, Night
from monitor.capture.scene.near import Web
from monitor.capture.scene.part import Part
from monitor.capture.scene.recorder import Clock, CorruptFrame, Frozen
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.screen import Screen
from monitor.capture.scene.sensor import AutoExposure, Exposure, Noise
from monitor.capture.scene.things import Insect, Thing
from monitor.capture.scene.unseen import Beam, PassingShadow
from monitor.capture.scene.weather import Leaves, Rain, Snow, Water
from monitor.frames import Size

_TO_THE_LEFT = ((1.1, 0.78), (-0.1, 0.78))


def demo() -> Scene:
    """Return a yard in which much happens in turn: 40 s at 640x360 and 25 Hz."""
    left_at_s = 19.2
    way = ((1.1, 0.76), (0.65, 0.73), (1.1, 0.74))
    parts: tuple[Part, ...] = (
        Leaves(),
        Thing(0.60, 0.72, appears_s=left_at_s),
        Walker(3.0, 9.0, ((-0.1, 0.84), (1.1, 0.90))),
        Walker(16.0, 22.6, way, stand=(18.9, 19.6), clothes=Clothes.BLUE, carries=(16.0, left_at_s)),
        Cloud(8.0, 16.0, depth=0.38),
        Night(0.45, 29.0, 35.0),
        Insect(14.4, 15.1),
        Lamp(36.0, x=0.235, y=0.2, strength=1.3),
        AutoExposure(strength=0.35),
        Noise(1.8),
    )
    return Scene(parts, "yard", Size(640, 360), 25.0, 40.0)


def _quiet(*parts: Part, place: str = "yard", duration_s: float = 16.0) -> Scene:
    return Scene((*parts, Noise()), place, duration_s=duration_s)


def _with_walker(*parts: Part, place: str = "yard", duration_s: float = 20.0) -> Scene:
    """Return a scene in which a person crosses from 5 to 11 s."""
    return Scene((Walker(5.0, 11.0), *parts, Noise()), place, duration_s=duration_s)


def _carried(start_s: float, turn_s: float, carries: tuple[float, float]) -> Walker:
    """Return a person who comes from the right, bends to a spot, and leaves where it came from."""
    path = ((1.12, 0.86), (0.62, 0.80), (1.12, 0.86))
    return Walker(
        start_s, 2 * turn_s - start_s, path, (turn_s - 0.4, turn_s + 0.4), Clothes.GREY, carries=carries
    )


_INFRARED = Infrared(-1.0)
"""A camera that has switched to infrared before the scene begins."""


def _beam_through_a_window(start_s: float) -> Beam:
    return Beam(start_s, start_s + 3.0, ((-0.2, 0.25), (1.2, 0.3)), (0.12, 0.16), 3.0, sharpness=6.0)


SCENES: dict[str, Callable[[], Scene]] = {
    "demo": demo,
    "noise": lambda: Scene((Noise(5.0),), "room", duration_s=16.0),
    "exposure": lambda: _quiet(Exposure(4.0, 4.6, 0.8), Exposure(8.0, 9.5, 1.4), Exposure(12.0, 12.2, 0.9)),
    "auto_exposure": lambda: Scene(
        (Vehicle(6.0, 10.0, ((-0.6, 0.84), (1.6, 0.84))), AutoExposure(0.4, 1.0), Noise()),
        "street",
        duration_s=16.0,
    ),
    "cloud": lambda: _quiet(Cloud(4.0, 16.0, depth=0.45), duration_s=20.0),
    "lamp": lambda: _quiet(Lamp(5.0, 11.0, x=0.45, y=0.05), place="room"),
    "slow_brightening": lambda: _quiet(Exposure(3.0, 27.0, 1.5), duration_s=30.0),
    "leaves": lambda: _quiet(Leaves(reach=0.014), duration_s=24.0),
    "water": lambda: _quiet(Water(), place="pond", duration_s=20.0),
    "strong_wind": lambda: _quiet(Leaves(reach=0.02), duration_s=20.0),
    "rain": lambda: _quiet(Rain(), duration_s=20.0),
    "rain_at_night": lambda: _quiet(_INFRARED, Rain(levels=90.0), duration_s=20.0),
    "snow": lambda: _quiet(Snow(), duration_s=20.0),
    "snow_at_night": lambda: _quiet(_INFRARED, Snow(levels=200.0), duration_s=20.0),
    "web": lambda: _quiet(Web(), duration_s=20.0),
    "web_at_night": lambda: _quiet(_INFRARED, Web(levels=110.0), duration_s=20.0),
    "insect": lambda: _quiet(
        Insect(5.0, 5.6), Insect(9.0, 9.8, radius=0.08), Insect(12.5, 12.9, radius=0.035)
    ),
    "insects_at_night": lambda: _quiet(
        _INFRARED,
        *(Insect(at, at + 0.8, radius, 150.0) for at, radius in ((4.0, 0.05), (8.0, 0.08), (12.0, 0.03))),
    ),
    "passing_shadow": lambda: _quiet(PassingShadow(4.0, 9.0), PassingShadow(10.0, 15.0, depth=0.65)),
    "beam_outside": lambda: Scene(
        (Night(0.35), Beam(4.0, 8.0), Beam(10.0, 12.0), Noise(3.0)), duration_s=16.0
    ),
    "beam_in_room": lambda: Scene(
        (Night(0.3), _beam_through_a_window(4.0), _beam_through_a_window(10.0), Noise(3.0)),
        "room",
        duration_s=16.0,
    ),
    "screen": lambda: _quiet(Screen(3.0, 13.0), place="room"),
    "screen_flickers": lambda: _quiet(Screen(3.0, 13.0, flicker_hz=1.3), place="room"),
    "walker": _with_walker,
    "walker_in_rain": lambda: _with_walker(Rain(400)),
    "walker_in_snow_at_night": lambda: _with_walker(_INFRARED, Snow(levels=200.0)),
    "walker_in_leaves": lambda: _with_walker(Leaves(reach=0.014)),
    "walker_behind_web_at_night": lambda: _with_walker(_INFRARED, Web(levels=110.0)),
    "two_walkers": lambda: Scene(
        (
            Walker(5.0, 12.0, _TO_THE_LEFT, clothes=Clothes.BLUE),
            Walker(6.0, 13.0, ((-0.1, 0.90), (1.1, 0.90)), clothes=Clothes.YELLOW),
            Noise(),
        ),
        duration_s=18.0,
    ),
    "stander": lambda: Scene(
        (Walker(5.0, 36.0, ((-0.1, 0.86), (1.1, 0.86)), (8.0, 33.0), Clothes.GREY), Noise()),
        "room",
        duration_s=42.0,
    ),
    "headlights": lambda: _headlights(),
    "object_left": lambda: Scene(
        (Thing(0.55, 0.80, appears_s=8.0), _carried(5.0, 8.0, (5.0, 8.0)), Noise()), duration_s=20.0
    ),
    "object_removed": lambda: Scene(
        (Thing(0.55, 0.80, vanishes_s=8.0), _carried(5.0, 8.0, (8.0, 11.0)), Noise()), duration_s=20.0
    ),
    "shake": lambda: _with_walker(Shake()),
    "camera_moved": lambda: _quiet(Turned(6.0)),
    "covered": lambda: _quiet(Covered(5.0, 10.0)),
    "blinded": lambda: _quiet(Blinded(5.0, 10.0)),
    "defocused": lambda: _quiet(Defocused(5.0, 12.0)),
    "frozen": lambda: _quiet(Frozen(5.0, 10.0)),
    "corrupt_frame": lambda: _quiet(CorruptFrame((5.0, 8.0, 8.4))),
    "infrared": lambda: _quiet(Infrared(6.0)),
    "clock": lambda: _quiet(Clock()),
}
"""Functions that give a scene, by its name."""


def _headlights() -> Scene:
    """Return a street at night on which a car passes with its headlights on."""
    car = Vehicle(5.0, 10.0, ((-1.2, 0.86), (1.8, 0.86)), colour=(120, 60, 50))
    return Scene((car, Night(0.35), Headlights(car), Noise(3.0)), "street", duration_s=16.0)
