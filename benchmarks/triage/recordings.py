"""The recordings of the generated archive: places, passages, sensors and encoders, all drawn from seeds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from monitor.capture.scene.actors import Vehicle, Walker
from monitor.capture.scene.camera import Covered
from monitor.capture.scene.figure import Clothes
from monitor.capture.scene.light import Lamp
from monitor.capture.scene.part import Part
from monitor.capture.scene.things import Thing
from monitor.frames import Size


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder, its options, and its group of pictures in seconds."""

    name: str
    codec: str
    options: Mapping[str, str] = field(default_factory=dict)
    gop_s: float = 10.0
    bit_rate: int | None = None


_FAST = {"preset": "veryfast"}
_X265_QUIET = {"x265-params": "log-level=none:pools=1"}

ENCODERS = {
    "x264 crf, 10 s": Encoder("x264 crf, 10 s", "libx264", {**_FAST, "crf": "23"}),
    "x264 crf, 2 s, no B": Encoder(
        "x264 crf, 2 s, no B", "libx264", {**_FAST, "crf": "23", "bf": "0"}, gop_s=2.0
    ),
    "x264 crf 28, 4 s": Encoder("x264 crf 28, 4 s", "libx264", {**_FAST, "crf": "28"}, gop_s=4.0),
    "x264 qp, 10 s, pyramid": Encoder(
        "x264 qp, 10 s, pyramid", "libx264", {**_FAST, "qp": "26", "bf": "3", "b-pyramid": "normal"}
    ),
    "x265 crf, 10 s": Encoder(
        "x265 crf, 10 s", "libx265", {"preset": "ultrafast", "crf": "26", **_X265_QUIET}
    ),
    "mpeg4 q, 1 s": Encoder("mpeg4 q, 1 s", "mpeg4", {"flags": "+qscale", "global_quality": "590"}, 1.0),
    "mjpeg": Encoder("mjpeg", "mjpeg", {"flags": "+qscale", "global_quality": "590"}, 0.0),
    "x265 crf, 30 s": Encoder(
        "x265 crf, 30 s", "libx265", {"preset": "ultrafast", "crf": "26", **_X265_QUIET}, gop_s=30.0
    ),
    "x264 crf capped, 2 s": Encoder(
        "x264 crf capped, 2 s", "libx264", {**_FAST, "crf": "26", "maxrate": "300k", "bufsize": "300k"}, 2.0
    ),
    "x264 abr, 4 s": Encoder("x264 abr, 4 s", "libx264", _FAST, 4.0, 150_000),
    "x264 cbr, 2 s": Encoder(
        "x264 cbr, 2 s",
        "libx264",
        {**_FAST, "maxrate": "150k", "bufsize": "150k", "nal-hrd": "cbr"},
        2.0,
        150_000,
    ),
}


