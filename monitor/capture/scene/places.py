"""The places that exist: a yard, a street, a pond and a room."""

import numpy as np

from monitor.capture.scene.place import Colour, Easel, FloatImage, Place
from monitor.frames import Size


def yard(size: Size, width_px: int, seed: int) -> Place:
    """A driveway between a lawn and a house, with a fence and trees behind."""
    easel = Easel(size, width_px, seed, horizon=0.2)
    _sky(easel, 0.36)
    _trees(easel, 0.33, (45, 88, 66))
    _lawn(easel, 0.40)
    _fence(easel, 0.29, 0.46)
    _driveway(easel)
    _house(easel, 0.0, 0.30)
    _bush(easel, 1.0, 0.62, 0.17)
    _bush(easel, 1.5, 0.55, 0.20)
    return easel.finish(sun=(0.62, -0.26))


def street(size: Size, width_px: int, seed: int) -> Place:
    """A road across the view with a pavement, parked walls and trees behind."""
    easel = Easel(size, width_px, seed, horizon=0.22)
    _sky(easel, 0.3)
    _trees(easel, 0.30, (40, 70, 58))
    for number, left in enumerate(np.arange(0.02, easel.right, 0.34)):
        _facade(easel, float(left), 0.28, ((92, 112, 150), (120, 128, 132), (86, 104, 118))[number % 3])
    _floor(easel, 0.50, (118, 122, 124), 0.05)
    _floor(easel, 0.60, (74, 74, 76), 0.05)
    easel.paint(
        easel.box(0, 0.595, easel.right, 0.612),
        (150, 153, 155),
        0.06 * easel.noise(0.02),
        material=easel.ground,
    )
    for left in np.arange(-0.02, easel.right, 0.19):
        easel.paint(
            easel.area(_stripe(float(left), 0.765, 0.09, 0.018)),
            (205, 212, 214),
            0.05 * easel.noise(0.02),
            material=easel.ground,
        )
    return easel.finish(sun=(0.55, -0.22))


def pond(size: Size, width_px: int, seed: int) -> Place:
    """Water in front of a wooded bank."""
    easel = Easel(size, width_px, seed, horizon=0.15)
    _sky(easel, 0.2)
    _trees(easel, 0.26, (36, 62, 48))
    easel.paint(
        easel.box(0, 0.40, easel.right, 1.01), (138, 126, 100), 0.03 * easel.noise(0.1), material=easel.water
    )
    _reflection(easel, 0.40)
    bank = easel.area([(-0.1, 0.37), (easel.right + 0.1, 0.36), (easel.right + 0.1, 0.415), (-0.1, 0.405)])
    easel.paint(bank, (70, 98, 104), 0.2 * easel.noise(0.02))
    shore = easel.area(
        [(-0.1, 1.1), (-0.1, 0.86), (0.5, 0.9), (easel.right + 0.1, 0.83), (easel.right + 0.1, 1.1)]
    )
    easel.paint(shore, (84, 118, 122), 0.16 * easel.ground_noise(1.0), material=easel.ground)
    return easel.finish(sun=(0.5, -0.2))


def room(size: Size, width_px: int, seed: int) -> Place:
    """A corridor-like room with a door, a shelf and a picture on the wall."""
    easel = Easel(size, width_px, seed, horizon=0.12)
    easel.paint(easel.blank() + 1, (158, 172, 176), 0.02 * easel.noise(0.3) + 0.012 * easel.noise(0.01))
    _floor(easel, 0.56, (84, 108, 134), 0.05)
    easel.paint(easel.box(0, 0.545, easel.right, 0.565), (205, 212, 214))
    _door(easel, 0.62)
    _shelf(easel, 0.06)
    if easel.right > 1:
        _shelf(easel, 1.12)
    easel.paint(easel.box(0.40, 0.14, 0.53, 0.34), (48, 58, 66))
    easel.paint(easel.box(0.412, 0.16, 0.518, 0.32), (150, 142, 96), 0.35 * easel.noise(0.05))
    easel.shade(_falling(easel), 0.28)
    return easel.finish(sun=(0.22, 0.04), person_per_drop=0.72)


def _sky(easel: Easel, bottom: float) -> None:
    height = np.linspace(0, 1, easel.size.height, dtype=np.float32)[:, None] / max(bottom, 0.01)
    clouds = np.clip(0.5 * easel.noise(0.25) + 0.2, 0, 1)
    easel.paint(easel.blank() + 1, (222, 196, 164), 0.12 * (height - 0.5), material=easel.sky)
    easel.paint(clouds * 0.8, (238, 236, 234), material=easel.sky)


