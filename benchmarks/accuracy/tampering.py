"""What is tried on a camera: ways in which its picture fails, each at several strengths."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.capture.scene.camera import Blinded, Covered, Defocused, Rolled, Shake, Turned
from monitor.capture.scene.light import Infrared, Lamp, Night
from monitor.capture.scene.part import Part
from monitor.capture.scene.recorder import Clock, CorruptFrame, Cut, Damage, Frozen
from monitor.capture.scene.scene import Scene
from monitor.capture.scene.sensor import Exposure, Noise

START_S = 4.0
"""When it begins: the model is learnt from the first two seconds."""

PLACES = (("yard", 1), ("street", 2), ("room", 3))
"""Places with their seeds: rich and poor in edges, outdoors and in."""

_RATE_HZ = 10.0
"""Time decides and not the number of frames, so a low rate costs nothing but latency."""

_REST_S = 2.0
"""What follows the end: nothing more may be told."""

_GREY, _PAINT, _SKIN = (95, 95, 95), (40, 120, 200), (70, 95, 140)
"""Colours of what is laid over a lens, blue green red."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One way, at several strengths.

    `kind` is what must be told, empty where nothing may be; it is so for `lasts_s`. A `coded` one is measured
    on a video, H.264 with key frames as far apart as the strength says, in frames.
    """

    kind: str
    what: str
    strengths: Sequence[float]
    parts: Callable[[float], tuple[Part, ...]]
    lasts_s: float = 3.0
    coded: bool = False

    def scenes(self, strength: float) -> Iterator[Scene]:
        """Give the scenes of one strength, one for each place."""
        duration_s = START_S + self.lasts_s + _REST_S
        parts = (*self.parts(strength), Noise())
        for place, seed in PLACES:
            yield Scene(parts, place, rate_hz=_RATE_HZ, duration_s=duration_s, seed=seed)


def _covered(share: float = 1.0, **look: Any) -> tuple[Part, ...]:
    return (Covered(START_S, START_S + 3.0, share=share, **look),)


def _damage(damage: Damage) -> Trial:
    def damaged(share: float) -> tuple[Part, ...]:
        return (CorruptFrame((START_S,), damage, share),)

    return Trial(
        "corrupt_frame", f"one picture, {damage}, share of its height", (0.1, 0.2, 0.4), damaged, 0.5
    )


def _frozen(for_s: float, *more: Part) -> tuple[Part, ...]:
    return (Frozen(START_S, START_S + for_s), *more)


_LENS = (
    Trial("covered", "dark cloth over a share of the view", (0.6, 0.8, 0.9, 1.0), _covered),
    Trial("covered", "grey cloth over a share of the view", (0.8, 1.0), lambda s: _covered(s, colour=_GREY)),
    Trial(
        "covered",
        "a hand, contrast of its folds",
        (0.1, 0.5),
        lambda s: _covered(colour=_SKIN, folds=s, grain=0.1),
    ),
    Trial(
        "covered",
        "paint that spreads in seconds",
        (0.3, 2.0),
        lambda s: (Covered(START_S, 60.0, s, colour=_PAINT),),
        4.0,
    ),
    Trial("covered", "black, grey levels", (2, 60), lambda s: _covered(colour=(int(s),) * 3, folds=0.02)),
    Trial(
        "blinded",
        "a torch, grey levels",
        (75, 150, 300, 600),
        lambda s: (Blinded(START_S, START_S + 3.0, levels=s),),
    ),
    Trial(
        "defocused",
        "blur, pixels of 240 rows",
        (1, 2, 4, 8, 16),
        lambda s: (Defocused(START_S, START_S + 5.0, s / 240),),
        5.0,
    ),
)

_MOUNT = (
    Trial(
        "camera_moved",
        "pan in 0.8 s, share of the view",
        (0.02, 0.05, 0.1, 0.3, 0.6),
        lambda s: (Turned(START_S, 0.8, s),),
    ),
    Trial(
        "camera_moved",
        "pan by a third, seconds",
        (0.1, 0.3, 3.0),
        lambda s: (Turned(START_S, s, 0.33),),
        4.0,
    ),
    Trial("camera_moved", "roll, degrees", (2, 5, 45), lambda s: (Rolled(START_S, roll_deg=s),)),
    Trial("camera_moved", "zoom, factor", (1.05, 1.2, 2.0), lambda s: (Rolled(START_S, zoom=s),)),
    Trial("", "a shaking camera, pixels", (1, 2, 4, 8), lambda s: (Shake(s),), 6.0),
)

_RECORDER = (
    Trial("frozen", "seconds", (5, 12), _frozen, 13.0),
    Trial("frozen", "under a running clock, seconds", (12,), lambda s: _frozen(s, Clock()), 13.0),
    Trial(
        "frozen",
        "12 s, then coded, frames a key frame",
        (25, 250),
        lambda s: _frozen(12.0),
        13.0,
        coded=True,
    ),
    *(_damage(damage) for damage in Damage),
    Trial(
        "corrupt_frame",
        "pictures one after the other",
        (2, 4, 8),
        lambda s: (CorruptFrame((START_S,), count=int(s)),),
        0.8,
    ),
    Trial("scene_change", "fade, seconds", (0, 1.0), lambda s: (Cut(START_S, fade_s=s),)),
)

_LIGHT = (
    Trial("light_change", "a lamp, strength", (0.3, 1.5), lambda s: (Lamp(START_S, strength=s),), 1.0),
    Trial(
        "light_change",
        "exposure at once, factor",
        (0.5, 1.1, 2, 3),
        lambda s: (Exposure(START_S, START_S, s),),
        1.0,
    ),
    Trial("light_change", "infrared, noise", (2.2, 4), lambda s: (Infrared(START_S, s),), 1.0),
    Trial("", "exposure by 1.33, seconds", (3,), lambda s: (Exposure(START_S, START_S + s, 1.33),), 6.0),
    Trial("", "dusk to a half, seconds", (6,), lambda s: (Night(0.5, START_S, START_S + s),), 6.0),
)

TRIALS: Sequence[Trial] = (*_LENS, *_MOUNT, *_RECORDER, *_LIGHT)
"""All that is tried."""