SMALL, LARGE = Size(320, 180), Size(640, 360)


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that is seen in `parts` for `length_s` from `start_s` of the recording on."""

    start_s: float
    length_s: float
    parts: tuple[Part, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Recording:
    """One file of the archive.

    `noise` is the sensor's in grey levels; `leaves` says that trees sway, `night` that it is dark; `drift` is
    the share by which the light wanders to and fro over `DRIFT_S`.
    """

    name: str
    place: str
    encoder: Encoder
    noise: float
    seed: int
    leaves: bool = False
    drift: float = 0.0
    night: bool = False
    minutes: float = 15.0
    size: Size = SMALL
    rate_hz: float = 10.0
    passages: int = 9

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return 60.0 * self.minutes


DRIFT_S = 400.0
"""The light comes back to where it was after this time: clouds, and a day in a quarter of an hour."""

QUIET_S = 25.0
"""Between two passages it is quiet for at least so long, and at the start, where the background is learnt."""


def archive() -> list[Recording]:
    """Return the 7 hours: every encoder in one to four places, some with wind, drifting light or at night."""
    plan = [
        ("yard", "x264 crf, 10 s", 1.0, False, 0.0, LARGE),
        ("street", "x264 crf, 10 s", 2.0, False, 0.08, SMALL),
        ("room", "x264 crf, 10 s", 3.0, False, 0.0, SMALL),
        ("yard", "x264 crf, 10 s", 1.0, True, 0.0, SMALL),
        ("street", "x264 crf, 2 s, no B", 1.0, False, 0.0, LARGE),
        ("room", "x264 crf, 2 s, no B", 2.0, False, 0.08, SMALL),
        ("yard", "x264 crf, 2 s, no B", 3.0, False, 0.0, SMALL),
        ("yard", "x264 crf 28, 4 s", 2.0, False, 0.08, LARGE),
        ("room", "x264 crf 28, 4 s", 1.0, False, 0.0, SMALL),
        ("street", "x264 crf 28, 4 s", 3.0, False, 0.0, SMALL),
        ("street", "x264 qp, 10 s, pyramid", 1.0, False, 0.0, LARGE),
        ("room", "x264 qp, 10 s, pyramid", 2.0, False, 0.08, SMALL),
        ("yard", "x264 qp, 10 s, pyramid", 1.0, True, 0.0, SMALL),
        ("yard", "x265 crf, 10 s", 1.0, False, 0.0, LARGE),
        ("street", "x265 crf, 10 s", 2.0, False, 0.08, SMALL),
        ("room", "x265 crf, 10 s", 1.0, False, 0.0, SMALL),
        ("room", "mpeg4 q, 1 s", 1.0, False, 0.0, SMALL),
        ("street", "mpeg4 q, 1 s", 2.0, False, 0.08, SMALL),
        ("yard", "mjpeg", 1.0, False, 0.0, SMALL),
        ("room", "x264 abr, 4 s", 1.0, False, 0.0, LARGE),
        ("yard", "x264 abr, 4 s", 1.0, True, 0.0, SMALL),
        ("street", "x264 abr, 4 s", 2.0, False, 0.08, SMALL),
        ("street", "x264 cbr, 2 s", 1.0, False, 0.0, SMALL),
        ("yard", "x264 cbr, 2 s", 2.0, False, 0.08, SMALL),
        ("room", "x264 crf capped, 2 s", 1.0, False, 0.0, SMALL),
        ("street", "x265 crf, 30 s", 1.0, False, 0.0, SMALL),
    ]
    at_night = [
        ("street", "x264 crf, 10 s", 1.5),
        ("yard", "x264 crf 28, 4 s", 2.0),
        ("yard", "x264 abr, 4 s", 2.0),
    ]
    by_day = [
        Recording(f"{number:02}-{place}", place, ENCODERS[encoder], noise, number, leaves, drift, size=size)
        for number, (place, encoder, noise, leaves, drift, size) in enumerate(plan, 1)
    ]
    return by_day + [
        Recording(f"{number:02}-{place}", place, ENCODERS[encoder], noise, number, night=True)
        for number, (place, encoder, noise) in enumerate(at_night, len(plan) + 1)
    ]


def for_speed() -> list[Recording]:
    """Return what hours are put together from: a piece of quiet, in which somebody walks through once."""
    hd = Encoder("x264 crf, 2 s, no B", "libx264", {**_FAST, "crf": "23", "bf": "0"}, gop_s=2.0)
    with_b = Encoder("x264 crf, 2 s", "libx264", {**_FAST, "crf": "23"}, gop_s=2.0)
    h265 = Encoder("x265 crf, 2 s", "libx265", {"preset": "ultrafast", "crf": "26", **_X265_QUIET}, gop_s=2.0)
    plan = [
        ("1080p H.264", hd, HD),
        ("1080p H.265", h265, HD),
        ("1080p H.264 with B", with_b, HD),
        ("2160p H.265", h265, UHD),
    ]
    return [
        Recording(name, "yard", encoder, 1.0, 1, minutes=1.0, size=size, rate_hz=25.0, passages=0)
        for name, encoder, size in plan
    ]


HD, UHD = Size(1920, 1080), Size(3840, 2160)
_SPEED_PASSAGES = ((23.0, 30.0),)
"""Start and length in seconds, in a minute."""

QUIET_PIECE = (4.0, 20.0)
WALK_PIECE = (20.0, 56.0)
"""What is repeated of that minute, and what comes once every ten minutes, in seconds: both from a key frame
to a key frame, and the coder saw what leads from one to the other. Its first seconds are left out: a coder
begins with larger packets."""

_CLOTHES = (Clothes.RED, Clothes.BLUE, Clothes.GREY, Clothes.YELLOW)


def passages(recording: Recording) -> Iterator[Passage]:
    """Yield what passes in a recording, at random times, from far and slow to near and fast."""
    if not recording.passages:
        for start_s, length_s in _SPEED_PASSAGES:
            walker = Walker(0.0, length_s, ((-0.08, 0.85), (1.08, 0.8)))
            yield Passage(start_s, length_s, (walker,), "a person walks through")
        return
    rng = np.random.default_rng(recording.seed)
    count = recording.passages
    room_s = (recording.duration_s - QUIET_S) / count
    for number in range(count):
        parts, length_s, note = _passage(rng, recording.place)
        spare_s = max(room_s - length_s - QUIET_S, 0.0)
        start_s = QUIET_S + number * room_s + float(rng.uniform(0, spare_s))
        yield Passage(start_s, length_s, parts, note)


def _passage(rng: np.random.Generator, place: str) -> tuple[tuple[Part, ...], float, str]:
    what = rng.random()
    if what < 0.05:
        return _left(float(rng.uniform(0.75, 0.9)))
    if what < 0.08:
        return (Lamp(1.0, 8.0, x=0.45, y=0.2, strength=1.4),), 10.0, "a lamp is switched on for 7 s"
    if what < 0.11:
        return (Covered(1.0, 7.0),), 8.0, "the lens is covered for 6 s"
    y = float(rng.uniform(*_GROUND[place]))
    if place == "street" and what < 0.45:
        length_s = float(rng.uniform(1.5, 6.0))
        ends = (-0.5, 1.5) if rng.random() < 0.5 else (1.5, -0.5)
        car = Vehicle(0.0, length_s, ((ends[0], y), (ends[1], y)))
        return (car,), length_s, f"a car passes at y {y:.2f} in {length_s:.1f} s"
    return _walks(rng, y)


def _walks(rng: np.random.Generator, y: float) -> tuple[tuple[Part, ...], float, str]:
    length_s = float(np.exp(rng.uniform(np.log(2.0), np.log(20.0))))
    height = float(np.exp(rng.uniform(np.log(0.25), np.log(1.1))))
    clothes = _CLOTHES[int(rng.integers(len(_CLOTHES)))]
    if rng.random() < 0.25:
        turn = float(rng.uniform(0.7, 0.95))
        way: tuple[tuple[float, float], ...] = ((1.06, y), (turn, y), (1.06, y))
    else:
        way = ((-0.08, y), (1.08, y)) if rng.random() < 0.5 else ((1.08, y), (-0.08, y))
    walker = Walker(0.0, length_s, way, clothes=clothes, height=height)
    return (walker,), length_s, f"a person of height {height:.2f} walks at y {y:.2f} for {length_s:.1f} s"


def _left(y: float) -> tuple[tuple[Part, ...], float, str]:
    """Return somebody who leaves a box, which is gone at the end."""
    way = ((1.12, y + 0.06), (0.62, y), (1.12, y + 0.06))
    walker = Walker(0.0, 6.0, way, (2.6, 3.4), Clothes.GREY, carries=(0.0, 3.0))
    return (Thing(0.55, y, appears_s=3.0), walker), 40.0, "a person leaves a box"


_GROUND = {"yard": (0.55, 0.95), "street": (0.55, 0.95), "room": (0.6, 0.95)}
"""Where feet may be: from far to near."""