def _trees(easel: Easel, middle: float, colour: Colour) -> None:
    """Paint a row of trees whose ragged tops are around `middle` less a tenth."""
    height = np.linspace(0, 1, easel.size.height, dtype=np.float32)[:, None]
    crown = easel.noise(0.28, rough=False)[:1] * 0.055 + 0.02 * easel.noise(0.05)
    where: FloatImage = np.clip((height - (middle - 0.17) - crown) * 45, 0, 1).astype(np.float32)
    where *= height < middle + 0.2
    _leaves(easel, where, colour)


def _leaves(easel: Easel, where: FloatImage, colour: Colour) -> None:
    """Paint foliage: clumps with dark gaps, and fine leaves."""
    clumps, fine = easel.noise(0.07), easel.noise(0.016)
    texture = np.clip(0.30 * clumps, -0.5, 0.35) + np.clip(0.2 * fine, -0.4, 0.4)
    easel.paint(where, colour, texture, material=easel.foliage)
    warm = np.clip(easel.noise(0.10, rough=False) * 0.3, 0, 0.4) * where
    easel.paint(warm, (44, 122, 116), 0.3 * fine, material=easel.foliage)


def _floor(easel: Easel, top: float, colour: Colour, contrast: float) -> None:
    where = easel.box(-0.01, top, easel.right + 0.01, 1.01)
    grain = contrast * (easel.ground_noise(1.0) + 0.5 * easel.noise(0.008))
    easel.paint(where, colour, grain + 0.04 * easel.noise(0.4, rough=False), material=easel.ground)


def _lawn(easel: Easel, top: float) -> None:
    _floor(easel, top, (62, 122, 104), 0.14)


def _fence(easel: Easel, top: float, bottom: float) -> None:
    slats, gaps, grain = easel.blank(), easel.blank(), 0.05 * easel.noise(0.03)
    for left in np.arange(0.30, easel.right, 0.0185):
        slat = easel.box(left, top, left + 0.016, bottom)
        gaps = np.maximum(gaps, slat)
        slats += slat * np.float32(easel.rng.normal(0, 0.07))
    easel.paint(gaps, (92, 124, 150), slats + grain)
    for rail in (top + 0.03, bottom - 0.05):
        easel.shade(easel.box(0.30, rail, easel.right, rail + 0.014), 0.25)
    easel.shade(easel.box(0.30, bottom, easel.right, bottom + 0.025), 0.35)


def _driveway(easel: Easel) -> None:
    way = easel.area([(0.33, 0.46), (0.62, 0.46), (0.97, 1.02), (0.16, 1.02)])
    easel.paint(
        way,
        (150, 156, 160),
        0.05 * easel.ground_noise(0.8) + 0.02 * easel.noise(0.006) + 0.03 * easel.noise(0.3, rough=False),
        material=easel.ground,
    )
    for share in (0.05, 0.16, 0.34, 0.66):
        y = 0.46 + 0.56 * share
        easel.shade(way * easel.box(0, y, easel.right, y + 0.004 + 0.008 * share), 0.28)
    for top, bottom in ((0.33, 0.16), (0.62, 0.97)):
        edge = easel.area(
            [(top - 0.004, 0.46), (top + 0.004, 0.46), (bottom + 0.012, 1.02), (bottom - 0.012, 1.02)]
        )
        easel.paint(edge, (128, 140, 146), 0.1 * easel.noise(0.01), material=easel.ground)


def _house(easel: Easel, left: float, right: float) -> None:
    wall = easel.area([(left - 0.01, 0.04), (right, 0.13), (right, 0.50), (left - 0.01, 0.66)])
    easel.paint(wall, (128, 158, 184), 0.035 * easel.noise(0.012) + 0.03 * easel.noise(0.2))
    for row in np.linspace(0.06, 0.96, 15):
        line = [(left - 0.01, 0.04 + 0.62 * row), (right, 0.13 + 0.37 * row)]
        easel.shade(easel.area([*line, (right, line[1][1] + 0.003), (left - 0.01, line[0][1] + 0.005)]), 0.13)
    easel.paint(
        easel.area([(-0.01, 0.0), (right + 0.015, 0.105), (right + 0.015, 0.135), (-0.01, 0.05)]),
        (66, 70, 88),
    )
    easel.shade(easel.area([(-0.01, 0.05), (right, 0.135), (right, 0.165), (-0.01, 0.09)]), 0.4)
    _pane(easel, 0.05, 0.21, 0.155, 0.40)
    easel.paint(
        easel.area([(0.205, 0.235), (0.265, 0.245), (0.265, 0.525), (0.205, 0.565)]),
        (62, 66, 44),
        0.05 * easel.noise(0.05),
    )
    easel.paint(easel.box(0.252, 0.385, 0.257, 0.40), (120, 200, 220))


def _pane(easel: Easel, left: float, top: float, right: float, bottom: float) -> None:
    """Paint a window: a pale frame around glass that reflects the sky."""
    easel.paint(easel.box(left - 0.008, top - 0.014, right + 0.008, bottom + 0.014), (214, 220, 222))
    easel.paint(easel.box(left, top, right, bottom), (112, 94, 74), 0.25 * easel.noise(0.12))
    middle = (left + right) / 2
    easel.paint(easel.box(middle - 0.003, top, middle + 0.003, bottom), (214, 220, 222))


def _facade(easel: Easel, left: float, width: float, colour: Colour) -> None:
    wall = easel.box(left, 0.08, left + width, 0.505)
    easel.paint(wall, colour, 0.04 * easel.noise(0.01) + 0.03 * easel.noise(0.15))
    for x in (0.035, 0.16):
        _pane(easel, left + x, 0.15, left + x + 0.075, 0.29)
    easel.paint(easel.box(left + 0.11, 0.34, left + 0.165, 0.505), (48, 58, 74), 0.08 * easel.noise(0.05))


def _stripe(x: float, y: float, length: float, width: float) -> list[tuple[float, float]]:
    return [(x, y), (x + length, y), (x + length + 0.006, y + width), (x + 0.006, y + width)]


def _bush(easel: Easel, x: float, y: float, radius: float) -> None:
    rows, columns = np.mgrid[: easel.size.height, : easel.width_px].astype(np.float32)
    across = (columns / easel.size.width - x) / radius * easel.size.width / easel.size.height * 0.62
    down = (rows / easel.size.height - y) / radius
    distance = np.hypot(across, down) + 0.10 * easel.noise(0.05)
    easel.shade(np.clip((1.25 - np.hypot(across, down - 0.9) * np.float32(1.2)) * 2, 0, 1), 0.35)
    _leaves(easel, np.clip((1 - distance) * 9, 0, 1).astype(np.float32), (52, 96, 70))


def _reflection(easel: Easel, shore: float) -> None:
    """Mirror what stands behind the shore line softly in the water."""
    first = int(shore * easel.size.height)
    mirror = easel.bgr[:first][::-1][: easel.size.height - first]
    rows = slice(first, first + mirror.shape[0])
    strength = np.linspace(0.5, 0, mirror.shape[0], dtype=np.float32)[:, None, None]
    easel.bgr[rows] += strength * (mirror - easel.bgr[rows])


def _door(easel: Easel, left: float) -> None:
    easel.paint(easel.box(left - 0.012, 0.10, left + 0.172, 0.58), (196, 204, 208))
    easel.paint(
        easel.box(left, 0.12, left + 0.16, 0.58),
        (70, 98, 138),
        0.06 * easel.noise(0.2) + 0.02 * easel.noise(0.01),
    )
    for top in (0.16, 0.37):
        easel.shade(easel.box(left + 0.03, top, left + 0.13, top + 0.16), 0.14)
    easel.paint(easel.box(left + 0.14, 0.35, left + 0.152, 0.365), (120, 190, 205))


def _shelf(easel: Easel, left: float) -> None:
    """Paint a shelf with books in many colours."""
    easel.paint(easel.box(left, 0.16, left + 0.25, 0.64), (58, 80, 104), 0.08 * easel.noise(0.05))
    for top in (0.18, 0.335, 0.49):
        easel.shade(easel.box(left + 0.01, top, left + 0.24, top + 0.135), 0.55)
        x = left + 0.014
        while x < left + 0.215:
            thick, tall = easel.rng.uniform(0.008, 0.02), easel.rng.uniform(0.08, 0.125)
            colour = tuple(float(c) for c in easel.rng.uniform(40, 190, 3))
            easel.paint(
                easel.box(x, top + 0.135 - tall, x + thick, top + 0.135), (colour[0], colour[1], colour[2])
            )
            x += thick + 0.002


def _falling(easel: Easel) -> FloatImage:
    """Return how far a pixel is from the middle of the view, for the fall-off of a ceiling light."""
    rows, columns = np.mgrid[: easel.size.height, : easel.width_px].astype(np.float32)
    away = np.hypot(columns / easel.size.width - 0.5, rows / easel.size.height - 0.35)
    return np.asarray(np.clip(away, 0, 1), np.float32)
